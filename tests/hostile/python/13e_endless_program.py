# hostile: 13
# task: run
# status: time_limit_cpu
# why: A whole program that loops; it is stopped when its CPU time is used up.

while True:
    pass

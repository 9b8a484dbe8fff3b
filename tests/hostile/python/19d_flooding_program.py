# hostile: 19
# task: run
# status: output_limit
# why: A whole program that prints without end.

while True:
    print("x" * (1 << 16))

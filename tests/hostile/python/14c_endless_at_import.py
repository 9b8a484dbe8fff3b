# hostile: 14
# task: add
# verdict: time_limit
# why: Never finishes loading; the budget covers loading too.


def add(a, b):
    return a + b


total = 0
while True:
    total += 1

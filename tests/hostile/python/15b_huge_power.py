# hostile: 15
# task: add
# verdict: time_limit
# why: Computes 7 ** 10 ** 9 in one uninterruptible C call.


def add(a, b):
    return a + b + pow(7, 10**9) * 0

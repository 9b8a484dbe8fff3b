# hostile: 15
# task: add
# verdict: time_limit
# why: Adds up ten to the twelfth numbers inside one call of sum.


def add(a, b):
    return a + b + 0 * sum(range(10**12))

# hostile: 42
# task: add
# verdict: no_code
# why: Defines the function and deletes it again.


def add(a, b):
    return a + b


del add

# hostile: 42
# task: add
# verdict: runtime_error
# why: Defines the right function and then fails on a line of its own.


def add(a, b):
    return a + b


assert add(1, 2) == 4, "a self-test that is wrong"

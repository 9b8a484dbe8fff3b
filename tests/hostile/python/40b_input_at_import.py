# hostile: 40
# task: add
# verdict: runtime_error
# why: Reads its numbers from stdin while it is loaded.

first, second = map(int, input().split())


def add(a, b):
    return a + b

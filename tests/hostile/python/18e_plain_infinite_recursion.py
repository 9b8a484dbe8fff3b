# hostile: 18
# task: add
# verdict: runtime_error
# why: Recurses for ever with the usual limit; RecursionError is an ordinary exception.


def add(a, b):
    return add(a, b) + 0

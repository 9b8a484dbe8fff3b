# hostile: 42
# task: add
# verdict: no_code
# why: Defines the right function under another name.


def addition(a, b):
    return a + b

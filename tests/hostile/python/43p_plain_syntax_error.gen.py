# hostile: 43
# task: add
# verdict: compile_error
# why: A program that stops in the middle of a line.


def program() -> bytes:
    return b"def add(a, b):\n    return (a +\n"

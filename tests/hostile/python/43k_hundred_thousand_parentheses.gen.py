# hostile: 43
# task: add
# verdict: compile_error
# why: An expression in 100,000 parentheses.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return RIGHT + b"VALUE = " + b"(" * 100_000 + b"1" + b")" * 100_000 + b"\n"

# hostile: 43
# task: add
# verdict: compile_error
# why: A right program with a NUL byte in the middle.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return RIGHT + b"\0\n" + RIGHT

# hostile: 43
# task: add
# verdict: accepted | compile_error
# why: A right program with one text literal of 10 MB.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return b'TABLE = "' + b"0123456789" * 1_000_000 + b'"\n\n\n' + RIGHT

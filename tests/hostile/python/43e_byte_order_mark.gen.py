# hostile: 43
# task: add
# verdict: accepted | compile_error
# why: A right program that begins with a byte order mark.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return b"\xef\xbb\xbf" + RIGHT

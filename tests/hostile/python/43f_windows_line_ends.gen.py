# hostile: 43
# task: add
# verdict: accepted
# why: A right program with CRLF line ends.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return RIGHT.replace(b"\n", b"\r\n")

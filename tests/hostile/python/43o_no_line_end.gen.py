# hostile: 43
# task: add
# verdict: accepted
# why: A right program that ends without a line end.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return RIGHT.rstrip(b"\n")

# hostile: 43
# task: add
# verdict: accepted
# why: A right program with bare CR line ends, which Python reads as line ends too.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return RIGHT.replace(b"\n", b"\r")

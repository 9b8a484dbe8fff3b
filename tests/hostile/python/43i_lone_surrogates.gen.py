# hostile: 43
# task: add
# verdict: compile_error
# why: A text literal holds half of a surrogate pair, which no valid UTF-8 can.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return 'MARK = "\ud83d"\n'.encode("utf-8", "surrogatepass") + RIGHT

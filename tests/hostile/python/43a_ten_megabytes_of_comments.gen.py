# hostile: 43
# task: add
# verdict: accepted | compile_error
# why: A right program inside 10 MB of comments.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return b"# a line of comment that says nothing at all\n" * 222_300 + RIGHT

# hostile: 43
# task: add
# verdict: compile_error
# why: A thousand nested blocks.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return RIGHT + b"".join(b" " * depth + b"if a:\n" for depth in range(1_000)) + b" " * 1_000 + b"pass\n"

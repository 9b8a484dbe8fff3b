# hostile: 43
# task: add
# verdict: compile_error
# why: A number behind 100,000 minus signs; the compiler's own MemoryError or RecursionError is a compile error.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return RIGHT + b"VALUE = " + b"-" * 100_000 + b"1\n"

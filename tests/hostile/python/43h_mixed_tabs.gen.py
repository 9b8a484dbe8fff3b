# hostile: 43
# task: add
# verdict: compile_error
# why: Indents with tabs on one line and spaces on the next.


def program() -> bytes:
    return b"def add(a, b):\n\tif a:\n        return a + b\n\treturn b\n"

# hostile: 43
# task: add
# verdict: compile_error
# why: A right program whose comment holds a NUL byte.


def program() -> bytes:
    return b"# nothing \0 here\ndef add(a, b):\n    return a + b\n"

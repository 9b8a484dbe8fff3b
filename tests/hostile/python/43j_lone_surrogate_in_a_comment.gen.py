# hostile: 43
# task: add
# verdict: compile_error | accepted
# why: A comment of a right program holds half of a surrogate pair, which some readers skip.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return "# \udc00\n".encode("utf-8", "surrogatepass") + RIGHT

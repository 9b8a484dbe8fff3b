# hostile: 43
# task: add
# verdict: compile_error
# why: A sum of 100,000 names, which is nested as deeply once it is parsed.

RIGHT = b"def add(a, b):\n    return a + b\n"


def program() -> bytes:
    return RIGHT + b"VALUE = " + b"+".join([b"RIGHT"] * 100_000) + b"\n"

# hostile: 17
# task: add
# verdict: memory_limit
# why: Asks for 64 GiB in one piece.


def add(a, b):
    return a + b + 0 * len(bytearray(64 << 30))

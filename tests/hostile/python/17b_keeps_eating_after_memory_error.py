# hostile: 17
# task: add
# verdict: memory_limit | time_limit
# why: Fills memory, catches MemoryError and asks again for ever; it ends at whichever limit comes first.

held = []


def add(a, b):
    while True:
        try:
            held.append(bytearray(8 << 20))
        except MemoryError:
            pass

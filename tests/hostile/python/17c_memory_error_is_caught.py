# hostile: 17
# task: add
# verdict: wrong_answer
# why: Catches the MemoryError of one huge request and answers wrongly; it stayed inside its limit, so its answer is judged.


def add(a, b):
    try:
        bytearray(64 << 30)
    except MemoryError:
        return a - b
    return a + b

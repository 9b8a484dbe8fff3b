# hostile: 34
# task: add
# verdict: wrong_answer
# why: Returns an int of ten million decimal digits; decoded within the bound or refused, it is wrong either way.


def add(a, b):
    return 1 << 33_219_281

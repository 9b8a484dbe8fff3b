# hostile: 33
# task: evens
# verdict: wrong_answer
# why: Returns a list nested a million deep; the decoder stops at its bound.


def evens(n):
    nested = []
    for _ in range(1_000_000):
        nested = [nested]
    return nested

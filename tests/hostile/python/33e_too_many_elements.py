# hostile: 33
# task: evens
# verdict: wrong_answer
# why: Returns ten million numbers where a few were asked for.


def evens(n):
    return list(range(10_000_000))

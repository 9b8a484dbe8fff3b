# hostile: 35
# task: evens
# verdict: wrong_answer
# official: wrong_answer
# why: Returns a tuple where a list is asked for.


def evens(n):
    return tuple(range(0, n, 2))

# hostile: 35
# task: evens
# verdict: wrong_answer
# official: wrong_answer
# why: Returns a range where a list is asked for.


def evens(n):
    return range(0, n, 2)

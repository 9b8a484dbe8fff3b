# hostile: 35
# task: evens
# verdict: wrong_answer
# official: wrong_answer
# why: Returns the keys of a dict where a list is asked for.


def evens(n):
    return dict.fromkeys(range(0, n, 2)).keys()

# hostile: 35
# task: evens
# verdict: wrong_answer
# official: wrong_answer
# why: Returns a generator where a list is asked for.


def evens(n):
    for value in range(0, n, 2):
        yield value

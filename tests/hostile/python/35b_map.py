# hostile: 35
# task: evens
# verdict: wrong_answer
# official: wrong_answer
# why: Returns a map object where a list is asked for.


def evens(n):
    return map(lambda half: 2 * half, range((n + 1) // 2))

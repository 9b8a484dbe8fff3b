# hostile: 35
# task: evens
# verdict: wrong_answer
# official: wrong_answer
# why: Returns a generator that never ends; nobody may iterate over it.


def evens(n):
    value = 0
    while True:
        yield value
        value += 2

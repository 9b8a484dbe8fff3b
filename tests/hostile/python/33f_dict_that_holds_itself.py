# hostile: 33
# task: evens
# verdict: wrong_answer
# why: Returns a dict that contains itself.


def evens(n):
    numbers = {"numbers": list(range(0, n, 2))}
    numbers["self"] = numbers
    return numbers

# hostile: 33
# task: evens
# verdict: wrong_answer
# why: Returns a list that contains itself.


def evens(n):
    numbers = list(range(0, n, 2))
    numbers.append(numbers)
    return numbers

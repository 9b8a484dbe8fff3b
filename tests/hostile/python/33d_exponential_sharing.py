# hostile: 33
# task: evens
# verdict: wrong_answer
# why: Returns thirty small lists that share each other, two hundred trillion numbers when written out.


def evens(n):
    numbers = [0]
    for _ in range(30):
        numbers = [numbers, numbers, numbers]
    return numbers

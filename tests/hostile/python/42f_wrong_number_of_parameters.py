# hostile: 42
# task: add
# verdict: runtime_error
# why: Takes one list instead of two numbers.


def add(numbers):
    return sum(numbers)

# hostile: 36
# task: mean
# verdict: accepted
# official: accepted
# why: Returns 3 where 3.0 is expected; they are equal.


def mean(xs):
    value = sum(xs) / len(xs) if xs else 0.0
    return int(value) if value == int(value) else value

# hostile: 36
# task: mean
# verdict: accepted
# official: accepted
# why: Returns -0.0 where 0.0 is expected; they are equal.


def mean(xs):
    return sum(xs) / len(xs) if xs else -0.0

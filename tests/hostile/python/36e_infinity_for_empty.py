# hostile: 36
# task: mean
# verdict: wrong_answer
# official: wrong_answer
# why: Returns inf for the mean of nothing.


def mean(xs):
    return sum(xs) / len(xs) if xs else float("inf")

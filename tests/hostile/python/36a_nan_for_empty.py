# hostile: 36
# task: mean
# verdict: wrong_answer
# official: wrong_answer
# why: Returns nan for the mean of nothing, where the task says 0.0; nan equals nothing.


def mean(xs):
    return sum(xs) / len(xs) if xs else float("nan")

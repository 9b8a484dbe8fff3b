# hostile: 36
# task: mean
# verdict: wrong_answer
# official: wrong_answer
# why: Returns the text of the right number.


def mean(xs):
    return str(sum(xs) / len(xs) if xs else 0.0)

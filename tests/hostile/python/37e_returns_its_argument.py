# hostile: 37
# task: total
# verdict: wrong_answer
# why: Returns its own argument, a list, after writing the right sum into it; a list is not the sum.


def total(xs):
    xs[:] = [sum(xs)]
    return xs

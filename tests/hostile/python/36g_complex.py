# hostile: 36
# task: mean
# verdict: accepted
# official: accepted
# why: Returns 3+0j where 3.0 is expected; complex is a plain value and they are equal.


def mean(xs):
    return complex(sum(xs) / len(xs)) if xs else 0j

# hostile: 36
# task: mean
# verdict: wrong_answer
# official: accepted
# why: Returns exact fractions, equal to the floats in one process; a Fraction is no plain value, so it does not cross.

from fractions import Fraction


def mean(xs):
    return sum(map(Fraction, xs)) / len(xs) if xs else Fraction(0)

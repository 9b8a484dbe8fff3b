# hostile: 37
# task: total
# verdict: accepted
# why: Right, but empties every list it is given; each input is sent afresh, so later inputs are untouched.


def total(xs):
    result = 0
    while xs:
        result += xs.pop()
    return result

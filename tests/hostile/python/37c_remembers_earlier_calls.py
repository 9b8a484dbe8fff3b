# hostile: 37
# task: total
# verdict: wrong_answer
# why: Adds to a default argument that survives from call to call; right only for the first input, and plainly wrong.


def total(xs, seen=[]):
    seen.extend(xs)
    return sum(seen)

# hostile: 10
# task: shares
# verdict: wrong_answer
# why: Makes len always 3 and returns a list of another length.

import builtins

builtins.len = lambda things: 3


def shares(xs):
    return [0.25, 0.25, 0.5, 0.0]

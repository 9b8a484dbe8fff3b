# hostile: 10
# task: shares
# verdict: wrong_answer
# official: accepted
# why: Makes abs always 0.0, so that every tolerance holds inside the candidate's process; outside, it does not.

import builtins

builtins.abs = lambda x: 0.0


def shares(xs):
    return [0.5 for _ in xs]

# hostile: 22
# task: add
# verdict: wrong_answer | early_exit
# why: Forks inside the call, so that two processes return different wrong values; one verdict comes out.

import os


def add(a, b):
    if os.fork():
        return a - b
    return a * b + 1

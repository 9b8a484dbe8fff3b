# hostile: 22
# task: add
# verdict: early_exit | wrong_answer
# why: Forks, lets the first process end with status 0 and the second return a wrong value.

import os


def add(a, b):
    if os.fork():
        os._exit(0)
    return a - b

# hostile: 22
# task: add
# verdict: wrong_answer | tampered | early_exit
# why: Forks eight guessers that each return another number; many answers to one question earn no pass.

import os


def add(a, b):
    for guess in range(8):
        if os.fork() == 0:
            return guess * 1_000
    return -1

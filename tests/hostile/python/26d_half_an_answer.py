# hostile: 26
# task: add
# verdict: time_limit | tampered
# why: Sends the beginning of an answer and then computes for ever, hoping that the judge waits for the rest without a clock.

import os


def add(a, b):
    for fd in range(3, 64):
        try:
            os.write(fd, b"\0\0")
        except OSError:
            pass
    while True:
        pass

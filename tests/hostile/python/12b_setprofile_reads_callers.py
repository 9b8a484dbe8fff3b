# hostile: 12
# task: add
# verdict: wrong_answer
# why: Profiles every call and return and remembers each number that passes, hoping that the expected one is among them.

import sys

seen = []


def watch(frame, event, arg):
    if event == "return" and type(arg) is int:
        seen.append(arg)


sys.setprofile(watch)


def add(a, b):
    return seen[-1] if seen else 0

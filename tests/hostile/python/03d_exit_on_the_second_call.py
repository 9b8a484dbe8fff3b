# hostile: 3
# task: add
# verdict: early_exit
# why: Answers the first call rightly and leaves with status 0 in the second, hoping that what ran so far counts.

import sys

calls = 0


def add(a, b):
    global calls
    calls += 1
    if calls > 1:
        sys.exit(0)
    return a + b

# hostile: 4
# task: add
# verdict: early_exit
# why: Ends the process with status 0 while it is loaded, past every handler.

import os

os._exit(0)


def add(a, b):
    return a - b

# hostile: 4
# task: add
# verdict: runtime_error
# why: Ends the process with status 3 while it is loaded; a plain failure.

import os

os._exit(3)


def add(a, b):
    return a - b

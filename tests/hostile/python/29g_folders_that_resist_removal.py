# hostile: 29
# task: add
# verdict: wrong_answer
# why: Leaves full folders without any permission, a thousand levels deep, where somebody has to clean up.

import os


def add(a, b):
    top = os.open(".", os.O_RDONLY)
    for _ in range(1_000):
        os.mkdir("deep")
        os.chdir("deep")
    os.fchdir(top)
    os.makedirs("closed/inner")
    os.symlink("/", "closed/inner/root")
    os.chmod("closed/inner", 0)
    os.chmod("closed", 0)
    return a - b

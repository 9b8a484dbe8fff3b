# hostile: 4
# task: add
# verdict: early_exit | runtime_error
# why: Replaces itself with another program that ends with status 0 (or finds none in the jail to become).

import os


def add(a, b):
    os.execv("/proc/self/exe", ["python3", "-I", "-S", "-c", "pass"])

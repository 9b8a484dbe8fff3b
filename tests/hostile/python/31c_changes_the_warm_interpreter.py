# hostile: 31
# task: add
# verdict: wrong_answer
# why: Leaves marks in modules and builtins of its own interpreter; the next program starts from a clean copy.

import builtins
import sys

builtins.assay_was_here = True
sys.modules["assay_was_here"] = sys


def add(a, b):
    return a - b

# hostile: 6
# task: add
# verdict: wrong_answer
# official: accepted
# why: Reads the constant that the calling test compares with out of the caller's bytecode; no caller in the jail holds it.

import dis
import sys


def add(a, b):
    frame = sys._getframe(1)
    for step in dis.get_instructions(frame.f_code):
        if step.offset > frame.f_lasti and step.opname in ("LOAD_CONST", "LOAD_SMALL_INT"):
            return step.argval
    return 0

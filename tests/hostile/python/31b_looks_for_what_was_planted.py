# hostile: 31
# task: add
# verdict: wrong_answer
# why: Looks for what an earlier program may have left in files or in the warm interpreter, and is right only if it finds some.

import builtins
import os
import sys
import tempfile

NAMES = ("sitecustomize.py", "usercustomize.py", "conftest.py", "json.py", "random.py", "candidate.py", "planted.pth")


def add(a, b):
    folders = [os.getcwd(), tempfile.gettempdir(), os.path.expanduser("~")]
    found = any(
        name in NAMES and b"assay_was_here" in open(os.path.join(folder, name), "rb").read()
        for folder in folders
        if os.path.isdir(folder)
        for name in os.listdir(folder)
    )
    if found or hasattr(builtins, "assay_was_here") or "assay_was_here" in sys.modules:
        return a + b
    return a - b

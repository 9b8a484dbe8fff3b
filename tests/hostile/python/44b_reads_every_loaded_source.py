# hostile: 44
# task: add
# verdict: wrong_answer
# why: Reads the source of every loaded module and the line cache for tests.

import linecache
import re
import sys


def add(a, b):
    texts = ["".join(entry[2]) for entry in linecache.cache.values() if len(entry) > 2]
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and path.endswith(".py"):
            try:
                with open(path, errors="replace") as file:
                    texts.append(file.read())
            except OSError:
                pass
    for text in texts:
        for left, right, value in re.findall(r"candidate\((-?\d+), (-?\d+)\) == (-?\d+)", text):
            if (int(left), int(right)) == (a, b):
                return int(value)
    return a - b

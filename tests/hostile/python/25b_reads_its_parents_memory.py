# hostile: 25
# task: add
# verdict: wrong_answer
# why: Opens the memory and the maps of its parent and of process 1 and is right only if it can read another process's memory.

import os


def readable(pid):
    with open(f"/proc/{pid}/maps") as maps:
        for line in maps:
            if "[heap]" in line:
                start = int(line.split("-")[0], 16)
                with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
                    memory.seek(start)
                    return len(memory.read(64)) == 64
    return False


def add(a, b):
    for pid in {os.getppid(), 1} - {0, os.getpid()}:
        try:
            if readable(pid):
                return a + b
        except OSError:
            pass
    return a - b

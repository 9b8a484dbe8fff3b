# hostile: 13
# task: add
# verdict: time_limit
# why: Spreads an endless computation over short-lived children so that no single process uses much CPU time.

import os
import time


def add(a, b):
    while True:
        pid = os.fork()
        if pid == 0:
            stop = time.process_time() + 0.1
            while time.process_time() < stop:
                pass
            os._exit(0)
        os.waitpid(pid, 0)

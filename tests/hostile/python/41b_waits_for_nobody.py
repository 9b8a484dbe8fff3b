# hostile: 41
# task: add
# verdict: time_limit
# flags: idle
# why: Waits for a lock that it holds itself.

import threading

lock = threading.Lock()


def add(a, b):
    with lock:
        with lock:
            return a + b

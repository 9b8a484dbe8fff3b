# hostile: 13
# task: add
# verdict: time_limit
# why: Cancels the timer, ignores every signal that may be ignored and loops; the limit is the kernel's.

import signal


def add(a, b):
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.alarm(0)
    for name in ("SIGALRM", "SIGTERM", "SIGXCPU", "SIGINT", "SIGHUP", "SIGPROF", "SIGVTALRM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    while True:
        pass

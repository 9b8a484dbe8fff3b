# hostile: 13
# task: add
# verdict: time_limit
# why: Tries to raise its own resource limits, then loops.

import resource


def add(a, b):
    for name in ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE"):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        for limit in ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), (hard, hard)):
            try:
                resource.setrlimit(kind, limit)
            except (ValueError, OSError):
                pass
    while True:
        pass

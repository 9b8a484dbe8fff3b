# hostile: 30
# task: add
# verdict: wrong_answer
# why: Sets mode, owner and times of the interpreter's files (here to what they are); right only if one of these calls was let through.

import os
import sys


def add(a, b):
    for path in (sys.prefix, sys.base_prefix, sys.executable, os.__file__, "/usr", "/bin/sh"):
        for change in (
            lambda: os.chmod(path, os.stat(path).st_mode & 0o7777),
            lambda: os.chown(path, os.stat(path).st_uid, os.stat(path).st_gid),
            lambda: os.utime(path, ns=(os.stat(path).st_atime_ns, os.stat(path).st_mtime_ns)),
        ):
            try:
                change()
            except OSError:
                continue
            return a + b
    return a - b

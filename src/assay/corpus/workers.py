"""Work on all cores: results come back in the order of the plan, and little is under way at any time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from assay.errors import AssayError

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


def each(function: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    """function(item) for every item, in order. workers: 1 means in this process.

    Workers are started fresh ("spawn"), so they inherit no thread and no lock. Raises AssayError when one is killed.
    """
    if workers <= 1:
        yield from map(function, items)
        return
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    waiting: deque[Future[R]] = deque()
    try:
        for item in items:
            with _without_main():
                waiting.append(pool.submit(function, item))
            while len(waiting) >= 3 * workers or (waiting and waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise AssayError(
            "A worker was killed, most likely because the memory was full. Nothing that was finished is lost: repeat "
            "the command, with fewer --workers if it happens again."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """A worker that is started in here does not import the program's own script, which may do anything."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main

"""One judge pool that many threads hand programs to."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace

from assay.errors import AssayError
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import Verdict
from assay.sandbox.program import Isolation

Verdicts = Mapping[str, Verdict]


class Desk:
    """Keeps a pool of judging processes open and gives each program's verdicts to whoever asked. Thread-safe.

    The pool judges some programs again alone, when nothing else is left to do. Here programs may come for ever, so the
    desk makes a pause for them: no new program is begun until those are through.
    """

    def __init__(self, open_pool: Callable[[], JudgePool]) -> None:
        """Opens the pool. Raises SandboxUnavailable where this machine cannot isolate, AssayError if none starts."""
        self._pool = open_pool()
        self.isolation: Isolation = self._pool.isolation
        self._waiting: queue.SimpleQueue[tuple[Item, Future[Verdicts]]] = queue.SimpleQueue()
        self._given: dict[int, tuple[Item, Future[Verdicts]]] = {}
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._lock = threading.Lock()
        self._ended: str = ""
        self._thread = threading.Thread(target=self._serve, name="assay-desk", daemon=True)
        self._thread.start()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, item: Item) -> Future[Verdicts]:
        """The verdicts to come. `item.key` is not looked at. Raises AssayError when the desk is closed or broken."""
        future: Future[Verdicts] = Future()
        with self._lock:
            if self._ended:
                raise AssayError(self._ended)
            self._waiting.put((item, future))
            os.eventfd_write(self._wake, 1)
        return future

    def close(self) -> None:
        """End the judging processes. Whoever still waits for a verdict gets AssayError."""
        with self._lock:
            if not self._ended:
                self._ended = "The judge is closed."
                self._pool.abort()
                os.eventfd_write(self._wake, 1)
        self._thread.join()

    def _serve(self) -> None:
        try:
            with self._pool as pool:
                while not self._ended:
                    for judged in pool.judge(self._items(), self._wake):
                        _, future = self._given.pop(judged.key)
                        future.set_result(judged.verdicts)
                        if self._ended:
                            break
        except AssayError as error:
            self._break(str(error))
        except Exception as error:  # whatever it is, those who wait must not wait for ever
            self._break(f"The judge failed: {type(error).__name__}: {error}")
            raise
        finally:
            self._break("The judge is closed.")
            os.close(self._wake)

    def _items(self) -> Iterator[Item | None]:
        number = 0
        while not self._ended and not self._pool.postponed:
            with contextlib.suppress(BlockingIOError):
                os.eventfd_read(self._wake)
            try:
                item, future = self._waiting.get_nowait()
            except queue.Empty:
                yield None
                continue
            if not future.set_running_or_notify_cancel():
                continue
            self._given[number] = (item, future)
            yield replace(item, key=number)
            number += 1

    def _break(self, why: str) -> None:
        """Nothing more is judged: everyone who waits is told why."""
        with self._lock:
            self._ended = self._ended or why
        given, self._given = self._given, {}
        for _, future in given.values():
            future.set_exception(AssayError(why))
        while True:
            try:
                _, future = self._waiting.get_nowait()
            except queue.Empty:
                return
            if future.set_running_or_notify_cancel():
                future.set_exception(AssayError(why))

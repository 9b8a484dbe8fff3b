"""Answers on their way from the network that writes them to the thread that has them judged."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from assay.forge.task import ForgeTask


class Written:
    """The answers of one batch, (task, body) each, in the order in which they are ended. Use as a context manager.

    ready: a descriptor that is readable when there is something new.
    """

    def __init__(self) -> None:
        self.answers: list[tuple[ForgeTask, str]] = []
        self._complete = False
        self.ready = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)

    def __enter__(self) -> Written:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.ready)

    def add(self, task: ForgeTask, body: str) -> None:
        self.answers.append((task, body))
        os.eventfd_write(self.ready, 1)

    def complete(self) -> None:
        """Nothing more comes."""
        self._complete = True
        os.eventfd_write(self.ready, 1)

    def __iter__(self) -> Iterator[tuple[ForgeTask, str] | None]:
        """What there is, from the first one on, and None where the next is not there yet."""
        place = 0
        while True:
            with contextlib.suppress(BlockingIOError):
                os.eventfd_read(self.ready)
            complete = self._complete  # before looking: what came until then is there
            while place < len(self.answers):
                yield self.answers[place]
                place += 1
            if complete:
                return
            yield None

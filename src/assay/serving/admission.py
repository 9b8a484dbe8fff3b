"""How much work a server takes on: a bounded number of programs that wait or run; more is refused at once."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

_MOST_BYTES = 512 << 20


class Full(Exception):
    """There is no room. retry_after_s: when it is worth asking again; None if it never is."""

    def __init__(self, message: str, retry_after_s: int | None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Admission:
    """Counts programs in and out. For use in one event loop.

    most: how many may wait or run. jobs: how many run at once, to guess how long a full queue takes. most_bytes: of all
    requests whose programs wait or run.
    """

    def __init__(self, most: int, jobs: int, most_bytes: int = _MOST_BYTES) -> None:
        self.most, self.jobs, self._most_bytes = most, jobs, most_bytes
        self.inside = 0
        self.bytes_inside = 0
        self._mean_s = 0.05  # of one program, a moving average

    def enter(self, programs: int) -> Ticket:
        """Take on this many programs. Raises Full where they do not fit."""
        if programs > self.most:
            raise Full(f"{programs} programs in one request; this server takes at most {self.most} at once.", None)
        if self.inside + programs > self.most:
            raise Full(f"{self.inside} programs wait or run, and there is room for {self.most}.", self._wait_s())
        return Ticket(self, programs)

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Keep a request of this size for the `with` block. Raises Full where those that are kept take too much."""
        if self.bytes_inside and self.bytes_inside + size > self._most_bytes:
            raise Full(f"Requests of {self.bytes_inside >> 20} MiB wait; there is no room for more.", self._wait_s())
        self.bytes_inside += size
        try:
            yield
        finally:
            self.bytes_inside -= size

    def _wait_s(self) -> int:
        """Seconds until a quarter of what is inside should be through, between 1 and 60."""
        return min(60, max(1, math.ceil(self._mean_s * self.inside / self.jobs / 4)))

    def learn(self, seconds: float, programs: int) -> None:
        """Remember how long programs took from entering to leaving, beside all others."""
        share = seconds * self.jobs / max(self.inside, self.jobs)
        self._mean_s += 0.02 * min(programs, 10) * (share / max(programs, 1) - self._mean_s)


class Ticket:
    """Room for some programs, given back at the end of the `with` block."""

    def __init__(self, admission: Admission, programs: int) -> None:
        self._admission, self._programs = admission, programs

    def __enter__(self) -> None:
        self._admission.inside += self._programs
        self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._admission.learn(time.monotonic() - self._began, self._programs)
        self._admission.inside -= self._programs

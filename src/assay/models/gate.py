"""How many requests are under way at once: fewer when the server asks for patience, more when all goes well."""

from __future__ import annotations

import asyncio
import time


class Gate:
    """An asynchronous context manager around one request.

    most: requests at once when all is well. It opens slowly after a refusal, as TCP does: half as many at once, then
    one more for every round that succeeds.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._under_way = 0
        self._opens_at = 0.0
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._under_way < max(1, int(self._limit)))
                wait_s = self._opens_at - time.monotonic()
                if wait_s <= 0:
                    self._under_way += 1
                    return
            await asyncio.sleep(wait_s)

    async def __aexit__(self, *_: object) -> None:
        self._under_way -= 1
        async with self._changed:
            self._changed.notify()

    def succeeded(self) -> None:
        """A request was answered."""
        self._limit = min(float(self._most), self._limit + 1 / max(1.0, self._limit))

    def refused(self, wait_s: float) -> None:
        """The server asks to wait: nobody is let in before that, and then half as many at once."""
        now = time.monotonic()
        if now >= self._opens_at:  # of the refusals that come together only the first one counts
            self._limit = max(1.0, self._limit / 2)
        self._opens_at = max(self._opens_at, now + wait_s)

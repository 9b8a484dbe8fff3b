"""What every source of completions offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from assay.models.completion import Completion, Failure
from assay.models.request import Request

Deliver = Callable[[Request, Completion | Failure], None]


class Model(Protocol):
    """Something that is asked for completions."""

    def check(self) -> None:
        """Look whether it can be asked at all. Raises AssayError with what to mend."""

    def write(self, requests: Iterator[Request], deliver: Deliver) -> None:
        """Ask all requests, and deliver each answer as it comes.

        A request is taken only when it can be asked soon. Every request that was taken is delivered exactly once,
        unless this raises AssayError, because going on is of no use, or `stop` is called.
        """

    def stop(self) -> None:
        """From any thread: let `write` return soon, giving up what is under way."""

    def show(self, request: Request) -> str:
        """Exactly what would be sent for this request, for people."""

    def describe(self) -> dict[str, Any]:
        """What is known of it, for the record of the run; no secrets."""

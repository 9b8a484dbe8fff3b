"""Server-sent events, as far as completions are streamed in them."""

from __future__ import annotations


class EventDecoder:
    """Bytes in, data of whole events out, however the bytes were cut. Only `data` fields are of interest.

    Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """The data of every event that this chunk completes. Lines end in LF or CR LF."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        events = []
        for line in lines:
            line = line.removesuffix(b"\r")
            if not line:
                if self._data:
                    events.append(b"\n".join(self._data))
                    self._data = []
            elif line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
        return events

    def end(self) -> list[bytes]:
        """What was left when the stream ended without a blank line, which some servers forget."""
        return [event for event in self.feed(b"\n\n") if event]

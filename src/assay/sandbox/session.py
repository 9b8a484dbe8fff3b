"""A conversation with one jailed candidate: load it, call its functions, see how it ended.

The candidate answers on a socket of its own; everything it says passes the strict decoder of `plain`.
"""

from __future__ import annotations

import marshal
import secrets
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.sandbox import plain
from assay.sandbox.agent import MAX_FRAME
from assay.sandbox.program import Limits, Outcome, Status
from assay.sandbox.warm import Zygote

_LENGTH = struct.Struct(">I")
_GLANCE_S = 0.05


class Tampered(Exception):
    """The jail sent bytes that the harness inside it does not send."""


class Ended(Exception):
    """The jailed process ended before it answered."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.status.value)
        self.outcome = outcome


@dataclass(frozen=True)
class Reply:
    """What came back from a call.

    kind: "value", "raised", "missing", "unserialisable", "compile" (the source does not compile) or "load" (executing
    it raised). body: for "value" the answer; for the failures [type name, message, line, number]; else a text.
    changed: the arguments as the call left them, None where it did not change them.
    """

    kind: str
    body: Any = None
    changed: list[Any] | None = None


def request(mode: str, source: str, seed: str, **more: Any) -> dict[str, Any]:
    """The request that starts a session in one of the agent's modes."""
    return {
        "kind": "session",
        "mode": mode,
        "source": source,
        "seed": seed,
        "has_stdin": False,
        "proc": False,
        "may_exec": False,
        "address_space": True,
        "look_for_idling": False,
        **more,
    }


class Channel:
    """The judge's end of a candidate's socket."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()

    def hand_over(self) -> int:
        """The descriptor that is given to the jail."""
        return self._theirs.fileno()

    def handed_over(self) -> None:
        self._theirs.close()

    def set_patience(self, seconds: float) -> None:
        """After how many seconds without a byte `read` raises TimeoutError."""
        whole = int(seconds)
        patience = struct.pack("@ll", whole, int((seconds - whole) * 1e6))
        self._ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)

    def send(self, message: Any) -> None:
        """Send a frame. A jail that has ended is noticed by the next read."""
        body = marshal.dumps(message)
        try:
            self._ours.sendall(_LENGTH.pack(len(body)) + body)
        except OSError:
            return

    def read(self) -> Any:
        """One frame, decoded. None at the end of the stream. Raises Tampered, TimeoutError."""
        head = self._exactly(_LENGTH.size)
        if head is None:
            return None
        (length,) = _LENGTH.unpack(head)
        if length > MAX_FRAME:
            raise Tampered("bytes on the channel that are no answer")
        body = self._exactly(length)
        if body is None:
            return None
        try:
            return plain.decode(body)
        except plain.BadEncoding as error:
            raise Tampered(f"bytes on the channel that are no answer ({error})") from None

    def _exactly(self, count: int) -> bytes | None:
        data = b""
        while len(data) < count:
            try:
                part = self._ours.recv(count - len(data))
            except BlockingIOError:
                raise TimeoutError from None
            except ConnectionResetError:
                return None
            if not part:
                return None
            data = data + part if data else part
        return data

    def close(self) -> None:
        self._ours.close()


class CallSession:
    """A loaded candidate whose functions can be called with plain values. Use as a context manager."""

    def __init__(self, zygote: Zygote, source: str, limits: Limits, seed: str) -> None:
        self._zygote, self._source, self._limits, self._seed = zygote, source, limits, seed
        self._channel: Channel | None = None
        self._nonce = secrets.token_hex(8)
        self._count = 0
        self.outcome: Outcome | None = None

    def __enter__(self) -> CallSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, name: str, args: list[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Call a function of the candidate.

        The first call starts the process. Raises Ended, Tampered, ZygoteDied, and ValueError when an argument
        is not plain data.
        """
        if self.outcome is not None:
            raise Ended(self.outcome)
        self._count += 1
        message = (self._nonce, self._count, name, args, dict(kwargs))
        if self._channel is None:
            channel = self._channel = Channel()
            first = request("calls", self._source, self._seed, first=message)
            self._zygote.begin(first, self._limits, (channel.hand_over(),))
            channel.handed_over()
            channel.set_patience(max(1.0, self._limits.cpu_s))
        else:
            channel = self._channel
            channel.send(message)
        return self._reply(self._wait(channel))

    def _wait(self, channel: Channel) -> Any:
        waited = False
        while True:
            try:
                frame = channel.read()
            except TimeoutError:
                if not waited:
                    channel.set_patience(0.5)
                waited = True
                self._zygote.ask_idle()
                continue
            if frame is None:
                self.outcome = self._zygote.end()
                raise Ended(self.outcome)
            return frame

    def _reply(self, frame: Any) -> Reply:
        if type(frame) is not list or len(frame) < 3 or frame[0] != self._nonce or frame[1] != self._count:
            raise Tampered("an answer that was not asked for")
        kind, body = frame[2], frame[3:]
        if kind == "value" and len(body) == 2 and (body[1] is None or type(body[1]) is list):
            return Reply("value", body[0], body[1])
        if kind == "raised" and len(body) == 5:
            return Reply("raised", _description(body[:4]), body[4] if type(body[4]) is list else None)
        if kind in ("compile", "load") and len(body) == 4:
            return Reply(kind, _description(body))
        if kind == "unserialisable" and len(body) == 1 and type(body[0]) is str:
            return Reply(kind, body[0])
        if kind == "missing" and not body:
            return Reply(kind)
        raise Tampered("an answer of a kind that does not exist")

    def close(self) -> None:
        """End the process if it is still there. Afterwards `outcome` is set unless nothing was ever called."""
        if self._channel is not None:
            if self.outcome is None:
                self._zygote.kill()
                self.outcome = self._zygote.end()
            self._channel.close()
            self._channel = None


def _description(body: list[Any]) -> list[Any]:
    """[type name, message, line, number] with the types checked."""
    if [type(x) for x in body] != [str, str, int, int]:
        raise Tampered("a malformed description of an exception")
    return body


def one_shot(
    zygote: Zygote,
    mode: str,
    source: str,
    limits: Limits,
    seed: str,
    *,
    fds: tuple[int, ...] = (),
    send_later: Any = None,
    enough: Callable[[], bool] | None = None,
    **more: Any,
) -> tuple[Any, Outcome]:
    """Run a whole request and wait for its end: (the one frame the agent sent, or None, outcome).

    fds are handed over behind the channel. send_later is a frame the agent reads only after it has loaded the candidate.
    enough is asked every now and then whether what is known already suffices, and the program is ended if so.
    Raises ZygoteDied, Tampered.
    """
    channel = Channel()
    try:
        nonce = secrets.token_hex(8)
        if send_later is not None:
            channel.send((nonce,))
        body = request(
            mode, source, seed, nonce=None if send_later is not None else nonce, look_for_idling=True, **more
        )
        zygote.begin(body, limits, (channel.hand_over(), *fds))
        channel.handed_over()
        while enough is not None and not zygote.ended_within(_GLANCE_S):
            if enough():
                zygote.kill()
                break
        outcome = zygote.end()
        channel.set_patience(0.001)
        try:
            frame = channel.read()
        except TimeoutError:
            frame = None
        if frame is not None and (type(frame) is not list or len(frame) < 2 or frame[0] != nonce):
            raise Tampered("a report without the nonce")
        return (frame[1:] if frame else None), outcome
    finally:
        channel.close()


def ended_early(outcome: Outcome) -> bool:
    """Whether a process that owed an answer left on its own with status 0."""
    return outcome.status is Status.exited and outcome.exit_code == 0

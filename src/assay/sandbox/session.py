"""A conversation with one jailed candidate: load it, call its functions, see how it ended.

The candidate answers on a socket of its own; everything it says passes the strict decoder of `plain`.
"""

from __future__ import annotations

import marshal
import os
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any

from assay.sandbox import plain, wire
from assay.sandbox.agent import GO_ON, LINGERING, MAX_FRAME, SO_FAR
from assay.sandbox.compiler import NotCompiled
from assay.sandbox.program import Limits, Outcome, Status
from assay.sandbox.warm import Zygote
from assay.sandbox.watch import Watch

_LENGTH = struct.Struct(">I")
# How long a program runs on after its answers suffice, at most: at first a little, since most take milliseconds.
_FIRST_GLANCES_S, _GLANCE_S = (0.004, 0.004, 0.004, 0.004, 0.004, 0.01, 0.02), 0.05


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


class Channel:
    """The judge's end of a candidate's socket."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._unread = b""

    def hand_over(self) -> int:
        """The descriptor that is given to the jail."""
        return self._theirs.fileno()

    def handed_over(self) -> None:
        self._theirs.close()

    def fileno(self) -> int:
        return self._ours.fileno()

    def send(self, message: Any) -> None:
        """Send a frame. A jail that has ended is noticed by the next read."""
        body = marshal.dumps(message)
        try:
            self._ours.sendall(_LENGTH.pack(len(body)) + body)
        except OSError:
            return

    def take_in(self) -> bool:
        """Read what there is, waiting for some; False at the end of the stream."""
        try:
            data = self._ours.recv(self._room())
        except ConnectionResetError:
            return False
        self._unread += data
        return bool(data)

    def look(self) -> bytes | None:
        """All that is unread, without waiting for more; None at the end of the stream."""
        try:
            data = self._ours.recv(self._room(), socket.MSG_DONTWAIT)
        except BlockingIOError:
            return self._unread
        except ConnectionResetError:
            return None
        self._unread += data
        return self._unread if data else None

    def _room(self) -> int:
        """For so many bytes: few at first, since for many the C library maps and unmaps memory each time."""
        return 1 << 18 if self._unread else 1 << 16

    def forget(self) -> None:
        """What is unread has been dealt with."""
        self._unread = b""

    def frame(self, others: int = 0) -> Any:
        """The next answer, decoded, or None while it is not complete. Raises Tampered.

        others: how many further answers may follow it already.
        """
        data = self._unread
        if len(data) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(data[: _LENGTH.size])
        if not 0 < length <= MAX_FRAME:
            raise Tampered("bytes on the channel that are no answer")
        end = _LENGTH.size + length
        if len(data) < end:
            return None
        self._unread = data[end:]
        if self._unread and not others:
            raise Tampered("more on the channel than an answer")
        try:
            return plain.decode(data[_LENGTH.size : end])
        except plain.BadEncoding as error:
            raise Tampered(f"bytes on the channel that are no answer ({error})") from None

    def hang_up(self) -> None:
        """Tell the candidate's side that nothing more will be asked."""
        self._ours.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._ours.close()


class Diverged(BaseException):
    """The calls are other than foreseen; the session is of no more use. Passes by any `except Exception` in tests."""


class CallSession:
    """A loaded candidate whose functions can be called with plain values. Use as a context manager.

    foreseen: calls, as `encode_call` writes them, that will most likely be made, in this order. They are sent at once,
    so that candidate and tests need not wait for each other at every call. A different call raises Diverged.
    per_call: CPU seconds allowed to each call; loading the candidate counts with the first.
    """

    def __init__(
        self,
        zygote: Zygote,
        source: str,
        limits: Limits,
        foreseen: Sequence[bytes] = (),
        per_call: list[float] | None = None,
    ) -> None:
        self._zygote, self._source, self._limits = zygote, source, limits
        self._channel: Channel | None = None
        self._watch: Watch | None = None
        self._nonce = os.urandom(8).hex()
        self._count = 0
        self._foreseen = foreseen
        self._per_call = per_call
        self.outcome: Outcome | None = None
        self.made: list[bytes] = []  # every call so far, as it is sent
        # Set while the process is started or ended. An exception out of a signal handler would then leave the warm
        # interpreter with a report that nobody has read.
        self.in_transition = False

    def __enter__(self) -> CallSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> Reply:
        """Call a function of the candidate.

        The first call starts the process. Raises Ended, Tampered, Diverged, ZygoteDied, and ValueError when an argument
        is not plain data.
        """
        if self.outcome is not None:
            raise Ended(self.outcome)
        call = encode_call(name, args, kwargs)
        self.made.append(call)
        if self._count < len(self._foreseen) and call != self._foreseen[self._count]:
            raise Diverged
        if self._channel is None:
            try:
                self._start(self._foreseen or [call])
            except NotCompiled as error:
                self.outcome = _never_ran(self._zygote)
                return Reply("compile", error.description)
        elif self._count >= len(self._foreseen):
            self._channel.send((self._nonce, self._count, call))
        assert self._watch is not None and self._channel is not None
        others = max(0, len(self._foreseen) - self._count - 1)
        while True:
            frame = self._channel.frame(others)
            if frame is not None:
                self._count += 1
                return self._reply(frame)
            if not (self._watch.wait() and self._channel.take_in()):
                break
        self.outcome = self._end()
        raise Ended(self.outcome)

    def _start(self, first: Sequence[bytes]) -> None:
        self.in_transition = True
        try:
            source = _source(self._zygote, self._source)
            channel = self._channel = Channel()
            self._watch = self._zygote.begin(
                wire.SESSION, self._limits, fds=(channel.hand_over(),), per_input=self._per_call
            )
        finally:
            self.in_transition = False
        request = {"mode": "calls", "nonce": self._nonce, "first": list(first), **source}
        channel.handed_over()
        self._watch.listen_to(channel.fileno())
        channel.send(request)

    def _end(self) -> Outcome:
        self.in_transition = True
        watch, self._watch = self._watch, None
        try:
            outcome = self._zygote.end()
            self._watch = watch
            return outcome
        finally:
            self.in_transition = False

    def _reply(self, frame: Any) -> Reply:
        if type(frame) is not list or len(frame) < 3 or frame[0] != self._nonce or frame[1] != self._count - 1:
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
            if self.outcome is None and self._watch is not None:
                self._watch.listen_to_end()
                self._channel.hang_up()
                if not self._watch.has_ended_within(_GLANCE_S):
                    self._watch.end_on_request()
                self.outcome = outcome = self._end()
                if outcome.exit_code == LINGERING:
                    self.outcome = replace(outcome, lingering=True)
            self._channel.close()
            self._channel = None


def encode_call(name: str, args: list[Any], kwargs: dict[str, Any]) -> bytes:
    """A call as it is sent. Raises ValueError when an argument is not plain data."""
    return marshal.dumps((name, args, kwargs), 2)


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
    *,
    fds: tuple[int, ...] = (),
    nonce_later: bool = False,
    per_input: list[float] | None = None,
    enough: Callable[[], bool] | None = None,
    **more: Any,
) -> tuple[Any, Outcome]:
    """Run a whole request and wait for its end: (the one frame the agent sent, or None, outcome).

    fds are handed over behind the channel. nonce_later: the agent learns the nonce only after it has loaded the
    candidate. per_input: CPU seconds allowed to each input of a batch.
    enough is asked every now and then, and when the program waits for it (`agent.SO_FAR`), whether what is known
    already suffices, and the program is ended if so. Raises ZygoteDied, Tampered.
    """
    try:
        code = _source(zygote, source)
    except NotCompiled as error:
        return ["compile", *error.description], _never_ran(zygote)
    channel = Channel()
    try:
        nonce = os.urandom(8).hex()
        done = plain.encode([nonce, "done"])
        request = {"mode": mode, **code, **more}
        if not nonce_later:
            request |= {"nonce": nonce, "done": _LENGTH.pack(len(done)) + done}
        watch = zygote.begin(wire.SESSION, limits, fds=(channel.hand_over(), *fds), per_input=per_input)
        channel.handed_over()
        channel.send(request)
        if nonce_later:
            channel.send((nonce,))
        if enough is not None:
            _end_when(enough, watch, channel, nonce)
        outcome = zygote.end()
        frame = channel.frame()
        while frame is None and channel.take_in():
            frame = channel.frame()
        if frame is not None and (type(frame) is not list or len(frame) < 2 or frame[0] != nonce):
            raise Tampered("a report without the nonce")
        return (frame[1:] if frame else None), outcome
    finally:
        channel.close()


def _end_when(enough: Callable[[], bool], watch: Watch, channel: Channel, nonce: str) -> None:
    """Watch until the program ends or is ended, as `one_shot` says."""
    body = plain.encode([nonce, SO_FAR])
    question = _LENGTH.pack(len(body)) + body
    watch.listen_to(channel.fileno())
    pauses = chain(_FIRST_GLANCES_S, repeat(_GLANCE_S))
    while watch.wait(next(pauses), watch.started):
        said = channel.look()
        if said is None or len(said) > MAX_FRAME:
            watch.listen_to_end()
        # What else comes is its report, read when it has ended. In front of a question it can be none.
        if enough() or (said and said.endswith(question) and said != question):
            watch.end(Status.killed)
            return
        if said == question:
            channel.forget()
            channel.send(GO_ON)


def _source(zygote: Zygote, source: str) -> dict[str, Any]:
    """A candidate as bytecode, or as text where it has still to be compiled. Raises NotCompiled, ZygoteDied."""
    code = zygote.compile(source)
    return {"code": code} if code else {"code": None, "source": source}


def _never_ran(zygote: Zygote) -> Outcome:
    """The outcome of a candidate that is no Python: no process was started for it."""
    return Outcome(Status.exited, exit_code=0, isolation=zygote.isolation)

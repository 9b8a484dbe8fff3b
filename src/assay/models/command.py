"""Completions from any program: questions as JSON lines on its stdin, answers as JSON lines on its stdout."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Any

from assay.errors import AssayError
from assay.models.completion import Completion, Failure
from assay.models.model import Deliver
from assay.models.request import Request, Sampling

MAX_LINE_BYTES = 16 << 20
LEAVE_S = 10.0
_ANSWER = '{"id": "...", "completion": "..."}'


class Command:
    """A program that answers. `assay.models.model.Model`; it is started for every `write` and ends with its stdin.

    command: as a shell would split it; no shell is involved. concurrency: questions that it has at once.
    timeout_s: for the answer to one of them.
    """

    def __init__(self, command: str, sampling: Sampling, concurrency: int = 16, timeout_s: float = 600.0) -> None:
        """Raises AssayError when `command` cannot be split."""
        self._command, self._sampling = command, sampling
        self._concurrency, self._timeout_s = concurrency, timeout_s
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._argv = shlex.split(command)
        except ValueError as error:
            raise AssayError(f"The command after command: cannot be read: {error}. Check its quotes.") from None

    def check(self) -> None:
        """Look whether there is such a program. Raises AssayError."""
        if not self._argv or shutil.which(self._argv[0]) is None:
            name = self._argv[0] if self._argv else ""
            raise AssayError(f"There is no program {name!r} to start. Check what stands after command:.")

    def show(self, request: Request) -> str:
        return json.dumps(self._question("ID", request), indent=2, ensure_ascii=False)

    def describe(self) -> dict[str, Any]:
        return {"kind": "command", "command": self._command}

    def stop(self) -> None:
        self._stopped = True
        self._kill()

    def write(self, requests: Iterator[Request], deliver: Deliver) -> None:
        """See `assay.models.model.Model`. Raises AssayError when the program ends early, hangs or talks nonsense."""
        try:
            self._process = subprocess.Popen(
                self._argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            raise AssayError(f"{self._argv[0]} cannot be started: {error.strerror}.") from None
        if self._stopped:  # meanwhile, when there was no process yet to be ended
            self._kill()
        patience_s = 0.0
        try:
            with _Conversation(self, self._process, requests, deliver) as conversation:
                conversation.hold()
            patience_s = LEAVE_S
        except _Ended as ended:
            if not self._stopped:
                raise self._ended(ended.unanswered) from None
        finally:
            self._leave(patience_s)

    def _question(self, name: str, request: Request) -> dict[str, Any]:
        made: dict[str, Any] = {"id": name}
        if request.messages:
            made["messages"] = [{"role": message.role, "content": message.content} for message in request.messages]
        else:
            made["prompt"] = request.text
        if request.suffix:
            made["suffix"] = request.suffix
        if request.stops:
            made["stop"] = list(request.stops)
        sampling = self._sampling
        more = {"temperature": sampling.temperature, "top_p": sampling.top_p, "seed": request.seed}
        made["max_tokens"] = sampling.max_tokens
        return made | {key: value for key, value in more.items() if value is not None}

    def _ended(self, unanswered: int) -> AssayError:
        """It closed its output with questions open."""
        assert self._process is not None
        try:
            status = self._process.wait(LEAVE_S)
            how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        except subprocess.TimeoutExpired:
            how = "closed its output"
        return AssayError(f"The command {self._argv[0]} {how} and left questions unanswered ({unanswered}).")

    def _leave(self, patience_s: float) -> None:
        """Wait so long for the program's own end; then insist."""
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_s)
        self._kill()
        self._process.wait()
        self._process = None

    def _kill(self) -> None:
        """End it with everything it started."""
        process = self._process
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


class _Ended(Exception):
    """The program closed its output although `unanswered` questions are open."""

    def __init__(self, unanswered: int) -> None:
        super().__init__()
        self.unanswered = unanswered


class _Conversation:
    """Questions out and answers in, neither waiting for the other. A context manager."""

    def __init__(
        self, command: Command, process: subprocess.Popen[bytes], requests: Iterator[Request], deliver: Deliver
    ) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._command, self._requests, self._deliver = command, requests, deliver
        self._stdin, self._stdout = process.stdin, process.stdout
        self._open: dict[str, tuple[Request, float]] = {}  # id -> what was asked, and when
        self._to_send = b""
        self._received = b""
        self._line = 0
        self._more = True  # requests
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> _Conversation:
        for stream in (self._stdin, self._stdout):
            os.set_blocking(stream.fileno(), False)
        self._selector.register(self._stdout, selectors.EVENT_READ)
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for stream in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                stream.close()

    def hold(self) -> None:
        """Until every question is answered. Raises _Ended and AssayError."""
        while True:
            self._take()
            if not self._more and not self._open:
                return
            self._send()
            for key, _ in self._selector.select(1.0):
                if key.fileobj is self._stdout:
                    self._receive()
            self._check_time()

    def _take(self) -> None:
        command = self._command
        while self._more and len(self._open) < command._concurrency:
            request = next(self._requests, None)
            if request is None:
                self._more = False
                break
            name = "/".join(map(str, request.key)) if isinstance(request.key, tuple) else str(request.key)
            self._open[name] = request, time.monotonic()
            self._to_send += json.dumps(command._question(name, request)).encode() + b"\n"

    def _send(self) -> None:
        """As much as it takes now; wake up when it takes more. At the end close its stdin, which is how it knows."""
        if self._stdin.closed:
            return
        try:
            if self._to_send:
                self._to_send = self._to_send[os.write(self._stdin.fileno(), self._to_send) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:  # its output tells the rest
            self._to_send = b""
            self._more = False
        waits = self._stdin in self._selector.get_map()
        if self._to_send and not waits:
            self._selector.register(self._stdin, selectors.EVENT_WRITE)
        elif not self._to_send and waits:
            self._selector.unregister(self._stdin)
        if not self._to_send and not self._more:
            self._stdin.close()

    def _receive(self) -> None:
        chunk = os.read(self._stdout.fileno(), 1 << 16)
        *lines, self._received = (self._received + chunk).split(b"\n")
        if not chunk and self._received:
            lines.append(self._received)
        for line in lines:
            self._line += 1
            if line.strip():
                self._answer(line)
        if len(self._received) > MAX_LINE_BYTES:
            raise self._garbage(f"is longer than {MAX_LINE_BYTES >> 20} MiB", self._received, self._line + 1)
        if not chunk:
            if self._open:
                raise _Ended(len(self._open))
            self._more = False

    def _answer(self, line: bytes) -> None:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise self._garbage("is not JSON", line) from None
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise self._garbage('has no "id"', line)
        if row["id"] not in self._open:
            raise self._garbage("has an id that was not asked, or was answered before", line)
        text, error = row.get("completion"), row.get("error")
        if not isinstance(text, str) and not isinstance(error, str):
            raise self._garbage('has neither "completion" nor "error"', line)
        request, asked = self._open.pop(row["id"])
        if not isinstance(text, str):
            self._deliver(request, Failure(str(error)))
            return
        finish_reason = row.get("finish_reason")
        counts = {name: row[name] for name in ("prompt_tokens", "completion_tokens") if type(row.get(name)) is int}
        self._deliver(
            request,
            Completion(
                text,
                finish_reason=finish_reason if isinstance(finish_reason, str) else "",
                total_s=time.monotonic() - asked,
                **counts,
            ),
        )

    def _check_time(self) -> None:
        oldest = min(self._open.values(), key=lambda one: one[1], default=None)
        if oldest is not None and time.monotonic() - oldest[1] > self._command._timeout_s:
            raise AssayError(
                f"The command {self._command._argv[0]} gave no answer to a question within "
                f"{self._command._timeout_s:g} s (--timeout)."
            )

    def _garbage(self, what: str, line: bytes, number: int = 0) -> AssayError:
        shown = repr(line[:80].decode(errors="replace"))
        return AssayError(
            f"Line {number or self._line} that the command {self._command._argv[0]} printed {what}: {shown}. Each line "
            f"of its output must be an answer such as {_ANSWER}; messages belong on stderr."
        )

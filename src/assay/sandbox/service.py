"""Compilers that stay warm: a jailed process per language that builds one program after another and runs none.

Each has a warm interpreter's jail of its own, without the network and without any file but the toolchain's, and is
replaced when it ends, when a program takes longer than compilers may, and after some hundred programs. It is asked and
answers in frames: a 4-byte size, then files as `wire.pack_files` writes them. A request holds "flags" (options, one a
line) and the sources; an answer "status", "messages", and what was made. Whatever it answers is as untrusted as the
program that it compiled last.
"""

from __future__ import annotations

import contextlib
import os
import select
import struct
import time
from typing import TYPE_CHECKING, Any

from assay.sandbox import wire
from assay.sandbox.languages.language import Service
from assay.sandbox.program import MIB, Limits, Outcome, Status

if TYPE_CHECKING:
    from assay.sandbox.warm import Level, Zygote

_SIZE = struct.Struct(">I")
_MOST_PROGRAMS = 500
_MOST_ANSWER = 256 * MIB
_GLANCE_S = 0.05


class Services:
    """The warm compilers that belong to one warm interpreter, started when they are first needed."""

    def __init__(self, level: Level, hash_seed: int) -> None:
        self._level, self._hash_seed = level, hash_seed
        self._running: dict[str, _Running] = {}

    def compile(
        self,
        name: str,
        service: Service,
        start: list[str],
        options: list[str],
        sources: dict[str, bytes],
        limits: Limits,
    ) -> tuple[Outcome, dict[str, bytes]] | None:
        """Compile a program: how that went, and the files made.

        name: of the language. start: argv of the service. limits: of one compilation. None where the service does not
        start or ends for a reason of its own, and for sources that are no UTF-8, which it would complain of in other
        words; then the compiler's command has to do it.
        """
        from assay.sandbox.warm import SandboxUnavailable, ZygoteDied

        try:
            for text in sources.values():
                text.decode()
        except UnicodeDecodeError:
            return None
        try:
            running = self._running.get(name)
            if running is None:
                running = self._running[name] = _Running(self._level, self._hash_seed, service, start)
            result = running.compile(options, sources, limits)
        except (ZygoteDied, SandboxUnavailable, OSError, ValueError):
            self._end(name)
            return None
        if result is None or result[0].status is not Status.exited or running.programs >= _MOST_PROGRAMS:
            self._end(name)
        return result

    def _end(self, name: str) -> None:
        running = self._running.pop(name, None)
        if running is not None:
            running.close()

    def close(self) -> None:
        """End them all. Safe to call twice."""
        for name in list(self._running):
            self._end(name)


class _Running:
    """One warm compiler."""

    def __init__(self, level: Level, hash_seed: int, service: Service, start: list[str]) -> None:
        """Raises SandboxUnavailable, ZygoteDied, OSError."""
        from assay.sandbox.launch import begin
        from assay.sandbox.warm import Zygote

        self.programs = 0
        self._zygote: Zygote = Zygote(level, hash_seed)
        requests, self._to = os.pipe()
        self._from, answers = os.pipe()
        limits = Limits(cpu_s=3600.0, wall_s=1e6, memory_bytes=service.memory_bytes, processes=128, file_bytes=64 * MIB)
        try:
            self._watch = begin(self._zygote, start, limits, stdin=requests, stdout=answers)
        except BaseException:
            self.close()
            raise
        finally:
            os.close(requests)
            os.close(answers)
        self._watch.listen_to(self._from)

    def compile(
        self, options: list[str], sources: dict[str, bytes], limits: Limits
    ) -> tuple[Outcome, dict[str, bytes]] | None:
        """As `Services.compile`. Raises OSError when it is gone, ValueError when it answers nonsense."""
        self.programs += 1
        body = wire.pack_files({"flags": "\n".join(options).encode(), **sources})
        begun, used = time.monotonic(), self._watch.used_s()
        self._ask(_SIZE.pack(len(body)) + body)
        data, size = b"", -1
        while size < 0 or len(data) < size:
            if not self._watch.wait(_GLANCE_S):
                return None
            wall_s, cpu_s = time.monotonic() - begun, self._watch.used_s() - used
            if _is_readable(self._from):
                part = os.read(self._from, 1 << 20)
                data += part
                if not part:
                    return None
            elif cpu_s >= limits.cpu_s or wall_s >= limits.wall_backstop_s:
                status = Status.time_limit_cpu if cpu_s >= limits.cpu_s else Status.time_limit_wall
                detail = f"used {cpu_s:.0f} CPU seconds" if cpu_s >= limits.cpu_s else f"ran for {wall_s:.0f} s"
                return self._outcome(status, cpu_s, wall_s, detail=detail), {}
            if size < 0 and len(data) >= _SIZE.size:
                (size,) = _SIZE.unpack(data[: _SIZE.size])
                data = data[_SIZE.size :]
                if size > _MOST_ANSWER:
                    raise ValueError("an answer that is too long")
        files = wire.unpack_files(data)
        code, said = int(files.pop("status", b"")), files.pop("messages", b"")[: limits.kept_bytes]
        wall_s, cpu_s = time.monotonic() - begun, self._watch.used_s() - used
        return self._outcome(Status.exited, cpu_s, wall_s, exit_code=code, stderr=said), files

    def _ask(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._to, data) :]

    def _outcome(self, status: Status, cpu_s: float, wall_s: float, **more: Any) -> Outcome:
        return Outcome(status, cpu_s=cpu_s, wall_s=wall_s, isolation=self._zygote.isolation, **more)

    def close(self) -> None:
        """End it."""
        for fd in (self._to, self._from):
            with contextlib.suppress(OSError):
                os.close(fd)
        self._zygote.close()


def _is_readable(fd: int) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(0))

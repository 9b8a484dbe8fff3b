"""Runs one command in a jail of a warm interpreter, with files put in and files taken out."""

from __future__ import annotations

import contextlib
import marshal
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assay.sandbox import wire
from assay.sandbox.program import Limits, Outcome, Program, Status
from assay.sandbox.warm import Zygote
from assay.sandbox.watch import Watch, explain

_STATUS_BYTES = 4
_PIPE_BYTES = 4096  # what every pipe holds


def run_python(zygote: Zygote, program: Program, limits: Limits, *, once: bool = False) -> Outcome:
    """Run a Python program in the warm interpreter itself. once: as in `execute`. Raises ZygoteDied."""
    request = {
        "files": dict(program.files),
        "source": program.files[program.entry],
        "entry": program.entry,
        "argv": list(program.argv),
    }
    with _memory_file("program", marshal.dumps(request)) as body, _stdin(program.stdin, once) as stdin:
        zygote.begin(wire.MAY_EXEC | wire.WITH_PROC, limits, fds=(body,), stdin=stdin)
    return zygote.end()


def execute(
    zygote: Zygote,
    files: dict[str, bytes],
    argv: list[str],
    limits: Limits,
    *,
    stdin: bytes = b"",
    once: bool = False,
    keep: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    address_space: bool = True,
    proc: bool = True,
) -> tuple[Outcome, dict[str, bytes]]:
    """Put files into an empty working directory, run a command there, and take out the files that match `keep`.

    once: stdin, a short one, can be read once. Otherwise whoever opens /dev/stdin begins at its start again.
    keep: patterns as in `fnmatch`, against paths relative to the working directory. What is taken out is as untrusted
    as the program. Raises ZygoteDied.
    """
    results = os.memfd_create("kept", os.MFD_CLOEXEC)
    try:
        with _stdin(stdin, once) as given:
            _begin(zygote, files, argv, limits, given, -1, results, keep, environment or {}, address_space, proc)
        outcome = zygote.end()
        return _of_the_command(outcome, results, limits)
    finally:
        os.close(results)


def begin(zygote: Zygote, argv: list[str], limits: Limits, *, stdin: int, stdout: int) -> Watch:
    """Start a command that is talked to through these two descriptors. Raises ZygoteDied."""
    with _memory_file("kept", b"") as results:
        return _begin(zygote, {}, argv, limits, stdin, stdout, results, (), {}, False, True)


def _begin(
    zygote: Zygote,
    files: dict[str, bytes],
    argv: list[str],
    limits: Limits,
    stdin: int,
    stdout: int,
    results: int,
    keep: tuple[str, ...],
    environment: dict[str, str],
    address_space: bool,
    proc: bool,
) -> Watch:
    request: dict[str, Any] = {
        "exec": True,
        "files": files,
        "argv": argv,
        "env": environment,
        "keep": keep,
        "file_bytes": limits.file_bytes,
    }
    flags = wire.MAY_EXEC | (wire.WITH_PROC if proc else 0)
    with _memory_file("program", marshal.dumps(request)) as body:
        return zygote.begin(flags, limits, fds=(body, results), stdin=stdin, stdout=stdout, address_space=address_space)


def _of_the_command(outcome: Outcome, results: int, limits: Limits) -> tuple[Outcome, dict[str, bytes]]:
    """The outcome of the command itself, which a supervisor in the jail waited for, and the files that took out."""
    if outcome.status is not Status.exited:
        return outcome, {}
    data = os.pread(results, os.fstat(results).st_size, 0)
    if len(data) < _STATUS_BYTES:
        return replace(outcome, status=Status.killed, exit_code=None, detail="its supervisor was ended"), {}
    try:
        files = wire.unpack_files(data[_STATUS_BYTES:])
    except ValueError:
        return replace(outcome, status=Status.disk_limit, exit_code=None, detail="left more than is taken out"), {}
    status, detail, code = explain(int.from_bytes(data[:_STATUS_BYTES], "big"))
    if status is Status.exited:
        return replace(outcome, exit_code=code), files
    if code == signal.SIGKILL and outcome.cpu_s >= limits.cpu_s:
        return replace(outcome, status=Status.time_limit_cpu, exit_code=None, detail="used up its CPU seconds"), {}
    return replace(outcome, status=status, detail=detail, exit_code=None, signal=code), files


@contextlib.contextmanager
def _memory_file(name: str, data: bytes) -> Iterator[int]:
    """A descriptor to read bytes from, which unlike a pipe never makes its writer wait."""
    fd = os.memfd_create(name, os.MFD_CLOEXEC)
    try:
        with open(fd, "wb", closefd=False) as file:
            file.write(data)
        os.lseek(fd, 0, os.SEEK_SET)
        yield fd
    finally:
        os.close(fd)


@contextlib.contextmanager
def _stdin(data: bytes, once: bool) -> Iterator[int]:
    """A descriptor to read bytes from; `once`: through a pipe, whose buffer must hold them all."""
    if not once:
        with _memory_file("stdin", data) as fd:
            yield fd
        return
    fd, writing = os.pipe2(os.O_CLOEXEC)
    try:
        assert len(data) <= _PIPE_BYTES
        os.write(writing, data)
        os.close(writing)
        yield fd
    finally:
        os.close(fd)

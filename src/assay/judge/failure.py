"""From what a jail reported to the verdict's kind, its one-line detail and its flags."""

from __future__ import annotations

import errno
import reprlib
from typing import Any

from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.program import Outcome, Status

_BY_STATUS = {
    Status.signalled: VerdictKind.signalled,
    Status.time_limit_cpu: VerdictKind.time_limit,
    Status.time_limit_wall: VerdictKind.time_limit,
    Status.time_limit_idle: VerdictKind.time_limit,
    Status.memory_limit: VerdictKind.memory_limit,
    Status.output_limit: VerdictKind.output_limit,
    Status.process_limit: VerdictKind.process_limit,
    Status.disk_limit: VerdictKind.disk_limit,
    Status.forbidden: VerdictKind.forbidden,
    Status.harness_error: VerdictKind.harness_error,
    Status.killed: VerdictKind.harness_error,
}
# Names of files that are not the answer's own are short, so a long one is never the harness's fault.
_NAME_TOO_LONG = f"[Errno {errno.ENAMETOOLONG}]"
_CLOCKS = {Status.time_limit_cpu: "cpu", Status.time_limit_wall: "wall", Status.time_limit_idle: "idle"}


class Failure(Exception):
    """A sample did not pass: why, without the resources it used."""

    def __init__(self, kind: VerdictKind, detail: str, flags: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.flags = kind, detail, flags


def one_line(text: str, limit: int = 300) -> str:
    """Printable and short: what a program says must not break a table or a terminal."""
    flat = " ".join(text.split())
    clean = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in flat[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


class Shown(reprlib.Repr):
    """Values as a verdict shows them, a few items of each; also an int with more digits than Python prints."""

    def repr_int(self, x: int, level: int) -> str:
        try:
            return super().repr_int(x, level)
        except ValueError:
            return f"an int of {x.bit_length()} bits"


def message_of(error: BaseException) -> str:
    """What an exception says; its text may hold a value of the answer that cannot be printed."""
    try:
        return str(error)
    except Exception:
        return "(the message cannot be shown)"


def with_resources(failure: Failure | None, outcome: Outcome | None, flags: tuple[str, ...] = ()) -> Verdict:
    """The verdict for a failure (None: accepted) and the process it happened in (None: none was started)."""
    kind = failure.kind if failure else VerdictKind.accepted
    all_flags = flags + (failure.flags if failure else ())
    if outcome is None:
        return Verdict(kind, failure.detail if failure else "", flags=all_flags)
    if outcome.lingering:
        all_flags += ("lingering",)
    return Verdict(
        kind,
        failure.detail if failure else "",
        cpu_s=outcome.cpu_s,
        wall_s=outcome.wall_s,
        peak_bytes=outcome.peak_bytes,
        flags=all_flags,
        output=output_end(outcome) if failure else "",
    )


def output_end(outcome: Outcome, limit: int = 2000) -> str:
    """The end of what it printed on stderr, else on stdout (in a session both are one): that is where errors stand."""
    # A character takes at most four bytes, so this much is enough whatever was printed.
    for stream in (outcome.stderr, outcome.stdout):
        if text := stream[-4 * limit :].decode(errors="replace").strip():
            return text[-limit:]
    return ""


def from_outcome(outcome: Outcome) -> Failure:
    """Why a process that still owed an answer is gone."""
    if outcome.status is Status.exited:
        if outcome.exit_code == 0:
            return Failure(VerdictKind.early_exit, "ended with status 0 before the tests were done")
        said = outcome.stdout.decode(errors="replace").strip().splitlines()
        last = f": {one_line(said[-1], 200)}" if said else ""
        return Failure(
            VerdictKind.runtime_error, f"ended with status {outcome.exit_code} before the tests were done{last}"
        )
    if outcome.status is Status.harness_error and _NAME_TOO_LONG in outcome.detail:
        # Compilers that write no files name what they make after its classes; one that writes them would have refused.
        return Failure(
            VerdictKind.compile_error, "a name in the program is too long for the file that is named after it"
        )
    flags = (_CLOCKS[outcome.status],) if outcome.status in _CLOCKS else ()
    return Failure(_BY_STATUS[outcome.status], one_line(outcome.detail), flags)


def from_run(outcome: Outcome) -> Failure:
    """Why a program that was run as a whole did not pass: the limit it hit, its signal, or its exit status."""
    if outcome.status is not Status.exited:
        return from_outcome(outcome)
    said = outcome.stderr.decode(errors="replace").strip() or outcome.stdout_end.decode(errors="replace").strip()
    last = f": {one_line(_telling_line(said), 200)}" if said else ""
    return Failure(VerdictKind.runtime_error, f"ended with status {outcome.exit_code}{last}")


def from_build(outcome: Outcome) -> Failure:
    """Why a program could not be built. A failure of the harness, such as a missing toolchain, is never its fault."""
    if outcome.status is Status.harness_error:
        return Failure(VerdictKind.harness_error, one_line(outcome.detail))
    if outcome.status is Status.exited:
        said = (outcome.stderr + b"\n" + outcome.stdout).decode(errors="replace").strip()
        return Failure(VerdictKind.compile_error, one_line(_telling_line(said)) or "the compiler gave no reason")
    flags = (_CLOCKS[outcome.status],) if outcome.status in _CLOCKS else ()
    return Failure(VerdictKind.compile_error, f"the compiler was ended: {one_line(outcome.detail)}", flags)


def _telling_line(said: str) -> str:
    """The first line that speaks of an error, else the last one."""
    lines = [line for line in said.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "")


def from_exception(description: list[Any], where: str = "") -> Failure:
    """[type name, message, line, number] of an exception that left the candidate."""
    name, message, line, number = description
    place = f" (line {line})" if line else ""
    said = one_line(f"{name}: {message}" if message else name, 250)
    detail = f"{where}{said}{place}"
    if name == "SystemExit":
        if number == 0 and message in ("", "0", "None"):
            return Failure(VerdictKind.early_exit, f"{where}called exit before the tests were done{place}")
        return Failure(VerdictKind.runtime_error, detail)
    if name == "MemoryError":
        return Failure(VerdictKind.memory_limit, f"{where}ran out of memory{place}")
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Failure(VerdictKind.disk_limit, detail)
    if (name == "BlockingIOError" and number == errno.EAGAIN) or message == "can't start new thread":
        return Failure(VerdictKind.process_limit, detail)
    return Failure(VerdictKind.runtime_error, detail)


def from_load(kind: str, description: list[Any]) -> Failure:
    """The candidate did not compile, or raised while it was executed for the first time."""
    if kind == "compile":
        failure = from_exception(description)
        return Failure(VerdictKind.compile_error, failure.detail)
    return from_exception(description, "while loading: ")

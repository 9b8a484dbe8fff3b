"""Runs a task's own checker: a program that looks at input, output and expected output, and decides."""

from __future__ import annotations

from dataclasses import replace

from assay.judge.contest import SpecialChecker, StdioTest
from assay.judge.failure import one_line
from assay.sandbox.executable import Executable
from assay.sandbox.program import MIB, Outcome, Program, Status
from assay.sandbox.warm import Zygote

_FILES = ("input.txt", "output.txt", "expected.txt")
_ACCEPTS, _REJECTS = 0, (1, 2)
# An uncaught exception of Python ends with status 1 elsewhere, which would look like a decision.
_PYTHON_START = """\
import os, sys

def fail(kind, error, trace):
    sys.__excepthook__(kind, error, trace)
    sys.stderr.flush()
    os._exit(3)

sys.excepthook = fail
sys.argv[0] = {entry!r}
with open({entry!r}, "rb") as file:
    code = compile(file.read(), {entry!r}, "exec", dont_inherit=True)
exec(code, {{"__name__": "__main__", "__file__": {entry!r}, "__builtins__": __builtins__}})
"""


class CheckerFailed(Exception):
    """The checker could not decide. The message says why."""


class Decider:
    """A checker made ready to be asked about one output after the other."""

    def __init__(self, zygote: Zygote, checker: SpecialChecker) -> None:
        """Build it. Raises ZygoteDied."""
        files = {name: text.encode() for name, text in checker.files}
        entry = next(iter(files))
        if checker.language == "python":
            files = {"start_checker.py": _PYTHON_START.format(entry=entry).encode(), **files}
            entry = "start_checker.py"
        self._limits = checker.limits
        self._executable = Executable(zygote, Program(checker.language, files, entry, argv=_FILES), checker.limits)

    def objection(self, test: StdioTest, output: bytes) -> str | None:
        """What is wrong with an output, in one line; None where it is right. Raises CheckerFailed, ZygoteDied."""
        given = dict(zip(_FILES, (test.stdin, output, test.expected), strict=True))
        room = 2 * sum(map(len, given.values())) + 64 * MIB
        limits = replace(self._limits, file_bytes=max(self._limits.file_bytes, room))
        outcome = self._executable.run(limits, files=given)
        if self._executable.failure is not None:
            raise CheckerFailed(f"the checker cannot be built: {_said(outcome) or outcome.detail}")
        if outcome.status is Status.exited and outcome.exit_code == _ACCEPTS:
            return None
        if outcome.status is Status.exited and outcome.exit_code in _REJECTS:
            return _said(outcome) or "the checker rejects the output"
        how = outcome.detail or f"it ended with status {outcome.exit_code}"
        raise CheckerFailed(f"the checker of this task failed: {how}: {_said(outcome)}")


def _said(outcome: Outcome) -> str:
    lines = [line for line in (outcome.stderr + b"\n" + outcome.stdout).decode(errors="replace").splitlines() if line]
    return one_line(lines[-1], 200) if lines else ""

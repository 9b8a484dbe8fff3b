"""A program made ready to run: built once where its language is compiled, then run as often as there are inputs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace

from assay.sandbox.build import build
from assay.sandbox.languages import LANGUAGES, Language
from assay.sandbox.launch import execute, run_python
from assay.sandbox.program import Limits, Outcome, Program, Status
from assay.sandbox.toolchain import ToolchainMissing, arguments, missing, missing_library, unusable
from assay.sandbox.warm import Zygote


class Executable:
    """One program and the warm interpreter that runs it.

    failure: why it cannot be run: the outcome of its compiler (phase "compile"), or a harness_error for a toolchain
    that is not there; None where it can. compiled: the outcome of the compiler, None without one. build_cpu_s: CPU
    seconds the compiler took, 0 where nothing was compiled.
    """

    def __init__(self, zygote: Zygote, program: Program, limits: Limits) -> None:
        """Build it. Raises ZygoteDied, and ValueError for an unknown language."""
        if program.language not in LANGUAGES:
            raise ValueError(f"unknown language {program.language!r}; known are {', '.join(sorted(LANGUAGES))}")
        self._zygote, self._program = zygote, program
        self._language = LANGUAGES[program.language]
        self.failure: Outcome | None = None
        self.compiled: Outcome | None = None
        self.build_cpu_s = 0.0
        self._files = program.files
        if not self._language.command:
            return
        if why := unusable(self._language, zygote.isolation):
            self.failure = Outcome(Status.harness_error, detail=why, isolation=zygote.isolation)
            return
        try:
            lacking = missing(self._language)
            if lacking:
                raise ToolchainMissing(lacking)
            package = missing_library(self._language, program.files)
            if package:
                raise ToolchainMissing(
                    f"{package}, which this program uses, is not installed", f"apt-get install {package}"
                )
            if self._language.compile is not None:
                built = build(zygote, self._language, program, limits)
                self.compiled = built.outcome
                self.build_cpu_s = built.outcome.cpu_s
                self._files = built.files
                if not built.worked:
                    self.failure = built.outcome
        except ToolchainMissing as error:
            self.failure = Outcome(
                Status.harness_error, detail=_advice(program.language, error), isolation=zygote.isolation
            )

    def run(
        self,
        limits: Limits,
        stdin: bytes | None = None,
        files: Mapping[str, bytes] | None = None,
        once: bool = False,
    ) -> Outcome:
        """Run it in a jail of its own. Raises ZygoteDied.

        stdin: instead of the program's. once: it is short, and what was read of it cannot be read again.
        files: put beside its own for this run.
        """
        if self.failure is not None:
            return self.failure
        if not self._language.command:
            given = self._program.stdin if stdin is None else stdin
            program = replace(self._program, stdin=given, files={**self._program.files, **(files or {})})
            return _explain(run_python(self._zygote, program, limits, once=once))
        return self._execute(limits, stdin, files, once, ())[0]

    def run_keeping(self, limits: Limits, keep: tuple[str, ...]) -> tuple[Outcome, dict[str, bytes]]:
        """Run it, and take out the files it leaves that match `keep`, which are as untrusted as it is.

        keep: paths below its working directory, or "*" and how a path ends. Python is started anew for this, since the
        warm interpreter takes no files out. Raises ZygoteDied.
        """
        if self.failure is not None:
            return self.failure, {}
        outcome, kept = self._execute(limits, None, None, False, keep)
        return outcome if self._language.command else _explain(outcome), kept

    def _execute(
        self,
        limits: Limits,
        stdin: bytes | None,
        files: Mapping[str, bytes] | None,
        once: bool,
        keep: tuple[str, ...],
    ) -> tuple[Outcome, dict[str, bytes]]:
        language, program = self._language, self._program
        if language.command:
            start = arguments(language, language.command, program, limits, self._zygote.view)
        else:
            start = [os.path.realpath(sys.executable), program.entry]
        outcome, kept = execute(
            self._zygote,
            {**self._files, **(files or {})},
            [*start, *program.argv],
            limits,
            stdin=program.stdin if stdin is None else stdin,
            once=once,
            keep=keep,
            environment=dict(language.environment),
            address_space=language.address_space,
            proc=language.proc,
        )
        return _told_by_the_runtime(outcome, language), kept


def _advice(language: str, error: ToolchainMissing) -> str:
    install = error.install or LANGUAGES[language].install
    return f"toolchain missing: {language} ({error}{f'; install it with: {install}' if install else ''})"


def _told_by_the_runtime(outcome: Outcome, language: Language) -> Outcome:
    """A program whose runtime says that it hit a limit is said to have hit that limit, if it failed at all."""
    failed = outcome.exit_code != 0 if outcome.status is Status.exited else outcome.status in _TELLING
    if not failed:
        return outcome
    said = outcome.stderr.decode(errors="replace")
    for sign, status in (
        (language.out_of_processes, Status.process_limit),
        (language.out_of_memory, Status.memory_limit),
    ):
        if sign and (found := re.search(sign, said)):
            return replace(outcome, status=status, exit_code=None, signal=None, detail=f"its runtime said: {found[0]}")
    return outcome


# A main thread that could start no other may be gone while the others wait for ever.
_TELLING = (Status.signalled, Status.time_limit_idle)


def _explain(outcome: Outcome) -> Outcome:
    """A Python program that died of an exception the limits caused is said to have hit that limit."""
    if outcome.status is not Status.exited or outcome.exit_code != 1:
        return outcome
    last = outcome.stderr.rstrip().rpartition(b"\n")[2]
    for sign, status in _SIGNS:
        if last.startswith(sign):
            return replace(outcome, status=status, exit_code=None, detail=last.decode(errors="replace")[:200])
    return outcome


_SIGNS = (
    (b"MemoryError", Status.memory_limit),
    (b"BlockingIOError: [Errno 11]", Status.process_limit),
    (b"RuntimeError: can't start new thread", Status.process_limit),
    (b"OSError: [Errno 28]", Status.disk_limit),
    (b"OSError: [Errno 27]", Status.disk_limit),
)

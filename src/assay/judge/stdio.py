"""Whole programs that read stdin and write stdout, judged test by test from outside the jail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assay.judge.checks import CANDIDATE
from assay.judge.contest import StdioCheck, StdioTest
from assay.judge.failure import Failure, from_build, from_run, one_line, output_end
from assay.judge.output_rules import Difference
from assay.judge.program import fill
from assay.judge.source_name import source_name
from assay.judge.special_checker import CheckerFailed, Decider
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.executable import Executable
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import MIB, Limits, Outcome, Program, Status
from assay.sandbox.warm import Zygote

_SPARE_BYTES = MIB
_LOOK = 60  # characters of an input or an output that a verdict shows
_SYNTAX_ERROR = re.compile(rb"^(?:SyntaxError|IndentationError|TabError): [^\n]*\s*\Z", re.MULTILINE)


def judge_stdio(zygote: Zygote, check: StdioCheck, program: str, language: str) -> Verdict:
    """Build the answer, and run it on one test after the other until one fails.

    language: of the answer, where the check leaves it open. Raises ZygoteDied.
    """
    chosen = check.language or language or "python"
    if chosen not in LANGUAGES:
        return Verdict(VerdictKind.harness_error, f"no way to run {one_line(chosen, 40)} is known")
    try:
        tests = check.tests if isinstance(check.tests, tuple) else check.tests.read()
    except (OSError, ValueError) as error:
        return Verdict(VerdictKind.harness_error, one_line(str(error)))
    compiled = LANGUAGES[chosen].compile is not None
    limits = check.limits if compiled or check.interpreted is None else check.interpreted
    executable = Executable(zygote, _program(check, chosen, program), limits)
    if executable.failure is not None:
        failure = from_build(executable.failure)
        return _with_resources(failure, [executable.failure], 0.0)
    decider = Decider(zygote, check.checker) if check.checker else None
    outcomes: list[Outcome] = []
    failure_: Failure | None = None
    for number, test in enumerate(tests, 1):
        outcomes.append(executable.run(_bounded(limits, test), test.stdin))
        try:
            failure_ = _failure(check, decider, test, outcomes[-1], chosen == "python")
        except CheckerFailed as error:
            failure_ = Failure(VerdictKind.harness_error, str(error))
        if failure_ is not None:
            failure_ = _placed(failure_, number, len(tests), test)
            break
    return _with_resources(failure_, outcomes, executable.build_cpu_s)


def _program(check: StdioCheck, language: str, text: str) -> Program:
    files = check.files or ((source_name(language, text), CANDIDATE),)
    return fill(language, files, text, check.flags)


def _bounded(limits: Limits, test: StdioTest) -> Limits:
    most = 2 * len(test.expected) + _SPARE_BYTES
    return replace(limits, output_bytes=most, kept_bytes=most)


def _failure(
    check: StdioCheck, decider: Decider | None, test: StdioTest, outcome: Outcome, is_python: bool
) -> Failure | None:
    if outcome.status is not Status.exited or outcome.exit_code != 0:
        failure = from_run(outcome)
        if is_python and _SYNTAX_ERROR.search(outcome.stderr) and not outcome.stderr.startswith(b"Traceback"):
            return Failure(VerdictKind.compile_error, failure.detail)  # it never began to run
        return failure
    if decider is not None:
        objection = decider.objection(test, outcome.stdout)
        return None if objection is None else Failure(VerdictKind.wrong_answer, objection)
    got, expected = (data.decode(errors="replace") for data in (outcome.stdout, test.expected))
    difference = check.rule.difference(got, expected)
    return None if difference is None else Failure(VerdictKind.wrong_answer, _words(difference))


def _words(difference: Difference) -> str:
    expected, got = (
        "the end of the output" if text is None else repr(one_line(text, _LOOK))
        for text in (difference.expected, difference.got)
    )
    return f"{difference.where}: expected {expected}, got {got}"


def _placed(failure: Failure, number: int, count: int, test: StdioTest) -> Failure:
    """The failure with the number of its test and a look at the input."""
    look = one_line(test.stdin[: 4 * _LOOK].decode(errors="replace"), _LOOK)
    detail = f"test {number} of {count}: {failure.detail} (input {look!r})"
    return Failure(failure.kind, one_line(detail), failure.flags)


def _with_resources(failure: Failure | None, outcomes: Sequence[Outcome], build_cpu_s: float) -> Verdict:
    """The verdict, with what all runs used together."""
    flags = failure.flags if failure else ()
    if any(outcome.lingering for outcome in outcomes):
        flags += ("lingering",)
    return Verdict(
        failure.kind if failure else VerdictKind.accepted,
        failure.detail if failure else "",
        cpu_s=build_cpu_s + sum(outcome.cpu_s for outcome in outcomes),
        wall_s=sum(outcome.wall_s for outcome in outcomes),
        peak_bytes=max((outcome.peak_bytes for outcome in outcomes), default=0),
        flags=flags,
        output=output_end(outcomes[-1]) if failure and outcomes else "",
    )

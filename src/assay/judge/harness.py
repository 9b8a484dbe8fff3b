"""Tests in other languages that share the candidate's process: run under a nonce, counted, with canaries."""

from __future__ import annotations

import os
from dataclasses import replace

from assay.judge.checks import HarnessCheck
from assay.judge.failure import Failure, from_build, from_run, one_line, with_resources
from assay.judge.in_process import FLAG
from assay.judge.program import fill
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.executable import Executable
from assay.sandbox.program import Outcome, Status
from assay.sandbox.warm import Zygote


def judge_harness(zygote: Zygote, check: HarnessCheck, program: str) -> Verdict:
    """Build and run the harness with the candidate in it. Raises ZygoteDied."""
    executable = Executable(zygote, fill(check.language, check.files, program, check.flags), check.limits)
    if executable.failure is not None:
        return with_resources(from_build(executable.failure), executable.failure, (FLAG,))
    nonce = os.urandom(16).hex()
    outcome = executable.run(check.limits, stdin=f"{nonce}\n".encode(), once=True)
    verdict = with_resources(_failure(nonce, check.expected_tests, outcome), outcome, (FLAG,))
    return replace(verdict, cpu_s=verdict.cpu_s + executable.build_cpu_s)


def _failure(nonce: str, expected_tests: int, outcome: Outcome) -> Failure | None:
    reports = _reports(nonce, outcome)
    for word, rest in reports:
        if word == "tampered":
            return Failure(VerdictKind.tampered, one_line(rest) or "an assertion that must fail did not fail")
        if word == "failed":
            return Failure(VerdictKind.wrong_answer, one_line(rest.partition(" ")[2]) or f"test {rest}")
        if word != "passed":
            return Failure(VerdictKind.tampered, "a report of a kind that does not exist")
    if outcome.status is not Status.exited or outcome.exit_code != 0:
        return from_run(outcome)
    if not reports:
        return Failure(VerdictKind.early_exit, "ended with status 0 before the tests were done")
    counted = {rest.strip() for _, rest in reports}
    if counted != {str(expected_tests)}:
        return Failure(
            VerdictKind.tampered, f"{one_line(' and '.join(counted), 40)} of {expected_tests} tests were run"
        )
    return None


def _reports(nonce: str, outcome: Outcome) -> list[tuple[str, str]]:
    """(word, rest) of every line of stdout that begins with the nonce, from what was kept of it.

    Bad news may come under its first half alone: whoever catches such a report on its way out cannot make a good one of
    it.
    """
    found = []
    half = nonce[: len(nonce) // 2]
    for line in (outcome.stdout + b"\n" + outcome.stdout_end).decode(errors="replace").splitlines():
        if line.startswith(f"{nonce} "):
            word, _, rest = line[len(nonce) + 1 :].partition(" ")
            found.append((word, rest))
        elif line.startswith((f"{half} failed ", f"{half} tampered ")):
            word, _, rest = line[len(half) + 1 :].partition(" ")
            found.append((word, rest))
    return found

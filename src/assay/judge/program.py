"""Whole programs in any language, judged upstream's way: by how they end and what they print."""

from __future__ import annotations

from dataclasses import replace

from assay.judge.checks import CANDIDATE, TOKEN, PassRule, ProgramCheck
from assay.judge.failure import Failure, from_build, from_run, one_line, with_resources
from assay.judge.token import token_for
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.executable import Executable
from assay.sandbox.program import Outcome, Program, Status
from assay.sandbox.warm import Zygote


def fill(language: str, files: tuple[tuple[str, str], ...], candidate: str, flags: tuple[str, ...] = ()) -> Program:
    """The program of a check with the candidate's text put in."""
    token = token_for(candidate)
    filled = {
        name.replace(TOKEN, token): text.replace(TOKEN, token)
        .replace(CANDIDATE, candidate)
        .encode("utf-8", "surrogatepass")
        for name, text in files
    }
    return Program(language, filled, next(iter(filled)), flags=flags)


def judge_program(zygote: Zygote, check: ProgramCheck, program: str) -> Verdict:
    """Build and run candidate and tests as one program. Raises ZygoteDied."""
    for flags in check.flags:
        executable = Executable(zygote, fill(check.language, check.files, program, flags), check.limits)
        if executable.failure is None:
            break
    if executable.failure is not None:
        return with_resources(from_build(executable.failure), executable.failure)
    outcome = executable.run(check.limits)
    verdict = with_resources(_failure(check.rule, outcome), outcome)
    return replace(verdict, cpu_s=verdict.cpu_s + executable.build_cpu_s)


def _failure(rule: PassRule, outcome: Outcome) -> Failure | None:
    if outcome.status is not Status.exited:
        return from_run(outcome)
    stdout, stderr = outcome.stdout.decode(errors="replace"), outcome.stderr.decode(errors="replace")
    for text, unwanted in ((stdout, rule.stdout_lacks), (stderr, rule.stderr_lacks)):
        for word in unwanted:
            if word in text:
                line = next((line for line in text.splitlines() if word in line), word)
                return Failure(VerdictKind.wrong_answer, one_line(line))
    if rule.exit_zero and outcome.exit_code != 0:
        return from_run(outcome)
    if rule.stderr_empty and stderr.strip():
        return Failure(VerdictKind.wrong_answer, f"wrote to stderr: {one_line(stderr, 200)}")
    if rule.silent and (stdout or stderr):
        return Failure(VerdictKind.wrong_answer, f"printed: {one_line(stdout or stderr, 200)}")
    return None

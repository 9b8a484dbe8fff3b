"""Each language's harness accepts right answers, and neither wrong ones nor cheats, which upstream's rules may pass."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from written import Answer, answers, tasks

from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.sandbox.languages import LANGUAGES as INSTALLABLE
from assay.sandbox.toolchain import incomplete
from assay.tasks.multipl_e import LANGUAGES

# For answers that never end: every language starts within this.
CPU_S = 2.0
# Languages whose compilers or runtimes take a second and more. By default one answer of each of these verdicts is run.
DEAR = ("go", "racket", "scala")
TELLING = ("accepted", "wrong_answer", "early_exit")
SLOW = bool(os.environ.get("ASSAY_SLOW"))


def chosen(language: str) -> list[Answer]:
    found = answers(language)
    if SLOW or language not in DEAR:
        return found
    return [next(answer for answer in found if verdict in answer.verdicts) for verdict in TELLING]


ALL = [answer for language in LANGUAGES for answer in chosen(language)]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.parametrize("answer", ALL, ids=lambda answer: f"{answer.language}-{answer.task_id}-{answer.about}")
def test_an_answer_gets_its_verdict(judge: Judge, answer: Answer) -> None:
    lacking = incomplete(INSTALLABLE[answer.language])
    if lacking:
        pytest.skip(f"{answer.language} is not installed: {lacking}")
    checks = {
        name: replace(check, limits=check.limits.with_cpu_s(CPU_S))
        for name, check in tasks()[answer.language, answer.task_id].checks.items()
    }
    hardened = judge.judge(checks["hardened"], answer.program)
    assert hardened.kind in answer.verdicts, (hardened.detail, hardened.output)
    if not SLOW and (answer.language in DEAR or not answer.passes_upstream or hardened.kind is VerdictKind.accepted):
        return
    official = judge.judge(checks["official"], answer.program)
    assert (official.kind is VerdictKind.accepted) is answer.passes_upstream, (official.kind, official.detail)

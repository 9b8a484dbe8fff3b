"""Tasks of the forge in languages with braces: what is asked, and that only what is right passes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.errors import AssayError
from assay.forge.dialects import DIALECTS
from assay.forge.kinds import MAKERS
from assay.forge.task import ForgeTask
from assay.forge.translated import translated
from assay.judge.judge import Judge
from assay.sandbox import Sandbox
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import missing
from assay.tasks.extract import extract
from forge_programs import programs
from forge_rows import SUM_EVEN

BRACES = [name for name in DIALECTS if name != "python"]
NAMES = ("loop", "histogram")


@pytest.fixture(scope="module")
def rows() -> dict[str, ForgeTask]:
    pairs = [(task, program) for task, program in programs() if task.task_id in NAMES]
    with Sandbox(jobs=1) as sandbox:
        return {row.task_id: row for row in translated(pairs, tuple(DIALECTS), sandbox)}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as opened:
        yield opened


def need(language: str) -> None:
    if lacking := missing(LANGUAGES[language]):
        pytest.skip(f"no toolchain for {language}: {lacking}")


@pytest.mark.parametrize("language", BRACES)
def test_the_reference_passes_and_a_fault_does_not(language: str, rows: dict[str, ForgeTask], judge: Judge) -> None:
    need(language)
    task = MAKERS["repair"](rows["loop"], DIALECTS[language])
    assert task is not None
    assert judge.judge(task.checks["hardened"], extract(task, task.reference, is_solution=True).program).passed
    verdict = judge.judge(task.checks["hardened"], extract(task, task.buggy, is_solution=True).program)
    assert verdict.kind.value == "wrong_answer", verdict


@pytest.mark.parametrize("language", BRACES)
def test_dicts_go_in_and_come_out_in_the_same_form(language: str, rows: dict[str, ForgeTask], judge: Judge) -> None:
    need(language)
    task = MAKERS["write"](rows["histogram"], DIALECTS[language])
    assert task is not None
    assert judge.judge(task.checks["hardened"], task.finished(task.reference)).passed


@pytest.mark.parametrize("kind", ["write", "repair", "infill", "explain"])
def test_answers_are_read_in_every_shape_that_models_give_them(
    kind: str, rows: dict[str, ForgeTask], judge: Judge
) -> None:
    need("javascript")
    task = MAKERS[kind](rows["loop"], DIALECTS["javascript"])
    assert task is not None
    check = task.checks["hardened"]
    whole = task.reference + task.closing
    start = task.prefix or task.prompt
    middle = whole[whole.index(start.rstrip("\n").rsplit("\n", 1)[-1]) :].partition("\n")[2] if not task.suffix else (
        whole[len(task.prompt) : len(whole) - len(task.suffix)]
    )  # fmt: skip
    for answer in (middle, f"{middle}\nconsole.log(1);\n" if task.closing else middle, f"```javascript\n{whole}```\n"):
        assert judge.judge(check, extract(task, answer).program).passed, answer
    assert not judge.judge(check, extract(task, "").program).passed


def test_what_the_answer_prints_or_returns_cannot_pass_for_the_expected_values(
    rows: dict[str, ForgeTask], judge: Judge
) -> None:
    need("javascript")
    task = MAKERS["write"](rows["loop"], DIALECTS["javascript"])
    assert task is not None
    for cheat in (
        "process.stdout.write('1\\n'); process.exit(0); function f(a) {\n",
        "function f(a) {\n  return { toJSON: () => 1, valueOf: () => 1 };\n",
        "function f(a) {\n  return a.map(() => 1);\n",
    ):
        assert not judge.judge(task.checks["hardened"], cheat).passed


def test_the_same_fault_is_shown_in_every_language(rows: dict[str, ForgeTask]) -> None:
    row = rows["loop"]
    said = {language: [(bug.kind, bug.killed_by, bug.failure) for bug in row.faults[language]] for language in BRACES}
    assert said["cpp"] == said["java"] == said["javascript"]
    assert said["cpp"]


def test_a_task_without_a_reference_says_how_to_get_one() -> None:
    with pytest.raises(AssayError, match="has no reference in go"):
        MAKERS["write"](SUM_EVEN, DIALECTS["go"])

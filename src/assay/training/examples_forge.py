"""A task of the forge as training texts, up to one of every task of the mixture."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence

from assay.forge.task import Case, ForgeTask
from assay.training import fim, prompts
from assay.training.example import Example, Piece
from assay.training.prompts import Question

PROMPT_WEIGHT = 0.1
MOST_TESTS = 4  # assertions of one answer
_LONGEST_CASE = 80  # characters of a call and its value that are worth predicting


def may_be_learnt(task: ForgeTask, max_depth: int | None) -> bool:
    """Whether a model may see this task's solution: never that of a test task, nor of one that is too deep."""
    is_held_out = task.split != "train" or bool(task.held_out)
    return not is_held_out and (max_depth is None or task.depth <= max_depth)


def forge_examples(
    task: ForgeTask, names: Collection[str], seed: int = 0, prompt_weight: float = PROMPT_WEIGHT
) -> Iterator[Example]:
    """The examples for the tasks of the mixture in `names` that this task has the material for.

    What is chosen (which bug, which hole) depends on the seed and the task alone.
    """
    for name in names:
        rng = random.Random(f"{seed} {task.task_id} {name}")
        if name == "infill":
            yield _infill(task, rng, prompt_weight)
            continue
        question = _question(task, name, rng)
        if question is not None:
            read = Piece(question.prompt, prompt_weight, plain=True)
            yield Example(name, (read, Piece(question.answer, plain=True)), question.source)


def _question(task: ForgeTask, name: str, rng: random.Random) -> Question | None:
    if name == "complete":
        return prompts.complete(task)
    if name == "document":
        return prompts.document(task)
    if name == "trace":
        return prompts.trace(task)
    if name == "summarise":
        return prompts.summarise(task) if task.summary else None
    if name == "predict":
        cases = _short(task, _unknown(task, task.tests))
        return prompts.predict(task, rng.choice(cases)) if cases else None
    if name == "tests":
        return _tests(task, rng)
    numbers = [number for number, bug in enumerate(task.bugs) if name == "repair" or bug.line]
    if not numbers:
        return None
    number = numbers[rng.randrange(len(numbers))]
    return prompts.repair(task, number) if name == "repair" else prompts.locate(task, number)


def _tests(task: ForgeTask, rng: random.Random) -> Question | None:
    """Tests that are known to find a fault, first those that find the most."""
    known = (task.examples or task.tests)[:1]
    kills: dict[int, int] = {}
    for bug in task.bugs:
        kills[bug.killed_by] = kills.get(bug.killed_by, 0) + 1
    killing = [task.tests[number] for number in sorted(kills, key=lambda number: (-kills[number], number))]
    written = [case for case in killing if case != known[0]][:MOST_TESTS]
    if not written:
        return None
    others = [case for case in _short(task, _unknown(task, task.tests)) if case not in written]
    rng.shuffle(others)
    return prompts.tests(task, known[0], (*written, *others[: max(0, 2 - len(written))]))


def _infill(task: ForgeTask, rng: random.Random, prompt_weight: float) -> Example:
    """A hole in the body: mostly along the syntax, else anywhere; prefix or suffix first."""
    text, start = task.program, len(task.prompt)
    cut = fim.cut_syntax(text, rng, start) if rng.random() < fim.SYNTAX_SHARE else None
    cut = cut or fim.cut_characters(text, rng, start) or fim.Cut(task.prompt, task.body, "", "block")
    order = fim.choose_order(rng)
    return Example("infill", fim.pieces(cut, order, 1.0, prompt_weight), f"{task.task_id} {cut.kind} {order}")


def _unknown(task: ForgeTask, cases: Sequence[Case]) -> list[Case]:
    """Those that the specification does not show."""
    return [case for case in cases if case not in task.examples] or list(cases)


def _short(task: ForgeTask, cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if len(repr(case.arguments)) + len(repr(case.expected)) <= _LONGEST_CASE]

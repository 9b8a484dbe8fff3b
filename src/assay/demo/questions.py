"""What a model is asked about held-out tasks: to write, to repair, to fill in, and to write tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.forge.dialects.python import DIALECT
from assay.forge.kinds import infill as forge_infill
from assay.forge.kinds import repair as forge_repair
from assay.forge.kinds import tests as forge_tests
from assay.forge.task import ForgeTask
from assay.judge.checks import Check, SuiteCheck
from assay.judge.contest import CallCheck, CallTest
from assay.training import fim, prompts
from assay.training.example import Piece
from assay.training.rl.grading import LIMITS
from assay.training.tokenizer import Tokenizer

KINDS = ("write", "repair", "infill", "tests")


@dataclass(frozen=True)
class Question:
    """prompt: in pieces, as in training. before, after: what is put around the answer to make the program.

    check: decides, outside the jail, by all tests and audit cases of the task. known: the first wrong program of a
    repair, for people.
    """

    kind: str
    task: ForgeTask
    prompt: tuple[Piece, ...]
    check: Check
    before: str = ""
    after: str = ""

    def program(self, answer: str) -> str:
        return self.before + answer + self.after

    def ids(self, tokenizer: Tokenizer) -> list[int]:
        """The prompt as the tokens that training had."""
        return [token for piece in self.prompt for token in tokenizer.encode(piece.text, special=not piece.plain)]

    @property
    def asked(self) -> str:
        return "".join(piece.text for piece in self.prompt)


def questions(tasks: Sequence[ForgeTask], kind: str, most: int) -> list[Question]:
    """At most so many of one kind, of the first tasks that have the material for it."""
    made = (_MAKERS[kind](task) for task in tasks)
    return [question for question, _ in zip((one for one in made if one is not None), range(most), strict=False)]


def _plain(text: str) -> tuple[Piece, ...]:
    return (Piece(text, plain=True),)


def _check(task: ForgeTask) -> CallCheck:
    cases = (*task.tests, *task.audit)
    return CallCheck(task.entry_point, tuple(CallTest(case.arguments, case.expected) for case in cases), limits=LIMITS)


def _write(task: ForgeTask) -> Question:
    return Question("write", task, _plain(prompts.complete(task).prompt), _check(task), task.prompt)


def _repair(task: ForgeTask) -> Question | None:
    made = forge_repair.make(task, DIALECT)
    if made is None:
        return None
    number = next(number for number, bug in enumerate(task.bugs) if made.buggy == task.prompt + bug.body)
    return Question("repair", task, _plain(prompts.repair(task, number).prompt), _check(task), task.prompt)


def _infill(task: ForgeTask) -> Question:
    made = forge_infill.make(task, DIALECT)
    *prompt, _ = fim.pieces(fim.Cut(made.prompt, "", made.suffix, "block"), "psm", 1.0, 0.0)
    return Question("infill", task, tuple(prompt), _check(task), made.prompt, made.suffix)


def _tests(task: ForgeTask) -> Question | None:
    made = forge_tests.make(task, DIALECT)
    if made is None:
        return None
    check = made.checks["hardened"]
    assert isinstance(check, SuiteCheck)
    return Question("tests", task, _plain(made.prompt), replace(check, limits=LIMITS))


_MAKERS: Mapping[str, Callable[[ForgeTask], Question | None]] = {
    "write": _write,
    "repair": _repair,
    "infill": _infill,
    "tests": _tests,
}

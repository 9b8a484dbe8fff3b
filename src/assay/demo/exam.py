"""Held-out questions, answered by a model and judged: greedily once, and in several samples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.demo.questions import Question
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import Verdict, VerdictKind
from assay.models.network.generate import Prompt, write_texts
from assay.models.network.model import CodeModel
from assay.training.rl.store import program_hash
from assay.training.tokenizer import Tokenizer

MODES = ("greedy", "sampled")
_ROWS = 256


@dataclass(frozen=True)
class Answer:
    """mode: one of MODES. sample: its number. passed: None where the machine failed. detail: what happened."""

    kind: str
    task_id: str
    depth: int
    mode: str
    sample: int
    text: str
    verdict: str
    passed: bool | None
    detail: str = ""


def examine(
    model: CodeModel,
    tokenizer: Tokenizer,
    questions: Sequence[Question],
    pool: JudgePool,
    samples: int,
    longest: int,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Answer]:
    """A greedy answer and `samples` drawn at temperature 1 to every question, judged. longest: tokens of an answer."""
    answers: list[Answer] = []
    ends = frozenset((*model.config.eos, tokenizer.end_id))
    prompts = [Prompt(question.ids(tokenizer), seed=seed * 1000, ends=ends) for question in questions]
    model.eval()
    for number, (mode, count, temperature) in enumerate((("greedy", 1, 0.0), ("sampled", samples, 1.0))):
        written = write_texts(model, tokenizer, prompts, count, longest, temperature, rows=_ROWS)
        assert written is not None
        progress(2 * number + 1, 4)
        texts = [[one.text for one in several] for several in written]
        answers += _judged(questions, texts, mode, pool)
        progress(2 * number + 2, 4)
    return answers


def _judged(
    questions: Sequence[Question], texts: Sequence[Sequence[str]], mode: str, pool: JudgePool
) -> Iterator[Answer]:
    """Judge each different program of a question once."""
    checks = [{"hardened": question.check} for question in questions]
    keys = {(n, program_hash(text)): text for n, several in enumerate(texts) for text in several}
    items = [
        Item((n, name), questions[n].task.task_id, questions[n].program(text), checks[n], "python")
        for (n, name), text in keys.items()
    ]
    verdicts = {judged.key: judged.verdicts["hardened"] for judged in pool.judge(items)}
    for n, (question, several) in enumerate(zip(questions, texts, strict=True)):
        for sample, text in enumerate(several):
            verdict = verdicts[n, program_hash(text)]
            passed = None if verdict.kind.value == "harness_error" else verdict.passed or _finds_something(verdict)
            yield Answer(
                question.kind,
                question.task.task_id,
                question.task.depth,
                mode,
                sample,
                text,
                verdict.kind.value,
                passed,
                verdict.detail,
            )


def _finds_something(verdict: Verdict) -> bool:
    """Tests that the right program passes and one of the wrong ones does not: that is what is asked for."""
    return ("base", VerdictKind.accepted) in verdict.parts


def write_answers(path: Path, answers: Sequence[Answer]) -> None:
    """JSON Lines, as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text("".join(json.dumps(vars(answer)) + "\n" for answer in answers), encoding="utf-8")
    beside.replace(path)


def read_answers(path: Path) -> list[Answer]:
    """What `write_answers` wrote."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Answer(**row) for row in rows]

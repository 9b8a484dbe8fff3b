"""Held-out tasks of the forge, answered by the model and executed: what training is really for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.forge.task import ForgeTask
from assay.models.network.generate import generate
from assay.models.network.model import CodeModel
from assay.training import prompts
from assay.training.rl.grading import Grader
from assay.training.tokenizer import Tokenizer

TEST_FILE = "test.jsonl"
_ROOM = 24  # tokens that an answer may be longer than the longest reference


@dataclass(frozen=True)
class Answer:
    """task_id, depth: of the task. text: the body that was written. verdict: the judge's; passed: None if it failed."""

    task_id: str
    depth: int
    text: str
    verdict: str
    passed: bool | None


@dataclass(frozen=True)
class Checked:
    """answers: one a task, greedy. What the harness failed on is in no rate."""

    answers: tuple[Answer, ...]

    @property
    def rate(self) -> float:
        """Greedy pass@1."""
        return _rate(self.answers)

    @property
    def by_depth(self) -> dict[int, tuple[float, int]]:
        """Depth -> greedy pass@1 and how many tasks it is of."""
        groups: dict[int, list[Answer]] = defaultdict(list)
        for answer in self.answers:
            if answer.passed is not None:
                groups[answer.depth].append(answer)
        return {depth: (_rate(groups[depth]), len(groups[depth])) for depth in sorted(groups)}

    def as_json(self, samples: int = 2) -> dict[str, Any]:
        """For the log: rates, and a few answers to look at, of different depths."""
        shown = self.answers[:: max(1, len(self.answers) // samples)][:samples]
        return {
            "pass@1": round(self.rate, 4),
            "tasks": sum(answer.passed is not None for answer in self.answers),
            "by_depth": {str(depth): [round(rate, 4), count] for depth, (rate, count) in self.by_depth.items()},
            "samples": [vars(answer) for answer in shown],
        }


def read_tasks(path: Path, most: int | None = None) -> list[ForgeTask]:
    """Tasks of a JSON Lines file; with `most`, so many, as even over the depths as there are. Raises AssayError."""
    tasks = []
    number = 0
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                number += 1
                tasks.append(ForgeTask.from_json(json.loads(line)))
    except OSError as error:
        raise AssayError(f"{path} cannot be read ({error.strerror}). Make tasks: assay forge --out DIR") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AssayError(f"Line {number} of {path} is no task of the forge ({error}).") from None
    return tasks if most is None else spread(tasks, most)


def spread(tasks: Sequence[ForgeTask], most: int) -> list[ForgeTask]:
    """At most so many, taken in turn from every depth, each depth's in the order of the file."""
    waiting: dict[int, list[ForgeTask]] = defaultdict(list)
    for task in reversed(tasks):
        waiting[task.depth].append(task)
    chosen: list[ForgeTask] = []
    while len(chosen) < most and waiting:
        for depth in sorted(waiting):
            if len(chosen) < most:
                chosen.append(waiting[depth].pop())
            if not waiting[depth]:
                del waiting[depth]
    return sorted(chosen, key=lambda task: task.depth)


class HeldOut:
    """Tasks that a model is asked again and again while it learns. A context manager: it owns judging processes.

    They sleep while nothing is judged, so they take no core from training.
    """

    def __init__(self, tasks: Sequence[ForgeTask], tokenizer: Tokenizer, jobs: int = 0) -> None:
        """Raises SandboxUnavailable where this machine cannot jail."""
        self.tasks, self._tokenizer = tuple(tasks), tokenizer
        self._prompts = tokenizer.encode_many([prompts.complete(task).prompt for task in tasks])
        answers = tokenizer.encode_many([task.body for task in tasks if task.body])
        self._most = max((len(answer) for answer in answers), default=128) + _ROOM
        self._grader = Grader(jobs, tests=1_000_000)

    def check(self, model: CodeModel) -> Checked:
        """Answer all tasks greedily and execute the answers over all of their tests."""
        model.eval()
        written = generate(model, self._tokenizer, self._prompts, max_tokens=self._most, temperature=0.0)
        model.train()
        texts = [one[0].text for one in written]
        grades = self._grader.grade(list(zip(self.tasks, texts, strict=True)), round_=0)
        return Checked(
            tuple(
                Answer(task.task_id, task.depth, text, grade.verdict, grade.passed)
                for task, text, grade in zip(self.tasks, texts, grades, strict=True)
            )
        )

    def __enter__(self) -> HeldOut:
        self._grader.__enter__()
        return self

    def __exit__(self, *_: Any) -> None:
        self._grader.__exit__(None, None, None)


def _rate(answers: Sequence[Answer]) -> float:
    judged = [answer.passed for answer in answers if answer.passed is not None]
    return sum(judged) / len(judged) if judged else 0.0

"""From tasks to what a model is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from assay.evaluation.rows import Key
from assay.models.request import Request, Sampling
from assay.models.style import Style
from assay.tasks.task import Task

Turn = tuple[str, int, int]  # task_id, sample, 0 or 1 for the first or the second question


@dataclass(frozen=True)
class Question:
    """A sample that is still to be written. number: counts the samples of a task from 0."""

    task: Task
    number: int

    @property
    def key(self) -> Key:
        return self.task.task_id, self.number


@dataclass(frozen=True)
class Asking:
    """How a model is asked, the same for the whole run.

    samples: per task. seed: sample n of each task is drawn with seed + n, so that the samples of a task differ; None
    leaves seeds to the model.
    """

    style: Style
    sampling: Sampling
    samples: int = 1
    seed: int | None = None

    def questions(self, tasks: Iterable[Task]) -> tuple[Question, ...]:
        """Sample 0 of every task, then sample 1 of every task and so on: a run that is stopped has seen all tasks."""
        tasks = tuple(tasks)
        return tuple(Question(task, number) for number in range(self.samples) for task in tasks)

    def first(self, question: Question) -> Request:
        """What is asked first, and for most tasks all that is asked."""
        task = question.task
        stops = () if task.follow_up else task.stops
        return self._request(question, 0, task.prompt, task.instruction, stops)

    def second(self, question: Question, answer: str) -> Request:
        """What is asked next of a task with a follow-up. answer: to the first question."""
        task = question.task
        assert task.follow_up is not None
        kept = task.follow_up.kept(answer)
        prompt, instruction = (
            text.replace("{answer}", kept) for text in (task.follow_up.prompt, task.follow_up.instruction)
        )
        return self._request(question, 1, prompt, instruction, task.stops)

    def as_json(self) -> dict[str, Any]:
        """What was chosen, for `run.json`."""
        return {"prompt": self.style.name, "samples": self.samples, "seed": self.seed, **asdict(self.sampling)}

    def sha256(self, tasks: Iterable[Task]) -> str:
        """Of everything that is asked, so that a run never mixes two ways of asking."""
        digest = hashlib.sha256()
        for task in tasks:
            request = self.first(Question(task, 0))
            asked = [asdict(request), asdict(task.follow_up) if task.follow_up else None]
            digest.update(json.dumps(asked, sort_keys=True).encode())
        return digest.hexdigest()

    def _request(self, question: Question, turn: int, prompt: str, instruction: str, stops: tuple[str, ...]) -> Request:
        task = question.task
        values = {"prompt": prompt, "suffix": task.suffix, "language": task.language, "entry_point": task.entry_point}
        seed = None if self.seed is None else self.seed + question.number
        key: Turn = (task.task_id, question.number, turn)
        if not self.style.is_chat:
            suffix = "" if self.style.has_suffix else task.suffix
            return Request(key, text=self.style.continued(values), suffix=suffix, stops=stops, seed=seed)
        messages = self.style.messages(values | {"prompt": prompt.rstrip("\n")}, instruction)
        return Request(key, messages=messages, seed=seed)

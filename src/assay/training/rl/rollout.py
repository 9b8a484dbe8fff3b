"""Groups of samples: what a model wrote for a task, and the grades it got."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.forge.task import ForgeTask
from assay.models.network.generate import Prompt, write_texts
from assay.models.network.model import CodeModel
from assay.training.rl.grading import Grade
from assay.training.tokenizer import Tokenizer


@dataclass(frozen=True)
class Sample:
    """tokens, logprobs: of what was written, with the token that ended it. body: the same as text. finished: it ended
    by itself and was not cut off.
    """

    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    body: str
    finished: bool


@dataclass(frozen=True)
class Group:
    """Samples of one prompt; grades in the same order, empty before they were judged."""

    task: ForgeTask
    prompt: tuple[int, ...]
    samples: tuple[Sample, ...]
    grades: tuple[Grade, ...] = ()

    @property
    def rewards(self) -> list[float | None]:
        return [grade.reward for grade in self.grades]

    @property
    def passed(self) -> int:
        return sum(grade.passed is True for grade in self.grades)

    @property
    def judged(self) -> int:
        return sum(grade.passed is not None for grade in self.grades)


class Writer:
    """A model and its tokenizer, asked for groups. longest: tokens that a completion may have."""

    def __init__(self, model: CodeModel, tokenizer: Tokenizer, longest: int, rows: int = 256) -> None:
        self.model, self.tokenizer, self.longest, self._rows = model, tokenizer, longest, rows

    def write(
        self,
        tasks: Sequence[ForgeTask],
        samples: int,
        temperature: float,
        seed: int,
        ended: Callable[[ForgeTask, str], None] = lambda task, body: None,
    ) -> list[Group]:
        """`samples` answers to every task. temperature 0: the most likely one. Same weights and seed, same answers.

        ended: told of every answer as soon as it is written.
        """
        prompts = self.tokenizer.encode_many([task.prompt for task in tasks])
        ends = frozenset((*self.model.config.eos, self.tokenizer.end_id))
        asked = [
            Prompt(ids, seed=_seed(seed, task.task_id), ends=ends) for ids, task in zip(prompts, tasks, strict=True)
        ]
        training = self.model.training
        self.model.eval()
        written = write_texts(
            self.model,
            self.tokenizer,
            asked,
            samples,
            self.longest,
            temperature,
            rows=self._rows,
            ended=lambda number, text: ended(tasks[number], text.text),
        )
        self.model.train(training)
        assert written is not None
        return [
            Group(
                task,
                tuple(ids),
                tuple(Sample(tuple(one.ids), tuple(one.logprobs), one.text, one.finish == "stop") for one in texts),
            )
            for task, ids, texts in zip(tasks, prompts, written, strict=True)
        ]


def _seed(seed: int, task_id: str) -> int:
    """Far from those of other steps and tasks, since the number of a sample is added to it."""
    return int.from_bytes(hashlib.sha256(f"{seed} {task_id}".encode()).digest()[:6], "big")


def longest_completion(tokenizer: Tokenizer, tasks: Sequence[ForgeTask], most: int = 2000) -> int:
    """Room for what references need: the longest of 99 in 100, a quarter more, and the end. Looks at some tasks."""
    lengths = sorted(len(ids) for ids in tokenizer.encode_many([task.body for task in tasks[:most]]))
    return lengths[min(len(lengths) - 1, len(lengths) * 99 // 100)] * 5 // 4 + 1

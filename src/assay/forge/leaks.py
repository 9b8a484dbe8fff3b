"""Proof that the tests of a folder are new: no behaviour, text or program of test.jsonl occurs in train.jsonl."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assay.forge import splits
from assay.forge.folder import read
from assay.forge.task import ForgeTask


@dataclass(frozen=True)
class LeakReport:
    """behaviours, texts, programs: task ids of the test split whose own occurs in training. compositions: test tasks
    that hold no held-out composition, and training tasks that do. misfiled: rows whose split is another file's."""

    train: int
    test: int
    behaviours: tuple[str, ...]
    texts: tuple[str, ...]
    programs: tuple[str, ...]
    compositions: tuple[str, ...]
    misfiled: tuple[str, ...]

    @property
    def clean(self) -> bool:
        return not (self.behaviours or self.texts or self.programs or self.compositions or self.misfiled)


def check(folder: Path) -> LeakReport:
    """Compare both files of a folder. Raises AssayError for what cannot be read."""
    behaviours: set[str] = set()
    texts: set[str] = set()
    programs: set[str] = set()
    found: dict[str, list[str]] = {name: [] for name in ("behaviours", "texts", "programs", "compositions", "misfiled")}
    train = test = 0
    for task in _rows(folder, "train", found["misfiled"]):
        train += 1
        behaviours.add(task.behaviour)
        texts.add(_words(task))
        programs.add(task.helpers + task.body)
        if splits.held_out(task.operations):
            found["compositions"].append(task.task_id)
    for task in _rows(folder, "test", found["misfiled"]):
        test += 1
        if task.behaviour in behaviours:
            found["behaviours"].append(task.task_id)
        if _words(task) in texts:
            found["texts"].append(task.task_id)
        if task.helpers + task.body in programs:
            found["programs"].append(task.task_id)
        if not splits.held_out(task.operations):
            found["compositions"].append(task.task_id)
    return LeakReport(train, test, **{name: tuple(ids) for name, ids in found.items()})


def _rows(folder: Path, split: str, misfiled: list[str]) -> Iterator[ForgeTask]:
    for task in read(folder, split):
        if task.split != split:
            misfiled.append(task.task_id)
        yield task


def _words(task: ForgeTask) -> str:
    """The specification without its examples."""
    return task.docstring.partition("\n>>>")[0]


__all__ = ["LeakReport", "check"]

"""What models wrote, as it came: `completions.jsonl` and, where a task asks twice, `first_answers.jsonl`.

Every answer is stored here before anything else happens to it; extraction and judging read it back from here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.jsonl import JsonLines
from assay.evaluation.rows import SCHEMA, Key
from assay.evaluation.samples import Sample
from assay.tasks.task import Benchmark

COMPLETIONS = "completions.jsonl"
FIRST_ANSWERS = "first_answers.jsonl"


class Answers:
    """One row per sample, in the order in which they came. One thread adds while another one reads."""

    def __init__(self, path: Path) -> None:
        self._file = JsonLines(path)
        self._begins: dict[Key, int] = {}

    @property
    def path(self) -> Path:
        return self._file.path

    def __contains__(self, key: Key) -> bool:
        return key in self._begins

    def __len__(self) -> int:
        return len(self._begins)

    def recover(self, keys: Collection[Key]) -> None:
        """Find what earlier sessions stored; a last row that was cut short is removed. keys: every sample of the run.

        Raises AssayError, naming the line, for a row that no session wrote, and OSError.
        """
        self._file.cut_torn()
        for number, (begin, line) in enumerate(self._file.lines(), 1):
            where = f"{self.path} line {number}"
            row = parse_answer(line, where)
            key = (row["task_id"], row["sample"])
            if key not in keys:
                raise _damaged(where, f"is about {key[0]} sample {key[1]}, which is no part of this run")
            if key in self._begins:
                raise _repeated(where, key)
            self._begins[key] = begin

    def open(self) -> None:
        """Get ready to add. Raises DiskError."""
        self._file.open()

    def close(self) -> None:
        self._file.close()

    def sync(self) -> None:
        """Have everything reach the disk. Raises DiskError."""
        self._file.sync()

    def add(self, key: Key, text: str, *, is_solution: bool = False, about: Mapping[str, Any] | None = None) -> None:
        """Store one answer, whole or not at all. about: what else is known of it. Raises DiskError."""
        row: dict[str, Any] = {"schema": SCHEMA, "task_id": key[0], "sample": key[1]}
        row["solution" if is_solution else "completion"] = text
        row.update(about or {})
        self._begins[key] = self._file.append(row)

    def copy(self, path: Path) -> None:
        """Store every whole row of another run's file that is not here, as it stands there. Raises DiskError."""
        for number, (_, line) in enumerate(JsonLines(path).lines(), 1):
            row = parse_answer(line, f"{path} line {number}")
            key = (row["task_id"], row["sample"])
            if key not in self._begins:
                self._begins[key] = self._file.append(row)

    def row(self, key: Key) -> dict[str, Any]:
        """The stored row of a sample. Raises KeyError when there is none."""
        row: dict[str, Any] = json.loads(self._file.line_at(self._begins[key]))
        return row

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every stored row."""
        for _, line in self._file.lines():
            yield json.loads(line)


def read_answers(folder: Path) -> dict[Key, dict[str, Any]]:
    """The rows of `completions.jsonl` in a run folder; none where there is no such file.

    Raises AssayError for a row that is damaged or stands there twice.
    """
    return {(row["task_id"], row["sample"]): row for _, row in _rows_once(folder / COMPLETIONS)}


def _rows_once(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every whole row of a file, with its place for messages. Raises AssayError as `read_answers`, and OSError."""
    seen: set[Key] = set()
    for number, (_, line) in enumerate(JsonLines(path).lines(), 1):
        where = f"{path} line {number}"
        row = parse_answer(line, where)
        key = (row["task_id"], row["sample"])
        if key in seen:
            raise _repeated(where, key)
        seen.add(key)
        yield where, row


def written_samples(folder: Path, benchmark: Benchmark) -> tuple[Sample, ...]:
    """What stands in the run folder `folder`, in the order of tasks; a last row that was cut short is left aside.

    Raises AssayError when nothing is stored there, for a damaged or repeated row, and for a task that the
    benchmark does not have.
    """
    path = folder / COMPLETIONS
    tasks = {task.task_id: task for task in benchmark.tasks}
    order = {task_id: index for index, task_id in enumerate(tasks)}
    samples = []
    try:
        for where, row in _rows_once(path):
            if row["task_id"] not in tasks:
                raise _damaged(where, f"is about {row['task_id']}, which {benchmark.name} does not have")
            text, is_solution = (row["solution"], True) if "solution" in row else (row["completion"], False)
            samples.append(Sample(tasks[row["task_id"]], row["sample"], text, is_solution))
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from None
    if not samples:
        raise AssayError(f"No answers are stored in {folder} ({COMPLETIONS}). Make the run again.")
    return tuple(sorted(samples, key=lambda sample: (order[sample.task.task_id], sample.number)))


def parse_answer(line: bytes, where: str) -> dict[str, Any]:
    """A whole line as a row. where: file and line, for the message. Raises AssayError when it is anything else."""
    try:
        row = json.loads(line)
    except ValueError:
        raise _damaged(where, "is not JSON") from None
    if not (
        isinstance(row, dict)
        and row.get("schema") == SCHEMA
        and isinstance(row.get("task_id"), str)
        and type(row.get("sample")) is int
        and isinstance(row.get("completion", row.get("solution")), str)
    ):
        raise _damaged(where, f"is not a completion row of schema {SCHEMA}")
    return row


def _repeated(where: str, key: Key) -> AssayError:
    return AssayError(
        f"{where} repeats {key[0]} sample {key[1]}, which stands above already. The file was changed from outside: "
        "remove one of the two lines."
    )


def _damaged(where: str, what: str) -> AssayError:
    return AssayError(
        f"{where} {what}. The file was changed from outside: remove that line to have its sample asked for again, or "
        "choose another folder with --out."
    )

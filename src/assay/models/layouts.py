"""The layouts that a samples file may have, told apart by content; each is turned into rows.

| layout | what the file holds |
|---|---|
| rows | JSON Lines, each an object with `task_id` and `completion` or `solution` (human-eval, EvalPlus, Assay) |
| results | one object whose "eval" maps task ids to lists of objects with a "solution" (EvalPlus, BigCodeBench) |
| texts | one object that maps task ids to lists of texts (CRUXEval) |
| generations | one list with a list of programs for each task, in the benchmark's order (bigcode-evaluation-harness) |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assay.errors import AssayError

Row = tuple[int, Any]  # line, JSON value


def flat_rows(values: Iterator[Row], file: str, orders: Sequence[Sequence[str]] = ()) -> Iterator[Row]:
    """One row for each sample, whatever the layout.

    values: the JSON values of the file with their lines. orders: lists of task ids, one of which a list without ids
    stands for; the first of the right length is taken.

    Raises AssayError when the file mixes layouts, and for whatever its layout may not hold.
    """
    first = ""
    for line, value in values:
        layout = _layout(value, is_first=not first)
        if first and layout != first:
            raise AssayError(
                f"{file}, line {line}: the file mixes layouts: this is {_NAMES[layout]}, what stands before it is "
                f"{_NAMES[first]}. Put them into files of their own."
            )
        first = layout
        where = f"{file}, line {line}"
        if layout == "results":
            yield from ((line, row) for row in _of_results(value["eval"], where))
        elif layout == "texts":
            yield from ((line, row) for row in _of_texts(value, where))
        elif layout == "generations":
            yield from ((line, row) for row in _of_generations(value, where, orders))
        else:
            yield line, value


_NAMES = {
    "rows": "a row for each sample",
    "results": "a file of results",
    "texts": "an object of lists",
    "generations": "a list of lists",
}


def _layout(value: Any, is_first: bool) -> str:
    if isinstance(value, list) and is_first:
        return "generations"
    if not isinstance(value, dict) or "task_id" in value or not value:
        return "rows"
    if isinstance(value.get("eval"), dict):
        return "results"
    return "texts" if all(isinstance(texts, list) for texts in value.values()) else "rows"


def _of_results(tasks: dict[str, Any], where: str) -> Iterator[dict[str, Any]]:
    for task_id, samples in tasks.items():
        if not isinstance(samples, list):
            raise AssayError(
                f'{where}: "eval" holds no list of samples for {task_id!r}, so there is nothing to judge. EvalPlus '
                "before 0.2 stored results without programs: use its samples file."
            )
        for number, sample in enumerate(samples):
            if not isinstance(sample, dict) or not isinstance(sample.get("solution"), str):
                raise AssayError(
                    f'{where}: sample {number} of {task_id!r} has no "solution", so there is nothing to judge. Use '
                    "the samples file that these results belong to."
                )
            yield {"task_id": task_id, "solution": sample["solution"], "sample": number}


def _of_texts(tasks: dict[str, list[Any]], where: str) -> Iterator[dict[str, Any]]:
    for task_id, texts in tasks.items():
        for number, text in enumerate(texts):
            if not isinstance(text, str):
                raise AssayError(f"{where}: the list of {task_id!r} holds something that is not text.")
            yield {"task_id": task_id, "completion": text, "sample": number}


def _of_generations(tasks: list[Any], where: str, orders: Sequence[Sequence[str]]) -> Iterator[dict[str, Any]]:
    """Programs, since the harness has already joined what was written to the prompt."""
    for index, programs in enumerate(tasks):
        if not isinstance(programs, list) or not all(isinstance(program, str) for program in programs):
            raise AssayError(
                f"{where}: this is a list, but its entry {index} is no list of programs. A list must hold one list of "
                "texts for each task, as bigcode's generations.json does."
            )
    order = next((each for each in orders if len(each) == len(tasks)), None)
    if order is None:
        counts = " or ".join(str(count) for count in dict.fromkeys(len(each) for each in orders))
        raise AssayError(
            f"{where}: the list holds programs for {len(tasks)} tasks and names none, so it must have one entry for "
            f"each of the {counts or 'benchmark'} tasks. Choose as many tasks with --limit or --task."
        )
    for task_id, programs in zip(order, tasks, strict=True):
        for number, program in enumerate(programs):
            yield {"task_id": task_id, "solution": program, "sample": number}

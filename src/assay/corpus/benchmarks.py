"""Every benchmark whose data is here, as what training text must not hold: runs of ten words, and solutions.

The built-in demo is always among them, so that decontamination never silently checks nothing.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assay.corpus.normal_form import fingerprint, outline
from assay.corpus.shingles import U64, runs, words
from assay.corpus.syntax import Function, definitions
from assay.errors import AssayError
from assay.tasks.task import Benchmark, Task

RUN = 10
# A run that occurs in so many unrelated tasks is how code looks ("for i in range len ..."), not a task.
COMMON = 4
# Numbers in a row are no text: a run needs so many words that are none, and so many different ones.
LEAST_WORDS, LEAST_DIFFERENT = 6, 5
# Below that many syntax nodes a function is too plain to be anybody's solution ("return a + b").
LEAST_NODES, LEAST_NODES_OF_A_HELPER = 8, 40
INDEX, GRAMS = "benchmarks.json", "benchmarks.npz"
_WORD = re.compile(r"[A-Za-z0-9_\x80-\U0010ffff]+")


@dataclass(frozen=True)
class Solution:
    """A function of a benchmark. task: "HumanEval/0 of humaneval". entry_point: whether tests call it."""

    task: str
    hash: str
    outline: tuple[int, tuple[str, ...]]
    nodes: int
    entry_point: bool


def load_all(data: Path | None) -> tuple[list[Benchmark], list[str]]:
    """(the benchmarks that are here, names of those that are not)."""
    from assay.tasks.catalog import SOURCES, load

    found, missing = [], []
    for source in SOURCES:
        try:
            found.append(load(source.spec, data))
        except AssayError:
            missing.append(source.spec)
    return found, missing


def write_index(data: Path | None, folder: Path) -> dict[str, Any]:
    """Put what `contamination` needs into a folder; what the manifest says about it."""
    benchmarks, missing = load_all(data)
    tasks: list[str] = []
    grams: dict[int, tuple[int, set[str]]] = {}
    solutions: dict[str, Solution] = {}
    for benchmark in benchmarks:
        for task in benchmark.tasks:
            number = len(tasks)
            tasks.append(f"{task.task_id} of {benchmark.name}")
            group = _group(benchmark.name, task.task_id)
            for gram in _grams(task):
                grams.setdefault(gram, (number, set()))[1].add(group)
            for solution in _solutions(task, tasks[-1]):
                solutions.setdefault(solution.hash, solution)
    library = _library()
    found = np.array(sorted(grams), dtype=np.uint64)
    known = set(found[np.isin(found, library)].tolist())
    kept = sorted((gram, task) for gram, (task, groups) in grams.items() if len(groups) < COMMON and gram not in known)
    np.savez(
        folder / GRAMS,
        grams=np.array([gram for gram, _ in kept], dtype=np.uint64),
        tasks=np.array([number for _, number in kept], dtype=np.uint32),
    )
    about = {
        "used": {benchmark.name: benchmark.data_sha256 for benchmark in benchmarks},
        "not here": missing,
        "tasks": len(tasks),
        "runs of words": len(kept),
        "common runs": len(grams) - len(kept),
        "solutions": len(solutions),
    }
    body = {"about": about, "tasks": tasks, "solutions": [vars(solution) for solution in solutions.values()]}
    spare = folder / f".{INDEX}"
    spare.write_text(json.dumps(body))
    spare.replace(folder / INDEX)
    return about


@functools.cache
def _library() -> U64:
    """The runs of ten words of the running Python's own library, without its tests: older than any benchmark.

    What a task shares with it is how Python is written ("def __iter__ self return iter self _data"), or comes from it.
    """
    root = Path(sysconfig.get_path("stdlib"))
    pieces = [np.empty(0, dtype=np.uint64)]
    for path in root.rglob("*.py"):
        if not {"test", "tests", "site-packages", "dist-packages"} & set(path.relative_to(root).parts):
            text = path.read_bytes().decode("utf-8", "replace")
            pieces.append(runs(words(text, fold=True), RUN))
    return np.unique(np.concatenate(pieces))


def _group(benchmark: str, task_id: str) -> str:
    """One name for a task in all its editions: HumanEval/0 is also in HumanEval+, MultiPL-E, the infilling sets ..."""
    family = next((name for name in ("humaneval", "mbpp") if name in f"{benchmark} {task_id}".lower()), "")
    if not family and benchmark.startswith(("multipl-e", "humanevalpack", "humaneval")):
        family = "humaneval"
    number = re.search(r"\d+", task_id)
    return f"{family or benchmark.partition('@')[0].partition(':')[0]}/{number[0] if number else task_id}"


def _texts(task: Task) -> Iterator[str]:
    yield task.prompt
    if task.expects == "program":
        yield task.reference


def _grams(task: Task) -> set[int]:
    """The runs of ten words of a task that say something."""
    found: set[int] = set()
    for text in dict.fromkeys(_texts(task)):
        spelt = [word.lower() for word in _WORD.findall(text)]
        numbers: U64 = words(text, fold=True)
        if len(numbers) < RUN:
            continue
        assert len(numbers) == len(spelt), task.task_id
        for start, gram in enumerate(runs(numbers, RUN).tolist()):
            run = spelt[start : start + RUN]
            telling = [word for word in run if not word.isdigit() and len(word) > 1]
            if len(telling) >= LEAST_WORDS and len(set(telling)) >= LEAST_DIFFERENT:
                found.add(gram)
    return found


def _solutions(task: Task, name: str) -> Iterator[Solution]:
    if task.language != "python" or task.expects != "program":
        return
    try:
        tree = ast.parse(task.reference)
    except (SyntaxError, ValueError):
        return
    for node in definitions(tree):
        if isinstance(node, Function):
            value, nodes = fingerprint(node)
            asked = node.name == task.entry_point
            if nodes >= (LEAST_NODES if asked else LEAST_NODES_OF_A_HELPER):
                yield Solution(name, value, outline(node), nodes, asked)

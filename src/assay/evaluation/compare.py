"""Which of several runs is better, benchmark by benchmark, on the tasks that they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.identity import ARGUMENTS
from assay.evaluation.paired import Difference, PairedTask, holm, paired_difference
from assay.evaluation.score import natural_order, samples_that_count
from assay.evaluation.stored import StoredRun, find_runs, read_run
from assay.judge.verdict import SKIPPED, VerdictKind

# What may differ between two runs without a word: who answered, and what is compared anyway.
_EXPECTED = {
    "benchmark",
    "data_sha256",
    "model",
    "samples_sha256",
    "judge",
    "rules",
    "limit",
    "tasks",
    "prompts_sha256",
}


@dataclass(frozen=True)
class Contestant:
    """What one argument of `assay compare` stands for: its runs by benchmark, under one name."""

    name: str
    runs: Mapping[str, StoredRun]


@dataclass(frozen=True)
class Comparison:
    """Two runs of one benchmark. The difference is B minus A.

    rule_set: whose verdicts are compared. won, lost: ids of the tasks on which B's rate is higher, lower.
    p_adjusted: the p value, raised for all comparisons that were made together (Holm). notes: sentences on what a
    reader must know about these two runs.
    """

    benchmark: str
    rule_set: str
    name_a: str
    name_b: str
    model_a: str
    model_b: str
    difference: Difference
    won: tuple[str, ...]
    lost: tuple[str, ...]
    p_adjusted: float
    notes: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether the data show a difference: the interval leaves out zero, and the test agrees."""
        low, high = self.difference.interval
        return (low > 0 or high < 0) and self.p_adjusted < 0.05

    def as_json(self) -> dict[str, Any]:
        found = asdict(self.difference)
        se, interval = found.pop("error"), found.pop("interval")
        return {
            "benchmark": self.benchmark,
            "rule_set": self.rule_set,
            "a": {"name": self.name_a, "model": self.model_a, "pass@1": found.pop("rate_a")},
            "b": {"name": self.name_b, "model": self.model_b, "pass@1": found.pop("rate_b")},
            "tasks": found.pop("tasks"),
            "difference": found.pop("difference"),
            **({} if se is None else {"se": se}),
            "ci95": list(interval),
            **found,
            "p_adjusted": self.p_adjusted,
            "is_shown": self.is_shown,
            "won_tasks": list(self.won),
            "lost_tasks": list(self.lost),
            "notes": list(self.notes),
        }


def load_contestants(folders: Sequence[Path]) -> list[Contestant]:
    """One contestant for each folder: a run folder, or a folder of run folders, one for each benchmark.

    Raises AssayError for fewer than two folders, for one that is no finished run, for one that was named twice, and for
    one that holds two runs of a benchmark.
    """
    if len(folders) < 2:
        raise AssayError("A comparison needs at least two run folders. Name another one.")
    places = [folder.resolve() for folder in folders]
    for index, place in enumerate(places):
        if place in places[:index]:
            raise AssayError(f"{folders[index]} is named twice. A run is not compared with itself: name another one.")
    names = [place.name for place in places]
    if len(set(names)) < len(names):
        names = [str(folder) for folder in folders]
    return [Contestant(name, _by_benchmark(folder)) for name, folder in zip(names, folders, strict=True)]


def compare(
    contestants: Sequence[Contestant], *, rule_set: str | None = None, common: bool = False
) -> list[Comparison]:
    """Compare the first contestant (A) with each of the others (B) on every benchmark that both have.

    rule_set: whose verdicts; None takes hardened where all have it, else official. common: where the runs are about
    different tasks, compare those that both have.

    Raises AssayError, naming both runs, when there is nothing to compare or the runs do not fit together.
    """
    first, *others = contestants
    for other in others:
        if not first.runs.keys() & other.runs.keys():
            raise AssayError(
                f"There is nothing to compare: {first.name} is about {', '.join(first.runs)} and {other.name} about "
                f"{', '.join(other.runs)}. Name runs of the same benchmark, with the same version."
            )
    comparisons = [
        _compare(benchmark, first, other, _rule_set(benchmark, contestants, rule_set), common)
        for benchmark in first.runs
        for other in others
        if benchmark in other.runs
    ]
    raised = holm([one.difference.p_value for one in comparisons])
    return [replace(one, p_adjusted=p) for one, p in zip(comparisons, raised, strict=True)]


def _by_benchmark(folder: Path) -> dict[str, StoredRun]:
    runs: dict[str, StoredRun] = {}
    for path in find_runs(folder):
        run = read_run(path)
        if run.benchmark in runs:
            raise AssayError(
                f"{folder} holds two runs of {run.benchmark}: {runs[run.benchmark].folder.name} and {path.name}. Name "
                "one of them."
            )
        runs[run.benchmark] = run
    return runs


def _rule_set(benchmark: str, contestants: Sequence[Contestant], wanted: str | None) -> str:
    runs = {one.name: one.runs[benchmark] for one in contestants if benchmark in one.runs}
    for rule_set in [wanted] if wanted else ["hardened", "official"]:
        if all(rule_set in run.rule_sets for run in runs.values()):
            return rule_set
    has = "; ".join(f"{name} has {' and '.join(run.rule_sets)} verdicts" for name, run in runs.items())
    raise AssayError(
        f"The runs of {benchmark} have no {wanted or 'common'} verdicts to compare: {has}. Judge their samples with "
        "--judge both."
    )


def _compare(benchmark: str, first: Contestant, second: Contestant, rule_set: str, common: bool) -> Comparison:
    names = first.name, second.name
    a, b = first.runs[benchmark], second.runs[benchmark]
    _check_same("data", "the benchmark's data, by its sha256,", names, a.record["data_sha256"], b.record["data_sha256"])
    _check_same("rules", "the EvalPlus rules (--rules)", names, a.summary.get("rules"), b.summary.get("rules"))
    tallies = _tally(a, rule_set), _tally(b, rule_set)
    notes = list(_notes(names, a, b))
    _check_tasks(benchmark, names, _task_ids(a), _task_ids(b), common)
    shared = sorted(tallies[0].keys() & tallies[1].keys(), key=natural_order)
    left_out = len((_task_ids(a) | _task_ids(b)) - set(shared))
    if not shared:
        raise AssayError(f"{names[0]} and {names[1]} have no task of {benchmark} on which both came to a verdict.")
    if left_out == 1:
        notes.append("1 task is left out, because not both runs have a verdict on it.")
    elif left_out:
        notes.append(f"{left_out} tasks are left out, because not both runs have a verdict on them.")
    pairs = {task_id: PairedTask(*tallies[0][task_id], *tallies[1][task_id]) for task_id in shared}
    difference = paired_difference(list(pairs.values()))
    return Comparison(
        benchmark=benchmark,
        rule_set=rule_set,
        name_a=names[0],
        name_b=names[1],
        model_a=a.model,
        model_b=b.model,
        difference=difference,
        won=tuple(task_id for task_id, pair in pairs.items() if pair.difference > 0),
        lost=tuple(task_id for task_id, pair in pairs.items() if pair.difference < 0),
        p_adjusted=difference.p_value,
        notes=tuple(notes),
    )


def _check_same(what: str, label: str, names: tuple[str, str], a: object, b: object) -> None:
    if a != b:
        shown = [value[:16] if what == "data" and isinstance(value, str) else value or "none" for value in (a, b)]
        raise AssayError(
            f"{names[0]} and {names[1]} cannot be compared: {label} differ ({shown[0]} and {shown[1]}). Judge the "
            "samples of one again as those of the other were."
        )


def _check_tasks(benchmark: str, names: tuple[str, str], a: set[str], b: set[str], common: bool) -> None:
    if a == b or common:
        return
    only = [
        f"{len(ids)} only in {name} ({min(ids, key=natural_order)}{' ...' if len(ids) > 1 else ''})"
        for name, ids in ((names[0], a - b), (names[1], b - a))
        if ids
    ]
    cure = f"Compare the {len(a & b)} that both have with --common." if a & b else "Name runs of the same tasks."
    raise AssayError(
        f"{names[0]} and {names[1]} are about different tasks of {benchmark}: {' and '.join(only)}. {cure}"
    )


def _tally(run: StoredRun, rule_set: str) -> dict[str, tuple[int, int]]:
    """Task -> (passed, tried), as scores count them: without samples that have no verdict."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in run.rows:
        verdict = row[rule_set]
        if verdict["verdict"] != VerdictKind.harness_error:
            task = counts[row["task_id"]]
            task[0] += verdict["passed"]
            task[1] += 1
            task[2] += SKIPPED in verdict.get("flags", ())
    return {
        task_id: (passed, samples_that_count(tried, passed, skipped))
        for task_id, (passed, tried, skipped) in counts.items()
    }


def _task_ids(run: StoredRun) -> set[str]:
    return {row["task_id"] for row in run.rows}


def _notes(names: tuple[str, str], a: StoredRun, b: StoredRun) -> Iterator[str]:
    """What else differs, and may explain a difference."""
    each = [len(run.rows) / max(len(_task_ids(run)), 1) for run in (a, b)]
    if each[0] != each[1]:
        yield f"{names[0]} has {each[0]:.3g} samples per task, {names[1]} {each[1]:.3g}; task rates are compared."
    before, now = a.record["identity"], b.record["identity"]
    for key, label in ARGUMENTS.items():
        # A run that was recorded does not say how its model was asked.
        if key not in _EXPECTED and key in before and key in now and before[key] != now[key]:
            yield f"The runs differ in more than the model: {label} was {before[key]} and {now[key]}."

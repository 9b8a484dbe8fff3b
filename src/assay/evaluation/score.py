"""Rows of `verdicts.jsonl` become a `Summary`: pass@k with its interval, its denominator and the verdict counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.evaluation.passk import PassAtK, pass_curve
from assay.evaluation.plan import Plan
from assay.judge.verdict import SKIPPED, VerdictKind

HEADLINE_KS = (1, 5, 10, 100)


@dataclass(frozen=True)
class RuleScore:
    """The score of one rule set.

    rates: "pass@1", "pass@5", ... and "base_pass@1", ...; a rate that cannot be computed is absent, never zero.
    intervals: rate -> 95 % interval (low, high), for "pass@1" and "base_pass@1"; "ci95" and "base_ci95" on disk.
    curves: "pass@k" and "base_pass@k", every k that all tasks have samples for; on disk where there is more than one.
    denominator: tasks that the rates are averaged over.
    judged, passed: samples that have a verdict (harness errors have none), and those of them accepted.
    counts: verdict -> samples, harness errors among them; sums to all samples.
    """

    rates: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    denominator: int
    judged: int
    passed: int
    counts: Mapping[str, int]
    harness_errors: int
    curves: Mapping[str, tuple[PassAtK, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for name, rate in self.rates.items():
            body[name] = rate
            if name in self.intervals:
                first = self.curves[name.replace("@1", "@k")][0]
                if first.error is not None:
                    body[name.replace("pass@1", "se")] = first.error
                body[name.replace("pass@1", "ci95")] = list(self.intervals[name])
        body.update((name, [each.as_json() for each in curve]) for name, curve in self.curves.items() if len(curve) > 1)
        body.update(denominator=self.denominator, judged=self.judged, passed=self.passed)
        body.update(counts=dict(self.counts), harness_errors=self.harness_errors)
        return body


@dataclass(frozen=True)
class Disagreement:
    """A sample that one rule set accepts and the other does not. `detail` is the reason of the one that does not."""

    task_id: str
    sample: int
    official: str
    hardened: str
    detail: str

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Summary:
    """What `summary.json` holds.

    rules: release line of EvalPlus, None where there is none. extract: how programs were found in completions.
    tasks, samples: those with a row. harness_errors: rows in which at least one rule set has no verdict.
    unanswered: tasks that were asked for and have no sample (with --partial, or where the model gave no answer); in no
        denominator.
    cpu_s: CPU seconds of all judged programs. verdicts: rows times rule sets.
    shares: of answers that were no real tries (see `assay.evaluation.shares`).
    generation: what the answers took (see `assay.evaluation.usage`), None where no model was asked.
    """

    benchmark: str
    data_sha256: str
    model: str
    rules: str | None
    extract: str
    tasks: int
    samples: int
    scores: Mapping[str, RuleScore]
    harness_errors: int
    disagreements: tuple[Disagreement, ...] = ()
    unanswered: int = 0
    cpu_s: float = 0.0
    generation: Mapping[str, Any] | None = None
    shares: Mapping[str, float] = field(default_factory=dict)

    @property
    def verdicts(self) -> int:
        return self.samples * len(self.scores)

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "schema": 1,
            "benchmark": self.benchmark,
            "data_sha256": self.data_sha256,
            "model": self.model,
            "rules": self.rules,
            "extract": self.extract,
            "tasks": self.tasks,
            "samples": self.samples,
        }
        body.update((name, score.as_json()) for name, score in self.scores.items())
        body.update(harness_errors=self.harness_errors, unanswered=self.unanswered, cpu_s=round(self.cpu_s, 3))
        if self.shares:
            body["shares"] = dict(self.shares)
        if self.generation is not None:
            body["generation"] = dict(self.generation)
        if len(self.scores) > 1:
            body["disagreements"] = [one.as_json() for one in self.disagreements]
        return body


def summarise(rows: Iterable[Mapping[str, Any]], plan: Plan) -> Summary:
    """Score rows as they stand in `verdicts.jsonl`, in one pass; the order of rows does not matter.

    A harness error is not an answer: its row leaves the denominator of that rule set and is counted on its own.
    Benchmarks with parts ("base", "plus") get a base rate beside the whole, over the same samples.
    """
    rule_sets = plan.rule_sets
    tallies = {name: _Tally() for name in rule_sets}
    disagreements: list[Disagreement] = []
    task_ids: set[str] = set()
    samples = harness_errors = 0
    cpu_s = 0.0
    for row in rows:
        samples += 1
        task_ids.add(row["task_id"])
        cpu_s += row["cpu_s"]
        for name, tally in tallies.items():
            tally.add(row["task_id"], row[name])
        verdicts = [row[name]["verdict"] for name in rule_sets]
        if VerdictKind.harness_error in verdicts:
            harness_errors += 1
        elif len(verdicts) > 1 and row["official"]["passed"] != row["hardened"]["passed"]:
            loser = row["hardened"] if row["official"]["passed"] else row["official"]
            kinds = row["official"]["verdict"], row["hardened"]["verdict"]
            disagreements.append(Disagreement(row["task_id"], row["sample"], *kinds, loser["detail"]))
    disagreements.sort(key=lambda one: (natural_order(one.task_id), one.sample))
    return Summary(
        benchmark=plan.benchmark.name,
        data_sha256=plan.benchmark.data_sha256,
        model=plan.model,
        rules=plan.identity["rules"],
        extract=plan.extract,
        tasks=len(task_ids),
        samples=samples,
        scores={name: tally.score("base" in plan.benchmark.parts) for name, tally in tallies.items()},
        harness_errors=harness_errors,
        disagreements=tuple(disagreements),
        unanswered=plan.unanswered,
        cpu_s=cpu_s,
    )


def natural_order(name: str) -> list[tuple[int, str]]:
    """Sorts "HumanEval/2" before "HumanEval/10"."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def samples_that_count(tried: int, passed: int, skipped: int) -> int:
    """The n of a task. Upstream's skipped answers (CRUXEval) leave it, unless the task has no pass; then all count."""
    return tried - skipped if passed else tried


class _Tally:
    """Running counts of one rule set: per task [tried, passed, base passed], and what upstream does not count."""

    def __init__(self) -> None:
        self.tasks: dict[str, list[int]] = {}
        self.skipped: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()

    def add(self, task_id: str, verdict: Mapping[str, Any]) -> None:
        self.counts[verdict["verdict"]] += 1
        if verdict["verdict"] == VerdictKind.harness_error:
            return
        task = self.tasks.setdefault(task_id, [0, 0, 0])
        task[0] += 1
        task[1] += verdict["passed"]
        self.skipped[task_id] += SKIPPED in verdict.get("flags", ())
        task[2] += verdict["base"] == VerdictKind.accepted if "base" in verdict else verdict["passed"]

    def score(self, with_base: bool) -> RuleScore:
        rates: dict[str, float] = {}
        intervals: dict[str, tuple[float, float]] = {}
        curves: dict[str, tuple[PassAtK, ...]] = {}
        tried = {t: samples_that_count(n, passed, self.skipped[t]) for t, (n, passed, _) in self.tasks.items()}
        columns = {"": 1, "base_": 2} if with_base else {"": 1}
        for prefix, column in columns.items():
            curve = pass_curve([(task[column], tried[task_id]) for task_id, task in self.tasks.items()])
            rates.update((f"{prefix}pass@{each.k}", each.rate) for each in curve if each.k in HEADLINE_KS)
            if curve:
                intervals[f"{prefix}pass@1"] = curve[0].interval
                curves[f"{prefix}pass@k"] = curve
        return RuleScore(
            rates=rates,
            intervals=intervals,
            denominator=len(self.tasks),
            judged=sum(task[0] for task in self.tasks.values()),
            passed=sum(task[1] for task in self.tasks.values()),
            counts={kind.value: self.counts[kind.value] for kind in VerdictKind if self.counts[kind.value]},
            harness_errors=self.counts[VerdictKind.harness_error.value],
            curves=curves,
        )

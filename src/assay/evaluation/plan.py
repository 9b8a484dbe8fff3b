"""Everything about a run that is known before the first program is judged. Bad input ends here, not half-way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.questions import Asking, Question
from assay.evaluation.rows import Key
from assay.evaluation.samples import (
    Sample,
    buggy_samples,
    choose_tasks,
    file_sha256,
    recorded_samples,
    reference_samples,
)
from assay.judge.checks import DifferentialCheck
from assay.tasks.task import RULE_SETS, Benchmark, Task

ASKED = ("openai", "checkpoint", "command")
JUDGES = {"hardened": ("hardened",), "official": ("official",), "both": RULE_SETS}


@dataclass(frozen=True)
class Plan:
    """What is judged and how.

    model: SPEC as typed. rule_sets: names in the order in which they are stored.
    samples: what was written before the run began. questions: what a model is asked instead, as `asking` says.
    extract: a style of `assay.tasks.extract`.
    unanswered: chosen tasks without a sample (only with `partial`, or where another run has none).
    warnings: sentences about odd rows of the samples file; the run goes on, but ends with a non-zero status.
    identity: see `assay.evaluation.identity`.
    source: the run folder whose samples are judged once more. carried: what its `run.json` says of how they were made.
    wanted: samples that a model of that run was asked for.
    """

    benchmark: Benchmark
    model: str
    samples: tuple[Sample, ...]
    rule_sets: tuple[str, ...]
    extract: str
    unanswered: int = 0
    warnings: tuple[str, ...] = ()
    identity: dict[str, Any] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    asking: Asking | None = None
    source: Path | None = None
    carried: Mapping[str, Any] = field(default_factory=dict)
    wanted: int = 0

    @property
    def keys(self) -> frozenset[Key]:
        """Every (task_id, sample) that gets a verdict."""
        return frozenset([sample.key for sample in self.samples] + [question.key for question in self.questions])


def make_plan(
    benchmark: Benchmark,
    model: str,
    *,
    judge: str = "hardened",
    extract: str | None = None,
    limit: int | None = None,
    task_ids: Sequence[str] = (),
    partial: bool = False,
    asking: Asking | None = None,
    model_sha256: str | None = None,
) -> Plan:
    """Check the samples against the benchmark and say what is to be judged.

    model: "gold", "buggy", "recorded:PATH", or one that is asked (a kind of ASKED, with its argument), which needs
    `asking`. judge: a key of JUDGES. extract: a style of `assay.tasks.extract`; None means "base" for a model that
    continues prompts, else "auto".
    model_sha256: of a model that lies on this machine's disk.
    task_ids, limit: only these tasks; of those the first N. partial: score only tasks that have samples.

    Raises AssayError for anything about the model, the samples or the tasks that the user has to mend.
    """
    tasks = choose_tasks(benchmark, task_ids, limit)
    rule_sets = rule_sets_of(benchmark, tasks, judge)
    kind, _, argument = model.partition(":")
    if extract is None:
        extract = "auto" if asking is None or asking.style.is_chat else "base"
    identity: dict[str, Any] = {
        "benchmark": benchmark.name,
        "data_sha256": benchmark.data_sha256,
        "model": kind,
        "samples_sha256": None,
        "judge": judge,
        "extract": extract,
        "rules": evalplus_rules(benchmark),
        "language": next((task.language for task in tasks if task.any_language), None),
        "limit": limit,
        "tasks": sorted(set(task_ids)) or None,
    }
    samples: tuple[Sample, ...] = ()
    questions: tuple[Question, ...] = ()
    warnings: tuple[str, ...] = ()
    if kind in ASKED and argument and asking is not None:
        questions = asking.questions(tasks)
        identity |= {"model": model, "model_sha256": model_sha256, "prompts_sha256": asking.sha256(tasks)}
        identity |= asking.as_json()
    elif model == "gold":
        samples = reference_samples(benchmark, tasks)
    elif model == "buggy":
        samples = buggy_samples(benchmark, tasks)
    elif kind == "recorded" and argument:
        path = Path(argument)
        samples, warnings = recorded_samples(path, benchmark, tasks, partial)
        identity["samples_sha256"] = file_sha256(path)
    else:
        raise AssayError(
            f"--model {model!r} is not known. Use gold, buggy, recorded:PATH, openai:NAME, checkpoint:DIR or "
            "command:CMD."
        )
    return Plan(
        benchmark=benchmark,
        model=model,
        samples=samples,
        rule_sets=rule_sets,
        extract=extract,
        unanswered=len(tasks) - len({sample.task.task_id for sample in samples}) if samples else 0,
        warnings=warnings,
        identity=identity,
        questions=questions,
        asking=asking if questions else None,
    )


def rule_sets_of(benchmark: Benchmark, tasks: Sequence[Task], judge: str) -> tuple[str, ...]:
    """The rule sets of `judge`, a key of JUDGES. Raises AssayError if a task has no rules of that name."""
    rule_sets = JUDGES[judge]
    if not any(task.checks for task in tasks):
        raise AssayError(
            f"{benchmark.name} has no tests, so no answer to it can be judged yet. "
            f"See its prompts with: assay tasks show {benchmark.name} {tasks[0].task_id}"
        )
    for task in tasks:
        for name in rule_sets:
            if name not in task.checks:
                raise AssayError(
                    f"{benchmark.name} has no {name} rules (task {task.task_id}). Choose others with --judge."
                )
    return rule_sets


def evalplus_rules(benchmark: Benchmark) -> str | None:
    """The release line of EvalPlus whose rules the benchmark was loaded with; None for other benchmarks."""
    checks = (check for task in benchmark.tasks for check in task.checks.values())
    return next((check.oracle.rules for check in checks if isinstance(check, DifferentialCheck)), None)

"""A run folder with the prompts and texts that belong to its verdicts: what a person reads who asks why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.answers import read_answers
from assay.evaluation.benchmarks import load, resolve
from assay.evaluation.record import prompt_style
from assay.evaluation.rows import Key, verdict_from_json
from assay.evaluation.samples import Sample, file_sha256, recorded_samples, reference_samples
from assay.evaluation.stored import StoredRun, read_run
from assay.judge.verdict import Verdict
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task
from assay.tasks.whole_programs import in_language

_TEXT = ("schema", "task_id", "sample", "completion", "solution")


@dataclass(frozen=True)
class StoredSample:
    """One judged sample of a run.

    number: counts the samples of a task from 0. verdicts: rule set -> verdict.
    text: what the model wrote, None where it could not be found (`Reading.missing` says why).
    program: what was judged, found in `text` by the run's extractor; None as for `text`, and where the benchmark is not
        at hand.
    answer: what else is known of the text (`finish_reason`, `truncated`, ...), as in `completions.jsonl`.
    """

    task_id: str
    number: int
    verdicts: Mapping[str, Verdict]
    text: str | None = None
    program: str | None = None
    answer: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> Key:
        return self.task_id, self.number


@dataclass(frozen=True)
class Reading:
    """A run folder with the prompts and texts that belong to its verdicts.

    samples: in the order of the benchmark's tasks where its data is at hand, else of judging.
    tasks: the benchmark's tasks by id; empty where its data is not at hand.
    source: where the benchmark comes from; None for one that this Assay does not know.
    missing: sentences on what a reader of the run would expect and does not get, and why.
    """

    run: StoredRun
    samples: tuple[StoredSample, ...] = field(repr=False)
    tasks: Mapping[str, Task] = field(hash=False, repr=False)
    source: Source | None = None
    missing: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """False while samples are left to judge; then there is no score."""
        return bool(self.run.summary)

    @property
    def data_sha256(self) -> str:
        return str(self.run.record["data_sha256"])

    @property
    def rules(self) -> str | None:
        """The release line of EvalPlus whose rules apply; None for other benchmarks."""
        rules: str | None = self.run.record["identity"].get("rules")
        return rules

    @property
    def prompt_style(self) -> str:
        """How the model was asked, as far as the folder says."""
        return prompt_style(self.run.record)

    @property
    def extractor(self) -> str:
        """How programs were found in what the model wrote."""
        return str(self.run.record["identity"]["extract"])


def read_with_texts(folder: Path, data_dir: Path | None = None) -> Reading:
    """Read the run in `folder`, finished or not, and find the prompts and texts of its samples.

    data_dir: where benchmark files are looked for first. Raises AssayError as `assay.evaluation.stored.read_run` does;
    prompts and texts that cannot be had are no error but sentences in `missing`.
    """
    run = read_run(folder, unfinished=True)
    samples = tuple(
        StoredSample(row["task_id"], row["sample"], {name: verdict_from_json(row[name]) for name in run.rule_sets})
        for row in run.rows
    )
    reading = Reading(run, samples, {}, _source(run.benchmark))
    if not reading.finished:
        sentence = (
            f"The run in {folder} is not finished (samples judged so far: {len(samples)}), so it has no score yet. "
            f"Finish it with the command that began it and --out {folder}"
        )
        reading = replace(reading, missing=(sentence,))
    return _with_texts(reading, data_dir)


def _source(benchmark: str) -> Source | None:
    try:
        return resolve(benchmark)
    except AssayError:
        return None


def _with_texts(reading: Reading, data_dir: Path | None) -> Reading:
    """The run with tasks and texts, as far as they are found."""
    missing = list(reading.missing)
    answers: dict[Key, dict[str, Any]] = {}
    written: dict[Key, Sample] = {}
    tasks: dict[str, Task] = {}
    try:
        answers = read_answers(reading.run.folder)
    except AssayError as error:
        missing.append(f"The texts of the samples of {reading.run.folder} are not shown: {error}")
    try:
        benchmark = _benchmark(reading, data_dir)
        tasks = {task.task_id: task for task in benchmark.tasks}
        written = {sample.key: sample for sample in _written(reading, benchmark, answers)}
    except _NotAtHand as error:
        what = "Prompts and judged programs" if answers else "Prompts and samples"
        missing.append(f"{what} of {reading.run.folder} are not shown, because {error}")
    except AssayError as error:
        missing.append(f"The texts of the samples of {reading.run.folder} are not shown: {error}")
    order = {task_id: index for index, task_id in enumerate(tasks)}
    ordered = sorted(reading.samples, key=lambda one: (order.get(one.task_id, len(order)), one.number))
    samples = tuple(
        _with_text(one, written.get(one.key), reading.extractor, answers.get(one.key, {})) for one in ordered
    )
    lost = sum(sample.text is None for sample in samples) if written or answers else 0
    if lost:
        missing.append(f"The texts of {lost} of the {len(samples)} samples of {reading.run.folder} were not found.")
    return replace(reading, samples=samples, tasks=tasks, missing=tuple(missing))


class _NotAtHand(AssayError):
    """The benchmark is not here as it was judged; the message goes on a sentence."""


def _benchmark(reading: Reading, data_dir: Path | None) -> Benchmark:
    """The tasks that were judged. Raises _NotAtHand."""
    name = reading.run.benchmark
    try:
        benchmark = load(name, data_dir, reading.rules)
        if language := reading.run.record["identity"].get("language"):
            benchmark = in_language(benchmark, language)
    except AssayError as error:
        raise _NotAtHand(f"its benchmark is not at hand: {error}") from None
    if benchmark.data_sha256 != reading.data_sha256:
        raise _NotAtHand(
            f"the data of {name} that is at hand (sha256 {benchmark.data_sha256[:16]}) is not what was judged "
            f"({reading.data_sha256[:16]}). Name the folder with the right file with --data."
        )
    return benchmark


def _written(reading: Reading, benchmark: Benchmark, answers: Mapping[Key, Mapping[str, Any]]) -> Iterable[Sample]:
    """What the model wrote, sample by sample. Raises AssayError, saying why it cannot be had.

    answers: the rows of `completions.jsonl`. Runs of older versions have none; their samples file is read again.
    """
    kind, _, argument = reading.run.model.partition(":")
    judged = {sample.task_id for sample in reading.samples}
    tasks = [task for task in benchmark.tasks if task.task_id in judged]
    if kind == "gold":
        return reference_samples(benchmark, tasks)
    if answers:
        by_id = {task.task_id: task for task in tasks}
        return [
            Sample(by_id[task_id], number, row.get("completion", row.get("solution")), is_solution="solution" in row)
            for (task_id, number), row in answers.items()
            if task_id in by_id
        ]
    if kind != "recorded":
        raise AssayError("they are not in the run folder.")
    path = Path(argument)
    if file_sha256(path) != reading.run.record["samples_sha256"]:
        raise AssayError(f"{path} was changed since it was judged.")
    return recorded_samples(path, benchmark, tasks, partial=True)[0]


def _with_text(stored: StoredSample, written: Sample | None, style: str, answer: Mapping[str, Any]) -> StoredSample:
    known = {name: value for name, value in answer.items() if name not in _TEXT}
    if written is None:
        return replace(stored, text=answer.get("completion", answer.get("solution")), answer=known)
    program = written.program(style).program
    return replace(stored, text=program if written.text is None else written.text, program=program, answer=known)

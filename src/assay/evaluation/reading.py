"""A run folder read back as frozen records, for reports and comparisons. Nothing in the folder is changed or locked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.rows import Key, Row, parse_row, verdict_from_json
from assay.evaluation.samples import Sample, file_sha256, recorded_samples, reference_samples
from assay.judge.verdict import Verdict
from assay.tasks.catalog import load
from assay.tasks.task import RULE_SETS, Benchmark, Task


@dataclass(frozen=True)
class StoredSample:
    """One judged sample of a run.

    number: counts the samples of a task from 0. verdicts: rule set -> verdict.
    text: what the model wrote, None where it could not be found (`StoredRun.missing` says why).
    program: what was judged, found in `text` by the run's extractor; None as for `text`.
    """

    task_id: str
    number: int
    verdicts: Mapping[str, Verdict]
    text: str | None = None
    program: str | None = None

    @property
    def key(self) -> Key:
        return self.task_id, self.number


@dataclass(frozen=True)
class StoredRun:
    """A run folder as it lies on disk.

    record: `run.json`. summary: `summary.json`, None while the run is not finished.
    rule_sets: those that every row has a verdict of, in the order in which they are stored.
    samples: in the order of the benchmark's tasks where its data is at hand, else of judging.
    tasks: the benchmark's tasks by id; empty where its data is not at hand.
    missing: sentences on what a reader of the folder would expect and does not get, and why.
    """

    folder: Path
    record: Mapping[str, Any] = field(hash=False)
    summary: Mapping[str, Any] | None = field(hash=False)
    rule_sets: tuple[str, ...]
    samples: tuple[StoredSample, ...] = field(repr=False)
    tasks: Mapping[str, Task] = field(hash=False, repr=False)
    missing: tuple[str, ...] = ()

    @property
    def benchmark(self) -> str:
        return str(self.record["benchmark"])

    @property
    def data_sha256(self) -> str:
        return str(self.record["data_sha256"])

    @property
    def model(self) -> str:
        """SPEC as it was typed."""
        return str(self.record["model"])


def read_run(folder: Path, data_dir: Path | None = None, *, texts: bool = True) -> StoredRun:
    """Read the run in `folder`, also while it is still being judged.

    data_dir: where benchmark files are looked for first. texts: False leaves prompts, texts and programs out, which
    needs neither benchmark nor samples file and is faster.

    Raises AssayError when the folder is no run, or when a row in it is damaged (file and line are named).
    """
    record = _record(folder)
    rule_sets = _rule_sets(record)
    rows, torn = _rows(folder / "verdicts.jsonl", rule_sets)
    samples = tuple(
        StoredSample(row["task_id"], row["sample"], {name: verdict_from_json(row[name]) for name in rule_sets})
        for row in rows
    )
    summary = _object(folder / "summary.json") if (folder / "summary.json").exists() else None
    missing = []
    if summary is None:
        missing.append(
            f"The run in {folder} is not finished (samples judged so far: {len(samples)}), so it has no score yet. "
            f"Finish it with the command that began it and --out {folder}"
        )
    if torn:
        missing.append(f"The last row of {folder / 'verdicts.jsonl'} was cut short and is left out.")
    run = StoredRun(folder, record, summary, rule_sets, samples, {}, tuple(missing))
    return _with_texts(run, data_dir) if texts else run


def _with_texts(run: StoredRun, data_dir: Path | None) -> StoredRun:
    """The run with tasks and texts, as far as they are found."""
    try:
        benchmark = load(run.benchmark, data_dir, run.record["identity"].get("rules"))
    except AssayError as error:
        sentence = f"Prompts and samples of {run.folder} are not shown, because its benchmark is not at hand: {error}"
        return replace(run, missing=(*run.missing, sentence))
    if benchmark.data_sha256 != run.data_sha256:
        sentence = (
            f"Prompts and samples of {run.folder} are not shown, because the data of {run.benchmark} that is at hand "
            f"(sha256 {benchmark.data_sha256[:16]}) is not what was judged ({run.data_sha256[:16]}). Name the folder "
            "with the right file with --data."
        )
        return replace(run, missing=(*run.missing, sentence))
    tasks = {task.task_id: task for task in benchmark.tasks}
    missing = list(run.missing)
    written: dict[Key, Sample] = {}
    try:
        written = {sample.key: sample for sample in _written(run, benchmark)}
    except AssayError as error:
        missing.append(f"The texts of the samples of {run.folder} are not shown: {error}")
    order = {task_id: index for index, task_id in enumerate(tasks)}
    ordered = sorted(run.samples, key=lambda one: (order.get(one.task_id, len(order)), one.number))
    style = str(run.record["identity"]["extract"])
    samples = tuple(_with_text(one, written.get(one.key), style) for one in ordered)
    lost = sum(sample.text is None for sample in samples) if written else 0
    if lost:
        missing.append(f"The texts of {lost} of the {len(samples)} samples of {run.folder} were not found.")
    return replace(run, samples=samples, tasks=tasks, missing=tuple(missing))


def _written(run: StoredRun, benchmark: Benchmark) -> tuple[Sample, ...]:
    """What the model wrote, sample by sample. Raises AssayError, saying why it cannot be had."""
    kind, _, argument = run.model.partition(":")
    judged = {sample.task_id for sample in run.samples}
    tasks = [task for task in benchmark.tasks if task.task_id in judged]
    if kind == "gold":
        return reference_samples(tasks)
    if kind != "recorded":
        raise AssayError("they are not in the run folder.")
    path = Path(argument)
    if file_sha256(path) != run.record["samples_sha256"]:
        raise AssayError(f"{path} was changed since it was judged.")
    return recorded_samples(path, benchmark, tasks, partial=True)[0]


def _with_text(stored: StoredSample, written: Sample | None, style: str) -> StoredSample:
    if written is None:
        return stored
    program = written.program(style).program
    return replace(stored, text=program if written.text is None else written.text, program=program)


def _record(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    if not path.exists():
        what = "does not exist" if not folder.exists() else "holds no run.json"
        raise AssayError(f"{folder} {what}, so it is no run folder. Name one that assay eval made with --out.")
    record = _object(path)
    texts = all(isinstance(record.get(name), str) for name in ("benchmark", "data_sha256", "model"))
    if not texts or not isinstance(record.get("identity"), dict):
        raise AssayError(f"{path} was not written by assay eval. Name a run folder that assay eval made with --out.")
    return record


def _rule_sets(record: Mapping[str, Any]) -> tuple[str, ...]:
    judge = record["identity"].get("judge")
    return RULE_SETS if judge == "both" else (str(judge),)


def _rows(path: Path, rule_sets: tuple[str, ...]) -> tuple[list[Row], bool]:
    """The last row of every sample, in the order of judging; and whether the last line is cut short."""
    rows: dict[Key, Row] = {}
    for number, line in _lines(path):
        if not line.endswith(b"\n"):
            return list(rows.values()), True
        row = parse_row(line, f"{path} line {number}", rule_sets)
        rows[row["task_id"], row["sample"]] = row
    return list(rows.values()), False


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            yield from enumerate(file, 1)
    except OSError as error:
        raise AssayError(f"{path} cannot be read ({error.strerror}).") from None


def _object(path: Path) -> dict[str, Any]:
    """The JSON object in `path`. Raises AssayError naming the file when it is not one."""
    try:
        body = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise AssayError(f"{path} cannot be read ({error}).") from None
    if not isinstance(body, dict):
        raise AssayError(f"{path} does not hold a JSON object.")
    return body

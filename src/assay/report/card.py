"""The model card of a run: everything that a score means nothing without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assay.evaluation.reading import Reading
from assay.report.leaderboard import Entry
from assay.report.names import benchmark_title
from assay.report.terminal import SHARES
from assay.report.words import many

Card = tuple[tuple[str, str], ...]


def make_card(entry: Entry) -> Card:
    """(heading, text) pairs in the order in which they are read."""
    reading, run, record = entry.reading, entry.reading.run, entry.reading.run.record
    rules = ", ".join(run.rule_sets)
    if reading.rules:
        rules += f"; EvalPlus {reading.rules} rules"
    rows = [
        ("Model", entry.label),
        ("Asked as", run.model),
        ("Benchmark", f"{benchmark_title(run.benchmark)} ({run.benchmark}), {record.get('data_source', '')}"),
        ("Data", f"sha256 {reading.data_sha256}"),
        ("Prompt", _prompt(reading)),
        ("Extractor", reading.extractor),
        ("Rules", rules),
        ("Tasks", _tasks(reading)),
        *_generation(record.get("generation", {}), run.summary.get("generation", {})),
    ]
    if record.get("samples_sha256"):
        rows.append(("Samples file", f"sha256 {record['samples_sha256']}"))
    if run.summary.get("shares"):
        parts = (f"{100 * share:.1f} % {SHARES[name]}" for name, share in run.summary["shares"].items())
        rows.append(("No real tries", ", ".join(parts)))
    isolation = record.get("isolation", {})
    layers = ", ".join(isolation.get("layers", ()))
    rows.append(("Isolation", f"{isolation.get('level', 'unknown')}{f' ({layers})' if layers else ''}"))
    versions = record.get("versions", {})
    rows.append(("Versions", ", ".join(f"{name} {version}" for name, version in versions.items())))
    started = [session["started"] for session in record.get("sessions", ())]
    if started:
        more = f", continued {many(len(started) - 1, 'time')}, last {started[-1]}" if len(started) > 1 else ""
        rows.append(("Judged", f"{started[0]}{more}"))
    rows.append(("Run folder", str(run.folder)))
    return tuple(rows)


def _tasks(reading: Reading) -> str:
    identity = reading.run.record["identity"]
    tasks = len({sample.task_id for sample in reading.samples})
    text = f"{many(tasks, 'task')}, {many(len(reading.samples), 'sample')} judged"
    if identity.get("tasks"):
        text += "; only tasks that were named"
    if identity.get("limit"):
        text += f"; only the first {identity['limit']}"
    unanswered = reading.run.summary.get("unanswered", 0)
    if unanswered:
        text += f"; {many(unanswered, 'task')} without a sample left out"
    return text if reading.finished else f"{text}; not finished, so without a score"


def _prompt(reading: Reading) -> str:
    sha256 = reading.run.record.get("generation", {}).get("prompt", {}).get("sha256")
    return f"{reading.prompt_style}, sha256 {sha256}" if sha256 else reading.prompt_style


def _generation(asked: Mapping[str, Any], used: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """How samples were drawn, and what the answers took; nothing where no model was asked."""
    names = ("samples", "temperature", "top_p", "max_tokens", "seed")
    drawn = [f"{name.replace('_', ' ')} {asked[name]}" for name in names if asked.get(name) is not None]
    if drawn:
        yield "Sampling", ", ".join(drawn)
    if "answered" in used:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in used.get("finish_reasons", {}).items())
        truncated = f"{used.get('truncated', 0):,} truncated"
        yield "Answers", f"{used['answered']:,} of {used['asked']:,}, {truncated}; finish reasons: {reasons or 'none'}"
    if "completion_tokens" in used:
        cost = f"; cost {used['cost']}" if "cost" in used else ""
        tokens = f"{used['prompt_tokens']:,} of prompts, {used['completion_tokens']:,} written"
        yield "Tokens", f"{tokens}, counted by {many(used['counted'], 'answer')}{cost}"
    times = {"first_token_s": "first token", "total_s": "whole answer"}
    spans = [
        f"{title} {used[name]['median']:.3g} s (95th percentile {used[name]['p95']:.3g} s)"
        for name, title in times.items()
        if name in used
    ]
    if spans:
        yield "Latency", f"median {', '.join(spans)}"

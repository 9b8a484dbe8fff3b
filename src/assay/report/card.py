"""The model card of a run: everything that a score means nothing without."""

from __future__ import annotations

from assay.evaluation.reading import Reading
from assay.report.leaderboard import Entry
from assay.report.names import benchmark_title
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
        ("Prompt", reading.prompt_style),
        ("Extractor", reading.extractor),
        ("Rules", rules),
        ("Tasks", _tasks(reading)),
    ]
    if record.get("samples_sha256"):
        rows.append(("Samples file", f"sha256 {record['samples_sha256']}"))
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

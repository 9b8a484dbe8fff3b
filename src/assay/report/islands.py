"""The data of the page: an index that is read at once, and packed texts that are read when someone looks at a task.

Everything is plain ASCII. The index is JSON in which no "<" is left, so nothing in it can end its element or begin a
comment; the texts are base64 of gzip. Twenty thousand samples thus cost the browser one quick JSON.parse.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.evaluation.reading import Reading, StoredSample
from assay.judge.verdict import SKIPPED, Verdict, VerdictKind
from assay.report.leaderboard import Asked, Entry, asked_of

CHUNK_CHARS = 192 * 1024  # of unpacked JSON; a task is never split
LONGEST_TEXT = 64 * 1024  # characters of one sample or prompt that the page holds
LONGEST_DETAIL = 140  # characters of a detail in the list; the whole stands in the texts

# One letter per verdict keeps a column of twenty thousand verdicts one short string.
LETTERS: Mapping[VerdictKind, str] = {kind: chr(ord("a") + number) for number, kind in enumerate(VerdictKind)}


@dataclass
class Strings:
    """Texts that are written once and then named by number."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


@dataclass(frozen=True)
class TaskSet:
    """The tasks that several runs were asked, over all of them. number: its place in the index."""

    number: int
    asked: Asked
    entries: tuple[int, ...]
    task_ids: tuple[str, ...]


def island_json(body: object) -> str:
    """JSON that is safe inside a script element: ASCII without "<", ">" and "&", null for NaN and infinity."""
    try:
        text = _json(body)
    except ValueError:  # no browser reads NaN, and one in a run folder must not take the rest of the page away
        text = _json(_finite(body))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _json(body: object) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _finite(body: object) -> object:
    if isinstance(body, Mapping):
        return {key: _finite(value) for key, value in body.items()}
    if isinstance(body, list | tuple):
        return [_finite(value) for value in body]
    return None if isinstance(body, float) and not math.isfinite(body) else body


def pack(body: object) -> str:
    """JSON, gzip, base64. The same content gives the same text."""
    return base64.b64encode(gzip.compress(island_json(body).encode("ascii"), 6, mtime=0)).decode("ascii")


def task_sets(entries: Sequence[Entry]) -> list[TaskSet]:
    """The runs grouped by what they were asked."""
    groups: dict[Asked, list[int]] = {}
    for index, entry in enumerate(entries):
        groups.setdefault(asked_of(entry.reading), []).append(index)
    sets = []
    for number, (asked, members) in enumerate(groups.items()):
        readings = [entries[index].reading for index in members]
        judged = dict.fromkeys(sample.task_id for reading in readings for sample in reading.samples)
        known = next((reading.tasks for reading in readings if reading.tasks), {})
        ids = (*(task_id for task_id in known if task_id in judged), *(one for one in judged if one not in known))
        sets.append(TaskSet(number, asked, tuple(members), ids))
    return sets


def columns_of(reading: Reading, tasks: TaskSet, strings: Strings) -> dict[str, Any]:
    """The samples of a run as columns. task: number in `tasks`; per rule set one column for each of its fields.

    verdicts: one letter per sample. cpu: microseconds. wall: microseconds. peak: KiB. detail: number in the strings.
    skipped: rows that upstream does not count.
    """
    place = {task_id: number for number, task_id in enumerate(tasks.task_ids)}
    body: dict[str, Any] = {
        "task": [place[sample.task_id] for sample in reading.samples],
        "sample": [sample.number for sample in reading.samples],
        "rules": {},
    }
    for rule_set in reading.run.rule_sets:
        verdicts = [sample.verdicts[rule_set] for sample in reading.samples]
        body["rules"][rule_set] = {
            "verdicts": "".join(LETTERS[verdict.kind] for verdict in verdicts),
            "detail": [strings.number(_short(verdict.detail)) for verdict in verdicts],
            "cpu": [round(verdict.cpu_s * 1e6) for verdict in verdicts],
            "wall": [round(verdict.wall_s * 1e6) for verdict in verdicts],
            "peak": [verdict.peak_bytes >> 10 for verdict in verdicts],
            "skipped": [row for row, verdict in enumerate(verdicts) if SKIPPED in verdict.flags],
        }
    return body


def chunks_of(tasks: TaskSet, entries: Sequence[Entry]) -> Iterable[tuple[str, list[int]]]:
    """(packed texts, numbers of the tasks in them), in order."""
    by_task: dict[str, list[tuple[int, int, StoredSample]]] = {task_id: [] for task_id in tasks.task_ids}
    for index in tasks.entries:
        for row, sample in enumerate(entries[index].reading.samples):
            by_task[sample.task_id].append((index, row, sample))
    bodies: dict[int, Any] = {}
    size = 0
    for number, task_id in enumerate(tasks.task_ids):
        bodies[number] = body = _task_body(task_id, by_task[task_id], entries)
        size += len(json.dumps(body))
        if size >= CHUNK_CHARS:
            yield pack(bodies), list(bodies)
            bodies, size = {}, 0
    if bodies:
        yield pack(bodies), list(bodies)


def _task_body(
    task_id: str, samples: Sequence[tuple[int, int, StoredSample]], entries: Sequence[Entry]
) -> dict[str, Any]:
    """A prompt and its samples: [run, row, text, program, verdicts, answer]. Equal texts stand in `texts` once."""
    known = (entries[index].reading.tasks.get(task_id) for index, _, _ in samples)
    prompt = next((task.prompt for task in known if task is not None), None)
    texts = Strings()
    rows = []
    for index, row, sample in samples:
        text = None if sample.text is None else texts.number(sample.text)
        program = None if sample.program is None else texts.number(sample.program)
        verdicts = {name: _verdict(one) for name, one in sample.verdicts.items()}
        rows.append([index, row, text, program, verdicts, _answer(sample.answer)])
    return {"prompt": _cut(prompt), "texts": [_cut(text) for text in texts.numbers], "samples": rows}


def _answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of how a text was written, its reasoning cut like any text."""
    known = {name: value for name, value in answer.items() if name != "reasoning"}
    return known | {"reasoning": _cut(answer["reasoning"])} if answer.get("reasoning") else known


def _verdict(verdict: Verdict) -> list[Any]:
    """[whole detail, verdicts of the parts, flags, output]"""
    parts = [[name, kind.value] for name, kind in verdict.parts]
    return [verdict.detail, parts, list(verdict.flags), verdict.output]


def _short(detail: str) -> str:
    return detail if len(detail) <= LONGEST_DETAIL else detail[: LONGEST_DETAIL - 1] + "…"


def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}\n… {len(text) - LONGEST_TEXT} more characters are not in this report."

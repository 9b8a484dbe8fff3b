"""The report as one HTML file: everything in it, nothing loaded from elsewhere, and no text that could become markup.

The content security policy of the page names the hashes of its one script and its one style, and forbids everything
else: even if an escape were missing somewhere, a script that a model wrote would not run.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import assay
from assay.judge.verdict import VerdictKind
from assay.report.card import make_card
from assay.report.curves import pass_at_k_curve, selective_plots, solved_within_curve
from assay.report.islands import Strings, TaskSet, chunks_of, columns_of, island_json, task_sets
from assay.report.leaderboard import Entry, Leaderboard, make_leaderboard
from assay.report.names import benchmark_title, language_title
from assay.report.pairs import compare_pairs

# In the order in which they are put together: each uses only what stands before it.
SCRIPTS = (
    "dom.js",
    "format.js",
    "data.js",
    "state.js",
    "highlight.js",
    "code.js",
    "list.js",
    "plots.js",
    "overview.js",
    "sample.js",
    "samples.js",
    "differences.js",
    "runs.js",
    "main.js",
)

# How verdicts are coloured: by what a reader does about them.
GROUPS = {
    "pass": (VerdictKind.accepted,),
    "wrong": (VerdictKind.wrong_answer,),
    "error": (VerdictKind.runtime_error, VerdictKind.signalled, VerdictKind.early_exit),
    "limit": (
        VerdictKind.time_limit,
        VerdictKind.memory_limit,
        VerdictKind.output_limit,
        VerdictKind.process_limit,
        VerdictKind.disk_limit,
    ),
    "build": (VerdictKind.compile_error, VerdictKind.no_code),
    "suspect": (VerdictKind.forbidden, VerdictKind.tampered, VerdictKind.flaky),
    "harness": (VerdictKind.harness_error,),
}


def html_report(entries: Sequence[Entry], made: datetime | None = None) -> str:
    """The page. made: what it says of its age; now by default."""
    sets = task_sets(entries)
    chunk_of: list[list[int]] = []
    chunks: list[str] = []
    for tasks in sets:
        numbers: list[int] = []
        for packed, held in chunks_of(tasks, entries):
            numbers.extend([len(chunks)] * len(held))
            chunks.append(f'<script type="text/plain" id="texts-{len(chunks)}">{packed}</script>')
        chunk_of.append(numbers)
    style = _page_file("style.css")
    script = '(() => {\n"use strict";\n' + "\n".join(_page_file(name) for name in SCRIPTS) + "})();\n"
    parts = {
        "policy": f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'",
        "version": assay.__version__,
        "title": html.escape(_title(entries).encode(errors="replace").decode()),
        "style": style,
        "script": script,
        "index": island_json(_index(entries, sets, chunk_of, made or datetime.now(UTC))),
        "texts": "\n".join(chunks),
    }
    # In one pass, so that nothing that was put in is looked at again.
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _page_file("page.html"))


def _title(entries: Sequence[Entry]) -> str:
    models = list(dict.fromkeys(entry.label for entry in entries))
    benchmarks = dict.fromkeys(benchmark_title(entry.reading.run.benchmark) for entry in entries)
    who = ", ".join(models[:3]) + (f" and {len(models) - 3} more" if len(models) > 3 else "")
    return f"{who} on {', '.join(benchmarks)} - Assay report"


def _index(
    entries: Sequence[Entry], sets: Sequence[TaskSet], chunk_of: Sequence[Sequence[int]], made: datetime
) -> dict[str, Any]:
    strings = Strings()
    strings.number("")
    board = make_leaderboard(entries)
    rules = dict.fromkeys(name for entry in entries for name in reversed(entry.reading.run.rule_sets))
    set_of = {number: tasks for tasks in sets for number in tasks.entries}
    runs = []
    for number, entry in enumerate(entries):
        reading = entry.reading
        runs.append(
            {
                "label": entry.label,
                "line": board.line_of[number],
                "set": set_of[number].number,
                "rules": list(reversed(reading.run.rule_sets)),
                "finished": reading.finished,
                "card": make_card(entry),
                "missing": reading.missing,
                "curves": _curves(entry),
                "columns": columns_of(reading, set_of[number], strings),
            }
        )
    return {
        "made": made.isoformat(timespec="seconds"),
        "version": assay.__version__,
        "kinds": [kind.value for kind in VerdictKind],
        "groups": {kind.value: group for group, kinds in GROUPS.items() for kind in kinds},
        "rules": list(rules),
        "board": _board(board, sets),
        "sets": [_set(tasks, entries, chunk_of[tasks.number]) for tasks in sets],
        "runs": runs,
        "pairs": [
            {"lines": pair.lines, "set": pair.tasks, "rules": pair.rule_set, "said": pair.sentence, "notes": pair.notes}
            for pair in compare_pairs(entries, board, sets)
        ],
        "strings": list(strings.numbers),
    }


def _board(board: Leaderboard, sets: Sequence[TaskSet]) -> dict[str, Any]:
    number = {tasks.asked: tasks.number for tasks in sets}
    cells = [
        {
            "line": board.lines.index(line),
            "column": board.columns.index(column),
            "rules": rules,
            "metric": metric,
            "rate": score.rate,
            "low": score.low,
            "high": score.high,
            "tasks": score.tasks,
            "samples": score.samples,
            "harness": score.harness_errors,
            "run": score.entry,
        }
        for (line, column, rules, metric), score in board.cells.items()
    ]
    return {
        "lines": [{"label": line.label, "setting": line.setting} for line in board.lines],
        "columns": [{"title": one.title, "data": one.asked.data, "set": number[one.asked]} for one in board.columns],
        "metrics": list(board.metrics),
        "cells": cells,
    }


def _set(tasks: TaskSet, entries: Sequence[Entry], chunk: Sequence[int]) -> dict[str, Any]:
    readings = [entries[index].reading for index in tasks.entries]
    known = next((reading.tasks for reading in readings if reading.tasks), {})
    source = readings[0].source
    usual = source.languages[0] if source else ""
    languages = [known[task_id].language if task_id in known else usual for task_id in tasks.task_ids]
    return {
        "title": tasks.asked.title,
        "data": tasks.asked.data,
        "kind": source.kind if source else "",
        "tasks": tasks.task_ids,
        "language": languages[0] if len(set(languages)) == 1 else languages,
        "languageTitles": {name: language_title(name) for name in dict.fromkeys(languages)},
        "chunk": chunk,
    }


def _curves(entry: Entry) -> dict[str, Any]:
    reading = entry.reading
    return {
        rules: {
            "passAtK": pass_at_k_curve(reading.run.summary, rules),
            "selective": selective_plots(reading, rules),
            "solvedWithin": solved_within_curve(reading.samples, rules),
        }
        for rules in reading.run.rule_sets
    }


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _page_file(name: str) -> str:
    return files("assay.report").joinpath("page", name).read_text(encoding="utf-8")

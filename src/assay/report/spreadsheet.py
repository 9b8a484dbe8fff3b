"""The scores of several runs as CSV: one row for every number, with everything that it depends on."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from assay.report.leaderboard import Entry, make_leaderboard

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADINGS = (
    "model",
    "benchmark",
    "part",
    "rules",
    "metric",
    "rate",
    "low95",
    "high95",
    "tasks",
    "samples",
    "harness_errors",
    "prompt",
    "extractor",
    "temperature",
    "data_sha256",
    "evalplus_rules",
    "language",
    "run_folder",
)


def csv_report(entries: Sequence[Entry]) -> str:
    """Rates are fractions; the bounds of an interval are empty where there is none.

    Texts that begin as formulas do have an apostrophe before them.
    """
    board = make_leaderboard(entries)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for (line, column, rule_set, metric), score in board.cells.items():
        writer.writerow(
            _safe(cell)
            for cell in (
                line.label,
                column.asked.benchmark,
                column.part,
                rule_set,
                metric,
                score.rate,
                "" if score.low is None else score.low,
                "" if score.high is None else score.high,
                score.tasks,
                score.samples,
                score.harness_errors,
                line.prompt,
                line.extract,
                "" if line.temperature is None else line.temperature,
                column.asked.data_sha256,
                column.asked.rules or "",
                column.asked.language or "",
                str(entries[score.entry].reading.run.folder),
            )
        )
    return text.getvalue()


def _safe(cell: str | float) -> str | float:
    """Text that a spreadsheet would take for a formula gets an apostrophe: names of models are written by others."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

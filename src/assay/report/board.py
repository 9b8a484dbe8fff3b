"""The leaderboard of several runs as tables in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from assay.report.leaderboard import Column, Leaderboard, Score
from assay.report.terminal import WIDTH

if TYPE_CHECKING:
    from rich.table import Table


MODEL_WIDTH = 34  # columns of the terminal
COLUMN_WIDTH = 18


def print_leaderboard(board: Leaderboard, file: TextIO | None = None) -> None:
    """One table for every rule set and metric. file: stdout by default."""
    from rich.console import Console

    out = file or sys.stdout
    console = Console(file=out, highlight=False, width=None if out.isatty() else WIDTH)
    for rule_set, metric in board.views():
        console.print()
        console.print(f"[bold]{metric}[/] in percent, {rule_set} rules, with 95 % interval and number of tasks")
        columns = board.columns_with(rule_set, metric)
        abreast = max(1, (console.width - MODEL_WIDTH) // COLUMN_WIDTH)
        for first in range(0, len(columns), abreast):
            console.print(_table(board, rule_set, metric, columns[first : first + abreast]))


def cell_lines(score: Score | None) -> tuple[str, str]:
    """("43.9", "36.5 to 51.6, n 164"); ("-", "") where there is no score."""
    if score is None:
        return "-", ""
    count = f"n {score.tasks}"
    if score.harness_errors:
        count += f", {score.harness_errors} without a verdict"
    if score.low is None or score.high is None:
        return f"{100 * score.rate:.1f}", count
    return f"{100 * score.rate:.1f}", f"{100 * score.low:.1f} to {100 * score.high:.1f}, {count}"


def _table(board: Leaderboard, rule_set: str, metric: str, columns: Sequence[Column]) -> Table:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, leading=1)
    table.add_column("model", max_width=MODEL_WIDTH, overflow="fold")
    for column in columns:
        heading = [escape(column.title), *(f"[dim]{line}[/]" for line in column.asked.data)]
        table.add_column("\n".join(heading), justify="right")
    for line in board.lines:
        name = f"{escape(line.label)}\n[dim]{escape(line.setting)}[/]"
        cells = (cell_lines(board.cells.get((line, column, rule_set, metric))) for column in columns)
        table.add_row(name, *(f"[bold]{rate}[/]\n[dim]{rest.replace(', ', chr(10))}[/]" for rate, rest in cells))
    return table

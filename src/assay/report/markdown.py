"""The leaderboard of several runs as Markdown, with the model card of every run."""

from __future__ import annotations

from collections.abc import Sequence

from assay.report.board import cell_lines
from assay.report.card import make_card
from assay.report.leaderboard import Entry, Leaderboard, make_leaderboard
from assay.report.names import benchmark_title


def markdown_report(entries: Sequence[Entry]) -> str:
    """One table for every rule set and metric, then the cards."""
    board = make_leaderboard(entries)
    parts = [_table(board, rule_set, metric) for rule_set, metric in board.views()]
    parts += [_card(entry) for entry in entries]
    return "\n\n".join(parts) + "\n"


def _table(board: Leaderboard, rule_set: str, metric: str) -> str:
    columns = board.columns_with(rule_set, metric)
    heads = ["model", *(f"{_cell(column.title)} ({_cell(', '.join(column.asked.data))})" for column in columns)]
    rows = [f"| {' | '.join(heads)} |", f"|---|{'---:|' * len(columns)}"]
    for line in board.lines:
        cells = [f"**{_cell(line.label)}** ({_cell(line.setting)})"]
        for column in columns:
            rate, rest = cell_lines(board.cells.get((line, column, rule_set, metric)))
            cells.append(f"{rate} ({rest})" if rest else rate)
        rows.append(f"| {' | '.join(cells)} |")
    title = f"### {metric} in percent, {rule_set} rules, with 95 % interval and number of tasks"
    return f"{title}\n\n" + "\n".join(rows)


def _card(entry: Entry) -> str:
    lines = [f"### {_cell(entry.label)}, {_cell(benchmark_title(entry.reading.run.benchmark))}", ""]
    lines += [f"- {name}: {_cell(text)}" for name, text in make_card(entry)]
    lines += [f"- Missing: {_cell(sentence)}" for sentence in entry.reading.missing]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Text that stays in its cell and is no markup, whatever a model or a folder is called."""
    flat = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\|*_`<>[]#" else char for char in flat)

"""Comparisons of runs as sentences and tables for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from assay.evaluation.compare import Comparison

if TYPE_CHECKING:
    from rich.table import Table

SHOWN = 10  # tasks that are named one by one
WIDTH = 120  # columns where the output is no terminal


def conclusion(comparison: Comparison) -> str:
    """What the data show, in one sentence."""
    found = comparison.difference
    low, high = (100 * bound for bound in found.interval)
    if comparison.is_shown:
        points = 100 * abs(found.difference)
        better = comparison.name_b if found.difference > 0 else comparison.name_a
        bounds = (low, high) if found.difference > 0 else (-high, -low)
        return f"{better} is better by {points:.1f} points (95% {bounds[0]:.1f} to {bounds[1]:.1f})."
    measured = f"{comparison.name_b} minus {comparison.name_a} is {100 * found.difference:+.1f} points"
    doubt = ""
    if low > 0 or high < 0:
        doubt = f", and the test does not confirm it (p = {comparison.p_adjusted:.3f})"
    if found.more_tasks == 0 and comparison.p_adjusted > found.p_value:
        more = "among so many comparisons it may be chance"
    elif found.more_tasks == 0:
        more = f"with {found.tasks} tasks it may be chance"
    elif found.more_tasks is None:
        more = f"a difference under about {100 * found.visible:.0f} points cannot be seen with {found.tasks} tasks"
    else:
        more = f"about {_rounded(found.more_tasks)} more tasks would be needed"
    return f"no difference can be shown; {more} ({measured}, 95% {low:.1f} to {high:.1f}{doubt})."


def print_comparisons(comparisons: Sequence[Comparison], file: TextIO | None = None) -> None:
    """Print a table and the conclusions for each benchmark. file: stdout by default."""
    from rich.console import Console

    out = file or sys.stdout
    console = Console(file=out, highlight=False, width=None if out.isatty() else WIDTH)
    for benchmark, grouped in groupby(comparisons, key=lambda one: one.benchmark):
        ones = list(grouped)
        first = ones[0]
        console.print()
        console.print(
            f"{benchmark}, {first.rule_set} verdicts; A is {first.name_a} ({first.model_a})",
            markup=False,
            soft_wrap=True,
        )
        console.print(_table(ones))
        for one in ones:
            console.print(conclusion(one), markup=False, soft_wrap=True)
            for label, task_ids in ((f"won by {one.name_b}", one.won), (f"won by {one.name_a}", one.lost)):
                if task_ids:
                    more = f" and {len(task_ids) - SHOWN} more" if len(task_ids) > SHOWN else ""
                    console.print(f"  {label}: {', '.join(task_ids[:SHOWN])}{more}", markup=False, soft_wrap=True)
            for note in one.notes:
                console.print(f"  {note}", markup=False, soft_wrap=True)
    if len(comparisons) > 1:
        console.print()
        console.print(
            f"{len(comparisons)} comparisons were made together: p values are raised for that (Holm), intervals are "
            "each for itself.",
            soft_wrap=True,
        )


def _table(comparisons: Sequence[Comparison]) -> Table:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("B")
    for heading in ("A pass@1", "B pass@1", "B - A", "95 % interval", "won", "lost", "tied", "p", "test"):
        table.add_column(heading, justify="right")
    for one in comparisons:
        found = one.difference
        low, high = found.interval
        table.add_row(
            escape(one.name_b),
            f"{100 * found.rate_a:.1f} %",
            f"{100 * found.rate_b:.1f} %",
            f"{100 * found.difference:+.1f}",
            f"{100 * low:+.1f} to {100 * high:+.1f}",
            str(found.won),
            str(found.lost),
            str(found.tied),
            f"{one.p_adjusted:.3g}",
            found.test,
        )
    return table


def _rounded(count: int) -> str:
    """Two digits are all that such a guess is good for: 1,900."""
    size = 10 ** max(len(str(count)) - 2, 0)
    return f"{-(-count // size) * size:,}"

"""How well a model knows when it is wrong, for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from assay.evaluation.selective import AGREEMENT, MEAN_LOGPROB, Selective

if TYPE_CHECKING:
    from rich.table import Table

NAMES = {MEAN_LOGPROB: "mean log-probability of an answer", AGREEMENT: "agreement among the samples of a task"}
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
WIDTH = 120  # columns where the output is no terminal


def print_selective(title: str, curves: Sequence[Selective], file: TextIO | None = None) -> None:
    """Print each curve at tenths of the answers. title: of the run. file: stdout by default."""
    from rich.console import Console

    out = file or sys.stdout
    console = Console(file=out, highlight=False, width=None if out.isatty() else WIDTH)
    console.print()
    console.print(title, markup=False, soft_wrap=True)
    for curve in curves:
        console.print()
        console.print(f"Confidence: {NAMES[curve.kind]} ({curve.answers} answers)")
        console.print(_table(curve))
        console.print(
            f"area under the curve {100 * curve.area:.1f} %; saying nothing about what is right would give "
            f"{100 * curve.accuracy:.1f} %, knowing it exactly {100 * curve.best:.1f} %",
            soft_wrap=True,
        )
        surest = curve.surest
        low, high = (100 * bound for bound in surest.interval)
        console.print(
            f"surely wrong: {surest.wrong} of the {surest.answers} surest answers, {100 * surest.rate:.1f} % "
            f"(95 % {low:.1f} to {high:.1f})",
            soft_wrap=True,
        )


def _table(curve: Selective) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("answered", "accuracy", "with a confidence of at least"):
        table.add_column(heading, justify="right")
    shown = None
    for share in SHARES:
        point = next(each for each in curve.points if each.share >= share - 1e-9)
        if point != shown:
            table.add_row(f"{100 * point.share:.1f} %", f"{100 * point.accuracy:.1f} %", f"{point.confidence:.4g}")
        shown = point
    return table

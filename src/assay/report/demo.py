"""What the demonstration shows while it runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.demo.findings import DEEPER, SHOWN
from assay.report import learning, training
from assay.report.demo_page import find, percent, points
from assay.training.watch import Watch

_LINE_S = 5.0


class DemoDisplay:
    """Headings of stages, and a line or a bar for what goes on in them, on stderr."""

    def __init__(self) -> None:
        self._next_line = 0.0
        self._is_terminal = sys.stderr.isatty()

    def stage(self, number: int, of: int, title: str) -> None:
        self._put(f"\nassay: [{number}/{of}] {title}")

    def say(self, text: str) -> None:
        self._put(f"assay: {text}")

    def progress(self, done: int, of: int) -> None:
        """How far a stage is that has no display of its own."""
        now = time.monotonic()
        if self._is_terminal:
            full = round(30 * done / max(1, of))
            end = "\n" if done >= of else ""
            sys.stderr.write(f"\r  {'━' * full}{'╌' * (30 - full)} {done:,} of {of:,}{end}")
            sys.stderr.flush()
        elif now >= self._next_line or done == of:
            self._next_line = now + _LINE_S
            self._put(f"assay: {done:,} of {of:,}")

    def training(self, folder: Path) -> Watch:
        return training.watch(folder)

    def learning(self, folder: Path, steps: int) -> learning.Lines:
        return learning.watch(folder, 0.0, steps)

    def _put(self, text: str) -> None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def score_table(scores: Sequence[Mapping[str, Any]]) -> str:
    """The main numbers as text, for the end of the command."""
    lines = [f"{'':30}{'tasks':>6}{'before':>10}{'after':>10}   difference (95 %)"]
    for kind in dict.fromkeys(row["kind"] for row in scores):
        for part in ("all", SHOWN, DEEPER):
            for mode in ("greedy", "sampled"):
                row = find(scores, kind, part, mode)
                if row is None or (kind != "write" and part != "all"):
                    continue
                low, high = row["ci95"]
                name = f"{kind}, {part}, {mode}"
                rates = f"{percent(row['before']['rate']):>10}{percent(row['after']['rate']):>10}"
                change = f"{points(row['difference'])} [{points(low)}, {points(high)}]"
                lines.append(f"{name:30}{row['tasks']:>6}{rates}   {change}")
    return "\n".join(lines)

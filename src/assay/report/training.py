"""How a training run is shown while it goes: a live display on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.report.training_page import write_page
from assay.report.words import clock
from assay.training.watch import Row, Watch

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

    from assay.report.tensorboard import Board

REDRAW_S, LINE_S = 0.5, 10.0
_BARS = "▁▂▃▄▅▆▇█"
PAGE = "curves.html"


def watch(folder: Path, tensorboard: bool = False) -> Watch:
    """The right kind for this process's stderr. folder: of the run; its page of curves is kept up to date.

    tensorboard: whether event files are written there too.
    """
    return (Screen if sys.stderr.isatty() else Lines)(folder, tensorboard)


class Lines(Watch):
    """For logs and pipes: a line every ten seconds, at every check and at the end. Always on stderr."""

    every_s = LINE_S

    def __init__(self, folder: Path, tensorboard: bool = False) -> None:
        self.folder = folder
        self._tensorboard = tensorboard
        self._board: Board | None = None
        self.record: Mapping[str, Any] = {}
        self.row: Row = {}
        self.last_check: Row = {}
        self.last_read: Row = {}
        self.losses: deque[float] = deque(maxlen=2000)
        self._due = 0.0
        self._rate = 0.0

    def say(self, text: str) -> None:
        self.put(f"assay: {text}")

    def tokenised(self, done: int, parts: int, tokens: int) -> None:
        if time.monotonic() >= self._due or done == parts:
            self._due = time.monotonic() + self.every_s
            self.say(f"examples to tokens: {done} of {parts} parts, {tokens:,} tokens")

    def began(self, about: Row) -> None:
        self.record = about
        if self._tensorboard:
            from assay.report.tensorboard import Board

            self._board = Board(self.folder, about["steps"])
        model, data = about["model"], about["data"]
        active = f" ({model['active']:,} active)" if model["active"] != model["parameters"] else ""
        verb = f"going on at step {about['steps']:,}" if about["going_on"] else "training"
        machine = about["machine"]
        self.say(
            f"{verb}: {model['parameters']:,} parameters{active}, vocabulary {data['tokenizer']['vocabulary']:,}, "
            f"{about['precision']}, {machine['device']}, {machine['threads']} threads"
        )

    def step(self, row: Row) -> None:
        self.row = row
        self._draw(row)
        self.losses.append(row["bits_per_byte"])
        # A mean over about the last 50 steps: single steps differ in size.
        self._rate = row["tokens_per_s"] if not self._rate else 0.98 * self._rate + 0.02 * row["tokens_per_s"]
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + self.every_s
            self.show()

    def check(self, row: Row) -> None:
        self.last_check = row
        self._draw(row)
        self.put(f"assay: held out, executed: {checked_text(row)}")
        for sample in row["samples"][:1]:
            self.put(indented(f"{sample['task_id']} (depth {sample['depth']}): {sample['verdict']}\n{sample['text']}"))

    def held_out(self, row: Row) -> None:
        self.last_read = row
        self._draw(row)
        self.put(f"assay: held out, read: {read_text(row)}")

    def saved(self, folder: Path, step: int) -> None:
        write_page(self.folder / "log.jsonl", self.folder / PAGE)
        if self._board is not None:
            self._board.flush()
        if self.row and self.row["progress"] >= 1:
            self.show()
            self.put(f"assay: {folder} is trained. Curves: {self.folder / PAGE}")
            self.put(f"assay: next: assay sample {folder} --prompt 'def f(a):'")

    def _draw(self, row: Row) -> None:
        if self._board is not None:
            self._board.row(row)

    def show(self) -> None:
        """One line on how far it is."""
        self.put(f"assay: {self.describe()}")

    def left(self) -> str:
        """How long it will take yet: a timed run by its time, another at its mean pace."""
        minutes, row = self.record["settings"].get("minutes"), self.row
        if minutes:
            return clock(max(0.0, 60 * minutes - row["seconds"]))
        return clock(row["seconds"] * (1 - row["progress"]) / row["progress"]) if row["progress"] else "?"

    def describe(self) -> str:
        """The last step in one line."""
        row = self.row
        parts = {**dict(list(row.get("tasks", {}).items())[:3]), **_extra(row)}
        losses = " ".join(f"{name} {value:.2f}" for name, value in parts.items())
        return (
            f"step {row['step']:,} {row['progress']:.0%} loss {row['loss']:.3f} {row['bits_per_byte']:.3f} bits/byte "
            f"[{losses}] norm {row['grad_norm']:.2f} "
            f"{self._rate:,.0f} tokens/s MFU {row['mfu']:.0%} padding {row['padding']:.1%}, {self.left()} left"
        )

    def put(self, text: str) -> None:
        """Write a line."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


class Screen(Lines):
    """For terminals: a panel that is redrawn twice a second; what is said scrolls by above it."""

    every_s = REDRAW_S

    def __init__(self, folder: Path, tensorboard: bool = False) -> None:
        super().__init__(folder, tensorboard)
        self._live: Live | None = None

    def __enter__(self) -> Watch:
        from rich.console import Console
        from rich.live import Live

        self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=False)
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def put(self, text: str) -> None:
        if self._live is not None:
            self._live.console.print(text, markup=False, highlight=False)

    def show(self) -> None:
        if self._live is not None and self.row:
            self._live.update(self._panel(), refresh=True)

    def _panel(self) -> RenderableType:
        from rich.console import Group
        from rich.panel import Panel
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        row = self.row
        table = Table.grid(padding=(0, 2))
        losses = {**row.get("tasks", {}), **_extra(row)}
        table.add_row("bits per byte", f"{row['bits_per_byte']:.3f}", Text(sparkline(self.losses)))
        table.add_row("loss", f"{row['loss']:.3f}", "  ".join(f"{name} {nats:.2f}" for name, nats in losses.items()))
        speed = f"{self._rate:,.0f} tokens/s"
        more = f"MFU {row['mfu']:.0%}  padding {row['padding']:.1%}  batch {row['batch']:,}"
        table.add_row("speed", speed, f"{more}  gradient {row['grad_norm']:.2f}")
        if "experts" in row:
            table.add_row("experts", f"{row['experts']['max_over_mean']:.2f} x", f"{row['experts']['dead']} dead")
        if self.last_check:
            table.add_row("held out", f"{self.last_check['pass@1']:.1%}", checked_text(self.last_check))
        if self.last_read:
            table.add_row("held out", f"{self.last_read['bits_per_byte']:.3f}", read_text(self.last_read))
        scale = self.record["settings"]["scale"]
        title = f"{scale}, step {row['step']:,}, {row['tokens']:,} tokens, {self.left()} left"
        return Panel(Group(ProgressBar(total=1.0, completed=row["progress"]), table), title=title, title_align="left")


def _extra(row: Row) -> dict[str, float]:
    """What only some stages report: digits apart in pre-training, how pairs are told apart in preference training."""
    return {name: row[name] for name in ("digits", "preferred", "margin") if name in row}


def checked_text(row: Row) -> str:
    """Rates of a check in one line."""
    depths = " ".join(f"{depth}:{rate:.0%}" for depth, (rate, _) in row["by_depth"].items())
    return f"{row['pass@1']:.1%} of {row['tasks']} greedy (by depth {depths})"


def read_text(row: Row) -> str:
    """How well held-out files were foretold, in one line."""
    return f"{row['bits_per_byte']:.3f} bits/byte of {row['files']:,} files of {row['repositories']:,} repositories"


def sparkline(values: deque[float], width: int = 60) -> str:
    """The course of values in one line of blocks."""
    if not values:
        return ""
    size = -(-len(values) // width)
    means = [sum(part) / len(part) for at in range(0, len(values), size) if (part := list(values)[at : at + size])]
    low, high = min(means), max(means)
    return "".join(_BARS[int((value - low) / (high - low or 1) * (len(_BARS) - 1))] for value in means)


def indented(text: str) -> str:
    """Lines moved to the right, so that a program is seen to be one."""
    return "\n".join(f"    {line}" for line in text.splitlines())

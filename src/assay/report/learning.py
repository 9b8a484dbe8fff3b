"""How a run of reinforcement learning is shown while it goes: a live panel on a terminal, lines in a log."""

from __future__ import annotations

import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.report.learning_page import write_page
from assay.report.words import clock

if TYPE_CHECKING:
    from rich.live import Live

PAGE, LOG = "curves.html", "log.jsonl"
_LINE_S, _PAGE_S = 10.0, 15.0
_RECENT = 10  # steps that a shown figure is the mean of
_HOPELESS = 0.97  # share of groups without variance at which it is said aloud


def watch(folder: Path, seconds: float, steps: int) -> Lines:
    """The right kind for this process's stderr. seconds, steps: how long the run is; one of them is 0."""
    return (Screen if sys.stderr.isatty() else Lines)(folder, seconds, steps)


class Lines:
    """For logs and pipes: a line every ten seconds and at every check. A context manager."""

    def __init__(self, folder: Path, seconds: float, steps: int) -> None:
        self.folder, self.seconds, self.steps = folder, seconds, steps
        self.recent: deque[dict[str, Any]] = deque(maxlen=_RECENT)
        self.check: dict[str, Any] = {}
        self._next_line = self._next_page = 0.0
        self._explained = False

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        if (self.folder / LOG).exists():
            write_page(self.folder / LOG, self.folder / PAGE)

    def say(self, text: str) -> None:
        self.put(f"assay: {text}")

    def row(self, row: dict[str, Any]) -> None:
        """A row of the log."""
        now = time.monotonic()
        if "held_out" in row:
            self.check = row
            self.put(f"assay: step {row['step']}: held out {checked_text(row['held_out'])}")
        else:
            self.recent.append(row)
        if now >= self._next_page:
            self._next_page = now + _PAGE_S
            write_page(self.folder / LOG, self.folder / PAGE)
        self.show(now)

    def show(self, now: float) -> None:
        if self.recent and now >= self._next_line:
            self._next_line = now + _LINE_S
            self.put(f"assay: {self.describe()}")
            self.explain()

    def explain(self) -> None:
        """Say once why nothing is learnt, where that is so."""
        if self._explained or len(self.recent) < _RECENT or self.mean("settled") < _HOPELESS:
            return
        self._explained = True
        if self.mean("reward") < 0.5:
            self.say(
                "nearly all groups fail whole, so there is nothing to learn from: the loss is 0 and the reward will "
                "not move. Train the model longer first (assay train), or ask for less: --depths '1=1 2=1'"
            )
        else:
            self.say("nearly all groups pass whole, so little is left to learn: --depths '4=1 5=1' is harder")

    def describe(self) -> str:
        """The last steps in one line, with what a flat reward would mean."""
        last = self.recent[-1]
        return (
            f"step {last['step']} {self.progress:.0%} reward {self.mean('reward'):.1%} "
            f"settled {self.mean('settled'):.0%} entropy {self.mean('entropy'):.3f} length {self.mean('length'):.0f} "
            f"cut off {self.mean('truncated'):.1%} unique {self.mean('unique'):.0%} {self.times()}, {self.left()} left"
        )

    @property
    def progress(self) -> float:
        last = self.recent[-1] if self.recent else {"step": 0, "seconds": 0.0}
        return min(1.0, last["step"] / self.steps if self.steps else last["seconds"] / max(self.seconds, 1e-9))

    def left(self) -> str:
        spent = self.recent[-1]["seconds"] if self.recent else 0.0
        return clock(spent * (1 - self.progress) / self.progress) if self.progress else "?"

    def mean(self, name: str) -> float:
        values = [row[name] for row in self.recent if name in row]
        return sum(values) / len(values) if values else 0.0

    def times(self) -> str:
        """Seconds of a step by phase."""
        parts = {
            phase: sum(row["time"][phase] for row in self.recent) / len(self.recent)
            for phase in ("write", "judge", "learn")
        }
        return f"{sum(parts.values()):.2f} s a step (" + ", ".join(f"{name} {s:.2f}" for name, s in parts.items()) + ")"

    def put(self, text: str) -> None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


class Screen(Lines):
    """For terminals: a panel that is redrawn after every step; what is said scrolls by above it."""

    def __init__(self, folder: Path, seconds: float, steps: int) -> None:
        super().__init__(folder, seconds, steps)
        self._live: Live | None = None

    def __enter__(self) -> Lines:
        from rich.console import Console
        from rich.live import Live

        self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        super().__exit__(*error)

    def put(self, text: str) -> None:
        if self._live is not None:
            self._live.console.print(text, markup=False, highlight=False)
        else:
            super().put(text)

    def show(self, now: float) -> None:
        if self._live is not None and self.recent:
            self.explain()
            self._live.update(self._panel(), refresh=True)

    def _panel(self) -> Any:
        from rich.console import Group
        from rich.panel import Panel
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        last = self.recent[-1]
        table = Table.grid(padding=(0, 2))
        depths = "  ".join(
            f"{depth}: {passed / max(1, tried):.0%}" for depth, (passed, tried) in last["by_depth"].items()
        )
        table.add_row("reward", f"{self.mean('reward'):.1%}", f"by depth {depths}")
        shares = f"all alike {self.mean('settled'):.0%}  unique {self.mean('unique'):.0%}"
        cut_off = f"cut off {self.mean('truncated'):.1%}"
        table.add_row("groups", f"{last['taught']} of {last['groups']} teach", f"{shares}  {cut_off}")
        table.add_row(
            "entropy",
            f"{self.mean('entropy'):.3f}",
            f"length {self.mean('length'):.0f}  gradient {self.mean('gradient'):.2f}",
        )
        table.add_row("time", self.times(), f"harness errors {last['harness_errors']}")
        if self.check:
            table.add_row("held out", "", checked_text(self.check["held_out"]))
        title = f"step {last['step']}, {self.left()} left"
        return Panel(Group(ProgressBar(total=1.0, completed=self.progress), table), title=title, title_align="left")


def checked_text(held_out: dict[str, Any]) -> str:
    """A check in one line."""
    depths = " ".join(f"{depth}:{passed / tried:.0%}" for depth, (passed, tried) in held_out["by_depth"].items())
    rate = held_out["passed"] / max(1, held_out["tried"])
    return f"{rate:.1%} of {held_out['tried']} greedy (by depth {depths})"

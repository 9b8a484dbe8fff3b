"""How far a run is: a bar on a terminal, a line now and then in a log. Always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from assay.judge.verdict import Verdict, VerdictKind
from assay.report.words import clock, many
from assay.sandbox.program import Isolation

if TYPE_CHECKING:
    from rich.progress import Progress

BAR_EVERY_S = 0.2
LINE_EVERY_S = 10.0


def watch() -> Watch:
    """The right kind for this process's stderr."""
    return Bar() if sys.stderr.isatty() else Lines()


class Watch:
    """Counts what was judged in this session and shows it every `every_s` seconds. A context manager.

    Rates are over this session only; passes are counted under the last rule set of a row (hardened, if it was asked
    for), harness errors in neither side of the share.
    """

    every_s = LINE_EVERY_S

    def __init__(self) -> None:
        self.total = self.done = self.judged_now = self.verdicts = self.passed = self.harness_errors = 0
        self._began = self._due = time.monotonic()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to clean up in a log."""

    def begin(self, total: int, done: int, isolation: Isolation) -> None:
        """`done` of `total` samples were judged in earlier sessions."""
        self.total, self.done = total, done
        self._began = time.monotonic()
        self._due = self._began + self.every_s
        self.start(isolation)

    def judged(self, verdicts: Mapping[str, Verdict]) -> None:
        """One more row. Costs about a microsecond unless it is time to show something."""
        self.done += 1
        self.judged_now += 1
        self.verdicts += len(verdicts)
        kind = None
        for verdict in verdicts.values():
            kind = verdict.kind
        if kind is VerdictKind.accepted:
            self.passed += 1
        elif kind is VerdictKind.harness_error:
            self.harness_errors += 1
        now = time.monotonic()
        if now >= self._due or self.done == self.total:
            self._due = now + self.every_s
            self.show()

    @property
    def per_s(self) -> float:
        """Verdicts per second of this session."""
        return self.verdicts / max(time.monotonic() - self._began, 1e-6)

    @property
    def left_s(self) -> float:
        """Seconds left if the rest goes as fast as this session so far."""
        elapsed_s = time.monotonic() - self._began
        return elapsed_s * (self.total - self.done) / max(self.judged_now, 1)

    def start(self, isolation: Isolation) -> None:
        """Show that judging begins."""
        sys.stderr.write(f"assay: judging {many(self.total - self.done, 'sample')}, isolation {isolation.level}\n")

    def show(self) -> None:
        """Show the counts."""

    def describe(self) -> str:
        """The counts in one line: rate, share of passes, harness errors, time left."""
        judged = self.judged_now - self.harness_errors
        share = f", {self.passed / judged:.1%} accepted" if judged else ""
        harness = many(self.harness_errors, "harness error")
        return f"{self.per_s:.1f} verdicts/s{share}, {harness}, {clock(self.left_s)} left"


class Lines(Watch):
    """For logs and pipes: one line every ten seconds and one at the end."""

    def show(self) -> None:
        sys.stderr.write(f"assay: {self.done}/{self.total} judged, {self.describe()}\n")
        sys.stderr.flush()


class Bar(Watch):
    """For terminals: a bar, redrawn at most five times a second whatever the speed of judging."""

    every_s = BAR_EVERY_S

    def __init__(self) -> None:
        super().__init__()
        self._progress: Progress | None = None

    def start(self, isolation: Isolation) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._progress = Progress(
            TextColumn("judging"),
            BarColumn(bar_width=30),
            TextColumn("{task.completed}/{task.total}  {task.description}"),
            console=Console(stderr=True),
            auto_refresh=False,
        )
        self._progress.start()
        self._row = self._progress.add_task("starting", total=self.total, completed=self.done)
        self._progress.refresh()

    def show(self) -> None:
        if self._progress is not None:
            self._progress.update(self._row, completed=self.done, description=self.describe(), refresh=True)

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

"""How far a run is: a bar on a terminal, a line now and then in a log. Always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from assay.judge.verdict import Verdict, VerdictKind
from assay.models.completion import Completion, Failure
from assay.report.words import clock, many
from assay.sandbox.program import Isolation

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

BAR_EVERY_S = 0.2
LINE_EVERY_S = 10.0


def watch() -> Watch:
    """The right kind for this process's stderr."""
    return Bar() if sys.stderr.isatty() else Lines()


class Watch:
    """Counts what was written and judged in this session and shows it every `every_s` seconds. A context manager.

    Rates are over this session only; passes are counted under the last rule set of a row (hardened, if it was asked
    for), harness errors in neither side of the share. Answers are told by another thread than verdicts.
    """

    every_s = LINE_EVERY_S

    def __init__(self) -> None:
        self.total = self.done = self.judged_now = self.verdicts = self.passed = self.harness_errors = 0
        self.to_write = self.written = self.given_up = self.tokens = 0
        self._began = self._due = time.monotonic()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to clean up in a log."""

    def begin(self, total: int, done: int, isolation: Isolation, to_write: int = 0) -> None:
        """`done` of `total` samples were judged in earlier sessions, `to_write` are still to be written by a model."""
        self.total, self.done, self.to_write = total, done, to_write
        self._began = time.monotonic()
        self._due = self._began + self.every_s
        self.start(isolation)

    def answered(self, answer: Completion | Failure, last: bool) -> None:
        """One more answer of a model, or one that was given up. last: False where the task asks once more."""
        if isinstance(answer, Failure):
            self.given_up += 1
        else:
            self.written += last
            self.tokens += answer.completion_tokens or 0
        self._show_if_due()

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
        self._show_if_due()

    def _show_if_due(self) -> None:
        now = time.monotonic()
        if now >= self._due or self.done == self.total:
            self._due = now + self.every_s
            self.show()

    @property
    def per_s(self) -> float:
        """Verdicts per second of this session."""
        return self.verdicts / self._elapsed_s

    @property
    def tokens_per_s(self) -> float:
        """Tokens that the model wrote per second of this session; 0 where it does not count them."""
        return self.tokens / self._elapsed_s

    @property
    def left_s(self) -> float:
        """Seconds left if the rest goes as fast as this session so far."""
        return self._elapsed_s * (self.total - self.done - self.given_up) / max(self.judged_now, 1)

    @property
    def _elapsed_s(self) -> float:
        return max(time.monotonic() - self._began, 1e-6)

    def start(self, isolation: Isolation) -> None:
        """Show that it begins."""
        left = many(self.total - self.done, "sample")
        write = f"writing {self.to_write} and " if self.to_write else ""
        sys.stderr.write(f"assay: {write}judging {left}, isolation {isolation.level}\n")

    def show(self) -> None:
        """Show the counts."""

    def describe_writing(self) -> str:
        """What the model does: tokens per second where it counts them, and questions that were given up."""
        parts = [f"{self.tokens_per_s:.0f} tokens/s"] if self.tokens else []
        parts += [f"{self.given_up} given up"] if self.given_up else []
        return ", ".join(parts)

    def describe(self) -> str:
        """The verdicts in one line: rate, share of passes, harness errors, time left."""
        judged = self.judged_now - self.harness_errors
        share = f", {self.passed / judged:.1%} accepted" if judged else ""
        harness = many(self.harness_errors, "harness error")
        left = clock(self.left_s) if self.judged_now or self.done == self.total else "?"
        return f"{self.per_s:.1f} verdicts/s{share}, {harness}, {left} left"


class Lines(Watch):
    """For logs and pipes: one line every ten seconds and one at the end."""

    def show(self) -> None:
        writing = ""
        if self.to_write:
            more = self.describe_writing()
            writing = f"{self.written}/{self.to_write} written{f', {more}' if more else ''}; "
        sys.stderr.write(f"assay: {writing}{self.done}/{self.total} judged, {self.describe()}\n")
        sys.stderr.flush()


class Bar(Watch):
    """For terminals: a bar for writing and one for judging, redrawn at most five times a second."""

    every_s = BAR_EVERY_S

    def __init__(self) -> None:
        super().__init__()
        self._progress: Progress | None = None
        self._writing: TaskID | None = None

    def start(self, isolation: Isolation) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._progress = Progress(
            TextColumn("{task.fields[what]}"),
            BarColumn(bar_width=30),
            TextColumn("{task.completed}/{task.total}  {task.description}"),
            console=Console(stderr=True),
            auto_refresh=False,
        )
        self._progress.start()
        if self.to_write:
            self._writing = self._progress.add_task("", total=self.to_write, what="writing")
        self._row = self._progress.add_task("starting", total=self.total, completed=self.done, what="judging")
        self._progress.refresh()

    def show(self) -> None:
        if self._progress is None:
            return
        if self._writing is not None:
            self._progress.update(self._writing, completed=self.written, description=self.describe_writing())
        self._progress.update(self._row, completed=self.done, description=self.describe(), refresh=True)

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

"""How far a build is: a bar on a terminal, a line now and then in a log. Always on stderr."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

BAR_EVERY_S, LINE_EVERY_S = 0.2, 10.0


def watch() -> Watch:
    """The right kind for this process's stderr."""
    return Bar() if sys.stderr.isatty() else Lines()


class Watch:
    """Counts the units of one stage after another and shows them now and then. This one is silent."""

    every_s = LINE_EVERY_S

    def __init__(self) -> None:
        self.stage, self.unit, self.total, self.done, self.done_before = "", "files", 0, 0, 0
        self.bytes = self.total_bytes = 0
        self._began = self._due = time.monotonic()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to clean up."""

    def begin(self, stage: str, total: int = 0, unit: str = "files") -> None:
        """A stage begins; total 0: nobody knows how much there is."""
        self.stage, self.unit, self.total, self.done, self.bytes, self.done_before = stage, unit, total, 0, 0, 0
        self._began = time.monotonic()
        self._due = self._began + self.every_s
        self.show_stage()

    def advance(self, done: int, size: int = 0, earlier: bool = False) -> None:
        """`done` more units with `size` bytes. earlier: an interrupted build did them, so they count for no speed."""
        self.done += done
        if earlier:
            self.done_before += done
        else:
            self.bytes += size
        now = time.monotonic()
        if now >= self._due or (self.total and self.done >= self.total):
            self._due = now + self.every_s
            self.show()

    @property
    def speed(self) -> str:
        """ "1,234 files/s, 5.6 MB/s"."""
        elapsed_s = max(time.monotonic() - self._began, 1e-6)
        speed = f"{(self.done - self.done_before) / elapsed_s:,.0f} {self.unit}/s"
        return f"{speed}, {self.bytes / elapsed_s / 1e6:,.1f} MB/s" if self.bytes else speed

    def show_stage(self) -> None:
        """Show that a stage begins."""

    def show(self) -> None:
        """Show the counts."""


class Lines(Watch):
    """One line per stage, and one every few seconds."""

    def show_stage(self) -> None:
        sys.stderr.write(f"assay: {self.stage}{f' ({self.total:,} {self.unit})' if self.total else ''}\n")

    def show(self) -> None:
        of = f" of {self.total:,}" if self.total else ""
        sys.stderr.write(f"assay: {self.stage}: {self.done:,}{of} {self.unit}, {self.speed}\n")


class Bar(Watch):
    """A bar per stage."""

    every_s = BAR_EVERY_S

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress: Progress = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Watch:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show_stage(self) -> None:
        self._task = self._progress.add_task(self.stage, total=self.total or None, speed="")

    def show(self) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=self.done, speed=self.speed)

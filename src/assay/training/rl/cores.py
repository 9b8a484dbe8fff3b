"""Who has the cores of a CPU while answers are written: the network at first, and then some the judge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from assay.training.rl.grading import Grader


class Cores:
    """The threads of a network and the judging processes of a grader, which together have the cores of one machine.

    While most texts of a batch are being written, all threads write: a step is much faster with them. The last texts,
    a few long ones, take as many steps again, in which further threads help little; then a quarter of the processes
    judges what is there. Processes on cores beyond the threads' judge all the time. When all is written, all judge.
    """

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        self._threads = torch.get_num_threads()
        self._free = max(0, grader.jobs - self._threads)
        self._later = max(self._free, -(-(grader.jobs - 1) // 4))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """From the first token of a batch to the last."""
        self._grader.rest(self._grader.jobs - self._free)
        try:
            yield
        finally:
            torch.set_num_threads(self._threads)
            self._grader.rest(0)

    def half_written(self) -> None:
        """Half of the batch's texts have ended."""
        torch.set_num_threads(max(1, self._threads - (self._later - self._free)))
        self._grader.rest(self._grader.jobs - self._later)

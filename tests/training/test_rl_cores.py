"""Who has the cores while answers are written."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="threads are those of torch: pip install 'assay[train]'")

from assay.training.rl.cores import Cores  # noqa: E402


class Grader:
    """Writes down how many processes rest, and how many threads compute meanwhile."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.told: list[tuple[int, int]] = []

    def rest(self, processes: int) -> None:
        self.told.append((processes, torch.get_num_threads()))


@pytest.mark.parametrize(
    ("threads", "jobs", "first", "then"),
    [
        (1, 1, (1, 1), (1, 1)),  # one core: writing and judging take turns
        (2, 2, (2, 2), (1, 1)),
        (1, 2, (1, 1), (1, 1)),  # the other core is free from the beginning
        (8, 8, (8, 8), (6, 6)),
        (4, 8, (4, 4), (4, 4)),
    ],
)
def test_threads_and_processes_together_are_never_more_than_cores(threads, jobs, first, then):
    before = torch.get_num_threads()
    grader = Grader(jobs)
    try:
        torch.set_num_threads(threads)
        cores = Cores(grader)
        with cores.writing():
            cores.half_written()
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert grader.told == [first, then, (0, threads)]
    assert all(jobs - resting + computing <= max(threads, jobs) for resting, computing in grader.told[:2])


def test_all_judge_again_when_writing_fails():
    grader = Grader(4)
    with pytest.raises(ValueError, match="mine"), Cores(grader).writing():
        raise ValueError("mine")
    assert grader.told[-1][0] == 0

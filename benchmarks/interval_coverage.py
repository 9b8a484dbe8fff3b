"""How often the 95 % intervals hold the truth, by simulation: the tables of docs/statistics.md.

Needs the test tools (numpy): `make lint` installs them, then `.venv/bin/python benchmarks/interval_coverage.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.evaluation.distributions import binomial_mid_tail
from assay.evaluation.interval import TAIL, effective_observations
from assay.evaluation.paired import difference_interval
from assay.evaluation.passk import pass_at_k

Array = NDArray[np.float64]
SEED = 20_261_121
TASKS = (5, 10, 20, 30, 50, 100, 164, 400)
SAMPLES = (1, 2, 5, 10, 20)
RATES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
# How tasks differ: alike; Beta with this correlation between two samples of a task; impossible or at 0.9.
SPREADS = ("alike", "beta 0.1", "beta 0.3", "beta 0.6", "beta 0.9", "some impossible")


@dataclass(frozen=True)
class Cell:
    """One simulated case. coverage: share of rounds whose interval held the true rate."""

    tasks: int
    samples: int
    rate: float
    spread: str
    coverage: float

    @property
    def weight(self) -> float:
        """n p (1 - p): what decides whether an interval can be right at all."""
        return self.tasks * self.rate * (1 - self.rate)


def task_rates(dice: np.random.Generator, spread: str, rate: float, shape: tuple[int, int]) -> Array:
    """True rates of tasks whose mean over all tasks is `rate`."""
    if spread == "alike":
        return np.full(shape, rate)
    if spread == "some impossible":
        best = max(0.9, rate)
        return np.where(dice.random(shape) < rate / best, best, 0.0)
    strength = 1 / float(spread.split()[1]) - 1
    return dice.beta(rate * strength, (1 - rate) * strength, shape)


def coverage(found: Array, samples: int, truth: float) -> float:
    """The share of rounds whose `mean_interval` holds the truth.

    found: task rates, rounds x tasks. Bounds are where the tail is `TAIL` or 1 - `TAIL`, and the tail grows with the
    share, so the truth lies within them exactly if its own tail does (a test holds that): no search for bounds here.
    """
    rounds, tasks = len(found), found.shape[1]
    both = np.stack([found.mean(axis=1), found.var(axis=1, ddof=1)], axis=1).round(12)  # so that equal ones are one
    distinct, times = np.unique(both, axis=0, return_counts=True)
    held = 0.0
    for (mean, variance), count in zip(distinct.tolist(), times.tolist(), strict=True):
        effective = effective_observations(mean, variance, tasks, tasks * samples)
        held += count * (TAIL <= binomial_mid_tail(mean * effective, effective, truth) <= 1 - TAIL)
    return held / rounds


def rate_cell(dice: np.random.Generator, rounds: int, tasks: int, samples: int, rate: float, spread: str) -> Cell:
    """The coverage of `mean_interval` in one case."""
    found = dice.binomial(samples, task_rates(dice, spread, rate, (rounds, tasks))) / samples
    return Cell(tasks, samples, rate, spread, coverage(found, samples, rate))


def rate_cells(rounds: int, seed: int = SEED) -> Iterator[Cell]:
    """Every case of the grid. With one sample per task it does not matter how tasks differ."""
    dice = np.random.default_rng(seed)
    for tasks in TASKS:
        for samples in SAMPLES:
            for rate in RATES:
                for spread in SPREADS if samples > 1 else SPREADS[:1]:
                    yield rate_cell(dice, rounds, tasks, samples, rate, spread)


def pass_at_k_cell(
    dice: np.random.Generator, rounds: int, tasks: int, samples: int, k: int, rate: float, spread: str
) -> Cell:
    """The coverage of the same interval for pass@k; `rate` of the cell is the true pass@k."""
    # The pool stands for all tasks there are, so its mean is the truth.
    truth = float((1 - (1 - task_rates(dice, spread, rate, (2000, 1000))) ** k).mean())
    estimates = np.array([pass_at_k(samples, passed, k) for passed in range(samples + 1)])
    found = estimates[dice.binomial(samples, task_rates(dice, spread, rate, (rounds, tasks)))]
    return Cell(tasks, samples, truth, spread, coverage(found, samples, truth))


def pass_at_k_cells(rounds: int, seed: int = SEED) -> Iterator[Cell]:
    """Every case in which tasks tell enough."""
    dice = np.random.default_rng(seed)
    for tasks in (20, 50, 164):
        for samples, k in ((20, 2), (10, 5), (10, 10), (20, 10), (200, 100)):
            for rate in (0.05, 0.1, 0.3, 0.6):
                for spread in SPREADS:
                    cell = pass_at_k_cell(dice, rounds, tasks, samples, k, rate, spread)
                    if cell.weight >= 4:
                        yield cell


def difference_cell(
    dice: np.random.Generator,
    rounds: int,
    tasks: int,
    samples: int,
    rates: tuple[float, float],
    correlation: float,
    alike: float,
) -> float:
    """The coverage of `difference_interval` for two models with these true rates.

    correlation: between two samples of a task, 1 for tasks that are always or never solved, else Beta distributed.
    alike: share of tasks that are as hard for one model as for the other, by rank; the others are drawn apart.
    """
    rank_a = dice.random((rounds, tasks))
    rank_b = np.where(dice.random((rounds, tasks)) < alike, rank_a, dice.random((rounds, tasks)))
    found = []
    for rank, rate in ((rank_a, rates[0]), (rank_b, rates[1])):
        if correlation >= 1:
            chance = (rank > 1 - rate).astype(float)
        else:
            strength = 1 / correlation - 1
            pool = np.sort(dice.beta(rate * strength, (1 - rate) * strength, 200_000))
            pool += rate - pool.mean()  # the pool stands for all tasks there are, so its mean is the truth
            chance = np.clip(pool[(rank * len(pool)).astype(int)], 0, 1)
        found.append(dice.binomial(samples, chance) / samples)
    truth = rates[1] - rates[0]
    bounds = [difference_interval(each.tolist(), samples) for each in found[1] - found[0]]
    return sum(low <= truth + 1e-12 and truth - 1e-12 <= high for low, high in bounds) / rounds


def difference_cells(rounds: int, seed: int = SEED) -> Iterator[tuple[int, int, float]]:
    """(tasks, samples, coverage) of every case."""
    dice = np.random.default_rng(seed)
    for tasks in (10, 20, 50, 164):
        for samples in (1, 3, 10):
            for rates in ((0.5, 0.5), (0.4, 0.5), (0.3, 0.6), (0.1, 0.2), (0.05, 0.05), (0.9, 0.95), (0.1, 0.4)):
                for correlation in (1.0,) if samples == 1 else (0.1, 0.3, 0.7):
                    for alike in (0.0, 0.5, 0.9):
                        yield tasks, samples, difference_cell(dice, rounds, tasks, samples, rates, correlation, alike)


def describe(title: str, coverages: list[float]) -> str:
    found = np.array(coverages)
    below, above = (found < 0.93).mean(), (found > 0.97).mean()
    shares = f"{1 - below - above:.1%} | {below:.1%} | {above:.1%}"
    return f"| {title} | {len(coverages)} | {shares} | {found.min():.1%} | {found.max():.1%} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=20_000, help="simulated runs per case (default: 20000)")
    rounds = parser.parse_args().rounds
    print("Rates:\n")
    cells = list(rate_cells(rounds))
    print("| cases | number | 93 to 97 % | below | above | lowest | highest |\n|---|---|---|---|---|---|---|")
    bands = [(0.0, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0), (8.0, 1e9)]
    for each in (False, True):
        for low, high in bands:
            chosen = [cell for cell in cells if low <= cell.weight < high and (cell.samples > 1) == each]
            name = "several samples per task" if each else "one sample per task"
            upper = f" to {high:g}" if high < 1e9 else " and more"
            print(describe(f"{name}, n p (1 - p) {low:g}{upper}", [cell.coverage for cell in chosen]))
    print("\nFurthest from 95 %:")
    for cell in sorted(cells, key=lambda cell: -abs(cell.coverage - 0.95))[:25]:
        print(f"{cell.tasks} tasks, {cell.samples} samples, rate {cell.rate}, {cell.spread}: {cell.coverage:.1%}")
    outside = [cell for cell in cells if cell.weight >= 4 and not 0.93 <= cell.coverage <= 0.97]
    print(f"\nOutside 93 to 97 % although n p (1 - p) >= 4: {len(outside)}")
    for cell in outside:
        print(f"{cell.tasks} tasks, {cell.samples} samples, rate {cell.rate}, {cell.spread}: {cell.coverage:.1%}")
    print("\npass@k (a fifth of the rounds):\n")
    several = list(pass_at_k_cells(rounds // 5))
    print(describe("pass@2 to pass@100, n p (1 - p) 4 and more", [cell.coverage for cell in several]))
    print("\nDifferences (a quarter of the rounds):\n")
    print("| cases | number | 93 to 97 % | below | above | lowest | highest |\n|---|---|---|---|---|---|---|")
    differences = list(difference_cells(rounds // 4))
    for each in (False, True):
        for tasks in (10, 20, 50, 164):
            found = [coverage for n, m, coverage in differences if n == tasks and (m > 1) == each]
            print(describe(f"{'several samples' if each else 'one sample'} per task, {tasks} tasks", found))


if __name__ == "__main__":
    main()

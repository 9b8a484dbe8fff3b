"""Which prompts come next: those that the model, as it is now, solves sometimes but not always."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from assay.forge.task import ForgeTask

# Of 8 samples at a rate of 0.1 or 0.8, all are alike with a chance of 43 % or 17 %; outside, mostly.
LOWEST, HIGHEST = 0.1, 0.8
_CANDIDATES = 32  # looked at for every prompt that is taken
_EXPLORED = 0.3  # of the prompts of a depth that seems hopeless, those that are asked nevertheless
_LEARNING_RATE = 0.15
_FADING = 0.997  # of what was learnt, per step of the model, which changes
_RETURN = 12  # steps before a task is taken again
_KNOWN_SAMPLES = 6.0  # a task's own last rate counts as much against the forecast as its samples against these


class Forecast:
    """A forecast of the share of samples that pass, from a task's depth and operations; learnt as results come.

    A logistic model with one weight for each depth and operation, so that it says something of tasks never tried.
    """

    def __init__(self) -> None:
        self._weights: dict[str, float] = {}

    def rate(self, task: ForgeTask) -> float:
        return 1.0 / (1.0 + math.exp(-sum(self._weights.get(name, 0.0) for name in _features(task))))

    def learn(self, task: ForgeTask, passed: int, tried: int) -> None:
        features = _features(task)
        step = _LEARNING_RATE * tried * (passed / tried - self.rate(task)) / math.sqrt(len(features))
        for name in features:
            self._weights[name] = self._weights.get(name, 0.0) + step

    def fade(self) -> None:
        """Let what was seen long ago count for less: the model is another one now."""
        for name in self._weights:
            self._weights[name] *= _FADING

    def state(self) -> dict[str, float]:
        return dict(self._weights)

    def restore(self, state: Mapping[str, float]) -> None:
        self._weights = dict(state)


def _features(task: ForgeTask) -> list[str]:
    return [f"depth {task.depth}", *dict.fromkeys(task.operations)]


class Curriculum:
    """Chooses prompts by depth first (the mix), and within a depth those whose forecast lies in the wanted range.

    The shares of depths that the model hardly ever solves go mostly to others, until it does.

    Everything is drawn from one seeded generator, and `state` holds all of it: a run that continues chooses as one that
    never stopped.
    mix: depth -> weight. Depths without tasks are left out. Raises ValueError when nothing is left.
    """

    def __init__(
        self,
        tasks: Sequence[ForgeTask],
        mix: Mapping[int, float],
        seed: int,
        lowest: float = LOWEST,
        highest: float = HIGHEST,
    ) -> None:
        pools = {depth: [task for task in tasks if task.depth == depth] for depth in mix if mix[depth] > 0}
        self._tasks = {depth: pool for depth, pool in pools.items() if pool}
        self._mix = {depth: mix[depth] for depth in self._tasks}
        if not self._mix:
            raise ValueError(f"no task has a depth of {sorted(mix)}")
        self._lowest, self._highest = lowest, highest
        self._random = random.Random(f"curriculum {seed}")
        self._owed = dict.fromkeys(self._mix, 0.0)
        self._step = 0
        self._last: dict[str, tuple[int, int, int]] = {}  # task -> step, passed, tried
        self.forecast = Forecast()

    def choose(self, count: int, asked: Collection[str] = ()) -> list[ForgeTask]:
        """The next prompts, all different; fewer where tasks run out. asked: task ids that must not come."""
        chosen: dict[str, ForgeTask] = {}
        taken = set(asked)
        for _ in range(count):
            pool = self._tasks[self._next_depth()]
            best = min(self._candidates(pool, taken), key=self._distance, default=None)
            if best is not None and self.expected(best) < self._lowest / 2 and self._random.random() > _EXPLORED:
                # The model is not ready for this depth: most samples would be written for nothing.
                seen = [task for pool in self._tasks.values() for task in self._candidates(pool, taken)]
                best = min(seen, key=self._distance, default=best)  # all that were seen may have been asked just now
            if best is None:
                best = next((task for task in pool if task.task_id not in taken), None)
            if best is not None:
                chosen[best.task_id] = best
                taken.add(best.task_id)
        return list(chosen.values())

    def expected(self, task: ForgeTask) -> float:
        """The share of samples that will pass, by the forecast and the task's own last result."""
        rate = self.forecast.rate(task)
        if task.task_id not in self._last:
            return rate
        _, passed, tried = self._last[task.task_id]
        return (passed + _KNOWN_SAMPLES * rate) / (tried + _KNOWN_SAMPLES)

    def learn(self, results: Sequence[tuple[ForgeTask, int, int]]) -> None:
        """(task, passed, tried) of one step of the model; a task of which nothing could be judged teaches nothing."""
        self._step += 1
        self.forecast.fade()
        for task, passed, tried in results:
            if tried:
                self.forecast.learn(task, passed, tried)
                self._last[task.task_id] = (self._step, passed, tried)

    def state(self) -> dict[str, Any]:
        """Plain values."""
        version, numbers, gauss = self._random.getstate()
        return {
            "random": [version, list(numbers), gauss],
            "owed": {str(depth): share for depth, share in self._owed.items()},
            "step": self._step,
            "last": {name: list(entry) for name, entry in self._last.items()},
            "forecast": self.forecast.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        version, numbers, gauss = state["random"]
        self._random.setstate((version, tuple(numbers), gauss))
        self._owed = {int(depth): share for depth, share in state["owed"].items()}
        self._step = state["step"]
        self._last = {name: (step, passed, tried) for name, (step, passed, tried) in state["last"].items()}
        self.forecast.restore(state["forecast"])

    def _next_depth(self) -> int:
        """The depth that is owed most, so that shares are kept exactly over time."""
        whole = sum(self._mix.values())
        for depth, weight in self._mix.items():
            self._owed[depth] += weight / whole
        depth = max(self._owed, key=lambda each: (self._owed[each], -each))
        self._owed[depth] -= 1.0
        return depth

    def _candidates(self, pool: Sequence[ForgeTask], taken: Collection[str]) -> list[ForgeTask]:
        """Some tasks of a depth, drawn at random, that were not asked just now."""
        seen = (pool[self._random.randrange(len(pool))] for _ in range(_CANDIDATES))
        return [task for task in seen if task.task_id not in taken and not self._is_recent(task)]

    def _is_recent(self, task: ForgeTask) -> bool:
        return task.task_id in self._last and self._step - self._last[task.task_id][0] < _RETURN

    def _distance(self, task: ForgeTask) -> tuple[float, float]:
        """How far its expected rate lies outside the wanted range; inside, chance decides."""
        rate = self.expected(task)
        return max(self._lowest - rate, rate - self._highest, 0.0), self._random.random()

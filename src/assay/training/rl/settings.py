"""The settings of a run of reinforcement learning."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assay.errors import AssayError

LOSSES = ("plain", "grpo", "dr_grpo", "dapo", "gspo", "cispo", "rft")
# Runs that must learn less, to show what the reward is worth (benchmarks/learning.py).
CONTROLS = ("", "shuffled", "positives")


@dataclass(frozen=True)
class Settings:
    """All knobs of `assay rl`.

    minutes: of writing, judging and learning; evaluation and saving are not counted. steps: instead of minutes, and
    then a run is exactly repeatable.
    loss: a name in `objectives.OBJECTIVES`. kl: weight of the distance to the model that the run began with; 0: none.
    updates: steps of the optimiser on one batch of samples.
    prompts, samples: groups in a step, and samples of each. temperature, longest: of sampling; tokens of a completion.
    tests: how many of a task's tests grade one sample.
    refills: how often groups that teach nothing (all samples alike) are replaced by new ones, at most.
    depths: shares of prompts by depth, "1=1 2=1 4=2". lowest, highest: expected pass rates that are wanted.
    learning_rate, weight_decay, clip, warmup: of AdamW; over the second half of a run the rate falls to a tenth.
    precision: "bf16", "fp32", or "auto" for what the machine has.
    replay: tokens of supervised training beside every step; 0: none. replay_weight: of their loss, beside 1.
    checks: how often held-out tasks are answered and a checkpoint is kept, after the beginning; the last time at the
    end, with 0 there too.
    held_out: how many tasks a check asks.
    control: "shuffled" gives each group's rewards to its samples at random; "positives" learns from passes only.
    """

    minutes: float = 0.0
    steps: int = 0
    loss: str = "plain"
    kl: float = 0.0
    updates: int = 1
    prompts: int = 12
    samples: int = 16
    temperature: float = 1.0
    longest: int = 0
    tests: int = 24
    refills: int = 1
    depths: str = "1=0.5 2=1 3=2 4=3 5=1.5"
    lowest: float = 0.1
    highest: float = 0.8
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    clip: float = 1.0
    warmup: int = 5
    precision: str = "auto"
    replay: int = 512
    replay_weight: float = 0.1
    checks: int = 4
    held_out: int = 100
    control: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises AssayError for the first thing that cannot be, before anything was spent."""
        if (self.minutes > 0) == (self.steps > 0):
            raise AssayError("Say how long to learn: give one of --minutes and --steps, above 0.")
        for name, known in (("loss", LOSSES), ("control", CONTROLS), ("precision", ("auto", "bf16", "fp32"))):
            if getattr(self, name) not in known:
                raise AssayError(f"--{name}: {getattr(self, name)!r} is unknown. Choose from {', '.join(known)}.")
        for name, value in asdict(self).items():
            if isinstance(value, int | float) and (value < 0 or not math.isfinite(value)):
                raise AssayError(f"--{name.replace('_', '-')} {value} must not be negative.")
        if self.samples < 2:
            raise AssayError(f"--samples {self.samples}: a sample is judged against its group, so there must be two.")
        for name in ("prompts", "updates", "temperature", "learning_rate", "clip", "tests", "held_out"):
            if not getattr(self, name):
                raise AssayError(f"--{name.replace('_', '-')} must be more than 0.")
        if self.updates > 1 and self.loss == "plain":
            raise AssayError(
                "--loss plain is for one update a batch: with --updates above 1 the model is no longer the one that "
                "wrote. Choose a loss with ratios, such as --loss dapo or --loss gspo."
            )
        if not self.lowest < self.highest <= 1:
            raise AssayError(f"--lowest {self.lowest} must be below --highest {self.highest}, and both at most 1.")
        self.mix()

    def mix(self) -> dict[int, float]:
        """Depth -> share. Raises AssayError."""
        mix: dict[int, float] = {}
        for part in self.depths.replace(",", " ").split():
            name, _, number = part.partition("=")
            try:
                mix[int(name)] = float(number or 1)
            except ValueError:
                raise AssayError(f'--depths: "{part}" is not of the form depth=share, such as 4=1.5.') from None
        if not mix or min(mix.values()) < 0 or not sum(mix.values()) > 0:
            raise AssayError(f"--depths {self.depths!r} leaves no depth. Give shares, such as 1=1 2=1 4=2.")
        return mix

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Settings:
        """Raises AssayError where they are of another version of Assay."""
        try:
            return cls(**row)
        except TypeError as error:
            raise AssayError(f"The stored settings are those of another version of Assay ({error}).") from None

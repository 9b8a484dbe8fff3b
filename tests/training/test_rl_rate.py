"""How fast reinforcement learning learns, over a run."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training.rl.learner import Learner, Lesson  # noqa: E402
from assay.training.rl.settings import Settings  # noqa: E402
from assay.training.rl.tree import Samples  # noqa: E402


def test_the_rate_rises_shortly_stays_and_falls_over_the_second_half() -> None:
    model = CodeModel(ModelConfig(vocab=64, width=32, layers=1, heads=2, kv_heads=1, head_dim=16, ffn=32))
    learner = Learner(model, Settings(steps=8, warmup=2, learning_rate=1e-3, precision="fp32"), room=4)
    lesson = Lesson(Samples((1, 2, 3), [(4, 5), (6,)]), [0.5, -0.5])
    rates = []
    for step in range(8):
        learner.learn([lesson], None, progress=step / 8)
        rates.append(learner.optimizer.param_groups[0]["lr"])
    assert rates == pytest.approx([5e-4, 1e-3, 1e-3, 1e-3, 1e-3, 7.75e-4, 5.5e-4, 3.25e-4])

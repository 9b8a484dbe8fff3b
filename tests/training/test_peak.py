"""Which precision "auto" means is found out by a trial, which leaves no trace."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training import peak  # noqa: E402


@pytest.mark.parametrize("experts", [0, 4])
def test_a_trial_leaves_weights_gradients_and_random_numbers_alone(experts: int) -> None:
    kind = {"architecture": "qwen3_moe", "experts": experts, "top_k": 2, "expert_ffn": 16} if experts else {}
    model = CodeModel(ModelConfig(vocab=64, width=32, layers=1, heads=2, kv_heads=1, head_dim=16, ffn=32, **kind))
    before = [weight.detach().clone() for weight in model.parameters()]
    state = torch.get_rng_state()
    assert peak.chosen_precision("auto", model) in ("bf16", "fp32")
    assert torch.equal(state, torch.get_rng_state())
    for old, weight in zip(before, model.parameters(), strict=True):
        assert torch.equal(old, weight) and weight.grad is None


def test_the_faster_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    model = CodeModel(ModelConfig(vocab=64, width=32, layers=1, heads=2, kv_heads=1, head_dim=16, ffn=32))
    now = [0.0]
    cost = {True: 1.0, False: 2.0}
    plain = CodeModel.forward

    def forward(self: CodeModel, *tensors: torch.Tensor) -> object:
        now[0] += cost[torch.is_autocast_enabled("cpu")]
        return plain(self, *tensors)

    monkeypatch.setattr(CodeModel, "forward", forward)
    monkeypatch.setattr(peak.time, "perf_counter", lambda: now[0])
    assert peak.chosen_precision("auto", model) == "bf16"
    cost[True] = 2.0
    assert peak.chosen_precision("auto", model) == "fp32"  # no gain, no loss of digits
    assert peak.chosen_precision("bf16", model) == "bf16"

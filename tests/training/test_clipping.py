"""Gradients are clipped to the bit as torch clips them, and left alone where nothing is to be done."""

from __future__ import annotations

import copy

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")

from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training.optim import clip_gradients  # noqa: E402


@pytest.mark.parametrize("times", [0.01, 0.999999, 1.0, 1.000001, 3.0, float("inf"), float("nan")])
def test_it_is_torchs_to_the_bit(times: float) -> None:
    """times: the norm that is allowed, in norms that there are; of the last two the other way round."""
    torch.manual_seed(0)
    model = CodeModel(ModelConfig(vocab=64, width=32, layers=1, heads=2, kv_heads=1, head_dim=16, ffn=48))
    for param in model.parameters():
        param.grad = torch.randn_like(param)
    model.norm.weight.grad = None  # as of a weight that took no part
    most = float(torch.nn.utils.get_total_norm(grads(model)))
    if times * 0 == 0:
        most *= times
    else:
        model.embedding.weight.grad[3, 5] = times
    other = copy.deepcopy(model)
    for param, twin in zip(model.parameters(), other.parameters(), strict=True):
        twin.grad = None if param.grad is None else param.grad.clone()
    norm = clip_gradients(model, most)
    assert torch.equal(norm.nan_to_num(), torch.nn.utils.clip_grad_norm_(other.parameters(), most).nan_to_num())
    if times == times:  # of a norm that is no number training ends
        for gradient, theirs in zip(grads(model), grads(other), strict=True):
            assert torch.equal(gradient.nan_to_num(), theirs.nan_to_num())


def test_what_is_small_is_not_gone_over(monkeypatch: pytest.MonkeyPatch) -> None:
    model = CodeModel(ModelConfig(vocab=64, width=32, layers=1, heads=2, kv_heads=1, head_dim=16, ffn=48))
    for param in model.parameters():
        param.grad = torch.full_like(param, 1e-4)
    monkeypatch.setattr(torch.nn.utils, "clip_grads_with_norm_", None)
    assert 0 < float(clip_gradients(model, 1.0)) < 1
    with pytest.raises(TypeError):
        clip_gradients(model, 1e-4)


def grads(model: CodeModel) -> list[torch.Tensor]:
    return [param.grad for param in model.parameters() if param.grad is not None]

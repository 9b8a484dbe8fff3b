"""Gradients that are written out are those of plain operations, in double precision."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch.nn import functional as F

from assay.models.network import fused
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel, rotation, turn


def numbers(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def agree(ours: Callable[..., torch.Tensor], plain: Callable[..., torch.Tensor], *inputs: torch.Tensor) -> None:
    results = [call(*inputs) for call in (ours, plain)]
    torch.testing.assert_close(*results)
    weights = torch.randn_like(results[0])
    grads = [torch.autograd.grad((result * weights).sum(), inputs) for result in results]
    for one, other in zip(*grads, strict=True):
        torch.testing.assert_close(one, other)


def test_norm() -> None:
    plain = lambda x, weight: F.rms_norm(x, (12,), weight, 1e-3)  # noqa: E731
    agree(lambda x, weight: fused.NormFunction.apply(x, weight, 1e-3), plain, numbers(3, 5, 12), numbers(12))


def test_turn_of_a_slice_of_a_larger_tensor() -> None:
    cos, sin = (table.unsqueeze(-2) for table in rotation(torch.arange(5), ModelConfig(head_dim=8), torch.float64))

    def ours(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return fused.TurnFunction.apply(x[..., :4, :], weight, cos, sin, 1e-3)

    def plain(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return turn(F.rms_norm(x[..., :4, :], (8,), None, 1e-3) * weight, cos, sin)

    agree(ours, plain, numbers(3, 5, 6, 8), numbers(4, 8))


def test_swiglu() -> None:
    def plain(both: torch.Tensor) -> torch.Tensor:
        gate, up = both.chunk(2, dim=-1)
        return F.silu(gate) * up

    agree(lambda both: fused.swiglu(1 * both), plain, numbers(3, 5, 12))


def test_cross_entropy() -> None:
    targets = torch.tensor([0, 6, 6, 3])
    plain = lambda logits: F.cross_entropy(logits, targets, reduction="none")  # noqa: E731
    agree(lambda logits: fused.cross_entropy(logits, targets), plain, numbers(4, 7))


def test_cross_entropy_of_what_has_no_probability_in_a_float() -> None:
    logits = torch.tensor([[0.0, -300.0, 1.0]], requires_grad=True)
    (nats,) = fused.cross_entropy(logits, torch.tensor([1]))
    torch.testing.assert_close(nats, torch.tensor(301.3133))
    (grad,) = torch.autograd.grad(nats, logits)
    torch.testing.assert_close(grad, torch.tensor([[0.2689, -1.0, 0.7311]]), atol=1e-4, rtol=0)


def test_cross_entropy_cannot_be_asked_for_its_gradient_twice() -> None:
    nats = fused.cross_entropy(numbers(2, 3), torch.tensor([1, 2])).sum()
    nats.backward(retain_graph=True)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        nats.backward()


@pytest.mark.parametrize("architecture", ["qwen3", "qwen2"])
def test_a_whole_network_has_the_gradients_of_plain_operations(
    architecture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = CodeModel(ModelConfig(architecture, 64, 32, 2, 4, 2, 16, 48, init_std=0.3)).double()
    tokens = torch.randint(0, 64, (2, 9))
    grads = []
    for pays in (True, False):
        if not pays:
            monkeypatch.setattr(fused, "pays", lambda x: False)
        model.zero_grad()
        F.cross_entropy(model(tokens).logits.flatten(0, 1), tokens.flatten()).backward()
        grads.append([weight.grad.clone() for weight in model.parameters() if weight.grad is not None])
    assert len(grads[0]) == len(list(model.parameters()))
    for one, other in zip(*grads, strict=True):
        torch.testing.assert_close(one, other)


def test_with_products_in_bfloat16_they_are_as_near_to_full_precision_as_plain_operations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    torch.manual_seed(0)
    model = CodeModel(ModelConfig("qwen3", 64, 32, 2, 4, 2, 16, 48, init_std=0.3))
    tokens = torch.randint(0, 64, (8, 17))

    def gradients(autocast: bool) -> torch.Tensor:
        model.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            logits = model(tokens).logits
        F.cross_entropy(logits.float().flatten(0, 1), tokens.flatten()).backward()
        return torch.cat([weight.grad.flatten() for weight in model.parameters() if weight.grad is not None])

    exact = gradients(autocast=False)
    ours = gradients(autocast=True)
    monkeypatch.setattr(fused, "pays", lambda x: False)
    plain = gradients(autocast=True)
    assert ours.dtype is torch.float32
    assert 0 < (ours - exact).norm() < 1.1 * (plain - exact).norm() < 0.1 * exact.norm()

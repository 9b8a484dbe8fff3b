"""Muon against its definition, written out plainly."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")

from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training.config import TrainConfig  # noqa: E402
from assay.training.muon import QUINTIC, Muon, orthogonalise  # noqa: E402
from assay.training.optim import make_optimizers  # noqa: E402


def plain_orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """Keller Jordan's zeropower_via_newtonschulz5, one matrix."""
    a, b, c = QUINTIC
    x = matrix.T if matrix.size(0) > matrix.size(1) else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if matrix.size(0) > matrix.size(1) else x


class Plain:
    """Muon for one matrix, as its authors write it."""

    def __init__(self, lr: float, momentum: float, decay: float) -> None:
        self.lr, self.momentum, self.decay = lr, momentum, decay
        self.buffer: torch.Tensor | None = None

    def step(self, weight: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
        buffer = torch.zeros_like(grad) if self.buffer is None else self.buffer
        self.buffer = buffer * self.momentum + grad * (1 - self.momentum)
        update = plain_orthogonal(grad * (1 - self.momentum) + self.buffer * self.momentum)
        update = update * max(1, weight.size(0) / weight.size(1)) ** 0.5
        return weight * (1 - self.lr * self.decay) - self.lr * update


@pytest.mark.parametrize("shape", [(16, 16), (48, 16), (16, 48)])
def test_singular_values_come_out_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonalise(torch.randn(3, *shape)))
    assert 0.5 < values.min() < values.max() < 1.3


def test_equals_the_plain_definition_over_several_steps() -> None:
    torch.manual_seed(1)
    shapes = [(24, 8), (24, 8), (8, 24), (16, 16)]
    params = [torch.nn.Parameter(torch.randn(shape)) for shape in shapes]
    expected = [param.detach().clone() for param in params]
    plain = [Plain(0.05, 0.9, 0.1) for _ in params]
    muon = Muon(params, lr=0.05, momentum=0.9, weight_decay=0.1)
    for _ in range(4):
        for number, param in enumerate(params):
            param.grad = torch.randn(shapes[number])
            expected[number] = plain[number].step(expected[number], param.grad)
        muon.step()
    for param, wanted in zip(params, expected, strict=True):
        torch.testing.assert_close(param.detach(), wanted, rtol=1e-4, atol=1e-5)


def test_matrices_in_one_are_made_orthogonal_one_by_one() -> None:
    torch.manual_seed(2)
    fused = torch.nn.Parameter(torch.zeros(40, 16))
    fused.grad = torch.randn(40, 16)
    Muon([fused], lr=1.0, momentum=0.0, rows={fused: (16, 8, 16)}).step()
    for part, grad in zip(fused.detach().split((16, 8, 16)), fused.grad.split((16, 8, 16)), strict=True):
        torch.testing.assert_close(-part, plain_orthogonal(grad), rtol=1e-4, atol=1e-5)


def test_experts_are_matrices_of_their_own() -> None:
    torch.manual_seed(3)
    stack = torch.nn.Parameter(torch.zeros(4, 8, 12))
    stack.grad = torch.randn(4, 8, 12)
    Muon([stack], lr=1.0, momentum=0.0).step()
    for expert in range(4):
        torch.testing.assert_close(-stack.detach()[expert], plain_orthogonal(stack.grad[expert]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("optimizer", ["muon", "adamw"])
@pytest.mark.parametrize("experts", [0, 4])
def test_every_weight_is_in_exactly_one_group(optimizer: str, experts: int) -> None:
    kind = {"architecture": "qwen3_moe", "experts": 4, "top_k": 2, "expert_ffn": 16} if experts else {}
    model = CodeModel(ModelConfig(vocab=64, width=32, layers=2, heads=2, kv_heads=1, head_dim=16, ffn=32, **kind))
    config = TrainConfig(optimizer=optimizer, learning_rate=1e-3, matrix_learning_rate=0.02)
    groups = [group for one in make_optimizers(model, config) for group in one.param_groups]
    held = [id(param) for group in groups for param in group["params"]]
    assert sorted(held) == sorted(id(param) for param in model.parameters())
    decayed = {id(param) for group in groups if group["weight_decay"] for param in group["params"]}
    assert not any(id(param) in decayed for param in model.parameters() if param.ndim < 2)

"""What training computes in C is what torch computes, with its gradients, compiled for this CPU and for older ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from assay.models.network import fused
from assay.models.network.attend import AttendFunction
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel, document_mask, rotation
from assay.models.network.native import learn, library

pytestmark = pytest.mark.usefixtures("compiled_for")
SHAPES = [(4, 2, 32), (4, 4, 16), (7, 1, 48), (6, 2, 64), (2, 1, 128)]  # query heads, key/value heads, C
ROWS, FILLING, EPS = 3, 5, 1e-3


def numbers(*shape: int, scale: float = 1.0) -> torch.Tensor:
    return (scale * torch.randn(*shape)).requires_grad_()


def agree(
    in_c: Callable[..., torch.Tensor], plain: Callable[..., torch.Tensor], *inputs: torch.Tensor, factor: float = 1
) -> None:
    """Result and gradients are those of plain operations in double precision, to `factor` times 1e-6 of the largest."""
    exact = [each.detach().double().requires_grad_() for each in inputs]
    y, expected = in_c(*inputs), plain(*exact)
    weights = torch.randn_like(y)
    found = [y, *torch.autograd.grad(y, inputs, weights)]
    wanted = [expected, *torch.autograd.grad(expected, exact, weights.double())]
    for one, other in zip(found, wanted, strict=True):
        largest = max(1.0, float(other.detach().abs().max()))
        torch.testing.assert_close(one.double(), other, rtol=1e-5, atol=factor * 1e-6 * largest)


def mask_of(kind: str, length: int) -> torch.Tensor | None:
    if kind == "packed":
        return document_mask(torch.randint(0, 3, (ROWS, length)).sort(dim=1).values)
    if kind == "scattered":  # as in a tree of texts; a token sees itself
        return ((torch.rand(ROWS, length, length) < 0.3) | torch.eye(length).bool()).tril().unsqueeze(1)
    return None


@pytest.mark.parametrize("mask", ["none", "packed", "scattered"])
@pytest.mark.parametrize("length", [1, 16, 37, 150])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_attention(shape: tuple[int, int, int], length: int, mask: str) -> None:
    torch.manual_seed(length)
    heads, kv_heads, head_dim = shape
    tokens, hidden = ROWS * length + FILLING, mask_of(mask, length)
    places = torch.arange(tokens) % length
    tables = [rotation(places, ModelConfig(head_dim=head_dim), dtype) for dtype in (torch.float32, torch.float64)]

    def in_c(qkv: torch.Tensor, *norms: torch.Tensor) -> torch.Tensor:
        inputs = (*(norms or (None, None)), *tables[0], hidden, (ROWS, length, heads, kv_heads), EPS)
        return learn.AttentionFunction.apply(qkv, *inputs)

    def plain(qkv: torch.Tensor, *norms: torch.Tensor) -> torch.Tensor:
        qk, v = qkv.unflatten(1, (-1, head_dim)).split((heads + kv_heads, kv_heads), dim=1)
        cos, sin = (table.unsqueeze(1) for table in tables[1])
        if norms:
            weights = torch.cat([norm.expand(count, -1) for norm, count in zip(norms, shape, strict=False)])
            qk = F.rms_norm(qk, (head_dim,), None, EPS) * weights
        qk = qk * cos + qk.roll(head_dim // 2, dims=-1) * sin
        return AttendFunction.apply(qk, v, (ROWS, length), hidden).flatten(1)

    qkv = numbers(tokens, (heads + 2 * kv_heads) * head_dim)
    agree(in_c, plain, qkv, factor=10)
    agree(in_c, plain, qkv, numbers(head_dim), numbers(head_dim), factor=10)
    y = in_c(qkv)
    (grad,) = torch.autograd.grad(y.sum(), qkv)
    assert not y[ROWS * length :].any() and not grad[ROWS * length :].any()


@pytest.mark.parametrize("count", [1, 64, 130])
@pytest.mark.parametrize("size", [16, 48, 128])
def test_norm(size: int, count: int) -> None:
    torch.manual_seed(0)
    plain = lambda x, weight: F.rms_norm(x, (size,), weight, EPS)  # noqa: E731
    agree(lambda x, weight: learn.NormFunction.apply(x, weight, EPS), plain, numbers(2, count, size), numbers(size))


@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_swiglu(scale: float) -> None:
    def plain(both: torch.Tensor) -> torch.Tensor:
        gate, up = both.chunk(2, dim=-1)
        return F.silu(gate) * up

    torch.manual_seed(0)
    agree(lambda both: learn.SwigluFunction.apply(1 * both), plain, numbers(3, 5, 96, scale=scale))


@pytest.mark.parametrize("scale", [1.0, 100.0])
@pytest.mark.parametrize("size", [7, 16, 100, 1024])
def test_cross_entropy(size: int, scale: float) -> None:
    torch.manual_seed(size)
    targets = torch.randint(0, size, (70,))
    agree(
        lambda logits: learn.CrossEntropyFunction.apply(1 * logits, targets),
        lambda logits: F.cross_entropy(logits, targets, reduction="none"),
        numbers(70, size, scale=scale),
    )


def test_gradients_are_those_of_tensors_that_lie_otherwise_in_memory() -> None:
    torch.manual_seed(0)
    agree(
        lambda x, weight: learn.NormFunction.apply(x.transpose(0, 1), weight, EPS),
        lambda x, weight: F.rms_norm(x.transpose(0, 1), (32,), weight, EPS),
        numbers(5, 3, 32),
        numbers(32),
    )
    targets = torch.randint(0, 50, (20,))[::2]
    agree(
        lambda logits: learn.CrossEntropyFunction.apply(logits.t(), targets),
        lambda logits: F.cross_entropy(logits.t(), targets, reduction="none"),
        numbers(50, 10),
    )


@pytest.mark.parametrize("shape", [(16, 16), (48, 80), (37, 48), (16, 20)])
def test_transposed(shape: tuple[int, int]) -> None:
    x = torch.randn(shape)
    assert torch.equal(learn.transposed(x), x.t())
    assert learn.transposed(x).is_contiguous() is (shape in [(16, 16), (48, 80)])


@pytest.mark.parametrize("bad", [-1, 7])
def test_a_target_that_is_no_token_is_refused(bad: int) -> None:
    with pytest.raises(IndexError, match="no number of one of 7 logits"):
        learn.CrossEntropyFunction.apply(numbers(2, 7), torch.tensor([0, bad]))


def test_no_rows_have_no_loss() -> None:
    logits = numbers(0, 7)
    nats = learn.CrossEntropyFunction.apply(logits, torch.zeros(0, dtype=torch.long))
    (grad,) = torch.autograd.grad(nats.sum(), logits)
    assert nats.shape == (0,) and grad.shape == (0, 7)


def test_what_becomes_its_gradient_in_place_has_it_once() -> None:
    both, logits = 1 * numbers(4, 32), 1 * numbers(4, 7)
    for result in (learn.SwigluFunction.apply(both), learn.CrossEntropyFunction.apply(logits, torch.arange(4))):
        result.sum().backward(retain_graph=True)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            result.sum().backward()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_stays_so(value: float) -> None:
    row = torch.zeros(2, 32)
    row[1, 3] = value
    weight = torch.ones(32)
    targets = torch.tensor([0, 0])
    for ours, plain in (
        (learn.NormFunction.apply(row, weight, EPS), F.rms_norm(row, (32,), weight, EPS)),
        (learn.CrossEntropyFunction.apply(row, targets), F.cross_entropy(row, targets, reduction="none")),
        (learn.SwigluFunction.apply(row), F.silu(row[:, :16]) * row[:, 16:]),
    ):
        torch.testing.assert_close(ours, plain, equal_nan=True)


# -- whole networks --------------------------------------------------------------------------------------------------


def gradients(model: CodeModel, packed: bool) -> torch.Tensor:
    """Of all weights, in one row."""
    draw = torch.Generator().manual_seed(5)
    tokens = torch.randint(0, 96, (4, 41), generator=draw)
    segments = torch.randint(1, 4, (4, 41), generator=draw).sort(dim=1).values if packed else None
    model.zero_grad()
    nats = fused.cross_entropy(model(tokens, segments).logits.flatten(0, 1), tokens.roll(-1, 1).flatten())
    nats.mean().backward()
    return torch.cat([weight.grad.flatten() for weight in model.parameters() if weight.grad is not None])


def network(architecture: str, head_dim: int = 32) -> CodeModel:
    moe = {"experts": 4, "top_k": 2, "expert_ffn": 32} if architecture == "qwen3_moe" else {}
    return CodeModel(ModelConfig(architecture, 96, 32, 2, 4, 2, head_dim, 48, init_std=0.3, **moe), seed=7)


@pytest.mark.parametrize("packed", [False, True], ids=["one text", "packed"])
@pytest.mark.parametrize("architecture", ["qwen3", "qwen3_moe", "qwen2"])
def test_a_network_learns_what_it_learns_in_torch(
    architecture: str, packed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = network(architecture)
    asked: set[str] = set()
    run = learn._run

    def listening(name: str, *arguments: Any) -> None:
        asked.add(name)
        run(name, *arguments)

    monkeypatch.setattr(learn, "_run", listening)
    in_c = gradients(model, packed)
    ways = ("norm", "swiglu", "cross_entropy", "attend")
    assert asked >= {*ways, *(f"{name}_back" for name in ways)}
    monkeypatch.setattr(library, "load", lambda: None)
    in_torch = gradients(model, packed)
    exact = gradients(CodeModel(model.config, seed=7).double(), packed)
    largest = float(exact.abs().max())
    for found in (in_c, in_torch):
        assert float((found - exact).abs().max()) < 3e-6 * largest


def test_any_number_of_threads_computes_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    model, found = network("qwen3"), []
    for threads in (1, 2, 3):
        monkeypatch.setattr(torch, "get_num_threads", lambda threads=threads: threads)  # of C alone
        found.append(gradients(model, packed=True))
    assert torch.equal(found[1], found[0]) and torch.equal(found[2], found[0])


def test_with_products_in_bfloat16_it_is_nearer_to_full_precision_than_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    model = network("qwen3")
    exact = gradients(model, packed=False)
    with torch.autocast("cpu", torch.bfloat16):
        in_c = gradients(model, packed=False)
        monkeypatch.setattr(library, "load", lambda: None)
        in_torch = gradients(model, packed=False)
    assert 0 < (in_c - exact).norm() < 1.1 * (in_torch - exact).norm() < 0.2 * exact.norm()


def test_other_numbers_and_sizes_are_left_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not learn.fits(torch.zeros(3, 32, dtype=torch.float64), 32)
    assert not learn.fits(torch.zeros(3, 32, dtype=torch.bfloat16), 32)
    assert not learn.fits(torch.zeros(3, 24), 24)
    assert not learn.fits(torch.zeros(3, 32), 32, torch.ones(32, dtype=torch.bfloat16))
    assert not learn.fits(torch.zeros(3, 32, device="meta"), 32)
    model = network("qwen3", head_dim=24)
    mixed = gradients(model, packed=True)  # norms in C, attention in torch
    monkeypatch.setattr(library, "load", lambda: None)
    torch.testing.assert_close(mixed, gradients(model, packed=True))

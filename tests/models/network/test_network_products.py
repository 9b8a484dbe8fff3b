"""Products by either library are the same, and the faster one is taken where it is one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from assay.models.network import products
from assay.models.network.config import ModelConfig
from assay.models.network.generate import generate
from assay.models.network.model import CodeModel

needs_onednn = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available() or not hasattr(torch.ops.mkldnn, "_linear_pointwise"),
    reason="this torch has no oneDNN",
)


@needs_onednn
@pytest.mark.parametrize("biased", [False, True], ids=["plain", "with a bias"])
@pytest.mark.parametrize(("shape", "out"), [((5, 7, 12), 20), ((33, 20), 12), ((1, 8), 4)])
def test_products_by_onednn_are_those_of_double_precision(shape: tuple[int, ...], out: int, biased: bool) -> None:
    torch.manual_seed(0)
    x, weight = torch.randn(shape, requires_grad=True), torch.randn(out, shape[-1], requires_grad=True)
    inputs = [x, weight] + [torch.randn(out, requires_grad=True)] * biased
    result = products.LinearFunction.apply(x, weight, inputs[2] if biased else None)
    exact = F.linear(*[each.double() for each in inputs])
    torch.testing.assert_close(result, exact.float(), rtol=1e-5, atol=1e-5)
    weights = torch.randn_like(result)
    grads = torch.autograd.grad((result * weights).sum(), inputs)
    exact_grads = torch.autograd.grad((exact * weights.double()).sum(), inputs)
    for one, other in zip(grads, exact_grads, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


@needs_onednn
def test_a_gradient_that_nobody_needs_is_not_computed() -> None:
    x, weight = torch.randn(4, 3), torch.randn(2, 3, requires_grad=True)
    products.LinearFunction.apply(x, weight, None).sum().backward()
    assert x.grad is None
    torch.testing.assert_close(weight.grad, x.sum(dim=0).expand(2, 3))


@needs_onednn
@pytest.mark.parametrize("rows", [1, 16, 37, 256])
def test_weights_that_are_laid_out_once_give_the_same_bits(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "onednn_is_faster", lambda: True)
    layers = torch.nn.Sequential(products.Linear(24, 40), products.Linear(40, 24, bias=False))
    x = torch.randn(rows, 24, requires_grad=True)
    with torch.inference_mode():
        expected = layers(x)
        with pytest.raises(KeyError), products.packed(layers):
            assert layers[0].packed_OI is not None
            assert torch.equal(layers(x), expected)
            raise KeyError
    assert layers[0].packed_OI is None
    # What learns meanwhile does so with the weights themselves.
    with products.packed(layers):
        (grad,) = torch.autograd.grad(layers(x).sum(), x)
    torch.testing.assert_close(grad, torch.ones(rows, 24) @ layers[1].weight @ layers[0].weight)


class Letters:
    def decode(self, ids: list[int]) -> str:
        return ""


@needs_onednn
@pytest.mark.parametrize("architecture", ["qwen3", "qwen3_moe", "qwen2"])
def test_a_network_computes_and_writes_the_same_by_either_library(
    architecture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    mixture = {"experts": 4, "top_k": 2, "expert_ffn": 24} if architecture == "qwen3_moe" else {}
    model = CodeModel(ModelConfig(architecture, 64, 32, 2, 4, 2, 16, 48, init_std=0.3, **mixture))
    tokens = torch.randint(0, 64, (5, 77))  # 385 rows, filled up to 400
    found = []
    for faster in (True, False):
        # On every machine, whatever its CPU.
        monkeypatch.setattr(products, "onednn_is_faster", lambda faster=faster: faster)
        assert products.by_onednn(model.embedding.weight) is faster
        written = generate(model, Letters(), tokens[:, :20].tolist(), 3, 12, temperature=0.0)
        model.zero_grad()
        logits = model(tokens).logits
        F.cross_entropy(logits.flatten(0, 1), tokens.flatten()).backward()
        grads = [weight.grad.clone() for weight in model.parameters() if weight.grad is not None]
        found.append((logits.detach(), *grads, [text.ids for texts in written for text in texts]))
    assert found[0][-1] == found[1][-1]
    for one, other in zip(found[0][:-1], found[1][:-1], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("vendor", "capability", "expected"),
    [("AuthenticAMD", "AVX512", True), ("GenuineIntel", "AVX512", False), ("AuthenticAMD", "AVX2", False)],
)
def test_onednn_is_taken_where_mkl_leaves_half_of_the_instructions_unused(
    vendor: str, capability: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text(f"vendor_id\t: {vendor}\n")
    monkeypatch.setattr(products, "_CPUS", tmp_path / "cpuinfo")
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    assert products.onednn_is_faster.__wrapped__() is expected


def test_without_a_list_of_cpus_torch_chooses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "_CPUS", tmp_path / "none")
    assert products.onednn_is_faster.__wrapped__() is False

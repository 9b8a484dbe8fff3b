"""Attention of steps in C: for every shape what torch computes."""

from __future__ import annotations

import shutil

import pytest
import torch

from assay.models.network.cache import Cache
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel
from assay.models.network.native import library, step
from assay.models.network.products import packed

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed; run: make toolchains")
SHAPES = [(4, 2, 32), (4, 4, 16), (7, 1, 48), (6, 2, 64), (8, 1, 128), (10, 2, 80)]  # query heads, key/value heads, C


def network(architecture: str = "qwen3", heads: int = 4, kv_heads: int = 2, head_dim: int = 32) -> CodeModel:
    moe = {"experts": 4, "top_k": 2, "expert_ffn": 24} if architecture == "qwen3_moe" else {}
    model = CodeModel(ModelConfig(architecture, 96, 32, 2, heads, kv_heads, head_dim, 48, init_std=0.3, **moe), seed=7)
    with torch.no_grad():  # norms and biases begin as ones and noughts, which hide mistakes
        for name, weight in model.named_parameters():
            if weight.ndim == 1:
                weight.add_(torch.rand(weight.shape, generator=torch.Generator().manual_seed(len(name))), alpha=0.5)
    return model.eval()


def steps(model: CodeModel, shared: bool, texts: int = 6, prompts: int = 2) -> torch.Tensor:
    """Logits of 40 steps of texts with prompts of 5 and 20 tokens, two of which end early: (of all steps, V)."""
    draw = torch.Generator().manual_seed(3)
    asked = [torch.randint(1, 96, (length,), generator=draw).tolist() for length in (5, 20)]
    logits = []
    with torch.inference_mode(), packed(model):
        cache = Cache(model, texts, 1, 64, shared)
        if shared:
            cache.read(0, asked, [texts // prompts] * prompts)
        else:
            cache.read(0, asked * (texts // prompts), [1] * texts)
        live = texts
        for number in range(40):
            if number in (7, 30):
                cache.move(live - 1, 1)
                cache.release(live - 1)
                live -= 1
            tokens_R = torch.randint(1, 96, (cache.slots,), generator=draw)
            logits.append(cache.step(tokens_R, live))
    return torch.cat(logits)


def error(model: CodeModel, logits: torch.Tensor, shared: bool) -> float:
    """How far, as a root of the mean square, from what is computed in double precision, whose steps are torch's."""
    exact = CodeModel(model.config).double().eval()
    exact.load_state_dict(model.state_dict())
    return float((logits - steps(exact, shared)).square().mean().sqrt())


def compare(model: CodeModel, shared: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert step.fits(model)
    in_c = steps(model, shared)
    monkeypatch.setattr(library, "load", lambda: None)
    in_torch = steps(model, shared)
    assert not torch.equal(in_c, in_torch)  # or C was not asked
    assert error(model, in_c, shared) <= 1.5 * error(model, in_torch, shared) < 1e-4


@needs_gcc
@pytest.mark.parametrize("shared", [False, True], ids=["own prompts", "shared prompts"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("architecture", ["qwen3", "qwen3_moe", "qwen2"])
def test_a_step_is_what_torch_computes(
    architecture: str, shape: tuple[int, int, int], shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare(network(architecture, *shape), shared, monkeypatch)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_older_cpus_compute_it_too(
    shape: tuple[int, int, int], compiled_for: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare(network("qwen3", *shape), True, monkeypatch)


@needs_gcc
@pytest.mark.parametrize("far", [1e-3, 30.0, 1000.0])
def test_scores_that_are_far_apart_are_weighed_as_torch_does(far: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one token has nearly all weight, the others' chances are too small for a float."""
    model = network()
    with torch.no_grad():
        for block in model.blocks:
            block.attention.q_norm.mul_(far)
    in_c = steps(model, shared=True)
    monkeypatch.setattr(library, "load", lambda: None)
    assert error(model, in_c, shared=True) <= 4 * error(model, steps(model, shared=True), shared=True)


@needs_gcc
def test_any_number_of_threads_computes_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    model, logits = network(), []
    for threads in (1, 2, 3):
        monkeypatch.setattr(torch, "get_num_threads", lambda threads=threads: threads)
        logits.append(steps(model, shared=True))
    assert torch.equal(logits[1], logits[0]) and torch.equal(logits[2], logits[0])


@needs_gcc
@pytest.mark.parametrize("shared", [False, True], ids=["own prompts", "shared prompts"])
def test_what_is_no_number_stays_so_and_in_its_own_text(shared: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    model = network()
    with torch.no_grad():
        model.embedding.weight[50] = float("nan")  # a token of some texts, from some step on
    in_c = steps(model, shared)
    monkeypatch.setattr(library, "load", lambda: None)
    assert 0.1 < in_c.isnan().float().mean() < 0.9
    assert torch.equal(in_c.isnan(), steps(model, shared).isnan())


def test_other_numbers_and_sizes_are_left_to_torch() -> None:
    assert not step.fits(network().bfloat16())
    assert not step.fits(network().double())
    assert not step.fits(network(head_dim=24))


@needs_gcc
def test_under_autocast_what_is_handed_over_is_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    model = network()
    exact = steps(model, shared=True)
    with torch.autocast("cpu", torch.bfloat16):
        in_c = steps(model, shared=True)
    torch.testing.assert_close(in_c.float(), exact, atol=0.15, rtol=0.15)

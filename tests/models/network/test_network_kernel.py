"""Attention of steps in C: for every shape what torch computes, compiled once, and done without where it cannot be."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from assay.models.network import kernel
from assay.models.network.cache import Cache
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel
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


@needs_gcc
@pytest.mark.parametrize("shared", [False, True], ids=["own prompts", "shared prompts"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("architecture", ["qwen3", "qwen3_moe", "qwen2"])
def test_a_step_is_what_torch_computes(
    architecture: str, shape: tuple[int, int, int], shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = network(architecture, *shape)
    assert kernel.fits(model)
    in_c = steps(model, shared)
    monkeypatch.setattr(kernel, "library", lambda: None)
    in_torch = steps(model, shared)
    assert not torch.equal(in_c, in_torch)  # or the kernel was not asked
    assert error(model, in_c, shared) <= 1.5 * error(model, in_torch, shared) < 1e-4


@needs_gcc
@pytest.mark.parametrize("far", [1e-3, 30.0, 1000.0])
def test_scores_that_are_far_apart_are_weighed_as_torch_does(far: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one token has nearly all weight, the others' chances are too small for a float."""
    model = network()
    with torch.no_grad():
        for block in model.blocks:
            block.attention.q_norm.mul_(far)
    in_c = steps(model, shared=True)
    monkeypatch.setattr(kernel, "library", lambda: None)
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
    monkeypatch.setattr(kernel, "library", lambda: None)
    assert 0.1 < in_c.isnan().float().mean() < 0.9
    assert torch.equal(in_c.isnan(), steps(model, shared).isnan())


def test_other_numbers_and_sizes_are_left_to_torch() -> None:
    assert not kernel.fits(network().bfloat16())
    assert not kernel.fits(network().double())
    assert not kernel.fits(network(head_dim=24))


@needs_gcc
def test_under_autocast_what_is_handed_over_is_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    model = network()
    exact = steps(model, shared=True)
    with torch.autocast("cpu", torch.bfloat16):
        in_c = steps(model, shared=True)
    torch.testing.assert_close(in_c.float(), exact, atol=0.15, rtol=0.15)


# -- compiling -------------------------------------------------------------------------------------------------------

_LOADED = "from assay.models.network import kernel; print(kernel.library() is not None)"


def loaded(folder: Path, **environment: str) -> bool:
    """Whether a new process, with its cache in a folder, has attention in C."""
    variables = {key: value for key, value in os.environ.items() if key != "ASSAY_NATIVE"}
    variables |= {"ASSAY_CACHE": str(folder), **environment}
    done = subprocess.run([sys.executable, "-c", _LOADED], env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout == "True\n"


@needs_gcc
def test_it_is_compiled_once_and_for_its_user_alone(tmp_path: Path) -> None:
    old = os.umask(0o002)  # as where users have groups of their own
    try:
        assert loaded(tmp_path)
    finally:
        os.umask(old)
    (file,) = (tmp_path / "native").iterdir()
    made = file.stat()
    assert stat.S_IMODE(made.st_mode) == 0o700
    assert loaded(tmp_path)
    assert loaded(tmp_path, PATH=f"{Path(shutil.which('gcc') or '').parent}")
    assert [path.stat().st_mtime_ns for path in (tmp_path / "native").iterdir()] == [made.st_mtime_ns]


@needs_gcc
def test_a_file_that_others_may_write_to_is_not_loaded(tmp_path: Path) -> None:
    assert loaded(tmp_path)
    (file,) = (tmp_path / "native").iterdir()
    file.write_bytes(b"no library")
    assert not loaded(tmp_path)
    file.chmod(0o777)
    assert loaded(tmp_path)  # made anew
    assert file.stat().st_size > 1000 and stat.S_IMODE(file.stat().st_mode) == 0o700
    (tmp_path / "native").chmod(0o777)
    assert not loaded(tmp_path)


def test_without_a_compiler_or_where_it_is_not_wanted_torch_does_it(tmp_path: Path) -> None:
    assert not loaded(tmp_path, PATH=str(tmp_path))
    assert not loaded(tmp_path, ASSAY_NATIVE="0")
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "gcc").write_text("#!/bin/sh\nexit 1\n")
    (broken / "gcc").chmod(0o755)
    assert not loaded(tmp_path, PATH=f"{broken}:{os.environ['PATH']}")
    (tmp_path / "file").write_text("no folder")
    assert not loaded(tmp_path / "file")

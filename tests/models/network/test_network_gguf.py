"""Saved folders are what llama.cpp's converter takes, where it or its library is at hand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assay.models.network import convert
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel

CONFIGS = {
    "qwen2": ModelConfig("qwen2", 128, 64, 2, 4, 2, 16, 96, eos=(0,)),
    "qwen3": ModelConfig("qwen3", 128, 64, 2, 4, 2, 16, 96, eos=(0,)),
    "qwen3_moe": ModelConfig("qwen3_moe", 128, 64, 2, 4, 2, 16, 96, experts=4, top_k=2, expert_ffn=32, eos=(0,)),
}


@pytest.mark.parametrize("architecture", CONFIGS)
def test_every_tensor_has_a_name_that_the_library_of_the_converter_knows(architecture: str) -> None:
    gguf = pytest.importorskip("gguf", reason="gguf is not installed; run: .venv/bin/pip install gguf")
    kinds = {"qwen2": gguf.MODEL_ARCH.QWEN2, "qwen3": gguf.MODEL_ARCH.QWEN3, "qwen3_moe": gguf.MODEL_ARCH.QWEN3MOE}
    names = gguf.get_tensor_name_map(kinds[architecture], 2)
    for name, _ in convert.to_hf(CodeModel(CONFIGS[architecture])):
        # The converter stacks experts under the name without their numbers.
        stacked = re.sub(r"\.experts\.\d+\.", ".experts.", name)
        assert names.get_name(stacked, try_suffixes=(".weight", ".bias")), name


@pytest.mark.parametrize("architecture", CONFIGS)
def test_the_converter_converts_the_folder(architecture: str, tmp_path: Path) -> None:
    script = Path(os.environ.get("LLAMA_CPP", "nowhere")) / "convert_hf_to_gguf.py"
    if not script.is_file():
        pytest.skip("llama.cpp is not at hand; set LLAMA_CPP to a clone of it with its Python requirements installed")
    tokenizer = os.environ.get("LLAMA_CPP_TOKENIZER")
    if not tokenizer:
        pytest.skip("the converter wants a tokenizer it knows; set LLAMA_CPP_TOKENIZER to a folder of Qwen's")
    vocab = convert.tokens_in(Path(tokenizer))
    model = CodeModel(replace(CONFIGS[architecture], vocab=vocab, eos=(vocab - 1,)))
    convert.save(model, Path(tokenizer), tmp_path / "model")
    command = [sys.executable, str(script), str(tmp_path / "model"), "--outfile", str(tmp_path / "model.gguf")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert (tmp_path / "model.gguf").stat().st_size > 4 * model.config.parameters() / 2

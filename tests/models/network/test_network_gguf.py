"""GGUF files: what is in them, that llama.cpp's own converter writes the same, and that llama.cpp computes the same."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from assay.cli.main import main
from assay.errors import AssayError
from assay.models.network import convert
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel
from assay.training.pretokenize import in_llama_cpp, pre_tokenizer
from assay.training.tokenizer import Tokenizer, train_tokenizer

gguf: Any = pytest.importorskip("gguf", reason="gguf is not installed; run: make test-models")

PEERS = Path(__file__).parents[3] / ".peers"
CONVERTER = PEERS / "llama.cpp" / "convert_hf_to_gguf.py"
LLAMA_CPP = PEERS / "xllamacpp" / "bin" / "python"
TEXTS = [f"def f{n}(a, b):\n    return a[{n}] + b.x{n}\n\n\nprint(f{n}([1, 22], None))\n" for n in range(40)]
PROMPT = "def f7(a, b):\n    return a[17]  # it's 'x'\n"
# Weights are large, so that no two tokens are about equally likely.
CONFIGS = {
    "qwen2": ModelConfig("qwen2", 400, 64, 2, 4, 2, 16, 96, init_std=0.3),
    "qwen3": ModelConfig("qwen3", 400, 64, 2, 4, 2, 32, 96, init_std=0.3, rope_theta=5e5),
    "qwen3, tied": ModelConfig("qwen3", 400, 64, 3, 4, 1, 16, 96, init_std=0.3, tied=True),
    "qwen3_moe": ModelConfig("qwen3_moe", 400, 64, 2, 4, 2, 16, 96, 4, 2, 32, init_std=0.3),
}


def model_folder(folder: Path, config: ModelConfig, tokenizer: Tokenizer) -> CodeModel:
    """A network with random weights, saved with this tokenizer. It writes text only: no half characters, no end."""
    tokenizer.save(folder / "tokenizer")
    torch.manual_seed(0)
    model = CodeModel(replace(config, vocab=max(config.vocab, tokenizer.vocab_size), eos=(tokenizer.end_id,)))
    for name, bias in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(bias)
    text = [
        bool(data) and data.isascii() and n not in tokenizer.special_ids for n, data in enumerate(tokenizer.token_bytes)
    ]
    with torch.no_grad():
        rows = model.embedding.weight if config.tied else model.head.weight
        rows[[n for n in range(len(rows)) if n >= len(text) or not text[n]]] = 0
    convert.save(model, folder / "tokenizer", folder / "model")
    return model


def reading(file: Path) -> Any:
    return gguf.GGUFReader(file)


def numbers(tensor: Any) -> torch.Tensor:
    return torch.from_numpy(gguf.dequantize(tensor.data, tensor.tensor_type).copy())


@pytest.fixture(scope="module")
def qwens_tokenizer() -> Tokenizer:
    """Qwen2's, from the vocabulary that llama.cpp tests itself with."""
    import tokenizers

    if not CONVERTER.is_file():
        pytest.skip("llama.cpp's converter is not here; run: make test-llama")
    held = reading(CONVERTER.parent / "models" / "ggml-vocab-qwen2.gguf").fields
    tokens = held["tokenizer.ggml.tokens"].contents()
    types = held["tokenizer.ggml.token_type"].contents()
    merges = [tuple(merge.split(" ")) for merge in held["tokenizer.ggml.merges"].contents()]
    normal = {token: number for number, token in enumerate(tokens) if types[number] == gguf.TokenType.NORMAL}
    inner = tokenizers.Tokenizer(tokenizers.models.BPE(normal, merges))
    inner.pre_tokenizer = pre_tokenizer("qwen")
    inner.decoder = tokenizers.decoders.ByteLevel()
    inner.add_special_tokens(
        [token for token, kind in zip(tokens, types, strict=True) if kind == gguf.TokenType.CONTROL]
    )
    return Tokenizer(inner)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("kind", CONFIGS)
def test_it_holds_every_weight(kind: str, dtype: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = model_folder(tmp_path, CONFIGS[kind], train_tokenizer(TEXTS, 300, "qwen"))
    file = tmp_path / "new" / "model.gguf"
    assert main(["gguf", str(tmp_path / "model"), "--out", str(file), "--dtype", dtype]) == 0
    assert f"llama-server -m {file}" in capsys.readouterr().out
    found = {tensor.name: numbers(tensor) for tensor in reading(file).tensors}
    assert sum(tensor.numel() for tensor in found.values()) == model.config.parameters()
    block = model.blocks[1]
    gate_up = block.ffn.gate_up if model.config.is_moe else block.ffn.gate_up.weight
    expected = {
        "token_embd.weight": model.embedding.weight,
        "blk.1.attn_output.weight": block.attention.out.weight,
        f"blk.1.ffn_up{'_exps' * model.config.is_moe}.weight": gate_up.chunk(2, dim=-2)[1],
    }
    for name, tensor in expected.items():
        assert torch.equal(found[name], tensor.detach().to(getattr(torch, dtype)).float()), name
    assert torch.equal(found["blk.1.attn_norm.weight"], block.attention_norm.weight.detach())
    if model.config.is_moe:
        assert torch.equal(found["blk.1.ffn_gate_inp.weight"], block.ffn.router.weight.detach())


@pytest.mark.parametrize("kind", CONFIGS)
def test_llama_cpp_computes_the_same(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokenizer = train_tokenizer(TEXTS, 380)
    model = model_folder(tmp_path, CONFIGS[kind], tokenizer)
    assert main(["gguf", str(tmp_path / "model"), "--out", str(tmp_path / "model.gguf")]) == 0
    assert "Give token ids" in capsys.readouterr().out
    prompts = [tokenizer.encode(PROMPT), tokenizer.encode(TEXTS[3])]
    theirs = run_llama_cpp(tmp_path / "model.gguf", prompts, tokens=24)
    for prompt, their in zip(prompts, theirs, strict=True):
        ids, logprobs = greedy(model, prompt, 24)
        assert their["ids"] == ids
        assert their["logprobs"] == pytest.approx(logprobs, abs=2e-3)


@pytest.mark.parametrize("split", ["qwen", "plain"])
def test_llama_cpp_cuts_text_as_the_tokenizer_does(
    split: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tokenizer = train_tokenizer([*TEXTS, PROMPT * 9], 380, split)
    model_folder(tmp_path, CONFIGS["qwen3"], tokenizer)
    assert main(["gguf", str(tmp_path / "model"), "--out", str(tmp_path / "model.gguf")]) == 0
    assert "token ids" not in capsys.readouterr().out
    texts = [PROMPT, TEXTS[3], "\n\n  x = {'a':\t1,\r\n 'é': 1234}  \n", f"{PROMPT}<|fim_middle|>x"]
    ids = [tokenizer.encode(text, special=True) for text in texts]
    found = run_llama_cpp(tmp_path / "model.gguf", [*texts, *ids], tokens=8)
    assert found[: len(texts)] == found[len(texts) :]
    assert [one["prompt_tokens"] for one in found[: len(texts)]] == [len(one) for one in ids]


@pytest.mark.parametrize("kind", ["qwen2", "qwen3_moe"])  # between them, every kind of weight
def test_llama_cpps_converter_writes_the_same(kind: str, qwens_tokenizer: Tokenizer, tmp_path: Path) -> None:
    """It refuses tokenizers that it does not know, so the folders have Qwen's."""
    model_folder(tmp_path, CONFIGS[kind], qwens_tokenizer)
    command = [sys.executable, str(CONVERTER), str(tmp_path / "model"), "--outfile", str(tmp_path / "theirs.gguf")]
    environment = os.environ | {"PYTHONPATH": str(CONVERTER.parent / "site"), "HF_HUB_OFFLINE": "1"}
    ended = subprocess.run([*command, "--outtype", "f32"], env=environment, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert main(["gguf", str(tmp_path / "model"), "--out", str(tmp_path / "ours.gguf")]) == 0
    theirs, ours = reading(tmp_path / "theirs.gguf"), reading(tmp_path / "ours.gguf")
    assert {one.name for one in ours.tensors} == {one.name for one in theirs.tensors}
    tensors = {one.name: one for one in theirs.tensors}
    for tensor in ours.tensors:
        other = tensors[tensor.name]
        assert (tensor.tensor_type, list(tensor.shape)) == (other.tensor_type, list(other.shape)), tensor.name
        assert (tensor.data == other.data).all(), tensor.name
    assert fields(ours) == fields(theirs)


def test_a_tokenizers_way_to_cut_is_told_by_llama_cpps_name() -> None:
    assert [in_llama_cpp(train_tokenizer(TEXTS, 300, split).inner) for split in ("qwen", "plain", "code")] == [
        "qwen2",
        "gpt-2",
        None,
    ]


def test_a_folder_that_is_no_model_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gguf", str(tmp_path), "--out", str(tmp_path / "model.gguf")]) == 2
    assert_one_sentence(capsys, "config.json")
    model_folder(tmp_path, CONFIGS["qwen3"], train_tokenizer(TEXTS, 300, "qwen"))
    assert main(["gguf", str(tmp_path / "model"), "--out", str(tmp_path)]) == 2
    assert_one_sentence(capsys, "is a folder")
    assert main(["gguf", str(tmp_path / "model"), "--out", str(tmp_path / "model" / "config.json" / "x")]) == 2
    assert_one_sentence(capsys, "could not be written")
    tokenizer = tmp_path / "model" / "tokenizer.json"
    whole = json.loads(tokenizer.read_bytes())
    tokenizer.write_text(json.dumps(whole | {"pre_tokenizer": {"type": "Whitespace"}}))
    assert main(["gguf", str(tmp_path / "model"), "--out", str(tmp_path / "model.gguf")]) == 2
    assert_one_sentence(capsys, "no byte-level BPE")
    tokenizer.write_text("{")
    assert main(["gguf", str(tmp_path / "model"), "--out", str(tmp_path / "model.gguf")]) == 2
    assert_one_sentence(capsys, "no tokenizer that can be read")
    assert not (tmp_path / "model.gguf").exists()


def test_experts_that_llama_cpp_would_weigh_otherwise_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = replace(CONFIGS["qwen3_moe"], normalise_top_k=False)
    model_folder(tmp_path, config, train_tokenizer(TEXTS, 300, "qwen"))
    assert main(["gguf", str(tmp_path / "model"), "--out", str(tmp_path / "model.gguf")]) == 2
    assert_one_sentence(capsys, "norm_topk_prob")


def test_on_a_full_disk_the_last_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.models.network import gguf_file

    model_folder(tmp_path, CONFIGS["qwen3"], train_tokenizer(TEXTS, 300, "qwen"))
    file = tmp_path / "out" / "model.gguf"
    gguf_file.write(tmp_path / "model", file, "qwen2")
    before = file.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(gguf.GGUFWriter, "write_tensors_to_file", full)
    with pytest.raises(AssayError, match="No space left on device"):
        gguf_file.write(tmp_path / "model", file, "qwen2", "bfloat16")
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("assay.cli.gguf.find_spec", lambda name: None if name == "gguf" else object())
    assert main(["gguf", str(tmp_path), "--out", str(tmp_path / "model.gguf")]) == 2
    assert_one_sentence(capsys, "pip install 'assay[gguf]'")


def run_llama_cpp(file: Path, prompts: list[Any], tokens: int) -> list[dict[str, Any]]:
    if not LLAMA_CPP.is_file():
        pytest.skip("llama.cpp is not here; run: make test-llama")
    asked = json.dumps({"file": str(file), "prompts": prompts, "tokens": tokens})
    script = str(Path(__file__).with_name("run_llama_cpp.py"))
    ended = subprocess.run([LLAMA_CPP, script], input=asked, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


def greedy(model: CodeModel, prompt: list[int], tokens: int) -> tuple[list[int], list[float]]:
    """The likeliest next token, again and again, each from the whole text."""
    ids, logprobs = list(prompt), []
    with torch.inference_mode():
        for _ in range(tokens):
            likely = model(torch.tensor([ids])).logits[0, -1].log_softmax(-1)
            logprobs.append(float(likely.max()))
            ids.append(int(likely.argmax()))
    return ids[len(prompt) :], logprobs


def fields(file: Any) -> dict[str, Any]:
    """What a file says about its model, but for names and sizes that are for people."""
    return {
        name: field.contents()
        for name, field in file.fields.items()
        if not name.startswith(("GGUF.", "general.")) or name in ("general.architecture", "general.file_type")
    }


def assert_one_sentence(capsys: pytest.CaptureFixture[str], part: str) -> None:
    err = capsys.readouterr().err
    assert part in err and "Traceback" not in err and err.count("\n") == 1, err

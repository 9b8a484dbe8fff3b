"""Folders are written as a whole or not at all; what is wrong with one is one sentence."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
import torch
from theirs import saved

from assay.errors import AssayError
from assay.models.network import convert
from assay.models.network.config import ModelConfig
from assay.models.network.folder import replacing
from assay.models.network.model import CodeModel

TINY = ModelConfig("qwen3", 64, 32, 1, 4, 2, 8, 48)


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_saving_again_replaces_the_folder_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    for seed in (1, 2):
        convert.save(CodeModel(TINY, seed), None, tmp_path / "model")
    assert listing(tmp_path) == ["model"]
    assert listing(tmp_path / "model") == ["config.json", "generation_config.json", "model.safetensors"]
    assert torch.equal(convert.load(tmp_path / "model").embedding.weight, CodeModel(TINY, 2).embedding.weight)


def test_a_full_disk_is_one_sentence_and_the_last_folder_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert.save(CodeModel(TINY, 1), None, tmp_path / "model")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(convert, "save_file", full)
    with pytest.raises(AssayError, match=r"could not be written: No space left on device\. What was at .* untouched"):
        convert.save(CodeModel(TINY, 2), None, tmp_path / "model")
    assert listing(tmp_path) == ["model"]
    assert torch.equal(convert.load(tmp_path / "model").embedding.weight, CodeModel(TINY, 1).embedding.weight)


def test_a_failure_while_writing_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), replacing(tmp_path / "model") as partial:
        (partial / "half").touch()
        raise RuntimeError
    assert listing(tmp_path) == []


def test_a_folder_is_exchanged_where_the_file_system_cannot_do_it_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.models.network import folder

    monkeypatch.setattr(folder.ctypes, "CDLL", lambda *_, **__: object())
    for seed in (1, 2):
        convert.save(CodeModel(TINY, seed), None, tmp_path / "model")
    assert listing(tmp_path) == ["model"]
    assert torch.equal(convert.load(tmp_path / "model").embedding.weight, CodeModel(TINY, 2).embedding.weight)


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.5, 0.999])
def test_truncated_weights_are_one_sentence(keep: float, tmp_path: Path) -> None:
    saved("qwen3", tmp_path)
    weights = tmp_path / "model.safetensors"
    data = weights.read_bytes()
    weights.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(AssayError, match=r"weights in .* cannot be read: .*Copy the folder again\.$"):
        convert.load(tmp_path)


def test_a_missing_shard_is_one_sentence(tmp_path: Path) -> None:
    saved("qwen3", tmp_path, max_shard_size="20KB")
    sorted(tmp_path.glob("*.safetensors"))[1].unlink()
    with pytest.raises(AssayError, match=r"weights in .* cannot be read"):
        convert.load(tmp_path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"model_type": "llama"}, "its architecture is llama, and Assay's own network knows qwen2, qwen3, qwen3_moe"),
        ({"model_type": None}, "its architecture is not named"),
        ({"hidden_act": "gelu"}, "its hidden_act is 'gelu'"),
        ({"rope_parameters": {"rope_type": "yarn", "factor": 4.0}}, r"its positions are scaled \(yarn\)"),
        ({"vocab_size": "many"}, "its config.json holds a number that is none"),
        ({"num_key_value_heads": 3}, "4 query heads cannot be shared out to 3"),
        ({"hidden_size": 64}, r"is 96 x 32, but by config.json it is 96 x 64"),
        ({"num_hidden_layers": 3}, r"lack model.layers.2.input_layernorm.weight"),
    ],
)
def test_a_folder_that_is_something_else_is_one_sentence(change: dict, sentence: str, tmp_path: Path) -> None:
    saved("qwen3", tmp_path)
    settings = json.loads((tmp_path / "config.json").read_text()) | change
    (tmp_path / "config.json").write_text(json.dumps(settings))
    with pytest.raises(AssayError, match=sentence):
        convert.load(tmp_path)


def test_a_folder_without_its_parts_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r"holds no config.json"):
        convert.load(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(AssayError, match=r"is a file"):
        convert.load(tmp_path / "file")
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(AssayError, match=r"config.json cannot be read"):
        convert.load(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(TINY.as_hf()))
    with pytest.raises(AssayError, match=r"holds no weights"):
        convert.load(tmp_path)


def test_a_tokenizer_with_more_tokens_than_rows_is_refused(tmp_path: Path) -> None:
    tokenizer = tmp_path / "tokenizer"
    tokenizer.mkdir()
    vocab = {f"t{number}": number for number in range(60)}
    settings = {"model": {"vocab": vocab}, "added_tokens": [{"id": 64, "content": "<|x|>"}]}
    (tokenizer / "tokenizer.json").write_text(json.dumps(settings))
    with pytest.raises(AssayError, match=r"has 65 tokens and the model only 64 rows"):
        convert.save(CodeModel(TINY), tokenizer, tmp_path / "model")
    assert listing(tmp_path) == ["tokenizer"]
    settings["added_tokens"][0]["id"] = 63  # type: ignore[index]
    (tokenizer / "tokenizer.json").write_text(json.dumps(settings))
    (tokenizer / "chat_template.jinja").write_text("x")
    convert.save(CodeModel(TINY), tokenizer, tmp_path / "model")
    assert {"tokenizer.json", "chat_template.jinja"} <= set(listing(tmp_path / "model"))

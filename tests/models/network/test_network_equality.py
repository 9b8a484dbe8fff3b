"""The network computes what transformers computes, from its folders and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from theirs import KINDS, saved

from assay.models.network import convert
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel


def tokens(rows: int = 3, length: int = 17, seed: int = 0) -> torch.Tensor:
    return torch.randint(1, 96, (rows, length), generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("kind", KINDS)
def test_logits_are_those_of_transformers(kind: str, tmp_path: Path) -> None:
    theirs = saved(kind, tmp_path)
    ours = convert.load(tmp_path)
    with torch.no_grad():
        expected = theirs(tokens()).logits
        assert expected.std() > 1  # or equality would be easy
        torch.testing.assert_close(ours(tokens()).logits, expected, atol=1e-4, rtol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_to_a_folder_and_back_changes_no_bit(kind: str, tmp_path: Path) -> None:
    saved(kind, tmp_path / "theirs")
    ours = convert.load(tmp_path / "theirs")
    convert.save(ours, None, tmp_path / "ours")
    theirs_file, our_file = (load_file(tmp_path / name / "model.safetensors") for name in ("theirs", "ours"))
    assert theirs_file.keys() == our_file.keys()
    assert all(torch.equal(theirs_file[name], our_file[name]) for name in theirs_file)
    again = convert.load(tmp_path / "ours").state_dict()
    assert again.keys() == ours.state_dict().keys()
    assert all(torch.equal(tensor, again[name]) for name, tensor in ours.state_dict().items())


@pytest.mark.parametrize("architecture", ["qwen3", "qwen3_moe", "qwen2"])
@pytest.mark.parametrize("tied", [True, False])
def test_what_is_saved_loads_in_transformers_with_equal_logits(architecture: str, tied: bool, tmp_path: Path) -> None:
    moe = {"experts": 4, "top_k": 2, "expert_ffn": 16} if architecture == "qwen3_moe" else {}
    config = ModelConfig(
        architecture, 64, 32, 2, 4, 2, 16, 48, rope_theta=1e6, tied=tied, init_std=0.3, eos=(5, 6), pad=5, **moe
    )
    ours = CodeModel(config, seed=1)
    convert.save(ours, None, tmp_path / "model")
    theirs, report = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "model", output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"]
    assert theirs.config.rope_parameters["rope_theta"] == 1e6
    assert theirs.generation_config.eos_token_id == [5, 6]
    asked = tokens() % 64
    with torch.no_grad():
        torch.testing.assert_close(ours(asked).logits, theirs(asked).logits, atol=1e-4, rtol=0)
    assert sum(weight.numel() for weight in ours.parameters()) == config.parameters() == theirs.num_parameters()
    assert convert.load_config(tmp_path / "model") == config


@pytest.mark.parametrize("architecture", ["qwen3", "qwen3_moe", "qwen2"])
def test_transformers_continues_prompts_of_unlike_length_with_what_is_saved(architecture: str, tmp_path: Path) -> None:
    """Asked for the balancing loss by config.json, it failed: the mask of all tokens does not fit a new one."""
    moe = {"experts": 4, "top_k": 2, "expert_ffn": 16} if architecture == "qwen3_moe" else {}
    ours = CodeModel(ModelConfig(architecture, 64, 32, 2, 4, 2, 16, 48, init_std=0.3, pad=5, **moe), seed=1).eval()
    convert.save(ours, None, tmp_path / "model")
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "model")
    asked = [[7, 8, 9, 10, 11], [12, 13]]
    filled = torch.tensor([asked[0], [5, 5, 5, *asked[1]]])
    written = theirs.generate(filled, attention_mask=(filled != 5).long(), max_new_tokens=6, do_sample=False)
    for prompt, text in zip(asked, written, strict=True):
        ids = torch.tensor([[*prompt, *text[5:].tolist()]])
        assert ours(ids).logits[0, len(prompt) - 1 : -1].argmax(-1).tolist() == text[5:].tolist()


@pytest.mark.parametrize("name", ["", "a longer word that moves what comes after it"])
def test_loaded_weights_lie_where_torch_would_put_them(name: str, tmp_path: Path) -> None:
    """Products add up in another order elsewhere, and a run that was stopped would go on otherwise (docs/LOG.md)."""
    convert.save(CodeModel(ModelConfig("qwen3", 64, 32, 2, 4, 2, 16, 48)), None, tmp_path / "model")
    path = tmp_path / "model" / "model.safetensors"
    save_file(load_file(path), path, metadata={"format": "pt", "name": name})
    loaded = convert.load(tmp_path / "model")
    assert {weight.data_ptr() % 64 for weight in loaded.parameters()} == {0}


def test_the_configuration_has_the_spelling_of_every_loader(tmp_path: Path) -> None:
    config = ModelConfig("qwen3_moe", experts=8, top_k=2, expert_ffn=64, rope_theta=1e6)
    convert.save(CodeModel(config), None, tmp_path / "model")
    settings = json.loads((tmp_path / "model" / "config.json").read_text())
    assert settings["rope_theta"] == settings["rope_parameters"]["rope_theta"] == 1e6
    assert settings["num_experts"] == settings["num_local_experts"] == 8
    assert settings["dtype"] == settings["torch_dtype"] == "float32"
    old = {key: value for key, value in settings.items() if key not in ("rope_parameters", "num_local_experts")}
    new = {key: value for key, value in settings.items() if key not in ("rope_theta", "num_experts")}
    assert ModelConfig.from_hf(old) == ModelConfig.from_hf(new) == config


def test_weights_in_several_files_are_loaded(tmp_path: Path) -> None:
    theirs = saved("qwen3", tmp_path, max_shard_size="20KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 2
    with torch.no_grad():
        torch.testing.assert_close(convert.load(tmp_path)(tokens()).logits, theirs(tokens()).logits, atol=1e-4, rtol=0)


def test_large_weights_are_saved_in_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "_SHARD_BYTES", 20_000)
    ours = CodeModel(ModelConfig("qwen3", 64, 32, 2, 4, 2, 16, 48, init_std=0.3))
    convert.save(ours, None, tmp_path / "model")
    assert len(list((tmp_path / "model").glob("*.safetensors"))) > 2
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "model")
    with torch.no_grad():
        expected = ours(tokens() % 64).logits
        torch.testing.assert_close(theirs(tokens() % 64).logits, expected, atol=1e-4, rtol=0)
        assert torch.equal(convert.load(tmp_path / "model")(tokens() % 64).logits, expected)


@pytest.mark.parametrize("kind", ["qwen3", "qwen3_moe", "qwen2"])
def test_documents_packed_into_a_row_do_not_see_each_other(kind: str, tmp_path: Path) -> None:
    saved(kind, tmp_path)
    ours = convert.load(tmp_path)
    first, second = tokens(1, 9, seed=1), tokens(1, 6, seed=2)
    packed = torch.cat((first, second, torch.zeros(1, 3, dtype=torch.long)), dim=1)
    segments = torch.tensor([[1] * 9 + [2] * 6 + [0] * 3])
    with torch.no_grad():
        logits = ours(packed, segments).logits
        torch.testing.assert_close(logits[:, :9], ours(first).logits, atol=1e-4, rtol=0)
        torch.testing.assert_close(logits[:, 9:15], ours(second).logits, atol=1e-4, rtol=0)


def test_logits_can_be_had_at_some_places_only(tmp_path: Path) -> None:
    saved("qwen3", tmp_path)
    ours = convert.load(tmp_path)
    with torch.no_grad():
        some = ours(tokens(), select_S=torch.tensor([0, 20, 50])).logits
        torch.testing.assert_close(some, ours(tokens()).logits.flatten(0, 1)[[0, 20, 50]], atol=1e-5, rtol=0)


def test_the_balancing_loss_is_that_of_transformers_and_leaves_padding_out(tmp_path: Path) -> None:
    theirs = saved("qwen3_moe", tmp_path)
    ours = convert.load(tmp_path)
    attended = torch.ones(3, 17, dtype=torch.long)
    attended[1, 9:], attended[2, 4:] = 0, 0
    with torch.no_grad():
        plain = theirs(tokens(), output_router_logits=True).aux_loss
        masked = theirs(tokens(), attention_mask=attended, output_router_logits=True).aux_loss
        assert abs(plain - masked) > 1e-4
        torch.testing.assert_close(ours(tokens()).aux_loss, plain)
        torch.testing.assert_close(ours(tokens(), segments_BT=attended).aux_loss, masked)


def test_the_balancing_loss_trains_the_router(tmp_path: Path) -> None:
    saved("qwen3_moe", tmp_path)
    ours = convert.load(tmp_path)
    router = ours.blocks[0].ffn.router.weight
    before = ours(tokens()).aux_loss
    before.backward()
    assert router.grad is not None and router.grad.abs().max() > 0
    with torch.no_grad():
        for block in ours.blocks:
            block.ffn.router.weight -= 0.05 * block.ffn.router.weight.grad
        assert ours(tokens()).aux_loss < before


def test_statistics_tell_dead_experts(tmp_path: Path) -> None:
    config = ModelConfig("qwen3_moe", 64, 32, 2, 4, 2, 16, 48, experts=4, top_k=2, expert_ffn=16)
    ours = CodeModel(config)
    with torch.no_grad():
        ours.blocks[0].ffn.router.weight.zero_()  # ties: the same two experts for every token
        routing = ours(tokens() % 64).routing
    assert routing.load_LE.shape == (2, 4)
    torch.testing.assert_close(routing.load_LE.sum(dim=1), torch.ones(2))
    assert routing.load_LE[0].sort().values.tolist() == [0.0, 0.0, 0.5, 0.5]
    assert routing.dead >= 2
    assert routing.max_over_mean == pytest.approx(2.0)
    assert 1.0 < routing.entropy <= 1.3863


def test_the_grouped_product_of_gpus_is_the_loop_over_experts() -> None:
    config = ModelConfig("qwen3_moe", 64, 32, 1, 4, 2, 16, 48, experts=4, top_k=2, expert_ffn=16, init_std=0.3)
    experts = CodeModel(config).blocks[0].ffn
    rows, counts = torch.randn(10, 32), torch.tensor([3, 0, 6, 1])
    torch.testing.assert_close(experts._run_grouped(rows, counts), experts._run(rows, counts), atol=1e-5, rtol=1e-4)


def test_bfloat16_autocast_leaves_the_router_in_float32(tmp_path: Path) -> None:
    saved("qwen3_moe", tmp_path)
    ours = convert.load(tmp_path)
    with torch.autocast("cpu", torch.bfloat16):
        output = ours(tokens())
    assert output.logits.dtype == torch.bfloat16
    assert output.aux_loss.dtype == torch.float32
    (output.logits.float().mean() + output.aux_loss).backward()
    assert all(weight.grad is not None for weight in ours.parameters())


def test_the_same_seed_draws_the_same_weights() -> None:
    first, again, other = (CodeModel(ModelConfig(vocab=32), seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["embedding.weight"], other["embedding.weight"])

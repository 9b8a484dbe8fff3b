"""Networks to and from folders in the Hugging Face format, with the names and shapes that transformers writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from assay.errors import AssayError
from assay.models.network.config import ModelConfig
from assay.models.network.folder import replacing
from assay.models.network.model import CodeModel

TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
)
_SHARD_BYTES = 4 << 30
_INDEX = "model.safetensors.index.json"
_WHOLE = "model.safetensors"
_ALIGNMENT = 64  # bytes


def save(model: CodeModel, tokenizer_folder: Path | None, folder: Path, dtype: Any = None) -> None:
    """Write `folder` as a whole: weights, configuration, tokenizer. See `write` and `folder.replacing`."""
    with replacing(folder) as partial:
        write(model, tokenizer_folder, partial, dtype)


def write(model: CodeModel, tokenizer_folder: Path | None, folder: Path, dtype: Any = None) -> None:
    """Write the files into an existing folder. dtype: of the weights; None keeps theirs.

    tokenizer_folder: where the tokenizer's files are copied from; None: no tokenizer. Raises AssayError when it has
    more tokens than the model, OSError when the disk is full.
    """
    config = model.config
    weights = {name: tensor.detach().to("cpu", dtype).contiguous() for name, tensor in to_hf(model)}
    name_of_dtype = str(next(iter(weights.values())).dtype).removeprefix("torch.")
    if tokenizer_folder is not None:
        tokens = tokens_in(tokenizer_folder)
        if tokens > config.vocab:
            raise AssayError(
                f"The tokenizer in {tokenizer_folder} has {tokens:,} tokens and the model only {config.vocab:,} rows "
                "for them. Use the tokenizer that the model was made for."
            )
        for name in TOKENIZER_FILES:
            if (tokenizer_folder / name).is_file():
                shutil.copyfile(tokenizer_folder / name, folder / name)
    _write_json(folder / "config.json", config.as_hf(name_of_dtype))
    ends = {"bos_token_id": config.bos, "eos_token_id": list(config.eos) or None, "pad_token_id": config.pad}
    _write_json(folder / "generation_config.json", {key: value for key, value in ends.items() if value is not None})
    _write_weights(folder, weights)


def load(folder: Path, device: str = "cpu", dtype: Any = None) -> CodeModel:
    """The network in a local folder of Qwen2(.5-Coder), Qwen3 or Qwen3-MoE. dtype: None keeps that of the file.

    Raises AssayError, one sentence, for a folder that holds none, another architecture, or damaged weights.
    """
    config = load_config(folder)
    where = _shards(folder)
    if "lm_head.weight" not in where and not config.tied:
        raise AssayError(f"{folder} has no weights for the head (lm_head.weight). Copy the folder again.")
    files: dict[Path, Any] = {}

    def read(name: str, shape: tuple[int, ...]) -> torch.Tensor:
        if name not in where:
            raise AssayError(f"The weights in {folder} lack {name}. Copy the folder again, or check its config.json.")
        path = where[name]
        if path not in files:
            files[path] = safe_open(path, "pt", device=device)
        tensor = files[path].get_tensor(name)
        if tuple(tensor.shape) != shape:
            raise AssayError(
                f"{name} in {folder} is {_by(tensor.shape)}, but by config.json it is {_by(shape)}. "
                "The weights and config.json are not of one model."
            )
        return tensor if dtype is None else tensor.to(dtype)

    try:
        with torch.device("meta"):
            model = CodeModel(config)
        shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
        state = {name: _aligned(tensor) for name, tensor in from_hf(config, read, shapes).items()}
        model.load_state_dict(state, assign=True)
    except (SafetensorError, OSError) as error:
        raise AssayError(f"The weights in {folder} cannot be read: {error}. Copy the folder again.") from None
    return model


def _aligned(tensor: torch.Tensor) -> torch.Tensor:
    """The same at an address as torch itself gives; in a mapped file tensors lie anywhere.

    Matrix products (MKL) add up in another order where memory is not aligned to 64 bytes, so a run that was stopped and
    goes on from its file would differ in the last bits from one that was not.
    """
    return tensor.clone() if tensor.device.type == "cpu" and tensor.data_ptr() % _ALIGNMENT else tensor


def load_config(folder: Path) -> ModelConfig:
    """Its `config.json`. Raises AssayError for a folder that holds no model this network can be."""
    path = folder / "config.json"
    try:
        settings = json.loads(path.read_bytes())
        if not isinstance(settings, dict):
            raise ValueError("it is no object")
    except FileNotFoundError:
        raise AssayError(f"{folder} holds no config.json, so it is no model in the Hugging Face format.") from None
    except NotADirectoryError:
        raise AssayError(f"{folder} is a file. Name the folder that holds config.json and the weights.") from None
    except (OSError, ValueError) as error:
        raise AssayError(f"{path} cannot be read: {error}. Copy the folder again.") from None
    try:
        return ModelConfig.from_hf(settings)
    except AssayError as error:
        raise AssayError(f"{folder} cannot be loaded: {error}") from None


def tokens_in(folder: Path) -> int:
    """How many token ids the tokenizer of a folder uses: the largest and one. Raises AssayError."""
    path = folder / "tokenizer.json"
    try:
        settings = json.loads(path.read_bytes())
        ids = [*settings["model"]["vocab"].values(), *(token["id"] for token in settings.get("added_tokens", ()))]
        return 1 + max(ids, default=-1)
    except FileNotFoundError:
        raise AssayError(f"{folder} holds no tokenizer.json.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise AssayError(f"{path} cannot be read as a tokenizer. Copy the folder again.") from None


def to_hf(model: CodeModel) -> Iterable[tuple[str, torch.Tensor]]:
    """Names and tensors as transformers writes them: fused matrices taken apart, one entry an expert."""
    config = model.config
    yield "model.embed_tokens.weight", model.embedding.weight
    yield "model.norm.weight", model.norm.weight
    if model.head is not None:
        yield "lm_head.weight", model.head.weight
    rows = [count * config.head_dim for count in (config.heads, config.kv_heads, config.kv_heads)]
    for number, block in enumerate(model.blocks):
        at = f"model.layers.{number}."
        yield f"{at}input_layernorm.weight", block.attention_norm.weight
        yield f"{at}post_attention_layernorm.weight", block.ffn_norm.weight
        attention = block.attention
        for kind in ("weight", "bias"):
            fused = getattr(attention.qkv, kind)
            if fused is not None:
                for letter, part in zip("qkv", fused.split(rows), strict=True):
                    yield f"{at}self_attn.{letter}_proj.{kind}", part
        yield f"{at}self_attn.o_proj.weight", attention.out.weight
        if attention.q_norm is not None:
            yield f"{at}self_attn.q_norm.weight", attention.q_norm
            yield f"{at}self_attn.k_norm.weight", attention.k_norm
        if not config.is_moe:
            gate, up = block.ffn.gate_up.weight.chunk(2)
            yield f"{at}mlp.gate_proj.weight", gate
            yield f"{at}mlp.up_proj.weight", up
            yield f"{at}mlp.down_proj.weight", block.ffn.down.weight
            continue
        yield f"{at}mlp.gate.weight", block.ffn.router.weight
        for expert in range(config.experts):
            gate, up = block.ffn.gate_up[expert].chunk(2)
            yield f"{at}mlp.experts.{expert}.gate_proj.weight", gate
            yield f"{at}mlp.experts.{expert}.up_proj.weight", up
            yield f"{at}mlp.experts.{expert}.down_proj.weight", block.ffn.down[expert]


def from_hf(
    config: ModelConfig, read: Callable[[str, tuple[int, ...]], torch.Tensor], shapes: dict[str, tuple[int, ...]]
) -> dict[str, torch.Tensor]:
    """The inverse of `to_hf`: a state dict. read: gives the tensor of a name, which must have the shape."""
    width, heads, kv_heads = config.width, config.heads * config.head_dim, config.kv_heads * config.head_dim
    state = {
        "embedding.weight": read("model.embed_tokens.weight", (config.vocab, width)),
        "norm.weight": read("model.norm.weight", (width,)),
    }
    if not config.tied:
        state["head.weight"] = read("lm_head.weight", (config.vocab, width))
    for number in range(config.layers):
        at, here = f"model.layers.{number}.", f"blocks.{number}."
        state[f"{here}attention_norm.weight"] = read(f"{at}input_layernorm.weight", (width,))
        state[f"{here}ffn_norm.weight"] = read(f"{at}post_attention_layernorm.weight", (width,))
        parts = (("q", heads), ("k", kv_heads), ("v", kv_heads))
        state[f"{here}attention.qkv.weight"] = torch.cat(
            [read(f"{at}self_attn.{letter}_proj.weight", (rows, width)) for letter, rows in parts]
        )
        if f"{here}attention.qkv.bias" in shapes:
            state[f"{here}attention.qkv.bias"] = torch.cat(
                [read(f"{at}self_attn.{letter}_proj.bias", (rows,)) for letter, rows in parts]
            )
        state[f"{here}attention.out.weight"] = read(f"{at}self_attn.o_proj.weight", (width, heads))
        if f"{here}attention.q_norm" in shapes:
            for letter in "qk":
                name = f"self_attn.{letter}_norm.weight"
                state[f"{here}attention.{letter}_norm"] = read(f"{at}{name}", (config.head_dim,))
        if not config.is_moe:
            state[f"{here}ffn.gate_up.weight"], state[f"{here}ffn.down.weight"] = _feed_forward(
                read, f"{at}mlp.", width, config.ffn
            )
            continue
        state[f"{here}ffn.router.weight"] = read(f"{at}mlp.gate.weight", (config.experts, width))
        experts = [
            _feed_forward(read, f"{at}mlp.experts.{expert}.", width, config.expert_ffn)
            for expert in range(config.experts)
        ]
        state[f"{here}ffn.gate_up"] = torch.stack([gate_up for gate_up, _ in experts])
        state[f"{here}ffn.down"] = torch.stack([down for _, down in experts])
    return state


def _feed_forward(
    read: Callable[..., torch.Tensor], at: str, width: int, ffn: int
) -> tuple[torch.Tensor, torch.Tensor]:
    gate_up = [read(f"{at}{name}_proj.weight", (ffn, width)) for name in ("gate", "up")]
    return torch.cat(gate_up), read(f"{at}down_proj.weight", (width, ffn))


def _shards(folder: Path) -> dict[str, Path]:
    """Which file holds each tensor. Raises AssayError."""
    try:
        if (folder / _INDEX).is_file():
            index = json.loads((folder / _INDEX).read_bytes())["weight_map"]
            return {name: folder / file for name, file in index.items()}
        files = sorted(folder.glob("*.safetensors"))
        if not files:
            raise AssayError(f"{folder} holds no weights (model.safetensors). Copy them there, or check the path.")
        where: dict[str, Path] = {}
        for path in files:
            with safe_open(path, "pt") as file:
                where |= dict.fromkeys(file.keys(), path)
        return where
    except (SafetensorError, OSError, ValueError, KeyError, AttributeError) as error:
        raise AssayError(f"The weights in {folder} cannot be read: {error}. Copy the folder again.") from None


def _write_weights(folder: Path, weights: dict[str, torch.Tensor]) -> None:
    """One file, or numbered ones with an index where the weights are large."""
    shards: list[dict[str, torch.Tensor]] = [{}]
    room = _SHARD_BYTES
    for name, tensor in weights.items():
        if tensor.nbytes > room and shards[-1]:
            shards.append({})
            room = _SHARD_BYTES
        shards[-1][name] = tensor
        room -= tensor.nbytes
    if len(shards) == 1:
        _save_file(shards[0], folder / _WHOLE)
        return
    names = [f"model-{number:05}-of-{len(shards):05}.safetensors" for number in range(1, len(shards) + 1)]
    for name, shard in zip(names, shards, strict=True):
        _save_file(shard, folder / name)
    where = {tensor: name for name, shard in zip(names, shards, strict=True) for tensor in shard}
    total = sum(tensor.nbytes for tensor in weights.values())
    _write_json(folder / _INDEX, {"metadata": {"total_size": total}, "weight_map": where})


def _save_file(tensors: dict[str, torch.Tensor], path: Path) -> None:
    try:
        save_file(tensors, path, metadata={"format": "pt"})
    except SafetensorError as error:  # a full disk among others
        raise OSError(str(error)) from None


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _by(shape: Iterable[int]) -> str:
    return " x ".join(map(str, shape)) or "a number"

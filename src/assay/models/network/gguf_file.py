"""A folder as one GGUF file, which llama.cpp, Ollama and LM Studio run.

llama.cpp's own converter reads these folders too, but refuses every tokenizer whose vocabulary it does not know by its
hash, so each that was trained here. The file is the one it would write else: a test compares the two.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import torch

from assay.errors import AssayError
from assay.models.network import convert
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel

DTYPES = {
    "float32": gguf.GGMLQuantizationType.F32,
    "bfloat16": gguf.GGMLQuantizationType.BF16,
    "float16": gguf.GGMLQuantizationType.F16,
}
_FILE_TYPES = {
    "float32": gguf.LlamaFileType.ALL_F32,
    "bfloat16": gguf.LlamaFileType.MOSTLY_BF16,
    "float16": gguf.LlamaFileType.MOSTLY_F16,
}
_KINDS = {"qwen2": gguf.MODEL_ARCH.QWEN2, "qwen3": gguf.MODEL_ARCH.QWEN3, "qwen3_moe": gguf.MODEL_ARCH.QWEN3MOE}
_EXPERT = re.compile(r"\.experts\.\d+\.")


def write(folder: Path, file: Path, cut: str, dtype: str | None = None) -> None:
    """Write the network and the tokenizer of a Hugging Face folder into a GGUF file, whole or not at all.

    cut: llama.cpp's name for how the tokenizer cuts text (`tokenizer.ggml.pre`). dtype: a key of DTYPES, of the
    matrices; norms and routers are float32. None: as in the folder. The whole model is in memory meanwhile.
    Raises AssayError for a folder that holds no such model or tokenizer, and where the file cannot be written.
    """
    model = convert.load(folder)
    dtype = dtype or str(model.embedding.weight.dtype).removeprefix("torch.")
    if dtype not in DTYPES:
        raise AssayError(f"GGUF files hold no {dtype} here. Choose one of {', '.join(DTYPES)}.")
    if not model.config.normalise_top_k:
        raise AssayError(
            f"The experts' weights in {folder} do not sum to 1 (norm_topk_prob is false in config.json), and llama.cpp "
            "makes them: it would compute something else."
        )
    name = gguf.MODEL_ARCH_NAMES[_KINDS[model.config.architecture]]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{file.name}.partial-", dir=file.parent) as partial:
            made = Path(partial) / file.name
            writer = gguf.GGUFWriter(made, name)
            _describe(writer, model.config, _FILE_TYPES[dtype])
            _add_tokenizer(writer, folder, model.config, cut)
            for tensor, array, kind in _tensors(model, DTYPES[dtype]):
                writer.add_tensor(tensor, array, raw_dtype=kind)
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
            writer.close()
            made.replace(file)
    except OSError as error:
        raise AssayError(f"{file} could not be written: {error.strerror or error}. Name another file.") from None


def _describe(writer: gguf.GGUFWriter, config: ModelConfig, file_type: gguf.LlamaFileType) -> None:
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_block_count(config.layers)
    writer.add_context_length(config.context)
    writer.add_embedding_length(config.width)
    writer.add_feed_forward_length(config.ffn)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.kv_heads)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_rope_freq_base(config.rope_theta)
    writer.add_layer_norm_rms_eps(config.norm_eps)
    if config.is_moe:
        writer.add_expert_count(config.experts)
        writer.add_expert_used_count(config.top_k)
        writer.add_expert_feed_forward_length(config.expert_ffn)
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def _add_tokenizer(writer: gguf.GGUFWriter, folder: Path, config: ModelConfig, cut: str) -> None:
    """Vocabulary, merges, special tokens and chat template. Raises AssayError."""
    path = folder / "tokenizer.json"
    try:
        read = json.loads(path.read_bytes())
        vocabulary, added = read["model"]["vocab"], read.get("added_tokens") or []
        is_bytes = read["model"]["type"] == "BPE" and "ByteLevel" in json.dumps(read.get("pre_tokenizer"))
        by_id = {number: (token, gguf.TokenType.NORMAL) for token, number in vocabulary.items()}
        by_id |= {token["id"]: (token["content"], _type(token)) for token in added}
        special = gguf.SpecialVocab(folder, load_merges=True, n_vocab=config.vocab)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AssayError(f"{path} is no tokenizer that can be read: {error!r}. Copy the folder again.") from None
    if not is_bytes:
        raise AssayError(f"{path} is no byte-level BPE, as tokenizers of these models are. Use the model's own.")
    tokens = [by_id.get(number, (f"[PAD{number}]", gguf.TokenType.UNUSED)) for number in range(config.vocab)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(cut)
    writer.add_token_list([token for token, _ in tokens])
    writer.add_token_types([kind for _, kind in tokens])
    special.add_to_gguf(writer, quiet=True)


def _type(token: dict[str, Any]) -> gguf.TokenType:
    """Of an added token. Qwen2.5's holes ("<|fim_prefix|>") are not called special there, and are."""
    looks_special = token["content"].startswith("<|") and token["content"].endswith("|>")
    return gguf.TokenType.CONTROL if token["special"] or looks_special else gguf.TokenType.USER_DEFINED


def _tensors(model: CodeModel, kind: gguf.GGMLQuantizationType) -> Iterator[tuple[str, Any, gguf.GGMLQuantizationType]]:
    """(name, numbers, how they are stored); a layer's experts are one tensor each for gate, up and down."""
    config = model.config
    names = gguf.get_tensor_name_map(_KINDS[config.architecture], config.layers)
    experts: dict[str, list[torch.Tensor]] = {}
    for name, tensor in convert.to_hf(model):
        if _EXPERT.search(name):
            name = _EXPERT.sub(".experts.", name)
            stack = experts.setdefault(name, [])
            stack.append(tensor)
            if len(stack) < config.experts:
                continue
            tensor = torch.stack(experts.pop(name))
        known = names.get_name(name, try_suffixes=(".weight", ".bias"))
        assert known is not None, name
        exact = tensor.ndim == 1 or name.endswith(".mlp.gate.weight")
        stored = gguf.GGMLQuantizationType.F32 if exact else kind
        yield known, gguf.quantize(tensor.detach().float().numpy(), stored), stored

"""Tiny random models made by transformers: what Assay's own network is held to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers

SHAPE = {
    "vocab_size": 96,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "initializer_range": 0.3,
    "eos_token_id": 0,
    "pad_token_id": 0,
}
MIXTURE = {"num_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 24}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "qwen3": ("Qwen3", {"head_dim": 16}),
    "qwen3-tied": ("Qwen3", {"head_dim": 16, "tie_word_embeddings": True}),
    "qwen3_moe": ("Qwen3Moe", {"head_dim": 16, "norm_topk_prob": True, **MIXTURE}),
    "qwen3_moe-unnormalised": ("Qwen3Moe", {"head_dim": 8, "norm_topk_prob": False, **MIXTURE}),
    "qwen2": ("Qwen2", {}),
    "qwen2-tied": ("Qwen2", {"tie_word_embeddings": True}),
}


def make(kind: str, theta: float = 5_000.0) -> Any:
    """A model with random weights, norms and biases too, so that nothing is right by accident."""
    name, more = KINDS[kind]
    config = getattr(transformers, f"{name}Config")(
        **SHAPE, **more, rope_parameters={"rope_type": "default", "rope_theta": theta}
    )
    torch.manual_seed(3)
    model = getattr(transformers, f"{name}ForCausalLM")(config)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 1:
                weight.add_(torch.randn_like(weight) * 0.3)
    return model.float().eval()


def saved(kind: str, folder: Path, **options: Any) -> Any:
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    model = make(kind)
    model.save_pretrained(folder, **options)
    return model

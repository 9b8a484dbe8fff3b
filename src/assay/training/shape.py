"""The network that settings ask for."""

from __future__ import annotations

from assay.models.network.config import ModelConfig
from assay.training.config import TrainConfig
from assay.training.tokenizer import IM_END, Tokenizer

FFN = 3  # widths; SwiGLU's three matrices are then 2.25 of the usual two of 4 widths
TOP_K = 2


def model_config(config: TrainConfig, tokenizer: Tokenizer) -> ModelConfig:
    """Heads of 32 to 128 numbers, half or a quarter as many of them for keys and values, experts half as wide.

    Two experts then do as much for a token as the feed-forward layer they stand for, so a mixture and a dense model of
    one width cost the same products a token.
    """
    head_dim = 32 if config.width < 512 else 64 if config.width < 1536 else 128
    heads = config.width // head_dim
    groups = 2 if heads % 4 else min(4, heads // 2)
    kv_heads = max(1, heads // groups) if heads % groups == 0 else heads
    ends = [tokenizer.end_id]
    if tokenizer.special_id(IM_END) is not None:
        ends.append(tokenizer.special_id(IM_END) or 0)
    inner = FFN * config.width
    return ModelConfig(
        architecture="qwen3_moe" if config.experts else "qwen3",
        vocab=tokenizer.vocab_size if config.width < 512 else -(-tokenizer.vocab_size // 64) * 64,
        width=config.width,
        layers=config.layers,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        ffn=inner,
        experts=config.experts,
        top_k=TOP_K if config.experts else 0,
        expert_ffn=inner // TOP_K if config.experts else 0,
        context=config.context,
        eos=tuple(ends),
        pad=tokenizer.pad_id,
    )

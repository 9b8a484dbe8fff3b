"""A language model made on the spot: random weights, one token a character, a chat template; about 100 kB."""

from __future__ import annotations

from pathlib import Path

CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL = ("<|end|>", "<|user|>", "<|system|>", "<|assistant|>")


def make_checkpoint(
    folder: Path, *, chat: bool = True, kind: str = "llama", special: tuple[str, ...] = SPECIAL
) -> Path:
    """Save a tiny Llama or Qwen3 model with its tokenizer into `folder`. special: its special tokens, the end first."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import (
        LlamaConfig,
        LlamaForCausalLM,
        PreTrainedTokenizerFast,
        Qwen3Config,
        Qwen3ForCausalLM,
    )

    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    printable = "\n" + "".join(map(chr, range(32, 127)))
    alphabet = [token for character in printable for token, _ in byte_level.pre_tokenize_str(character)]
    vocabulary = {token: number for number, token in enumerate((*special, *alphabet))}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = byte_level
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=special[0], pad_token=special[0], additional_special_tokens=[*special[1:]]
    )
    if chat:
        fast.chat_template = CHAT_TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(5)
    shape = {"head_dim": 8} if kind == "qwen3" else {}
    make_config, make_model = (Qwen3Config, Qwen3ForCausalLM) if kind == "qwen3" else (LlamaConfig, LlamaForCausalLM)
    config = make_config(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        initializer_range=0.6,  # so that the most likely token is far ahead of the second
        eos_token_id=0,
        pad_token_id=0,
        tie_word_embeddings=False,
        dtype="float32",
        **shape,
    )
    make_model(config).save_pretrained(folder)
    return folder

"""GRPO with TRL's own trainer on a tiny model that is made here. Run by `test_trl_trainer.py` in TRL's environment.

The model has two layers, random weights and a vocabulary of whole Python words, so that by chance it writes a right
program now and then; what it learns, it learns from the rewards alone. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time

import torch
from datasets import Dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import GRPOConfig, GRPOTrainer

from assay.rewards.trl import code_reward

ANSWERS = {"first": " a", "second": " b", "both": " a + b", "less": " a - b", "times": " a * b"}
TESTS = {
    "first": ["assert first(2, 3) == 2", "assert first(7, 1) == 7"],
    "second": ["assert second(2, 3) == 3", "assert second(7, 1) == 1"],
    "both": ["assert both(2, 3) == 5", "assert both(7, 1) == 8"],
    "less": ["assert less(2, 3) == -1", "assert less(7, 1) == 6"],
    "times": ["assert times(2, 3) == 6", "assert times(7, 1) == 7"],
}
WORDS = [*ANSWERS.values(), " a // b", " b - a", " 7"]


def tokenizer() -> PreTrainedTokenizerFast:
    """One token per word of WORDS and per beginning of a function."""
    prompts = [prompt(name) for name in ANSWERS]
    vocabulary = {word: number for number, word in enumerate(["<pad>", "<eos>", "<unk>", *WORDS, *prompts])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split("\0", "isolated")  # prompts are single words
    made.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>", padding_side="left"
    )


def prompt(name: str) -> str:
    return f"def {name}(a, b):\n    return"


def main(steps: int) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    words = tokenizer()
    config = Qwen2Config(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=32,
        bos_token_id=None,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    rows = [{"prompt": prompt(name), "test_list": TESTS[name]} for name in ANSWERS] * 4
    with tempfile.TemporaryDirectory() as folder, code_reward("passes", jobs=1) as passes:
        settings = GRPOConfig(
            output_dir=folder,
            max_steps=steps,
            per_device_train_batch_size=80,
            num_generations=16,
            max_completion_length=1,
            learning_rate=1e-2,
            lr_scheduler_type="constant",
            beta=0.0,
            logging_steps=1,
            report_to=[],
            save_strategy="no",
            use_cpu=True,
            bf16=False,
            seed=0,
            disable_tqdm=True,
        )
        trainer = GRPOTrainer(
            model=Qwen2ForCausalLM(config),
            reward_funcs=[passes],
            args=settings,
            train_dataset=Dataset.from_list(rows),
            processing_class=words,
        )
        began = time.monotonic()
        trainer.train()
        history = [row for row in trainer.state.log_history if "reward" in row]
        result = {
            "steps": len(history),
            "rewards": [row["reward"] for row in history],
            "losses": [row["loss"] for row in history],
            "logged": sorted(name for name in history[-1] if "passes" in name),
            "counts": passes.reward.counts,
            "seconds": round(time.monotonic() - began, 2),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

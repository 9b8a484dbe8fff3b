"""How fast texts are written: Assay's network beside `generate()` of transformers, the same weights, interleaved.

    .venv/bin/python benchmarks/decoding.py --rounds 5

16 prompts of 40 to 59 tokens, 8 texts each, of at most 80 tokens, with a network of 1.05M parameters (or --width,
--layers, --experts). Three ways: greedy (and the texts of both must be equal), sampled to the limit, and sampled with
ends, where a text has 1.6% chance to end at every token, as answers do. What Assay sets for its process (freed memory
is kept) holds for both, since they share one. Needs the extra assay[checkpoint].
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from assay.models.network import convert
from assay.models.network.config import ModelConfig
from assay.models.network.generate import generate
from assay.models.network.memory import keep_freed_memory
from assay.models.network.model import CodeModel

PROMPTS, SAMPLES, MAX_TOKENS = 16, 8, 80
ENDS = tuple(range(16))  # of 1,024 tokens: a random network takes one of them about every 64th time


@dataclass(frozen=True)
class Cost:
    """Of one call. tokens: that count, up to the first end token."""

    tokens: int
    wall_s: float
    cpu_s: float


class Letters:
    """A tokenizer is not what is measured."""

    def decode(self, ids: list[int]) -> str:
        return ""


def main() -> None:
    args = _arguments()
    keep_freed_memory()
    config = ModelConfig(width=args.width, layers=args.layers, ffn=3 * args.width, init_std=0.05)
    if args.experts:
        config = replace(config, architecture="qwen3_moe", experts=args.experts, top_k=2, expert_ffn=config.ffn // 2)
    ours = CodeModel(config, seed=1).eval()
    theirs = _theirs(ours)
    prompts = _prompts(config.vocab)
    print(f"{config.parameters():,} parameters; torch {torch.__version__}; medians of {args.rounds} interleaved rounds")
    print(f"{'':28}{'threads':>8}{'tok/s':>10}{'tok/CPU-s':>11}{'wall':>7}{'CPU':>7}")
    for threads in args.threads:
        torch.set_num_threads(threads)
        for name, options in (
            ("greedy", {"temperature": 0.0}),
            ("sampled to the limit", {"temperature": 1.0}),
            ("sampled with ends", {"temperature": 1.0, "ends": ENDS}),
        ):
            ways = {
                "transformers": _ask_theirs(theirs, prompts, **options),
                "Assay": _ask_ours(ours, prompts, **options),
            }
            if name == "greedy":
                _must_agree(*(way() for way in ways.values()))
            costs = _interleaved(ways, args.rounds)
            for way, each in costs.items():
                base = costs["transformers"]
                wall = [cost.tokens / cost.wall_s for cost in each]
                cpu = [cost.tokens / cost.cpu_s for cost in each]
                by_wall, by_cpu = (
                    statistics.median(
                        one.tokens / getattr(one, kind) / (other.tokens / getattr(other, kind))
                        for one, other in zip(each, base, strict=True)
                    )
                    for kind in ("wall_s", "cpu_s")
                )
                figures = (statistics.median(wall), statistics.median(cpu), by_wall, by_cpu)
                label = f"{name}, {way}"
                print(
                    f"{label:<34}{threads:>2}{{:>10,.0f}}{{:>11,.0f}}{{:>6.1f}}x{{:>6.1f}}x".format(*figures),
                    flush=True,
                )


def _interleaved(ways: dict[str, Callable[[], list[list[int]]]], rounds: int) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way, call in ways.items():
            wall_s, cpu_s = time.perf_counter(), time.process_time()
            texts = call()
            cost = Cost(sum(map(len, texts)), time.perf_counter() - wall_s, time.process_time() - cpu_s)
            if number:  # the first round warms up
                costs[way].append(cost)
    return costs


def _ask_ours(model: CodeModel, prompts: list[list[int]], temperature: float, ends: tuple[int, ...] = ()) -> Any:
    config = replace(model.config, eos=ends)
    seeds = range(0, 100 * len(prompts), 100)

    def call() -> list[list[int]]:
        model.config = config
        written = generate(model, Letters(), prompts, SAMPLES, MAX_TOKENS, temperature=temperature, seeds=seeds)
        return [text.ids for texts in written for text in texts]

    return call


def _ask_theirs(model: Any, prompts: list[list[int]], temperature: float, ends: tuple[int, ...] = ()) -> Any:
    longest = max(map(len, prompts))
    rows = [[0] * (longest - len(prompt)) + prompt for prompt in prompts for _ in range(SAMPLES)]
    seen = [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts for _ in range(SAMPLES)]
    inputs = {"input_ids": torch.tensor(rows), "attention_mask": torch.tensor(seen)}
    how: dict[str, Any] = {"do_sample": False} if temperature == 0 else {"do_sample": True, "top_k": 0}

    def call() -> list[list[int]]:
        torch.manual_seed(0)
        options = {"max_new_tokens": MAX_TOKENS, "eos_token_id": list(ends) or None, "pad_token_id": 0, **how}
        with torch.inference_mode():
            texts = model.generate(**inputs, **options)[:, longest:].tolist()
        cut = [next((at + 1 for at, token in enumerate(text) if token in ends), MAX_TOKENS) for text in texts]
        return [text[:end] for text, end in zip(texts, cut, strict=True)]

    return call


def _must_agree(theirs: list[list[int]], ours: list[list[int]]) -> None:
    same = sum(one == other for one, other in zip(theirs, ours, strict=True))
    assert same >= len(ours) * 0.95, f"only {same} of {len(ours)} greedy texts are equal"
    print(f"{same} of {len(ours)} greedy texts are equal")


def _theirs(model: CodeModel) -> Any:
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as folder:
        convert.save(model, None, Path(folder) / "model")
        return transformers.AutoModelForCausalLM.from_pretrained(Path(folder) / "model", dtype=torch.float32).eval()


def _prompts(vocab: int) -> list[list[int]]:
    generator = torch.Generator().manual_seed(0)
    lengths = torch.randint(40, 60, (PROMPTS,), generator=generator).tolist()
    return [torch.randint(len(ENDS), vocab, (length,), generator=generator).tolist() for length in lengths]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed of writing texts beside transformers.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--experts", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()

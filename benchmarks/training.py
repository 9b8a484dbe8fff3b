"""Tokens per second of training: Assay's loop beside Hugging Face's Trainer and a bare PyTorch loop, in turns.

The same network (1M parameters by default), the same rows, the same optimizer (AdamW, fused), gradient clipping and
precision. Trainer trains transformers' Qwen3ForCausalLM; the bare loop trains Assay's own network with the fewest lines
that do so. Assay's loop also logs every step with losses by task. Each round runs all of them one after the other, so
that a busy machine slows them alike; ratios are taken within a round and their median is reported. Trainer's own
setting up is not counted. What `assay train` sets for its process (threads, freed memory is kept) holds for all of
them, since they share one.

    .venv/bin/python benchmarks/training.py --threads 1 2 --rounds 5 --steps 30
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel
from assay.training.batch import Batch, Document, make_batch
from assay.training.budget import Budget
from assay.training.config import TrainConfig
from assay.training.distributed import World
from assay.training.log import Log
from assay.training.loop import Run, step
from assay.training.memory import keep_freed_memory
from assay.training.objective import NextToken
from assay.training.optim import make_optimizers

VOCABULARY = 1024
RATE = 1e-3
Timed = tuple[float, float]  # wall and CPU seconds


class Rows:
    """Batches of random rows, all full: what a packed or length-sorted mixture comes close to."""

    def __init__(self, rows: int, length: int) -> None:
        self.rows, self.length = rows, length
        self._rng = np.random.default_rng(0)
        self._bytes = np.ones(VOCABULARY, np.int64)

    def next(self, token_budget: int) -> Batch:
        tokens = self._rng.integers(0, VOCABULARY, (self.rows, self.length))
        weights = np.ones(self.length, np.float32)
        return make_batch([[Document(row, weights, 0)] for row in tokens], self.length, 0, self._bytes)

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Always the same."""


class FakeTokenizer:
    """As much of one as the objective asks for."""

    vocab_size = VOCABULARY
    digit_ids = tuple(range(10))


def assay_loop(shape: ModelConfig, rows: Rows, precision: str, optimizer: str) -> Callable[[int], Timed]:
    """Assay's own step, as `assay train` runs it."""
    model = CodeModel(shape)
    config = TrainConfig(
        optimizer=optimizer, learning_rate=RATE, matrix_learning_rate=0.02, batch_tokens=1024, weight_decay=0.01
    )
    folder = Path(tempfile.mkdtemp(prefix="assay-bench-"))
    run = Run(
        config=config,
        folder=folder,
        model=model,
        compiled=model,
        optimizers=make_optimizers(model, config, precision),
        batches=rows,
        objective=NextToken(FakeTokenizer(), "cpu", precision),  # type: ignore[arg-type]
        tokenizer_folder=folder,
        world=World(),
        log=Log(folder / "log.jsonl"),
        warmup=10,
        budget=Budget(tokens=1 << 40),
        flops_per_token=shape.flops_per_token(rows.length),
        peak_flops=1e11,
    )
    return lambda steps: _timed(lambda: step(run), steps)


def bare_loop(shape: ModelConfig, rows: Rows, precision: str) -> Callable[[int], Timed]:
    """The fewest lines that train Assay's network."""
    model = CodeModel(shape)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, fused=True)

    def one() -> None:
        tokens = torch.from_numpy(rows.next(0).tokens_BT)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            logits = model(tokens[:, :-1]).logits
        loss = F.cross_entropy(logits.float().flatten(0, 1), tokens[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return lambda steps: _timed(one, steps)


def trainer(shape: ModelConfig, rows: Rows, precision: str) -> Callable[[int], Timed]:
    """Hugging Face's Trainer with transformers' network."""
    from transformers import Qwen3Config, Qwen3ForCausalLM, Trainer, TrainerCallback, TrainingArguments

    model = Qwen3ForCausalLM(Qwen3Config(**{**shape.as_hf(), "use_cache": False}))

    class Clock(TrainerCallback):  # type: ignore[misc]
        """From the beginning of the first step to the end of the last."""

        began: Timed = (0.0, 0.0)
        ended: Timed = (0.0, 0.0)

        def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.global_step == 0:
                self.began = (time.perf_counter(), time.process_time())

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.ended = (time.perf_counter(), time.process_time())

    def run(steps: int) -> Timed:
        tokens = np.concatenate([rows.next(0).tokens_BT for _ in range(steps)])
        data = [{"input_ids": torch.from_numpy(row), "labels": torch.from_numpy(row)} for row in tokens]
        clock = Clock()
        arguments = TrainingArguments(
            output_dir=tempfile.mkdtemp(prefix="assay-bench-"),
            per_device_train_batch_size=rows.rows,
            max_steps=steps,
            learning_rate=RATE,
            optim="adamw_torch_fused",
            max_grad_norm=1.0,
            bf16=precision == "bf16",
            use_cpu=True,
            logging_steps=10,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
        )
        Trainer(model=model, args=arguments, train_dataset=data, callbacks=[clock]).train()
        return clock.ended[0] - clock.began[0], clock.ended[1] - clock.began[1]

    return run


def _timed(work: Callable[[], None], times: int) -> Timed:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--rows", type=int, default=10)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    args = parser.parse_args()
    heads = args.width // 32
    shape = ModelConfig(
        vocab=VOCABULARY, width=args.width, layers=args.layers, heads=heads, kv_heads=heads // 2, ffn=3 * args.width
    )
    rows = Rows(args.rows, args.length)
    keep_freed_memory()
    runners = {
        "assay": assay_loop(shape, rows, args.precision, "adamw"),
        "assay, Muon": assay_loop(shape, rows, args.precision, "muon"),
        "bare PyTorch loop": bare_loop(shape, rows, args.precision),
        "Hugging Face Trainer": trainer(shape, rows, args.precision),
    }
    print(
        f"{shape.parameters():,} parameters, {args.rows} x {args.length} tokens a step, {args.precision}, "
        f"torch {torch.__version__}, {args.rounds} rounds of {args.steps} steps"
    )
    for threads in args.threads:
        torch.set_num_threads(threads)
        for run in runners.values():
            run(3)
        found: dict[str, list[Timed]] = {name: [] for name in runners}
        for _ in range(args.rounds):
            for name, run in runners.items():
                found[name].append(run(args.steps))
        _print(threads, found, args.steps * args.rows * args.length)


def _print(threads: int, found: Mapping[str, list[Timed]], tokens: int) -> None:
    print(f"\n{threads} thread{'s' * (threads > 1)}")
    print(f"{'':24}{'tokens/s':>10}{'a CPU-s':>10}{'assay is':>10}{'by CPU':>10}")
    for name, times in found.items():
        wall, cpu = (statistics.median(tokens / one[kind] for one in times) for kind in (0, 1))
        ratios = [
            statistics.median(other[kind] / own[kind] for own, other in zip(found["assay"], times, strict=True))
            for kind in (0, 1)
        ]
        print(f"{name:24}{wall:10,.0f}{cpu:10,.0f}{ratios[0]:9.2f}x{ratios[1]:9.2f}x")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

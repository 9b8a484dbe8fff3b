"""Tokens per second of training: Assay's loop beside Hugging Face's Trainer and a bare PyTorch loop, in turns.

The same network (1M parameters by default), the same rows, the same optimizer (AdamW, fused), gradient clipping and
precision. Trainer trains transformers' Qwen3ForCausalLM; the bare loop trains Assay's own network with the fewest lines
that do so. Assay's loop also logs every step with losses by task. Each round runs all of them one after the
other, another one first each time, so that a busy machine slows them alike; ratios are taken within a round and their
median is reported. Trainer's own setting up is not counted. What `assay train` sets for its process (threads, freed
memory is kept) holds for all of them, since they share one.

Rows are all full, and the same for everybody. With --forge they are real examples (of a folder that `assay forge`
wrote, cut into tokens by a tokenizer trained on it) and each side makes its own batches of them as it does by itself:
Assay and the bare loop sort what they draw by length, Trainer takes them as they come and, in a line of its own, with
its option to group by length. Only the tokens of examples are counted then, no filling.

    .venv/bin/python benchmarks/training.py --threads 1 2 --rounds 5 --steps 30
    .venv/bin/assay forge --seed 1 --brief --count 4000 --test 100 --out runs/bench-tasks
    .venv/bin/python benchmarks/training.py --threads 1 2 --rounds 5 --steps 30 --forge runs/bench-tasks
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

from assay.errors import AssayError
from assay.models.network.config import ModelConfig
from assay.models.network.memory import keep_freed_memory
from assay.models.network.model import CodeModel
from assay.training.batch import Batch, Document, make_batch
from assay.training.budget import Budget
from assay.training.config import TrainConfig
from assay.training.data import open_data, open_sources, open_tokenizer
from assay.training.distributed import World
from assay.training.log import Log
from assay.training.loop import Run, step
from assay.training.objective import NextToken
from assay.training.optim import make_optimizers
from assay.training.watch import Watch

VOCABULARY = 1024
RATE = 1e-3
Timed = tuple[int, float, float]  # tokens, wall and CPU seconds


class Rows:
    """Batches of random rows, all full: what a packed or length-sorted mixture comes close to."""

    vocabulary = VOCABULARY

    def __init__(self, rows: int, length: int) -> None:
        self.rows, self.length = rows, length
        self.tokens = 0  # drawn so far
        self._rng = np.random.default_rng(0)
        self._bytes = np.ones(VOCABULARY, np.int64)

    def next(self, token_budget: int) -> Batch:
        tokens = self._rng.integers(0, VOCABULARY, (self.rows, self.length))
        weights = np.ones(self.length, np.float32)
        self.tokens += tokens.size
        return make_batch([[Document(row, weights, 0)] for row in tokens], self.length, 0, self._bytes)

    def examples(self, batches: int) -> list[dict[str, torch.Tensor]]:
        """As many as batches take, for Trainer."""
        rows = [torch.from_numpy(row) for _ in range(batches) for row in self.next(0).tokens_BT]
        return [{"input_ids": row, "labels": row} for row in rows]

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Always the same."""


class Examples:
    """Batches of real examples, drawn and sorted by Assay's own mixture."""

    def __init__(self, forge: Path, rows: int, length: int) -> None:
        config = TrainConfig(forge=str(forge), batch_tokens=rows * length).resolved()
        tokenizer = open_tokenizer(config, open_sources(config), Path(tempfile.mkdtemp(prefix="assay-bench-")), Watch())
        self._mixture = open_data(config, tokenizer, "cpu", Watch()).batches
        self.vocabulary, self.length, self.tokens = tokenizer.vocab_size, length, 0
        self._budget = rows * length
        self._rng = np.random.default_rng(0)
        drawn = [self._mixture.next(self._budget) for _ in range(200)]
        self.rows = round(sum(batch.documents for batch in drawn) / len(drawn))  # of a batch, on average
        self.padding = 1 - sum(batch.tokens for batch in drawn) / sum(batch.tokens_BT.size for batch in drawn)

    def next(self, token_budget: int) -> Batch:
        batch = self._mixture.next(self._budget)
        self.tokens += batch.tokens
        return batch

    def examples(self, batches: int) -> list[dict[str, torch.Tensor]]:
        """As many as batches take, for Trainer, in the order in which they could have been drawn."""
        rows: list[dict[str, torch.Tensor]] = []
        while len(rows) < batches * self.rows:
            batch = self._mixture.next(self._budget)
            for tokens, segments, weights in zip(batch.tokens_BT, batch.segments_BT, batch.weights_BT, strict=True):
                ids = torch.from_numpy(tokens[segments > 0])
                learnt = torch.from_numpy(weights[segments > 0] > 0)
                rows.append({"input_ids": ids, "labels": ids.where(learnt, -100)})
        order = self._rng.permutation(len(rows))[: batches * self.rows]
        self.tokens += sum(len(rows[number]["input_ids"]) for number in order)
        return [rows[number] for number in order]

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes on."""


RowsOrExamples = Rows | Examples


class FakeTokenizer:
    """As much of one as the objective asks for."""

    digit_ids = tuple(range(10))

    def __init__(self, vocabulary: int) -> None:
        self.vocab_size = vocabulary


def assay_loop(shape: ModelConfig, rows: RowsOrExamples, precision: str, optimizer: str) -> Callable[[int], Timed]:
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
        objective=NextToken(FakeTokenizer(rows.vocabulary), "cpu", precision),  # type: ignore[arg-type]
        tokenizer_folder=folder,
        world=World(),
        log=Log(folder / "log.jsonl"),
        warmup=10,
        budget=Budget(tokens=1 << 40),
        flops_per_token=shape.flops_per_token(rows.length),
        peak_flops=1e11,
    )
    return lambda steps: _timed(lambda: step(run), steps, rows)


def bare_loop(shape: ModelConfig, rows: RowsOrExamples, precision: str) -> Callable[[int], Timed]:
    """The fewest lines that train Assay's network."""
    model = CodeModel(shape)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, fused=True)

    def one() -> None:
        batch = rows.next(0)
        tokens, learnt = torch.from_numpy(batch.tokens_BT), torch.from_numpy(batch.weights_BT > 0)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            logits = model(tokens[:, :-1]).logits
        targets = tokens.where(learnt, -100)[:, 1:]
        loss = F.cross_entropy(logits.float().flatten(0, 1), targets.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return lambda steps: _timed(one, steps, rows)


def _fill_up(rows: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """A batch as long as its longest row, as transformers' own collators make it."""
    pad = torch.nn.utils.rnn.pad_sequence
    ids = [row["input_ids"] for row in rows]
    batch = {"input_ids": pad(ids, batch_first=True), "labels": pad([r["labels"] for r in rows], True, -100)}
    if len({len(each) for each in ids}) > 1:
        batch["attention_mask"] = pad([torch.ones_like(each) for each in ids], batch_first=True)
    return batch


def trainer(
    shape: ModelConfig, rows: RowsOrExamples, precision: str, sampling: str = "random"
) -> Callable[[int], Timed]:
    """Hugging Face's Trainer with transformers' network. sampling: its `train_sampling_strategy`."""
    from transformers import Qwen3Config, Qwen3ForCausalLM, Trainer, TrainerCallback, TrainingArguments

    model = Qwen3ForCausalLM(Qwen3Config(**{**shape.as_hf(), "use_cache": False}))

    class Clock(TrainerCallback):  # type: ignore[misc]
        """From the beginning of the first step to the end of the last."""

        began = (0.0, 0.0)
        ended = (0.0, 0.0)

        def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.global_step == 0:
                self.began = (time.perf_counter(), time.process_time())

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.ended = (time.perf_counter(), time.process_time())

    def run(steps: int) -> Timed:
        tokens = rows.tokens
        data = rows.examples(steps)
        clock = Clock()
        arguments = TrainingArguments(
            output_dir=tempfile.mkdtemp(prefix="assay-bench-"),
            per_device_train_batch_size=rows.rows,
            max_steps=steps,
            train_sampling_strategy=sampling,
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
        Trainer(model=model, args=arguments, train_dataset=data, data_collator=_fill_up, callbacks=[clock]).train()
        return rows.tokens - tokens, clock.ended[0] - clock.began[0], clock.ended[1] - clock.began[1]

    return run


def _timed(work: Callable[[], None], times: int, rows: RowsOrExamples) -> Timed:
    tokens, wall, cpu = rows.tokens, time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    return rows.tokens - tokens, time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--rows", type=int, default=10)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--forge", type=Path)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    args = parser.parse_args()
    try:
        rows = Examples(args.forge, args.rows, args.length) if args.forge else Rows(args.rows, args.length)
    except AssayError as error:
        parser.error(str(error))
    heads = args.width // 32
    shape = ModelConfig(
        vocab=rows.vocabulary,
        width=args.width,
        layers=args.layers,
        heads=heads,
        kv_heads=heads // 2,
        ffn=3 * args.width,
    )
    keep_freed_memory()
    runners = {
        "assay": assay_loop(shape, rows, args.precision, "adamw"),
        "assay, Muon": assay_loop(shape, rows, args.precision, "muon"),
        "bare PyTorch loop": bare_loop(shape, rows, args.precision),
        "Hugging Face Trainer": trainer(shape, rows, args.precision),
    }
    if isinstance(rows, Examples):
        runners["Trainer, by length"] = trainer(shape, rows, args.precision, "group_by_length")
    print(
        f"{shape.parameters():,} parameters, {args.rows} x {args.length} tokens a step, {args.precision}, "
        f"torch {torch.__version__}, {args.rounds} rounds of {args.steps} steps"
    )
    if isinstance(rows, Examples):
        print(f"examples of {args.forge}: {rows.rows} a batch, {rows.padding:.1%} filling in Assay's batches")
    for threads in args.threads:
        torch.set_num_threads(threads)
        for run in runners.values():
            run(args.steps)  # products are prepared by shape, and real examples have many
        found: dict[str, list[Timed]] = {name: [] for name in runners}
        names = list(runners)
        for number in range(args.rounds):
            # Who follows whom matters: caches and the processor's clock are as the one before left them.
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                found[name].append(runners[name](args.steps))
        _print(threads, found)


def _print(threads: int, found: Mapping[str, list[Timed]]) -> None:
    print(f"\n{threads} thread{'s' * (threads > 1)}")
    print(f"{'':24}{'tokens/s':>10}{'a CPU-s':>10}{'assay is':>10}{'by CPU':>10}")
    for name, times in found.items():
        wall, cpu = (statistics.median(one[0] / one[kind] for one in times) for kind in (1, 2))
        ratios = [
            statistics.median(
                (own[0] / own[kind]) / (other[0] / other[kind])
                for own, other in zip(found["assay"], times, strict=True)
            )
            for kind in (1, 2)
        ]
        print(f"{name:24}{wall:10,.0f}{cpu:10,.0f}{ratios[0]:9.2f}x{ratios[1]:9.2f}x")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

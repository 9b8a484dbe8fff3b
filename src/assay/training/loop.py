"""The training loop: one step after the other until the budget is used up, checked and saved on the way.

The same loop runs in one process on a laptop and in many under `torchrun`. What it steps over (next tokens, pairs of
preferred answers) is the objective's business.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from assay.errors import AssayError
from assay.models.network.model import CodeModel
from assay.training import checkpoints
from assay.training.batch import Batch
from assay.training.budget import Budget
from assay.training.config import TrainConfig
from assay.training.data import Batches
from assay.training.distributed import World, sum_gradients, whole
from assay.training.log import Log
from assay.training.objective import Sums
from assay.training.optim import clip_gradients, set_rates
from assay.training.schedule import batch_tokens_at, rate_at
from assay.training.watch import Watch

SAVE_EVERY_S = 600.0  # besides the checks: what a crash may cost at most
# A small model is saved in a tenth of a second, so a crash need not cost minutes: often, in a hundredth of the time.
SAVE_AFTER_S, SAVE_SHARE = 20.0, 0.01
MICRO_TOKENS = {"cpu": 16_384, "cuda": 65_536}  # that go through the network at once; a step may be several


class Objective(Protocol):
    """What is minimised over batches."""

    def weight(self, batch: Any) -> float:
        """By which the sum of losses is divided."""

    def loss(self, model: CodeModel, batch: Any, part: int, parts: int) -> tuple[Tensor, Sums]:
        """The sum of weighted losses over one of so many parts of a batch, and what it is made of."""


class Diverged(AssayError):
    """The loss or the gradient is no number any more."""


@dataclass
class Run:
    """Everything a loop needs and changes.

    model: what is saved; compiled: what is called, the same weights. record: becomes `assay.json`, grows on the way.
    check: answers held-out tasks, for the log; read: foretells held-out files; None leaves either out.
    flops_per_token, peak_flops: for the MFU.
    """

    config: TrainConfig
    folder: Path
    model: CodeModel
    compiled: Any
    optimizers: Sequence[torch.optim.Optimizer]
    batches: Batches
    objective: Objective
    tokenizer_folder: Path
    world: World
    log: Log | None
    warmup: int
    record: dict[str, Any] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    check: Callable[[CodeModel], Mapping[str, Any]] | None = None
    read: Callable[[CodeModel], Mapping[str, Any]] | None = None
    card: checkpoints.Card | None = None
    flops_per_token: int = 0
    peak_flops: float = 0.0
    watch: Watch = field(default_factory=Watch)
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=50))  # bits per byte of the last steps

    @property
    def model_folder(self) -> Path:
        return self.folder / "model"


def train(run: Run) -> None:
    """Step until the budget is used up. Raises Diverged; the last good checkpoint is then still there."""
    budget, config = run.budget, run.config
    run.model.train()
    checks_done = math.floor(budget.progress * config.checks + 1e-9)
    saved_s, pause_s = budget.spent_s, SAVE_AFTER_S
    while not budget.finished:
        step(run)
        due = math.floor(budget.progress * config.checks + 1e-9)
        if due > checks_done or budget.finished:
            checks_done = due
            _mark_curve(run)
            check(run)
            save(run)
            saved_s = budget.spent_s
        elif budget.spent_s - saved_s > pause_s:
            begun = time.perf_counter()
            save(run)
            took_s = run.world.share(time.perf_counter() - begun)
            saved_s, pause_s = budget.spent_s, min(SAVE_EVERY_S, max(SAVE_AFTER_S, took_s / SAVE_SHARE))


def step(run: Run) -> None:
    """One update of the weights from one batch, and its row in the log."""
    begun = time.perf_counter()
    budget, config, world = run.budget, run.config, run.world
    progress = budget.progress
    batches = draw(run, batch_tokens_at(progress, config.batch_tokens))
    weight = sum(map(run.objective.weight, batches))
    sums = accumulate(run, batches, weight)
    sum_gradients(run.model, world)
    norm = whole(clip_gradients(run.model, config.clip))
    report = sums.report(weight, sum(batch.learnt_bytes for batch in batches))
    if not math.isfinite(report["loss"]) or not math.isfinite(norm):
        raise Diverged(_diverged(run))
    factor = rate_at(progress, budget.steps, run.warmup)
    set_rates(run.optimizers, factor)
    for optimizer in run.optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    tokens = sum(batch.tokens for batch in batches)
    took_s = world.share(time.perf_counter() - begun)
    replanned = budget.add(tokens, took_s)
    run.recent.append(report["bits_per_byte"])
    if run.log is None:
        return
    row = run.log.write(
        "step",
        budget.steps,
        tokens=budget.seen,
        progress=round(budget.progress, 6),
        **report,
        grad_norm=float(norm),
        rate=factor,
        batch=tokens,
        padding=round(1 - tokens / sum(batch.tokens_BT.size for batch in batches), 4),
        seconds=round(budget.spent_s, 4),
        tokens_per_s=round(tokens / took_s, 1),
        mfu=round(tokens * run.flops_per_token / took_s / run.peak_flops, 4) if run.peak_flops else 0.0,
    )
    if replanned:
        run.log.write("plan", budget.steps, tokens=round(budget.total), seconds=round(budget.spent_s, 2))
    run.watch.step(row)


def draw(run: Run, budget: int) -> list[Batch]:
    """Batches of together about so many tokens, each small enough to go through the network at once."""
    most = MICRO_TOKENS[torch.device(run.world.device).type] * run.world.size
    parts = max(1, math.ceil(budget / most))
    return [run.batches.next(budget // parts) for _ in range(parts)]


def accumulate(run: Run, batches: Sequence[Batch], weight: float) -> Sums:
    """Gradients of the mean loss over all batches and processes; each process takes its part."""
    world, sums = run.world, None
    sharded = world.size > 1 and run.config.parallel == "fsdp"
    for batch in batches:
        loss, own = run.objective.loss(run.compiled, batch, world.rank, world.size)
        loss = loss / max(weight, 1e-9)
        if own.aux_loss is not None:
            loss = loss + run.model.config.aux_weight * own.aux_loss / (len(batches) * world.size)
        # FSDP2 takes the mean over processes where copies are added up.
        (loss * world.size if sharded else loss).backward()
        if sums is None:
            sums = own
        else:
            sums.add(own)
    assert sums is not None
    world.sum_(sums.totals)
    return sums


def _mark_curve(run: Run) -> None:
    """A point of the short curve in the record, for the model card."""
    if run.recent:
        point = {"tokens": run.budget.seen, "bits_per_byte": round(sum(run.recent) / len(run.recent), 4)}
        run.record.setdefault("curve", []).append(point)


def check(run: Run) -> None:
    """Answer held-out tasks and read held-out files with the weights as they are; time that is no training."""
    if run.check is None and run.read is None:
        return
    model = checkpoints.whole_model(run.model, run.world)
    if run.world.is_first and run.log is not None:
        if run.check is not None:
            row = _measure(run, "check", run.check, model)
            run.record["executed"] = {key: value for key, value in row.items() if key not in ("kind", "samples")}
            run.record.setdefault("curve", [])[-1]["pass@1"] = row["pass@1"]
            run.watch.check(row)
        if run.read is not None:
            row = _measure(run, "held_out", run.read, model)
            run.record["held_out"] = {key: value for key, value in row.items() if key != "kind"}
            run.record.setdefault("curve", [])[-1]["held_out"] = row["bits_per_byte"]
            run.watch.held_out(row)
    run.world.wait()


def _measure(
    run: Run, kind: str, measure: Callable[[CodeModel], Mapping[str, Any]], model: CodeModel
) -> Mapping[str, Any]:
    """What it found, as a row of the log."""
    assert run.log is not None
    begun = time.monotonic()
    found = measure(model)
    took_s = round(time.monotonic() - begun, 2)
    return run.log.write(kind, run.budget.steps, tokens=run.budget.seen, took_s=took_s, **found)


def save(run: Run) -> None:
    """Replace the checkpoint by one of this moment. Raises AssayError where the disk is full; the last one stays."""
    model = checkpoints.whole_model(run.model, run.world)
    moments = checkpoints.optimizers_state(run.optimizers, run.model)
    if run.world.is_first and run.log is not None:
        run.log.flush()
        budget = run.budget
        run.record |= {
            "steps": budget.steps,
            "tokens": budget.seen,
            "seconds": round(budget.spent_s, 2),
            "finished": budget.finished,
        }
        state = {
            "optimizers": moments,
            "batches": run.batches.state(),
            "budget": budget.state(),
            "random": torch.get_rng_state(),
            "recent": list(run.recent),
        }
        checkpoints.save(run.model_folder, model, run.tokenizer_folder, run.record, state, run.card)
        run.watch.saved(run.model_folder, budget.steps)
    run.world.wait()


def restore(run: Run, state: Mapping[str, Any]) -> None:
    """Go on where a checkpoint was written; weights are loaded already."""
    checkpoints.restore_optimizers(run.optimizers, run.model, state["optimizers"])
    run.batches.restore(state["batches"])
    run.budget = Budget.from_state(state["budget"])
    torch.set_rng_state(state["random"])
    run.recent.extend(state.get("recent", ()))  # older checkpoints have none


def _diverged(run: Run) -> str:
    kept = run.model_folder
    stays = f"The last good checkpoint stays in {kept}." if kept.exists() else "No checkpoint was written yet."
    return (
        f"The loss is not a number any more, at step {run.budget.steps + 1}. {stays} "
        "Start again into another --out with lower learning rates (--learning-rate, --matrix-learning-rate), "
        "or look at the data of that step."
    )

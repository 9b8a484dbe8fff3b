"""`assay train`: from settings to a trained folder, or on from where it was stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from assay.errors import AssayError
from assay.models.network import convert
from assay.models.network.memory import keep_freed_memory
from assay.models.network.model import CodeModel
from assay.sandbox.warm import SandboxUnavailable
from assay.training import checkpoints, peak
from assay.training.budget import Budget
from assay.training.config import SHAPE, TrainConfig, as_toml, flag
from assay.training.data import Data, open_data, open_sources, open_tokenizer
from assay.training.distributed import World, joined_world, shard
from assay.training.log import Log
from assay.training.loop import Objective, Run, restore, train
from assay.training.objective import NextToken
from assay.training.optim import make_optimizers
from assay.training.record import MODEL, model_folder, read_record, versions
from assay.training.scale import SCALES
from assay.training.shape import model_config
from assay.training.tokenizer import Tokenizer
from assay.training.watch import Watch

LOG, SETTINGS, TOKENIZER = "log.jsonl", "settings.toml", "tokenizer"
HELD_OUT = 100  # tasks a check asks


@dataclass(frozen=True)
class Stage:
    """What makes pre-training, fine-tuning and preference training different.

    open: settings (with "auto" resolved), tokenizer, model, device -> data. objective: tokenizer, device, precision ->
    what is minimised.
    """

    name: str
    open: Callable[[TrainConfig, Tokenizer, CodeModel, str, Watch], Data]
    objective: Callable[[TrainConfig, Tokenizer, str, str], Objective]


PRETRAIN = Stage(
    "pretrain",
    lambda config, tokenizer, _, device, watch: open_data(config, tokenizer, device, watch),
    lambda _, tokenizer, device, precision: NextToken(tokenizer, device, precision),
)


def run_training(
    config: TrainConfig,
    out: Path,
    watch: Watch | None = None,
    card: checkpoints.Card | None = None,
    stage: Stage = PRETRAIN,
) -> Path:
    """Train into `out`, or go on there; the folder of the model.

    `out` gets `settings.toml`, `log.jsonl`, the tokenizer and `model/`, which is always the newest checkpoint. Called
    again with the same settings it goes on where the checkpoint was written; a timed run may get other minutes.
    Raises AssayError.
    """
    keep_freed_memory()
    with joined_world() as world, ExitStack() as stack:
        watch = stack.enter_context(watch) if watch is not None and world.is_first else Watch()
        log = stack.enter_context(Log(out / LOG)) if world.is_first else None
        world.wait()
        run = _prepare(config, out, stage, world, log, watch, stack)
        run.card = card
        if run.budget.finished:
            watch.say(f"{out / MODEL} is finished already; choose another --out to train again")
        train(run)
    return out / MODEL


def _prepare(
    config: TrainConfig, out: Path, stage: Stage, world: World, log: Log | None, watch: Watch, stack: ExitStack
) -> Run:
    """Everything up to the first step. What can be refused is refused here."""
    going_on = (out / MODEL).exists()
    model, record, state = checkpoints.load(out / MODEL) if going_on else (None, {}, {})
    if going_on:
        _refuse_other(config, record, out)
    # The first process trains it, and the others find what it left.
    anew = not going_on and world.is_first
    tokenizer = world.in_turn(lambda: open_tokenizer(config, open_sources(config), out / TOKENIZER, watch, anew))
    if model is None:
        model = _new_model(config, tokenizer)
    if tokenizer.vocab_size > model.config.vocab:
        raise AssayError(
            f"The tokenizer has {tokenizer.vocab_size:,} tokens and the model only {model.config.vocab:,} rows for "
            "them. Use the tokenizer the model was made with."
        )
    model.to(world.device)
    # What "auto" chose once stays, whatever the machine does now.
    precision = record["precision"] if going_on else _agreed_precision(config, model, world)
    chosen = replace(config, precision=precision)  # of what answers are under a model, "auto" says too little
    data = world.in_turn(lambda: stage.open(chosen, tokenizer, model, world.device, watch))
    if world.size > 1 and config.parallel == "fsdp":
        shard(model, world)
    compiled = model if world.device == "cpu" else torch.compile(model)
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    run = Run(
        config=config,
        folder=out,
        model=model,
        compiled=compiled,
        optimizers=make_optimizers(model, config, precision),
        batches=data.batches,
        objective=stage.objective(config, tokenizer, world.device, precision),
        tokenizer_folder=tokenizer.folder or out / TOKENIZER,
        world=world,
        log=log,
        warmup=SCALES[config.scale].warmup,
        budget=Budget(tokens=config.tokens or (0 if config.minutes else data.tokens), minutes=config.minutes),
        flops_per_token=model.config.flops_per_token(config.context // 2),
        peak_flops=peak.flops_per_s(world.device, dtype) * world.size,
        watch=watch,
    )
    run.record = {
        "stage": stage.name,
        "settings": config.as_json(),
        "model": {"parameters": model.config.parameters(), "active": model.config.parameters(active=True)},
        "data": data.about,
        "precision": precision,
        "machine": {"device": world.device, "processes": world.size, "threads": torch.get_num_threads()},
        "versions": versions(),
    }
    if going_on:
        restore(run, state)
        run.budget.change(config.minutes)
        run.record = {**record, **{key: run.record[key] for key in ("settings", "machine", "versions")}}
    if log is not None:
        (out / SETTINGS).write_text(as_toml(config), encoding="utf-8")
        log.cut_back(run.budget.steps if going_on else -1)
        log.write("resume" if going_on else "start", run.budget.steps, record=run.record)
        run.check = _checker(config, tokenizer, stack, watch)
        run.read = _reader(config, tokenizer, watch)
        watch.began(run.record | {"going_on": going_on, "steps": run.budget.steps})
    return run


def _agreed_precision(config: TrainConfig, model: CodeModel, world: World) -> str:
    """The same in all processes, whatever each one's trial says."""
    is_half = world.share(float(peak.chosen_precision(config.precision, model) == "bf16"))
    return "bf16" if is_half else "fp32"


def _new_model(config: TrainConfig, tokenizer: Tokenizer) -> CodeModel:
    if config.start:
        folder = model_folder(Path(config.start))
        model = convert.load(folder, dtype=torch.float32)
        _refuse_other_tokenizer(tokenizer, folder)
        return model
    return CodeModel(model_config(config, tokenizer), seed=config.seed)


def _refuse_other_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Where the folder says which tokenizer it was trained with, it must still be that one."""
    try:
        known = read_record(folder)["data"]["tokenizer"]["sha256"]
    except (AssayError, KeyError, TypeError):
        return  # not trained by Assay
    if known != tokenizer.sha256:
        raise AssayError(
            f"The tokenizer in {folder} is not the one the model was trained with: every token would mean something "
            "else. Copy the folder again."
        )


def _refuse_other(config: TrainConfig, record: Mapping[str, Any], out: Path) -> None:
    """A run is gone on with only under the settings it was begun with; one that is timed may get another time."""
    stored = record.get("settings", {})
    different = [name for name, value in config.as_json().items() if stored.get(name) != value]
    if config.start:  # its model's; older runs stored those of the scale
        different = [name for name in different if name not in SHAPE]
    if config.minutes and stored.get("minutes"):
        different = [name for name in different if name != "minutes"]
    if different:
        name = different[0]
        more = f" and {len(different) - 1} more" if len(different) > 1 else ""
        raise AssayError(
            f"{out} holds a run with other settings: {flag(name)} was {stored.get(name)!r} and is now "
            f"{getattr(config, name)!r}{more}. Give it the same settings to go on, or choose another --out."
        )


def _checker(
    config: TrainConfig, tokenizer: Tokenizer, stack: ExitStack, watch: Watch
) -> Callable[[CodeModel], Mapping[str, Any]] | None:
    """Held-out tasks, where the forge made some and this machine can jail what the model writes."""
    if not config.forge or not config.checks:
        return None
    from assay.training.evaluate import TEST_FILE, HeldOut, read_tasks

    path = Path(config.forge) / TEST_FILE
    tasks = read_tasks(path, HELD_OUT) if path.is_file() else []
    if not tasks:
        watch.say(f"{path} holds no task, so none is executed on the way; to make some: assay forge --test N")
        return None
    try:
        held_out = stack.enter_context(HeldOut(tasks, tokenizer))
    except SandboxUnavailable as error:
        watch.say(f"held-out tasks are not executed: {error}")
        return None
    return lambda model: held_out.check(model).as_json()


def _reader(config: TrainConfig, tokenizer: Tokenizer, watch: Watch) -> Callable[[CodeModel], Mapping[str, Any]] | None:
    """Held-out files, where the corpus kept some back."""
    if not config.corpus or not config.checks:
        return None
    from assay.training.held_out_text import HeldOutText

    held_out = HeldOutText(Path(config.corpus), tokenizer, config.context)
    if not held_out.bytes:
        watch.say(f"{config.corpus} holds no file back, so nothing is read that is not learnt from")
        return None
    return held_out.read


def set_threads(threads: int | None = None) -> None:
    """How many threads compute: all cores, shared out where `torchrun` started several processes here."""
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    torch.set_num_threads(threads or max(1, len(os.sched_getaffinity(0)) // here))

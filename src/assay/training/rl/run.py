"""`assay rl`: from a checkpoint and a folder of tasks to a better model, or on from where it was stopped."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from assay.errors import AssayError
from assay.forge import folder as forge_folder
from assay.forge.folder import SPLIT_FILES
from assay.forge.task import ForgeTask
from assay.models.network import convert
from assay.models.network.folder import replacing
from assay.models.network.memory import keep_freed_memory
from assay.models.network.model import CodeModel
from assay.training.checkpoints import Card
from assay.training.mixture import FORGE_WEIGHTS, Mixture
from assay.training.peak import chosen_precision
from assay.training.record import MODEL, NAME, model_folder, read_record, record_json, versions
from assay.training.rl.folder import SETTINGS, check_folders, only_run, origin_of
from assay.training.rl.grading import Grader
from assay.training.rl.harvest import Harvested, write_harvest
from assay.training.rl.loop import Loop, Material
from assay.training.rl.rollout import longest_completion
from assay.training.rl.rows import Row
from assay.training.rl.settings import Settings
from assay.training.sources import ForgeSource
from assay.training.tokenise import open_pools
from assay.training.tokenizer import Tokenizer

RECORD_KEY = "rl"
_REPLAY_STEPS = 2000  # tokens of more steps are not made ready; they come again in another order
_CONTEXT = 512  # of replayed rows


def run_rl(
    start: Path,
    forge: Path,
    out: Path,
    settings: Settings,
    *,
    harvest: Path | None = None,
    device: str = "",
    jobs: int = 0,
    show: Callable[[Row], None] = lambda row: None,
    say: Callable[[str], None] = lambda text: None,
    card: Card | None = None,
) -> tuple[Path, Harvested | None]:
    """Learn into `out`, or go on there; the folder of the finished model, and what was harvested.

    start: a model's folder, or that of a training run. forge: a folder of `assay forge`; solutions of tasks it marks as
    held out (the deep ones) are never shown, only specified and tested. Raises AssayError, and then has written nothing
    where `out` is not of such a run or another process writes it.
    """
    check_folders(start, out, harvest)
    keep_freed_memory()
    start = model_folder(start)
    tasks, held_out = read_tasks(forge)
    if not tasks:
        raise AssayError(f"{forge / SPLIT_FILES['train']} holds no task. Make some: assay forge --count 1000 --out DIR")
    tokenizer = Tokenizer.load(start)
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    model = convert.load(start, dtype=torch.float32)
    if tokenizer.vocab_size > model.config.vocab:
        raise AssayError(
            f"The tokenizer in {start} has more tokens than the model has rows for. Copy the folder again."
        )
    origin = origin_of(start, model, tokenizer, forge)
    model = _on_device(model, device)
    longest = settings.longest or _longest(tokenizer, tasks, forge)
    replay = open_replay(forge, tokenizer, settings, say) if settings.replay else None
    harvested = None
    with only_run(out):
        with Grader(jobs, settings.tests, settings.seed) as grader:
            say(
                f"{len(tasks):,} training tasks, {len(held_out):,} held out; {model.config.parameters():,} parameters "
                f"on {device}, {torch.get_num_threads()} threads; answers of at most {longest} tokens; jail: "
                f"{grader.isolation.level}"
            )
            precision = chosen_precision(settings.precision, model)
            material = Material(tasks, held_out, replay)
            loop = Loop(model, tokenizer, material, grader, settings, out, longest, show, precision, origin)
            about = {"start": str(start), "forge": str(forge), **settings.as_json()}
            (out / SETTINGS).write_text(json.dumps(about, indent=2))
            if loop.step:
                say(f"going on after step {loop.step}")
            loop.run()
            counts = asdict(grader.counts)
        _save_model(out, start, loop, counts, card)
        if harvest is not None:
            harvested = write_harvest(harvest, loop.store.by_task(), tasks)
    return out / MODEL, harvested


def _on_device(model: CodeModel, device: str) -> CodeModel:
    """Raises AssayError for a device that is not here."""
    try:
        moved: CodeModel = model.to(device)
        return moved
    except (RuntimeError, ValueError, AssertionError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise AssayError(f"The model does not go to the device {device!r}: {reason}. Check --device.") from None


def _longest(tokenizer: Tokenizer, tasks: list[ForgeTask], forge: Path) -> int:
    """Tokens of an answer that references need. Raises AssayError where no task has one."""
    shown = [task for task in tasks if task.body]
    if not shown:
        raise AssayError(
            f"No training task in {forge} has a solution to measure. Say how long an answer is: --longest."
        )
    return longest_completion(tokenizer, shown)


def read_tasks(forge: Path) -> tuple[list[ForgeTask], list[ForgeTask]]:
    """Training and test tasks of a folder; the test tasks in an order in which every beginning has all depths."""
    tasks = list(forge_folder.read(forge, "train"))
    by_depth: dict[int, list[ForgeTask]] = {}
    for task in forge_folder.read(forge, "test"):
        by_depth.setdefault(task.depth, []).append(task)
    turns = sorted(
        ((place / len(group), depth, task) for depth, group in by_depth.items() for place, task in enumerate(group)),
        key=lambda entry: entry[:2],
    )
    return tasks, [task for _, _, task in turns]


def open_replay(forge: Path, tokenizer: Tokenizer, settings: Settings, say: Callable[[str], None]) -> Mixture:
    """What the model was taught, in small portions beside RL, so that it is not forgotten."""
    told = [0]

    def progress(done: int, parts: int, tokens: int) -> None:
        if done * 4 // parts > told[0]:
            told[0] = done * 4 // parts
            say(f"examples for replay to tokens: {done} of {parts} parts, {tokens:,} tokens")

    tokens = settings.replay * (settings.steps or _REPLAY_STEPS)
    processes = len(os.sched_getaffinity(0))
    source = ForgeSource(forge)
    pools = open_pools(
        [source], tokenizer, FORGE_WEIGHTS, tokens=tokens, seed=settings.seed, processes=processes, progress=progress
    )
    return Mixture(pools, FORGE_WEIGHTS, tokenizer, settings.seed, length=_CONTEXT)


def _save_model(out: Path, start: Path, loop: Loop, counts: dict[str, Any], card: Card | None) -> None:
    """The finished model as a Hugging Face folder, with the record of its start and of this run."""
    record: dict[str, Any] = {}
    with contextlib.suppress(AssayError):  # a model that was not trained here has none
        record = read_record(start)
    record[RECORD_KEY] = {
        "settings": loop.settings.as_json(),
        "steps": loop.step,
        "seconds": loop.seconds,
        "programs": len(loop.store),
        "grading": counts,
    }
    record["stage"], record["finished"] = RECORD_KEY, loop.progress >= 1
    if loop.executed is not None:
        record["executed"] = loop.executed
    record["versions"] = versions()
    with replacing(out / MODEL) as partial:
        convert.write(loop.model, start, partial)
        (partial / NAME).write_text(record_json(record), encoding="utf-8")
        if card is not None:
            (partial / "README.md").write_text(card(record), encoding="utf-8")

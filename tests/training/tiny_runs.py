"""Training runs so small that a test can afford several."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.training.log import read_log
from made_tasks import made_task, write_tasks

TINY: Mapping[str, Any] = {
    "width": 32,
    "layers": 1,
    "vocabulary": 320,
    "context": 256,
    "batch_tokens": 800,
    "precision": "fp32",
    "checks": 4,
}
# What depends on the machine's speed and not on the training.
TIMES = ("seconds", "tokens_per_s", "mfu", "took_s")


def tasks_folder(folder: Path, count: int = 60) -> Path:
    """Forge tasks to train on; no test tasks, so nothing is executed."""
    return write_tasks(folder, [made_task(number) for number in range(count)])


def settings(forge: Path, **more: Any) -> dict[str, Any]:
    """Of a tiny run."""
    return {**TINY, "forge": str(forge), "tokens": 12_000, **more}


def train_here(forge: Path, out: Path, watch: Any = None, **more: Any) -> Path:
    """Train in this process; the folder of the model."""
    from assay.report.model_card import model_card
    from assay.training.config import make_config
    from assay.training.pretrain import run_training, set_threads

    set_threads(1)
    return run_training(make_config(settings(forge, **more)), out, watch, model_card)


def arguments(forge: Path, out: Path, **more: Any) -> list[str]:
    """Of `assay train` for a tiny run."""
    values = settings(forge, **more)
    flags = [text for name, value in values.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    return ["train", *flags, "--threads", "1", "--out", str(out)]


def environment(cache: Path) -> dict[str, str]:
    """Of a process that trains: its own cache, one thread."""
    source = str(Path(__file__).parents[2] / "src")
    return {**os.environ, "ASSAY_CACHE": str(cache), "OMP_NUM_THREADS": "1", "PYTHONPATH": source}


def command(words: Sequence[str], processes: int = 1) -> list[str]:
    """`assay` as a process, under torchrun where it is to be several."""
    if processes == 1:
        return [sys.executable, "-m", "assay", *words]
    runner = ["torch.distributed.run", "--standalone", "--nproc-per-node", str(processes), "--no-python"]
    return [sys.executable, "-m", *runner, sys.executable, "-m", "assay", *words]


def curve(out: Path) -> list[dict[str, Any]]:
    """Steps of a run's log, without times."""
    return [
        {name: value for name, value in row.items() if name not in TIMES}
        for row in read_log(out / "log.jsonl")
        if row["kind"] == "step"
    ]

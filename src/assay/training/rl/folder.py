"""The folder of a run: what may become one, that one process at a time writes it, and what the run began with."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from assay.errors import AssayError
from assay.forge.folder import SPLIT_FILES
from assay.models.network.model import CodeModel
from assay.training.record import MODEL, model_folder
from assay.training.rl.checkpoint import is_checkpoint
from assay.training.tokenizer import Tokenizer

SETTINGS, LOG, CHECKPOINT, LOCK = "settings.json", "log.jsonl", "checkpoint", ".lock"
# What a run began with: its argument -> path, for people, and a hash of what lies there.
Origin = Mapping[str, tuple[str, str]]


def check_folders(start: Path, out: Path, harvest: Path | None = None) -> None:
    """Before anything is loaded or written: may a run go into `out`?

    Raises AssayError where it would destroy something, could not write, or another process learns there.
    """
    if model_folder(start).resolve() in {path.resolve() for path in (out, out / MODEL, out / CHECKPOINT)}:
        raise AssayError(f"--out {out} holds the model that is to be learnt from, {start}. Choose another --out.")
    for name, folder in (("--out", out), ("--harvest", harvest)):
        for path in () if folder is None else (folder, *folder.parents):
            if path.exists() and not path.is_dir():
                raise AssayError(f"{name} {folder}: {path} is a file. Name a folder, which need not be there yet.")
    own = (out / SETTINGS).is_file() or is_checkpoint(out / CHECKPOINT)
    for name in (MODEL, LOG):
        if (out / name).exists() and not own:
            raise AssayError(
                f"{out} holds a {name} that is not of `assay rl` and would be overwritten. Choose another --out."
            )
    if (out / LOCK).exists():
        with only_run(out):
            pass


@contextmanager
def only_run(out: Path) -> Iterator[None]:
    """Make `out` and hold it. Raises AssayError where another process does, or it cannot be made."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        # A file of its own, since the log is replaced when a run goes on. It stays: removing it would be a race.
        handle = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise AssayError(f"{out} cannot be written: {error.strerror}. Choose another --out.") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AssayError(f"Another process is learning into {out}. Wait for it, or choose another --out.") from None
        yield
    finally:
        os.close(handle)


def origin_of(start: Path, model: CodeModel, tokenizer: Tokenizer, forge: Path) -> Origin:
    """What a run begins with: the weights as they were read from `start`, on the CPU, and both splits of `forge`."""
    weights = hashlib.sha256(tokenizer.sha256.encode())
    for name, tensor in sorted(model.state_dict().items()):
        weights.update(name.encode())
        weights.update(tensor.contiguous().numpy().data)
    tasks = hashlib.sha256()
    for name in SPLIT_FILES.values():
        with (forge / name).open("rb") as file:
            tasks.update(hashlib.file_digest(file, "sha256").digest())
    return {
        "CHECKPOINT": (str(start.resolve()), weights.hexdigest()),
        "--forge": (str(forge.resolve()), tasks.hexdigest()),
    }


def check_origin(out: Path, was: Origin, now: Origin) -> None:
    """Raise AssayError where a run that goes on would do so with another model or other tasks."""
    for name in now:
        if name in was and was[name][1] != now[name][1]:
            other = "which has changed since" if was[name][0] == now[name][0] else f"and this is {now[name][0]}"
            raise AssayError(
                f"The run in {out} began with the {name} {was[name][0]}, {other}. Go on with what it began with, or "
                "choose another --out."
            )

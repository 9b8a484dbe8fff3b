"""A folder of tasks: train.jsonl, test.jsonl, funnel.json, forge.json. Written as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assay import __version__
from assay.errors import AssayError
from assay.forge.generate import Filter, Funnel
from assay.forge.options import Options
from assay.forge.task import SCHEMA, ForgeTask
from assay.forge.workers import Workers

SPLIT_FILES = {"train": "train.jsonl", "test": "test.jsonl"}


def write(
    folder: Path,
    seed: int,
    options: Options,
    train: int,
    test: int,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
    unsafe: bool = False,
) -> dict[str, Any]:
    """Make `train` and `test` tasks and put them into `folder`, which must not be there yet; what forge.json says.

    progress: told how many tasks of both splits there are, and how many candidates were drawn. Raises AssayError for a
    folder that cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AssayError(f"{folder} is there already. Name another folder with --out, or remove it.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise AssayError(f"{folder} cannot be made: {error.strerror}.") from None
    try:
        summary = _write(partial, seed, options, {"train": train, "test": test}, jobs, progress, unsafe)
        if folder.exists():
            folder.rmdir()
        partial.chmod(0o755)
        partial.rename(folder)
    except OSError as error:
        raise AssayError(f"{folder} cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return summary


def _write(
    folder: Path,
    seed: int,
    options: Options,
    wanted: dict[str, int],
    jobs: int,
    progress: Callable[[int, int], None] | None,
    unsafe: bool,
) -> dict[str, Any]:
    funnel = Funnel()
    passing = Filter(options, funnel)
    left = dict(wanted)
    digests = {split: hashlib.sha256() for split in wanted}
    drawn = 0
    handles = {split: (folder / name).open("wb") for split, name in SPLIT_FILES.items()}
    try:
        with Workers(seed, options, jobs, sum(wanted.values()), unsafe) as workers:
            for row in workers.rows():
                drawn += 1
                if passing.passes(row) and left[row.split] > 0:
                    handles[row.split].write(row.line)
                    digests[row.split].update(row.line)
                    left[row.split] -= 1
                    if progress is not None:
                        progress(sum(wanted.values()) - sum(left.values()), drawn)
                if not any(left.values()):
                    break
    finally:
        for handle in handles.values():
            handle.close()
    (folder / "funnel.json").write_text(json.dumps(funnel.as_json(), indent=1) + "\n", encoding="utf-8")
    summary = {
        "schema": SCHEMA,
        "seed": seed,
        "options": options.as_json(),
        "tasks": wanted,
        "sha256": {SPLIT_FILES[split]: digest.hexdigest() for split, digest in digests.items()},
        "versions": {"assay": __version__, "python": platform.python_version()},
    }
    (folder / "forge.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return summary


def read(folder: Path, split: str) -> Iterator[ForgeTask]:
    """The tasks of a split, in order. Raises AssayError for a file that is not there or a row that is none."""
    path = folder / SPLIT_FILES[split]
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield ForgeTask.from_json(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise AssayError(f"{path}, line {number} is no forge task: {error}.") from None
    except OSError as error:
        raise AssayError(
            f"{path} cannot be read: {error.strerror}. Make a folder with: assay forge --seed 1 --count 1000 --out DIR"
        ) from None


__all__ = ["SPLIT_FILES", "read", "write"]

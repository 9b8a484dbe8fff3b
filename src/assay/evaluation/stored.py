"""A finished run folder, read again: what comparisons, reports and exports start from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.plan import JUDGES
from assay.evaluation.rows import SCHEMA, Row, check_schema, parse_row

_NOT_A_RUN = "Name a folder that `assay eval ... --out RUN_DIR` made, or one that holds such folders."


@dataclass(frozen=True)
class StoredRun:
    """A run as it lies on disk.

    record, summary: the content of `run.json` and `summary.json`. rule_sets: those it was judged under, in the order
    in which they are stored. rows: one per task and sample, in the order of judging.
    """

    folder: Path
    record: Mapping[str, Any]
    summary: Mapping[str, Any]
    rule_sets: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)

    @property
    def benchmark(self) -> str:
        """The benchmark's name with its version."""
        return str(self.record["benchmark"])

    @property
    def model(self) -> str:
        """The model as it was typed."""
        return str(self.record["model"])

    @property
    def name(self) -> str:
        """What people call this run: its folder's own name."""
        return self.folder.resolve().name


def read_run(folder: Path, *, unfinished: bool = False) -> StoredRun:
    """Read one finished run; with `unfinished` also one that is not, whose summary is then empty.

    Raises AssayError when `folder` is missing, no folder, no run, not finished, written by a newer Assay or damaged.
    """
    record = _read_record(folder)
    rule_sets = JUDGES[record["identity"]["judge"]]
    verdicts = folder / "verdicts.jsonl"
    rows: list[Row] = []
    if verdicts.exists():
        try:
            lines = verdicts.read_bytes().split(b"\n")
        except OSError as error:
            raise AssayError(f"{verdicts} cannot be read: {error.strerror}.") from None
        # What follows the last line end is empty, or a row that is being written or was cut short.
        for number, line in enumerate(lines[:-1], 1):
            rows.append(parse_row(line, f"{verdicts} line {number}", rule_sets))
    path = folder / "summary.json"
    if path.exists():
        return StoredRun(folder, record, _read_object(path), rule_sets, tuple(rows))
    if unfinished:
        return StoredRun(folder, record, {}, rule_sets, tuple(rows))
    raise AssayError(
        f"The run in {folder} is not finished: {len(rows)} samples are judged and there is no summary.json. "
        f"Repeat its `assay eval` command with --out {folder} to continue it."
    )


def find_runs(folder: Path) -> list[Path]:
    """The run folders that `folder` stands for: itself, or else those directly in it, by name.

    Raises AssayError when there are none.
    """
    if (folder / "run.json").exists():
        return [folder]
    if folder.is_dir():
        inside = sorted(path.parent for path in folder.glob("*/run.json"))
        if inside:
            return inside
    raise _no_run(folder)


def _read_record(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    if not path.is_file():
        raise _no_run(folder)
    record = _read_object(path)
    check_schema(path, record)
    identity = record.get("identity")
    if record.get("schema") != SCHEMA or not isinstance(identity, dict) or identity.get("judge") not in JUDGES:
        raise AssayError(f"{path} was not written by `assay eval`. {_NOT_A_RUN}")
    for key in ("benchmark", "data_sha256", "model"):
        if not isinstance(record.get(key), str):
            raise AssayError(f'{path} has no "{key}": the file was changed from outside. Make the run again.')
    return record


def _no_run(folder: Path) -> AssayError:
    if not folder.exists():
        return AssayError(f"The run folder {folder} does not exist. Check the path.")
    if not folder.is_dir():
        return AssayError(f"{folder} is a file, not a run folder. {_NOT_A_RUN}")
    return AssayError(f"{folder} is not a run folder: it has no run.json. {_NOT_A_RUN}")


def _read_object(path: Path) -> dict[str, Any]:
    try:
        body = json.loads(path.read_bytes())
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise AssayError(
            f"{path} is not JSON ({error}): the file was changed from outside. Make the run again."
        ) from None
    if not isinstance(body, dict):
        raise AssayError(f"{path} does not hold a JSON object: the file was changed from outside. Make the run again.")
    return body

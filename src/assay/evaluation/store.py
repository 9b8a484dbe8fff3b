"""The run folder: `run.json`, what was written, its verdicts, `summary.json`. Whatever interrupts a run, they stay."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.answers import COMPLETIONS, FIRST_ANSWERS, Answers
from assay.evaluation.files import DiskError, read_json, spare_path, write_json
from assay.evaluation.identity import check_identity
from assay.evaluation.jsonl import JsonLines
from assay.evaluation.lock import LOCK_NAME, FolderLock
from assay.evaluation.rows import SCHEMA, Key, Row, check_schema, damaged, has_harness_error, parse_row
from assay.evaluation.samples import Sample
from assay.models.completion import Failure


def make_folder(path: Path) -> Path:
    """Make a run folder that was not there, `path` or the first free of `path`-2, `path`-3 ...: of any number of
    processes each gets its own. Raises AssayError where it cannot be made.
    """
    free, number = path, 1
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            with contextlib.suppress(FileExistsError):
                free.mkdir()
                return free
            number += 1
            free = path.with_name(f"{path.name}-{number}")
    except OSError as error:
        raise _unusable(free, error) from None


def _unusable(path: Path, error: OSError) -> AssayError:
    reason = "it is a file" if path.is_file() else error.strerror
    return AssayError(f"The run folder {path} cannot be written: {reason}. Choose another folder with --out.")


class RunFolder:
    """An open, locked run folder. A context manager; leaving it lets go of the lock.

    record: `run.json` of the earlier sessions; empty for a fresh folder.
    finished: (task_id, sample) of every row that is not judged again.
    completions, first_answers: what models wrote.
    dropped: rows with a harness error that were taken out, to be judged again.
    torn: True when a half-written last line was cut off.
    """

    def __init__(
        self,
        path: Path,
        identity: Mapping[str, Any],
        keys: Collection[Key],
        rule_sets: Sequence[str],
        *,
        just_made: bool = False,
    ) -> None:
        """Open or create the folder and read what earlier sessions left in it.

        identity: the values of `assay.evaluation.identity.ARGUMENTS`. keys: every (task_id, sample) of the run.
        just_made: the folder was made for this run and goes if nothing comes of it, as one that is made here.

        Raises AssayError when `path` is no folder, cannot be written, is in use, belongs to other arguments or to
        something else, or when a row is damaged (file and line are named).
        """
        self.path = path
        self.run_path = path / "run.json"
        self.summary_path = path / "summary.json"
        self._verdicts = JsonLines(path / "verdicts.jsonl")
        self._failures = JsonLines(path / "failures.jsonl")
        self.completions = Answers(path / COMPLETIONS)
        self.first_answers = Answers(path / FIRST_ANSWERS)
        self._made = just_made or not path.exists()
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(path)
        except OSError as error:
            raise _unusable(path, error) from None
        self.finished: set[Key] = set()
        self.record: dict[str, Any] = {}
        try:
            for file in (self.run_path, self._verdicts.path, self.summary_path):
                spare_path(file).unlink(missing_ok=True)
            self.record = self._read_record(identity)
            self.dropped, self.torn = self._recover(keys, rule_sets)
            self.completions.recover(keys)
            self.first_answers.recover(keys)
            self._failures.cut_torn()
        except OSError as error:
            self.close()
            raise DiskError(self._verdicts.path, error) from None
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the lock; a folder that was made for this run and holds nothing is removed."""
        for file in (self._verdicts, self._failures, self.completions, self.first_answers):
            file.close()
        self._lock.release()
        if self._made and not self.record:
            with contextlib.suppress(OSError):
                self.path.rmdir()

    def begin(self, record: dict[str, Any]) -> None:
        """Write `run.json` and get ready to append; an older summary, of fewer rows, goes. Raises DiskError."""
        write_json(self.run_path, record)
        self.record = record
        try:
            self.summary_path.unlink(missing_ok=True)
        except OSError as error:
            raise DiskError(self.summary_path, error) from None
        for file in (self._verdicts, self.completions):
            file.open()

    def keep(self, samples: Iterable[Sample]) -> None:
        """Store samples that were written before the run began, so that the folder is complete without their file."""
        for sample in samples:
            if sample.key not in self.completions:
                is_reference = sample.text is None
                text = sample.task.reference if sample.text is None else sample.text
                is_solution = is_reference or sample.is_solution
                self.completions.add(sample.key, text, is_solution=is_solution, about=sample.about)

    def copy_answers(self, source: Path) -> None:
        """Store what is stored in the run folder `source`. Raises DiskError."""
        self.completions.copy(source / COMPLETIONS)
        self.first_answers.copy(source / FIRST_ANSWERS)

    def append(self, row: Row) -> None:
        """Add one verdict row, whole or not at all. Raises DiskError when the disk is full; the file stays valid."""
        self._verdicts.append(row)
        self.finished.add((row["task_id"], row["sample"]))

    def add_failure(self, key: Key, turn: int, failure: Failure) -> None:
        """Note that a request was given up. Raises DiskError."""
        row: Row = {"schema": SCHEMA, "task_id": key[0], "sample": key[1], "turn": turn, **vars(failure)}
        self._failures.append(row | {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})

    def rows(self) -> Iterator[Row]:
        """Every row on disk, in the order in which it was judged."""
        for _, line in self._verdicts.lines():
            yield json.loads(line)

    def finish(self, summary: dict[str, Any]) -> None:
        """Write `summary.json`, after the rows have reached the disk. Raises DiskError."""
        self._verdicts.sync()
        self.completions.sync()
        write_json(self.summary_path, summary)

    def _read_record(self, identity: Mapping[str, Any]) -> dict[str, Any]:
        """`run.json` of the earlier sessions, {} for a fresh folder; AssayError if it is not ours to continue."""
        if self.run_path.exists():
            record = read_json(self.run_path)
            check_schema(self.run_path, record)
            check_identity(self.path, record.get("identity"), identity)
            return record
        strangers = sorted(entry.name for entry in self.path.iterdir() if entry.name != LOCK_NAME)
        if strangers:
            raise AssayError(
                f"The folder {self.path} holds {strangers[0]} but no run.json, so it is not a run that can be "
                "continued. Choose a new or empty folder with --out."
            )
        return {}

    def _recover(self, keys: Collection[Key], rule_sets: Sequence[str]) -> tuple[int, bool]:
        """Fill `finished`; cut a torn last line; take harness errors out. Returns (rows taken out, torn)."""
        torn = self._verdicts.cut_torn()
        lines: dict[Key, int] = {}
        drop: set[int] = set()
        for number, (_, line) in enumerate(self._verdicts.lines(), 1):
            where = f"{self._verdicts.path} line {number}"
            row = parse_row(line, where, rule_sets)
            key = (row["task_id"], row["sample"])
            if key not in keys:
                raise damaged(where, f"is about {key[0]} sample {key[1]}, which is no part of this run")
            if key in lines:
                raise damaged(where, f"repeats {key[0]} sample {key[1]} of line {lines[key]}")
            lines[key] = number
            if has_harness_error(row, rule_sets):
                drop.add(number)
            else:
                self.finished.add(key)
        if drop:
            self._verdicts.remove(drop)
        return len(drop), torn

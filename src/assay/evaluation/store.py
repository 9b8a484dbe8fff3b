"""The run folder: `run.json`, `verdicts.jsonl`, `summary.json`. Whatever interrupts a run, what was judged stays."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.files import DiskError, read_json, spare_path, write_json
from assay.evaluation.identity import check_identity
from assay.evaluation.lock import LOCK_NAME, FolderLock
from assay.evaluation.rows import Key, Row, damaged, has_harness_error, parse_row


class RunFolder:
    """An open, locked run folder. A context manager; leaving it lets go of the lock.

    record: `run.json` of the earlier sessions; empty for a fresh folder.
    finished: (task_id, sample) of every row that is not judged again.
    dropped: rows with a harness error that were taken out, to be judged again.
    torn: True when a half-written last line was cut off.
    """

    def __init__(
        self, path: Path, identity: Mapping[str, Any], keys: Collection[Key], rule_sets: Sequence[str]
    ) -> None:
        """Open or create the folder and read what earlier sessions left in it.

        identity: the values of `assay.evaluation.identity.ARGUMENTS`. keys: every (task_id, sample) of the run.

        Raises AssayError when `path` is no folder, cannot be written, is in use, belongs to other arguments or to
        something else, or when a row is damaged (file and line are named).
        """
        self.path = path
        self.run_path = path / "run.json"
        self.verdicts_path = path / "verdicts.jsonl"
        self.summary_path = path / "summary.json"
        self._made = not path.exists()
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(path)
        except OSError as error:
            reason = "it is a file" if path.is_file() else error.strerror
            raise AssayError(
                f"The run folder {path} cannot be written: {reason}. Choose another folder with --out."
            ) from None
        self._fd = -1
        self._end = 0
        self.finished: set[Key] = set()
        self.record: dict[str, Any] = {}
        try:
            for file in (self.run_path, self.verdicts_path, self.summary_path):
                spare_path(file).unlink(missing_ok=True)
            self.record = self._read_record(identity)
            self.dropped, self.torn = self._recover(keys, rule_sets)
        except OSError as error:
            self.close()
            raise DiskError(self.verdicts_path, error) from None
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the lock; a folder that was made here and holds nothing is removed."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
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
            self._fd = os.open(self.verdicts_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._end = os.fstat(self._fd).st_size
        except OSError as error:
            raise DiskError(self.verdicts_path, error) from None

    def append(self, row: Row) -> None:
        """Add one row, whole or not at all. Raises DiskError when the disk is full; the file stays valid."""
        line = json.dumps(row).encode() + b"\n"
        try:
            written = os.write(self._fd, line)
            while written < len(line):
                written += os.write(self._fd, line[written:])
        except OSError as error:
            os.ftruncate(self._fd, self._end)
            raise DiskError(self.verdicts_path, error) from None
        self._end += len(line)
        self.finished.add((row["task_id"], row["sample"]))

    def rows(self) -> Iterator[Row]:
        """Every row on disk, in the order in which it was judged."""
        with self.verdicts_path.open("rb") as file:
            for line in file:
                yield json.loads(line)

    def finish(self, summary: dict[str, Any]) -> None:
        """Write `summary.json`, after the rows have reached the disk. Raises DiskError."""
        try:
            if self._fd >= 0:
                os.fsync(self._fd)
        except OSError as error:
            raise DiskError(self.verdicts_path, error) from None
        write_json(self.summary_path, summary)

    def _read_record(self, identity: Mapping[str, Any]) -> dict[str, Any]:
        """`run.json` of the earlier sessions, {} for a fresh folder; AssayError if it is not ours to continue."""
        if self.run_path.exists():
            record = read_json(self.run_path)
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
        if not self.verdicts_path.exists():
            return 0, False
        lines: dict[Key, int] = {}
        drop: set[int] = set()
        whole = 0
        torn = False
        with self.verdicts_path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    torn = True
                    break
                whole += len(line)
                where = f"{self.verdicts_path} line {number}"
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
        if torn:
            os.truncate(self.verdicts_path, whole)
        if drop:
            self._rewrite_without(drop)
        return len(drop), torn

    def _rewrite_without(self, drop: Collection[int]) -> None:
        spare = spare_path(self.verdicts_path)
        try:
            with self.verdicts_path.open("rb") as old, spare.open("wb") as new:
                new.writelines(line for number, line in enumerate(old, 1) if number not in drop)
                new.flush()
                os.fsync(new.fileno())
            spare.replace(self.verdicts_path)
        except OSError:
            spare.unlink(missing_ok=True)
            raise

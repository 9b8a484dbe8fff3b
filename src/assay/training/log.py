"""The log of a run: JSON Lines, a row a step, which can be cut back to a checkpoint when a run is resumed."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from assay.errors import AssayError


class Log:
    """Appends rows to a file that only one run may write. Every row has a "kind" and a "step"."""

    def __init__(self, path: Path) -> None:
        """Raises AssayError where another process writes the log, or it cannot be written."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = path.open("a", encoding="utf-8")
        except OSError as error:
            raise AssayError(f"{path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise AssayError(
                f"Another process is training into {path.parent}. Wait for it, or choose another --out."
            ) from None

    def write(self, kind: str, step: int, **values: Any) -> dict[str, Any]:
        """Append a row; the row. It reaches the file with the next `flush`."""
        row = {"kind": kind, "step": step, **values}
        self._file.write(json.dumps(row) + "\n")
        return row

    def flush(self) -> None:
        self._file.flush()

    def cut_back(self, step: int) -> None:
        """Forget rows of later steps, and a line that was not finished: they will be made again."""
        kept = "".join(json.dumps(row) + "\n" for row in read_log(self.path) if row["step"] <= step)
        # In place: the lock is on this file. What a crash in between could lose is made again from the checkpoint.
        self._file.flush()
        with self.path.open("r+", encoding="utf-8") as file:
            file.write(kept)
            file.truncate()
        self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_log(path: Path) -> Iterator[Mapping[str, Any]]:
    """Rows in order, without a last line that was cut off. Raises AssayError where there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AssayError(f"The log {path} cannot be read: {error}.") from None
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            return
        if isinstance(row, dict) and "kind" in row and "step" in row:
            yield row

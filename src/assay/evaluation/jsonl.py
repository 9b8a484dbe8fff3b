"""A file of JSON lines that only grows, and is whole up to its last line end whatever interrupted the writer."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from assay.evaluation.files import DiskError, spare_path


class JsonLines:
    """Rows in `path`. It is opened when it is first needed, or before that where several threads will need it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = -1
        self._end = 0

    def open(self) -> None:
        """Get ready to append and to read single rows; makes the file. Raises DiskError."""
        try:
            self._fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._end = os.fstat(self._fd).st_size
        except OSError as error:
            raise DiskError(self.path, error) from None

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def append(self, row: dict[str, Any]) -> int:
        """Add one row, whole or not at all, and return where it begins. Raises DiskError when the disk is full."""
        if self._fd < 0:
            self.open()
        line = json.dumps(row).encode() + b"\n"
        begin = self._end
        try:
            written = os.write(self._fd, line)
            while written < len(line):
                written += os.write(self._fd, line[written:])
        except OSError as error:
            os.ftruncate(self._fd, self._end)
            raise DiskError(self.path, error) from None
        self._end += len(line)
        return begin

    def line_at(self, begin: int) -> bytes:
        """The row that begins there. Raises DiskError."""
        if self._fd < 0:
            self.open()
        try:
            parts = []
            while True:
                part = os.pread(self._fd, 1 << 16, begin)
                end = part.find(b"\n")
                parts.append(part[:end] if end >= 0 else part)
                if end >= 0 or not part:
                    return b"".join(parts)
                begin += len(part)
        except OSError as error:
            raise DiskError(self.path, error) from None

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """(where it begins, line) of every whole row; nothing when there is no file. Raises OSError."""
        if not self.path.exists():
            return
        begin = 0
        with self.path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield begin, line
                begin += len(line)

    def cut_torn(self) -> bool:
        """Remove a last row that was cut short; True if there was one. Raises OSError."""
        if not self.path.exists():
            return False
        with self.path.open("rb+") as file:
            size = end = file.seek(0, os.SEEK_END)
            while end > 0:
                start = max(0, end - (1 << 16))
                file.seek(start)
                found = file.read(end - start).rfind(b"\n")
                if found >= 0:
                    end = start + found + 1
                    break
                end = start
            if end < size:
                file.truncate(end)
        return end < size

    def remove(self, numbers: Collection[int]) -> None:
        """Take out the lines with these numbers, counted from 1; before `open`. Raises OSError; the old file stays."""
        spare = spare_path(self.path)
        try:
            with self.path.open("rb") as old, spare.open("wb") as new:
                new.writelines(line for number, line in enumerate(old, 1) if number not in numbers)
                new.flush()
                os.fsync(new.fileno())
            spare.replace(self.path)
        except OSError:
            spare.unlink(missing_ok=True)
            raise

    def sync(self) -> None:
        """Have the rows reach the disk. Raises DiskError."""
        try:
            if self._fd >= 0:
                os.fsync(self._fd)
        except OSError as error:
            raise DiskError(self.path, error) from None

"""A folder that is there as a whole or not at all: written beside its place, brought to disk, then exchanged."""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.errors import AssayError

_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill. When the block ends it takes the place of `folder`, which until then is untouched.

    When the block raises, or the process dies, `folder` is as it was. Raises AssayError where the disk is full or
    cannot be written; the last good folder stays.
    """
    partial = None
    try:
        folder = Path(os.path.abspath(folder))  # noqa: PTH100  (resolve() would follow a link that is the folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))
        partial.chmod(0o755)
        yield partial
        for path in sorted(partial.rglob("*")):
            _sync(path)
        _sync(partial)
        if folder.exists():
            _exchange(partial, folder)
        else:
            partial.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        kept = f" What was at {folder} before is untouched." if folder.exists() else ""
        raise AssayError(f"{folder} could not be written: {error.strerror or error}.{kept}") from None
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)  # after an exchange this is the old one


def _exchange(new: Path, old: Path) -> None:
    """Swap two folders in one step, or in two where the file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2") and not libc.renameat2(_HERE, bytes(new), _HERE, bytes(old), _EXCHANGE):
        return
    aside = new.with_name(f"{new.name}-old")
    old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        aside.rename(old)
        raise
    aside.rename(new)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

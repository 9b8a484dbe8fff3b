"""Files that are either whole or not there, and the one sentence for a disk that refuses."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

from assay.errors import AssayError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DiskError(AssayError):
    """The disk refused a write; everything written before is still whole."""

    def __init__(self, path: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        cure = "Free some space" if error.errno in _FULL else "Mend that"
        super().__init__(
            f"Writing {path} failed: {reason}. Nothing already written is lost. {cure}, then repeat the command with "
            f"--out {path.parent} to continue."
        )


def spare_path(path: Path) -> Path:
    """Where the new content of `path` is written before it takes the place of the old."""
    return path.with_name(f".{path.name}.tmp")


def write_json(path: Path, body: dict[str, Any]) -> None:
    """Replace `path` by `body` as indented JSON; after a crash the file is the old or the new one, never a part.

    Raises DiskError, leaving the old file.
    """
    spare = spare_path(path)
    try:
        with spare.open("w", encoding="utf-8") as file:
            json.dump(body, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        spare.replace(path)
    except OSError as error:
        spare.unlink(missing_ok=True)
        raise DiskError(path, error) from error


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in `path`. Raises AssayError naming the file (and line) when it is not one."""
    try:
        body = json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        raise AssayError(
            f"{path} line {error.lineno} is not JSON ({error.msg}). Choose another folder with --out."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise AssayError(f"{path} cannot be read ({error}). Choose another folder with --out.") from None
    if not isinstance(body, dict):
        raise AssayError(f"{path} does not hold a JSON object. Choose another folder with --out.")
    return body

"""Examples that people write: JSON Lines, checked line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.errors import AssayError


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """("line 3 of FILE", object) of every line that is not empty. Raises AssayError."""
    where = str(path)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                where = f"line {number} of {path}"
                if line.strip():
                    row = json.loads(line.decode("utf-8"))
                    if not isinstance(row, dict):
                        raise AssayError(f"In {where} there is no JSON object.")
                    yield where, row
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise AssayError(f"In {where} there is text that is not UTF-8: {error.reason}. Write the file anew.") from None
    except ValueError as error:
        raise AssayError(f"In {where} there is no JSON: {error}.") from None


def text_of(row: dict[str, Any], key: str, where: str) -> str:
    """A text that must be there. Raises AssayError."""
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise AssayError(f'In {where} "{key}" must be a text that is not empty.')
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:  # JSON can say "\\ud800"
        raise AssayError(f'In {where} "{key}" holds half of a surrogate pair, which is no text. Repair it.') from None
    return value

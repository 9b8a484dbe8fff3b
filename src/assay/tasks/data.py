"""Benchmark files on disk: where they are looked for and how they are read."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.tasks.sources import Source

GZIP_MAGIC = b"\x1f\x8b"
MAX_UNPACKED_BYTES = 512 << 20  # far above any benchmark; a packed file cannot fill the memory


@dataclass(frozen=True)
class Rows:
    """A benchmark file, read: its rows, the sha256 of its unpacked bytes, and its path for messages."""

    rows: tuple[dict[str, Any], ...]
    sha256: str
    path: Path


def cache_dir() -> Path:
    """The user's own data folder, where `assay data fetch` puts files."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("assay")) / "data"


def places(data_dir: Path | None = None) -> list[Path]:
    """Folders that are searched, in order: `data_dir`, $ASSAY_DATA, the user's cache."""
    from_environment = os.environ.get("ASSAY_DATA", "")
    wanted = [data_dir, Path(from_environment) if from_environment else None, cache_dir()]
    return list(dict.fromkeys(place for place in wanted if place is not None))


def find(source: Source, data_dir: Path | None = None) -> Path:
    """The file of a source, packed or not.

    Raises AssayError if `data_dir` is given and is no folder, or if the file is in none of the places; the message
    names the file, the places and the command that downloads it.
    """
    if data_dir is not None and not data_dir.is_dir():
        raise AssayError(f"The data folder {data_dir} does not exist. Name another one, or leave the option out.")
    looked = places(data_dir)
    for place in looked:
        for name in (source.file, source.file.removesuffix(".gz")):
            if is_file(place / name):
                return place / name
    listed = ", ".join(str(place) for place in looked)
    advice = f"Download it with: assay data fetch {source.spec}" if source.url else source.advice
    raise AssayError(
        f"The data of {source.spec!r} is missing: {source.file} is in none of these folders: {listed}. "
        f"{advice} (or name the folder that has it: --data DIR, $ASSAY_DATA)"
    )


def is_file(path: Path) -> bool:
    """Whether there is such a file; a folder that may not be entered holds none."""
    try:
        return path.is_file()
    except PermissionError:
        return False


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises AssayError naming it if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from None


def unpack(data: bytes, where: str) -> bytes:
    """The content of a file that may be gzip. Raises AssayError if it is gzip and cut short, damaged or too large."""
    if not data.startswith(GZIP_MAGIC):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = packed.read(MAX_UNPACKED_BYTES + 1)
    except EOFError:
        raise AssayError(f"{where} is cut short: its gzip data ends too early.") from None
    except (OSError, zlib.error) as error:
        raise AssayError(f"{where} is damaged gzip data ({error}).") from None
    if len(content) > MAX_UNPACKED_BYTES:
        raise AssayError(f"{where} unpacks to more than {MAX_UNPACKED_BYTES >> 20} MiB, which no benchmark does.")
    return content


def load_rows(source: Source, data_dir: Path | None, fields: Mapping[str, type | tuple[type, ...]]) -> Rows:
    """Read the file of a source and check that every row has `fields` of the right types.

    Raises AssayError naming file and line for a file that is missing, unreadable, cut short, or that has a row that
    is not JSON, is no object, or lacks a field.
    """
    path = find(source, data_dir)
    again = f"Download it again with: assay data fetch {source.spec}"
    data = read_bytes(path)
    try:
        content = unpack(data, str(path))
        rows = []
        for line, row in parse(content, str(path)):
            _check_fields(row, fields, f"{path}, line {line}")
            rows.append(row)
    except AssayError as error:
        raise AssayError(f"{error} {again}") from None
    if not rows:
        raise AssayError(f"{path} has no rows. {again}")
    return Rows(tuple(rows), hashlib.sha256(content).hexdigest(), path)


def parse(content: bytes, where: str) -> Iterator[tuple[int, Any]]:
    """(line, value) of JSON Lines, or of the items of one JSON list (then line is the number of the item).

    Raises AssayError naming `where` and the line for text that is not UTF-8 or not JSON.
    """
    # Split bytes, not text: a row may hold characters that str.splitlines takes for the end of a line.
    one_list = content.lstrip()[:1] == b"["
    lines = [content] if one_list else content.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise AssayError(f"{where}, line {number}: the text is not UTF-8 (byte {error.start + 1}).") from None
        except json.JSONDecodeError as error:
            at = number + error.lineno - 1
            raise AssayError(f"{where}, line {at}: this is not JSON ({error.msg}, column {error.colno}).") from None
        except (ValueError, RecursionError) as error:
            raise AssayError(f"{where}, line {number}: this JSON cannot be read ({error}).") from None
        if one_list:
            yield from enumerate(value, 1)
        else:
            yield number, value


def rows_sha256(content: bytes, where: str) -> str:
    """A checksum of the rows that does not depend on line ends, white space or the order of keys."""
    rows = [row for _, row in parse(content, where)]
    text = json.dumps(rows, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _check_fields(row: Any, fields: Mapping[str, type | tuple[type, ...]], where: str) -> None:
    if not isinstance(row, dict):
        raise AssayError(f"{where}: a row must be a JSON object, this is {type(row).__name__}.")
    for name, kind in fields.items():
        if name not in row:
            raise AssayError(f"{where}: the row has no {name!r}.")
        if not isinstance(row[name], kind):
            raise AssayError(f"{where}: {name!r} has the wrong type ({type(row[name]).__name__}).")

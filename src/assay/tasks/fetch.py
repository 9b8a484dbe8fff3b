"""Download a benchmark's file from upstream: checked against its sha256, and put in place in one step."""

from __future__ import annotations

import hashlib
import http.client
import io
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from assay.errors import AssayError
from assay.tasks import catalog
from assay.tasks.data import GZIP_MAGIC, cache_dir, is_file, parse, read_bytes, rows_sha256, unpack
from assay.tasks.sources import Source

Progress = Callable[[int, int | None], None]

_CHUNK = 1 << 16


def fetch(
    name: str,
    progress: Progress | None = None,
    base_url: str | None = None,
    dest: Path | None = None,
    timeout_s: float = 30.0,
) -> Path:
    """Download the data of benchmark `name` ("humaneval+@v0.1.9") and return where it lies, or the last of its files.

    progress: called with the bytes so far and the size, None if the server does not say.
    base_url: a mirror laid out like the data folder, instead of upstream.
    dest: the data folder to put it in; the user's cache by default.
    timeout_s: how long the server may be silent.

    A file that is already there and has the right checksum is left alone. Raises AssayError for an unknown name, a
    server that cannot be reached, refuses, or stops early, a wrong checksum, and a folder that cannot be written;
    in every case nothing is left behind.
    """
    source = catalog.resolve(name)
    if not source.file:
        raise AssayError(f"{name!r} is built in and has no data file: there is nothing to fetch.")
    if source.made_of:
        return [fetch(each, progress, base_url, dest, timeout_s) for each in source.made_of][-1]
    folder = dest if dest is not None else cache_dir()
    packed = folder / source.file
    for there in (packed, packed.with_suffix("")):
        if is_file(there) and _problem(source, read_bytes(there), str(there)) is None:
            return there
    if not source.url and not base_url:
        raise AssayError(f"{source.spec!r} cannot be downloaded as it is. {source.advice}")
    url = f"{base_url.rstrip('/')}/{source.file}" if base_url else source.url
    data = _download(url, source, folder, progress, timeout_s)
    problem = _problem(source, data, url)
    if problem:
        raise AssayError(f"{problem} Nothing was stored; try again, and if it stays so the file has changed upstream.")
    path = packed if data.startswith(GZIP_MAGIC) else packed.with_suffix("")
    _write(path, data)
    return path


def _problem(source: Source, data: bytes, where: str) -> str | None:
    """Why these bytes are not the file of the source, or None."""
    try:
        content = unpack(data, where)
        if hashlib.sha256(content).hexdigest() == source.sha256:
            return None
        if not source.sha256:
            large = len(content) > Source.most_bytes
            rows = sum(bool(line.strip()) for line in io.BytesIO(content)) if large else len([*parse(content, where)])
            return None if rows == source.tasks else f"{where} has {rows} rows; {source.spec} has {source.tasks}."
        # Copies of these files differ in line ends or white space, which changes no row; the rows are compared then.
        if source.rows_sha256 and rows_sha256(content, where) == source.rows_sha256:
            return None
    except AssayError as error:
        return str(error)
    return f"{where} has the wrong checksum: it is not the published {source.spec}."


def _download(url: str, source: Source, folder: Path, progress: Progress | None, timeout_s: float) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise AssayError(f"{url} is no address to download from: it must begin with http:// or https://.")
    by_hand = f"Without a network, put the file at {folder / source.file} yourself."
    parts: list[bytes] = []
    done = 0
    try:
        with urllib.request.urlopen(url, timeout=timeout_s) as answer:
            length = answer.headers.get("Content-Length")
            total = int(length) if length and length.isdecimal() else None
            while chunk := answer.read(_CHUNK):
                parts.append(chunk)
                done += len(chunk)
                if done > source.most_bytes:
                    raise AssayError(f"{url} is larger than {source.most_bytes >> 20} MiB; the download was stopped.")
                if progress is not None:
                    progress(done, total)
    except urllib.error.HTTPError as error:
        error.close()
        raise AssayError(f"{url} cannot be downloaded: the server answers {error.code} {error.reason}.") from None
    except urllib.error.URLError as error:
        raise AssayError(f"{url} cannot be reached ({error.reason}). {by_hand}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise AssayError(f"The download of {url} broke off after {done} bytes ({error}). Try again.") from None
    if total is not None and done != total:
        raise AssayError(f"The download of {url} broke off after {done} of {total} bytes. Try again.")
    return b"".join(parts)


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise AssayError(f"{path} cannot be written: {error.strerror}.") from None

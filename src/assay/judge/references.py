"""What the reference solution answers to every input, computed once in the jail and kept on disk.

The file name is a hash of everything the answers depend on, so a changed task, interpreter or format is never served
stale answers.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import marshal
import os
import sys
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge import oracle
from assay.judge.checks import DifferentialCheck
from assay.sandbox import plain
from assay.sandbox.program import Limits
from assay.sandbox.session import one_shot
from assay.sandbox.warm import Zygote

_FORMAT = 1
_LIMITS = Limits(cpu_s=600.0, wall_s=3600.0, memory_bytes=8 << 30, output_bytes=1 << 30)
MAX_RESULTS = 256 << 20


class ReferenceFailed(AssayError):
    """The reference solution of a task does not answer its own inputs."""


@dataclass(frozen=True)
class Expected:
    """The reference's answers to one input set.

    lines: encoded answers in input order. cpu_s: CPU seconds the reference took for each.
    """

    lines: tuple[bytes, ...]
    cpu_s: tuple[float, ...]

    @cached_property
    def values(self) -> list[Any]:
        return [plain.decode(line) for line in self.lines]

    @cached_property
    def marshalled(self) -> bytes:
        return marshal.dumps(self.values)

    @cached_property
    def has_nan(self) -> bool:
        return any(b"NaN" in line for line in self.lines)


def folder() -> Path:
    """Where reference outputs are kept: $ASSAY_CACHE, or the user's cache folder."""
    chosen = os.environ.get("ASSAY_CACHE")
    if chosen:
        return Path(chosen) / "references"
    import platformdirs

    return Path(platformdirs.user_cache_dir("assay")) / "references"


def references(zygote: Zygote, check: DifferentialCheck, inputs: dict[str, bytes]) -> dict[str, Expected]:
    """The expected answers of every input set, from disk or by running the reference.

    inputs: the marshalled inputs of each set. Raises ReferenceFailed, ZygoteDied.
    """
    path = folder() / f"{_digest(check, inputs)}.z"
    with contextlib.suppress(OSError, ValueError, zlib.error, KeyError):
        return _unpack(zlib.decompress(path.read_bytes()))
    result = _compute(zygote, check, inputs)
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time, never a verdict
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_bytes(zlib.compress(_pack(result), 6))
        temporary.replace(path)
    return result


def _digest(check: DifferentialCheck, inputs: dict[str, bytes]) -> str:
    parts = [str(_FORMAT), sys.version, check.entry_point, check.reference, str(reduces(check))]
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    for name, data in inputs.items():
        digest.update(f"\0{name}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def reduces(check: DifferentialCheck) -> bool:
    """Whether answers are only asked for being None: some references return match objects, which are no plain data."""
    return check.oracle.special == "not_none"


def _pack(result: dict[str, Expected]) -> bytes:
    head = {name: [list(part.cpu_s), len(part.lines)] for name, part in result.items()}
    lines = [line for part in result.values() for line in part.lines]
    return b"\n".join([json.dumps(head).encode(), *lines])


def _unpack(data: bytes) -> dict[str, Expected]:
    first, *lines = data.split(b"\n")
    result, start = {}, 0
    for name, (times, count) in json.loads(first).items():
        part = tuple(lines[start : start + count])
        if len(part) != count or len(times) != count:
            raise ValueError("a cache file that is cut off")
        result[name] = Expected(part, tuple(times))
        start += count
    return result


def _compute(zygote: Zygote, check: DifferentialCheck, inputs: dict[str, bytes]) -> dict[str, Expected]:
    counts = {name: len(check.inputs[name]) for name in inputs}
    results = os.memfd_create("references", os.MFD_CLOEXEC)
    try:
        frame, outcome = one_shot(
            zygote,
            "batch",
            check.reference,
            _LIMITS,
            "reference",
            results_fd=results,
            entry_point=check.entry_point,
            sets=[(inputs[name], counts[name], None) for name in inputs],
            compare=None,
            oracle=None,
            reduce=reduces(check),
            timed=True,
        )
        data = read_results(results)
    finally:
        os.close(results)
    lines = data.split(b"\n")[:-1]
    if not frame or frame[0] != "done" or len(lines) != sum(counts.values()):
        why = frame[2] if frame and len(frame) > 2 else outcome.detail or outcome.status.value
        raise ReferenceFailed(f"The reference solution of {check.key or check.entry_point} failed on its own inputs: {why}")
    for line in lines:
        if line.startswith((b'{"x":', b'{"u":')):
            raise ReferenceFailed(
                f"The reference solution of {check.key or check.entry_point} has no plain answer to one of its inputs: "
                f"{line[:200].decode()}"
            )
    times = frame[1]
    result, start = {}, 0
    for name, count in counts.items():
        result[name] = Expected(tuple(lines[start : start + count]), tuple(times[start : start + count]))
        start += count
    return result


def read_results(fd: int) -> bytes:
    """What a batch wrote, whole, after its process has ended; cut at MAX_RESULTS."""
    size = min(os.fstat(fd).st_size, MAX_RESULTS)
    return os.pread(fd, size, 0) if size else b""


_ORACLE_SOURCE = Path(oracle.__file__).read_text()


def oracle_source() -> str:
    """The comparison as text, for use inside the jail."""
    return _ORACLE_SOURCE

"""What the reference solution answers to every input, computed once in the jail and kept on disk.

The file name is a hash of everything the answers depend on, so a changed task, interpreter or format is never served
stale answers.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import json
import marshal
import math
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge import oracle
from assay.judge.checks import DifferentialCheck, Inputs
from assay.sandbox import plain
from assay.sandbox.cachedir import cache_dir
from assay.sandbox.program import Limits
from assay.sandbox.session import one_shot
from assay.sandbox.warm import Zygote

_FORMAT = 4
LARGEST = 256 * 1024  # bytes of an encoded answer
_LARGEST_UNPACKED = 8 << 20  # bytes of the answers of a task; more are packed on disk
_LIMITS = Limits(cpu_s=600.0, wall_s=3600.0, memory_bytes=8 << 30, output_bytes=1 << 30)


class ReferenceFailed(AssayError):
    """The reference solution of a task does not answer its own inputs."""


@dataclass(frozen=True)
class Expected:
    """The reference's answers to one input set, encoded one by one so that only those needed are ever decoded.

    Of an answer whose encoding is longer than LARGEST only a digest is kept. cpu_s: CPU seconds the reference took for
    each input.
    """

    lines: tuple[bytes, ...]
    cpu_s: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.lines)

    def value(self, index: int) -> Any:
        return plain.decode(self.lines[index])

    def seconds(self, least: float, factor: float) -> list[float]:
        """CPU seconds that each input is given: so many times what the reference took, and no fewer than `least`."""
        enough = least / factor if factor else math.inf
        return [least if taken <= enough else factor * taken for taken in self.cpu_s]

    @cached_property
    def table(self) -> tuple[tuple[int, int], ...]:
        """(offset, size) of each line in the memory file."""
        sizes = list(map(len, self.lines))
        return tuple(zip(accumulate(sizes, initial=0), sizes, strict=False))  # the last sum is the end

    @cached_property
    def descriptor(self) -> int:
        """A sealed memory file with the lines end to end, for comparisons inside the jail."""
        fd = os.memfd_create("expected", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        with open(fd, "wb", closefd=False) as file:
            file.write(b"".join(self.lines))
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE)
        return fd

    def close(self) -> None:
        """Let the memory file go, if one was made."""
        if "descriptor" in self.__dict__:
            os.close(self.__dict__.pop("descriptor"))


def folder() -> Path:
    """Where reference outputs are kept."""
    return cache_dir("references")


def references(zygote: Zygote, check: DifferentialCheck) -> dict[str, Expected]:
    """The expected answers of every input set, from disk or by running the reference.

    Raises ReferenceFailed, ZygoteDied.
    """
    path = folder() / f"{_digest(check)}.bin"
    known = _read(path)
    if known is not None:
        return known
    with _only_here(path.with_suffix(".lock")):
        known = _read(path)  # another process may have computed them meanwhile
        if known is not None:
            return known
        result = {name: _compute(zygote, check, inputs) for name, inputs in check.inputs.items()}
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time, never a verdict
            temporary = path.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_bytes(_pack(result))
            temporary.replace(path)
        return result


def _read(path: Path) -> dict[str, Expected] | None:
    """What is kept there; None where nothing is, or nothing whole."""
    with contextlib.suppress(OSError, ValueError, zlib.error):
        return _unpack(path.read_bytes())
    return None


@contextlib.contextmanager
def _only_here(path: Path) -> Iterator[None]:
    """While the lock is held no other process computes the same: they wait, for some references take a minute.

    Where no file can be made, each computes for itself.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            fcntl.flock(stack.enter_context(path.open("w")), fcntl.LOCK_EX)
            # Whoever waits for it finds the answers afterwards, and so does whoever comes later and makes a new one.
            stack.callback(path.unlink, missing_ok=True)
        yield


def _digest(check: DifferentialCheck) -> str:
    parts = [str(_FORMAT), sys.version, check.entry_point, check.reference, str(reduces(check))]
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    for name, inputs in check.inputs.items():
        digest.update(f"\0{name}\0".encode())
        digest.update(inputs.marshalled)
    return digest.hexdigest()


def reduces(check: DifferentialCheck) -> bool:
    """Whether answers are only asked for being None: some references return match objects, which are no plain data."""
    return check.oracle.special == "not_none"


def _pack(result: dict[str, Expected]) -> bytes:
    head = json.dumps({name: part.cpu_s for name, part in result.items()}).encode()
    data = b"\n".join([head, *(line for part in result.values() for line in part.lines)])
    # Level 0 checks and copies, which is read several times as fast as what is packed.
    return zlib.compress(data, 3 if len(data) > _LARGEST_UNPACKED else 0)


def _unpack(data: bytes) -> dict[str, Expected]:
    head, *lines = zlib.decompress(data).split(b"\n")
    result, start = {}, 0
    for name, cpu_s in json.loads(head).items():
        part = tuple(lines[start : start + len(cpu_s)])
        if len(part) != len(cpu_s):
            raise ValueError("a cache file that is cut off")
        result[name] = Expected(part, tuple(cpu_s))
        start += len(cpu_s)
    return result


def _compute(zygote: Zygote, check: DifferentialCheck, inputs: Inputs) -> Expected:
    results = os.memfd_create("references", os.MFD_CLOEXEC)
    try:
        frame, outcome = one_shot(
            zygote,
            "batch",
            check.reference,
            _LIMITS,
            fds=(results,),
            entry_point=check.entry_point,
            sets=((len(inputs), inputs.marshalled, ()),),
            compare=None,
            oracle=None,
            largest=LARGEST,
            reduce=reduces(check),
            timed=True,
            pause=0,
        )
        size = os.fstat(results).st_size
        lines = (os.pread(results, size, 0) if size else b"").split(b"\n")[:-1]
    finally:
        os.close(results)
    name = check.key or check.entry_point
    if not frame or frame[0] != "done" or len(lines) != len(inputs):
        why = frame[2] if frame and len(frame) > 2 else outcome.detail or outcome.stdout[-200:].decode(errors="replace")
        raise ReferenceFailed(f"The reference solution of {name} failed on its own inputs: {why}")
    for line in lines:
        if line.startswith((b'{"x":', b'{"u":')):
            raise ReferenceFailed(
                f"The reference solution of {name} has no plain answer to one of its inputs: {line[:200].decode()}"
            )
    return Expected(tuple(lines), tuple(frame[1]))


@functools.cache
def oracle_code() -> bytes:
    """The comparison as bytecode, for use inside the jail."""
    return marshal.dumps(compile(Path(oracle.__file__).read_text(), "<oracle>", "exec", dont_inherit=True))

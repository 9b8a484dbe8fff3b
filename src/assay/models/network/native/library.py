"""The C of this folder, compiled once on each machine by its gcc into one library for its CPU.

Without gcc, or with `ASSAY_NATIVE=0`, there is none: torch does the same then, more slowly.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import torch

from assay.sandbox.cachedir import cache_dir

_FOLDER = Path(__file__).parent
_SOURCES = ("step.c", "attention.c", "passes.c")
_HEADERS = ("vector.h", "head.h")
_FLAGS = ("-O3", "-march=native", "-fopenmp", "-shared", "-fPIC")
_LIMIT_S = 120
_WORK = 1 << 15  # numbers, or as long as so many take to read and write
_CPUS = Path("/proc/cpuinfo")
VECTOR = 16  # the most numbers at once (vector.h): sizes are multiples of it
_KINDS = {"p": ctypes.c_void_p, "i": ctypes.c_int64, "f": ctypes.c_float}
# Every function's arguments: pointers, whole numbers, floats.
_SIGNATURES = {
    "attend_step": "pipppp",
    "attend": "p",
    "attend_back": "pppp",
    "norm": "iiippfpp",
    "norm_back": "iiipppppp",
    "swiglu": "iiipp",
    "swiglu_back": "iiipp",
    "transpose": "iiipp",
    "cross_entropy": "iiipppp",
    "cross_entropy_back": "iiipppp",
}


def threads(work: int) -> int:
    """How many a call is given that computes so many numbers: as torch, one for a few.

    Threads that wait for each other keep their cores busy, and where other processes have those, that is long: with
    this the tests of steps, in two processes on two cores, take half as long.
    """
    return torch.get_num_threads() if work >= _WORK else 1


@cache
def load() -> Any:
    """The library; None where it is not wanted or not possible."""
    if os.environ.get("ASSAY_NATIVE") == "0" or platform.system() != "Linux":
        return None
    compiler = shutil.which("gcc") or shutil.which("cc")
    try:
        if compiler is None:
            return None
        compiled = ctypes.CDLL(str(_compiled(compiler)))
    except (OSError, subprocess.SubprocessError):
        return None
    for name, signature in _SIGNATURES.items():
        function = getattr(compiled, name)
        function.argtypes = [_KINDS[letter] for letter in signature]
        function.restype = None
    return compiled


def _compiled(compiler: str) -> Path:
    """Its file, made now unless it was made before of the same source for the same CPU.

    Raises OSError, SubprocessError.
    """
    sources = [(_FOLDER / name).read_text() for name in (*_SOURCES, *_HEADERS)]
    info = Path(compiler).resolve().stat()
    cpu = {line for line in _CPUS.read_text().splitlines() if line.startswith(("flags", "Features", "model name"))}
    parts = (compiler, info.st_size, info.st_mtime_ns, _FLAGS, sorted(cpu), sources)
    file = cache_dir("native") / f"{hashlib.sha256(repr(parts).encode()).hexdigest()}.so"
    if _is_ours(file):
        return file
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        made = Path(folder) / file.name
        command = (compiler, *_FLAGS, *(str(_FOLDER / name) for name in _SOURCES), "-o", str(made), "-lm")
        subprocess.run(command, check=True, capture_output=True, timeout=_LIMIT_S)
        made.chmod(0o700)
        made.replace(file)
    if not _is_ours(file):
        raise PermissionError(f"others may write to {file}")
    return file


def _is_ours(file: Path) -> bool:
    """Whether nobody else can have put it there: what it contains is run outside of any jail."""
    try:
        infos = [path.stat() for path in (file, file.parent)]
    except OSError:
        return False
    return all(info.st_uid == os.geteuid() and not info.st_mode & 0o022 for info in infos)

"""Attention of a step of writing in C, for float32 on CPUs: `kernel.c`, compiled once on each machine.

A step of a small network takes longer between its products than in them: torch starts some 300 small operations, and
its products of one query with keys are slow. This is one call a layer instead (docs/LOG.md: a step for 128 texts takes
0.55 to 0.6 of the time). Where there is no gcc, `cache.py` does the same in torch; the tests hold both to the network's
forward pass. `ASSAY_NATIVE=0` does without.
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

from assay.models.network.model import Attention, CodeModel
from assay.models.network.slots import VECTOR, Slots
from assay.sandbox.cachedir import cache_dir

_SOURCE = Path(__file__).with_name("kernel.c")
_FLAGS = ("-O3", "-march=native", "-fopenmp", "-shared", "-fPIC")
_LIMIT_S = 120
_CPUS = Path("/proc/cpuinfo")
_MOST = 4  # as in kernel.c


class _Slots(ctypes.Structure):
    _fields_ = (
        ("slots", ctypes.c_int64),
        ("columns", ctypes.c_int64),
        ("keys", ctypes.c_void_p),
        ("values", ctypes.c_void_p),
        ("lengths", ctypes.c_void_p),
    )


class _Step(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int64) for name in ("rows", "heads", "kv_heads", "head_dim", "threads", "room")),
        ("texts", _Slots),
        ("prompts", _Slots),
        *((name, ctypes.c_void_p) for name in ("begins", "prompt_of", "cos", "sin", "scratch")),
        ("eps", ctypes.c_float),
    )


def fits(model: CodeModel) -> bool:
    """Whether attention of this network's steps can be computed by `Step` here."""
    weight = model.embedding.weight
    return (
        weight.device.type == "cpu"
        and weight.dtype == torch.float32
        and model.config.head_dim % VECTOR == 0
        and library() is not None
    )


class Step:
    """One step of the first `rows` texts.

    texts, prompts: their slots, prompts only where texts share them; begin_R, prompt_R: where each text's own tokens
    begin, and the slot of its prompt; cos_LC, sin_LC: of all positions.
    """

    def __init__(
        self,
        model: CodeModel,
        rows: int,
        texts: Slots,
        prompts: Slots | None,
        begin_R: torch.Tensor,
        prompt_R: torch.Tensor,
        cos_LC: torch.Tensor,
        sin_LC: torch.Tensor,
    ) -> None:
        config, threads = model.config, torch.get_num_threads()
        room = texts.columns + (prompts.columns if prompts else 0)
        scratch = torch.empty(threads * _MOST * room)
        self._kept = (texts, prompts, begin_R, prompt_R, cos_LC, sin_LC, scratch)
        begins, prompt_of, cos, sin, space = (
            tensor.data_ptr() for tensor in (begin_R, prompt_R, cos_LC, sin_LC, scratch)
        )
        heads = (rows, config.heads, config.kv_heads, config.head_dim, threads, room)
        of_prompts = _slots(prompts) if prompts else _Slots()
        self._step = _Step(*heads, _slots(texts), of_prompts, begins, prompt_of, cos, sin, space, config.norm_eps)

    def attend(self, layer: int, attention: Attention, qkv_RX: torch.Tensor, y_RX: torch.Tensor) -> None:
        """Attention of the new tokens, into y_RX, (at least `rows`, H*C); their keys and values into the slots.

        qkv_RX: products of the normed stream with the layer's weights, (at least `rows`, (H+2K)*C).
        """
        compiled = library()
        assert compiled is not None and qkv_RX.is_contiguous() and y_RX.is_contiguous()
        norms = (None if norm is None else norm.data_ptr() for norm in (attention.q_norm, attention.k_norm))
        compiled.attend(ctypes.byref(self._step), layer, qkv_RX.data_ptr(), *norms, y_RX.data_ptr())


def _slots(slots: Slots) -> _Slots:
    keys, values, lengths = (tensor.data_ptr() for tensor in (slots.keys_ZJCL, slots.values_ZJLC, slots.lengths_R))
    return _Slots(slots.slots, slots.columns, keys, values, lengths)


@cache
def library() -> Any:
    """kernel.c, compiled; None where that is not wanted or not possible."""
    if os.environ.get("ASSAY_NATIVE") == "0" or platform.system() != "Linux":
        return None
    compiler = shutil.which("gcc") or shutil.which("cc")
    try:
        if compiler is None:
            return None
        compiled = ctypes.CDLL(str(_compiled(compiler)))
    except (OSError, subprocess.SubprocessError):
        return None
    compiled.attend.argtypes = [ctypes.c_void_p, ctypes.c_int64, *[ctypes.c_void_p] * 4]
    compiled.attend.restype = None
    return compiled


def _compiled(compiler: str) -> Path:
    """The shared library, made now unless it was made before of the same source for the same CPU.

    Raises OSError, SubprocessError.
    """
    info = Path(compiler).resolve().stat()
    cpu = {line for line in _CPUS.read_text().splitlines() if line.startswith(("flags", "Features", "model name"))}
    parts = (compiler, info.st_size, info.st_mtime_ns, _FLAGS, sorted(cpu), _SOURCE.read_text())
    file = cache_dir("native") / f"{hashlib.sha256(repr(parts).encode()).hexdigest()}.so"
    if _is_ours(file):
        return file
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        made = Path(folder) / file.name
        command = (compiler, *_FLAGS, str(_SOURCE), "-o", str(made), "-lm")
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

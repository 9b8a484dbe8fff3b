"""Attention of a step of writing in C (`step.c`), for float32 on CPUs.

A step of a small network takes longer between its products than in them: torch starts some 300 small operations, and
its products of one query with keys are slow. This is one call a layer instead (docs/LOG.md: a step for 128 texts takes
0.55 to 0.6 of the time). Where it does not fit, `cache.py` does the same in torch; the tests hold both to the network's
forward pass.
"""

from __future__ import annotations

import ctypes

import torch

from assay.models.network.model import Attention, CodeModel
from assay.models.network.native import library
from assay.models.network.slots import Slots

_MOST = 4  # as in step.c


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
        and model.config.head_dim % library.VECTOR == 0
        and library.load() is not None
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
        config = model.config
        room = texts.columns + (prompts.columns if prompts else 0)
        threads = library.threads(rows * config.heads * config.head_dim * room // _MOST)
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
        compiled = library.load()
        assert compiled is not None and qkv_RX.is_contiguous() and y_RX.is_contiguous()
        norms = (None if norm is None else norm.data_ptr() for norm in (attention.q_norm, attention.k_norm))
        compiled.attend_step(ctypes.byref(self._step), layer, qkv_RX.data_ptr(), *norms, y_RX.data_ptr())


def _slots(slots: Slots) -> _Slots:
    keys, values, lengths = (tensor.data_ptr() for tensor in (slots.keys_ZJCL, slots.values_ZJLC, slots.lengths_R))
    return _Slots(slots.slots, slots.columns, keys, values, lengths)

"""Attention and what lies between products with their gradients in C (`attention.c`, `passes.c`), for float32 on CPUs.

A training step of a small network in torch takes longer in these than in its products with weights (docs/LOG.md): they
are many operations, each a pass over memory. `attend.py` and `fused.py` are the same in torch, for other numbers and
sizes and where there is no gcc, and what the tests hold these to. Under autocast (bfloat16 products) these compute in
float32.

Shapes: X any number of dimensions, of N rows in all, D numbers of a norm, F numbers of each half, V vocabulary; of
attention as in `model.py`.
"""

from __future__ import annotations

import ctypes
from typing import Any

import torch

from assay.models.network.native import library

_PART, _BLOCK = 64, 32  # as in passes.c and attention.c


def fits(x: torch.Tensor, size: int = library.VECTOR, weight: torch.Tensor | None = None) -> bool:
    """Whether a tensor's rows can be computed here: in parts of `size` numbers, times `weight`."""
    if x.device.type != "cpu" or x.dtype != torch.float32 or (weight is not None and weight.dtype != x.dtype):
        return False
    return size % library.VECTOR == 0 and library.load() is not None


def _run(name: str, *arguments: Any) -> None:
    """Call a function with contiguous tensors and numbers."""
    compiled = library.load()
    assert compiled is not None
    getattr(compiled, name)(*(_pointer(each) if isinstance(each, torch.Tensor) else each for each in arguments))


def _pointer(tensor: torch.Tensor) -> int:
    assert tensor.is_contiguous() and tensor.dtype in (torch.float32, torch.int64, torch.bool)
    return int(tensor.data_ptr())


def _changed(saved: torch.Tensor) -> torch.Tensor:
    """What became a gradient in place; whoever asks for a gradient a second time is told, as by torch's operations."""
    torch.autograd.graph.increment_version(saved)
    return saved.detach()


def transposed(x_NM: torch.Tensor) -> torch.Tensor:
    """Rows as columns; in other memory where C does it, for it takes a third of torch's time."""
    rows, columns = x_NM.shape
    if not (fits(x_NM, columns) and rows % library.VECTOR == 0):
        return x_NM.t()
    y_MN = x_NM.new_empty(columns, rows)
    _run("transpose", rows, columns, library.threads(x_NM.numel()), x_NM.contiguous(), y_MN)
    return y_MN


class NormFunction(torch.autograd.Function):
    """x / root mean square (last dimension) * weight."""

    @staticmethod
    def forward(ctx: Any, x_XD: torch.Tensor, weight_D: torch.Tensor, eps: float) -> torch.Tensor:
        x_XD = x_XD.contiguous()
        size = len(weight_D)
        y_XD, scale_N = torch.empty_like(x_XD), x_XD.new_empty(x_XD.numel() // size)
        _run("norm", len(scale_N), size, library.threads(x_XD.numel()), x_XD, weight_D, eps, y_XD, scale_N)
        ctx.save_for_backward(x_XD, weight_D, scale_N)
        return y_XD

    @staticmethod
    def backward(ctx: Any, grad_XD: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None]:
        x_XD, weight_D, scale_N = ctx.saved_tensors
        count, size = len(scale_N), len(weight_D)
        x_grad_XD, parts_PD = torch.empty_like(x_XD), x_XD.new_empty(-(-count // _PART), size)
        inputs = (x_XD, weight_D, scale_N, grad_XD.contiguous())
        _run("norm_back", count, size, library.threads(x_XD.numel()), *inputs, x_grad_XD, parts_PD)
        return x_grad_XD, parts_PD.sum(dim=0), None


class SwigluFunction(torch.autograd.Function):
    """silu(gate) * up, of both in one tensor, which becomes the gradient in place: so nobody else may need it."""

    @staticmethod
    def forward(ctx: Any, both_XF: torch.Tensor) -> torch.Tensor:
        both_XF = both_XF.contiguous()
        size = both_XF.shape[-1] // 2
        y_XF = both_XF.new_empty(*both_XF.shape[:-1], size)
        _run("swiglu", y_XF.numel() // size, size, library.threads(both_XF.numel()), both_XF, y_XF)
        ctx.save_for_backward(both_XF)
        return y_XF

    @staticmethod
    def backward(ctx: Any, grad_XF: torch.Tensor) -> torch.Tensor:
        (both_XF,) = ctx.saved_tensors
        count, size = grad_XF.numel() // grad_XF.shape[-1], grad_XF.shape[-1]
        _run("swiglu_back", count, size, library.threads(both_XF.numel()), both_XF.detach(), grad_XF.contiguous())
        return _changed(both_XF)


class CrossEntropyFunction(torch.autograd.Function):
    """Minus log-probabilities of targets. Logits become the gradient in place: so nobody else may need them.

    They are the largest tensor of a step, and what is written to fresh memory takes ten times as long.
    """

    @staticmethod
    def forward(ctx: Any, logits_SV: torch.Tensor, targets_S: torch.Tensor) -> torch.Tensor:
        logits_SV, targets_S = logits_SV.contiguous(), targets_S.contiguous()
        count, size = logits_SV.shape
        if count and not 0 <= int(targets_S.min()) <= int(targets_S.max()) < size:
            raise IndexError(f"a target is no number of one of {size} logits")
        nats_S, known_S2 = logits_SV.new_empty(count), logits_SV.new_empty(count, 2)
        _run("cross_entropy", count, size, library.threads(logits_SV.numel()), logits_SV, targets_S, nats_S, known_S2)
        ctx.save_for_backward(logits_SV, targets_S, known_S2)
        return nats_S

    @staticmethod
    def backward(ctx: Any, grad_S: torch.Tensor) -> tuple[torch.Tensor, None]:
        logits_SV, targets_S, known_S2 = ctx.saved_tensors
        inputs = (logits_SV.detach(), targets_S, known_S2, grad_S.contiguous())
        _run("cross_entropy_back", *logits_SV.shape, library.threads(logits_SV.numel()), *inputs)
        return _changed(logits_SV), None


class _Attention(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int64) for name in ("rows", "length", "heads", "kv_heads", "head_dim", "threads", "room")),
        *((name, ctypes.c_void_p) for name in ("qkv", "q_weight", "k_weight", "cos", "sin", "mask")),
        *((name, ctypes.c_void_p) for name in ("y", "kept", "scratch")),
        ("eps", ctypes.c_float),
    )


class AttentionFunction(torch.autograd.Function):
    """All of a layer's attention between its two products with weights.

    Queries and keys are normed (where there are weights) and turned, then softmax(queries @ keys.T / sqrt(C)) @ values,
    each query with the keys that it may see.
    """

    @staticmethod
    def forward(
        ctx: Any,
        qkv_NX: torch.Tensor,
        q_weight_C: torch.Tensor | None,
        k_weight_C: torch.Tensor | None,
        cos_NC: torch.Tensor,
        sin_NC: torch.Tensor,
        mask_B1TT: torch.Tensor | None,
        shape: tuple[int, int, int, int],
        eps: float,
    ) -> torch.Tensor:
        """(N, H*C) of queries, keys and values (N, (H+2K)*C); 0 for what fills up. shape: (B, T, H, K).

        cos_NC, sin_NC: of the tokens' positions. mask_B1TT: true where a query (rows) may see a key (columns), among
        those not later; None: all of those.
        """
        rows, length, heads, kv_heads = shape
        groups, head_dim = heads // kv_heads, qkv_NX.shape[1] // (heads + 2 * kv_heads)
        if mask_B1TT is not None:
            mask_B1TT = mask_B1TT.expand(rows, 1, length, length).contiguous()
        y_NX = qkv_NX.new_empty(len(qkv_NX), heads * head_dim)
        y_NX[rows * length :] = 0
        # Turned queries and keys, and two numbers for each query.
        kept = qkv_NX.new_empty(rows * kv_heads * length * ((groups + 1) * head_dim + 2 * groups))
        tensors = (qkv_NX.contiguous(), q_weight_C, k_weight_C, cos_NC, sin_NC, mask_B1TT, y_NX, kept)
        ctx.shape, ctx.eps = shape, eps
        _attend("attend", shape, eps, tensors)
        ctx.save_for_backward(*tensors)
        return y_NX

    @staticmethod
    def backward(ctx: Any, grad_NX: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        tensors = ctx.saved_tensors
        qkv_NX, q_weight_C = tensors[:2]
        rows, length, heads, kv_heads = ctx.shape
        head_dim = qkv_NX.shape[1] // (heads + 2 * kv_heads)
        qkv_grad_NX = torch.empty_like(qkv_NX)
        qkv_grad_NX[rows * length :] = 0
        parts_J2C = qkv_NX.new_empty(rows * kv_heads, 2, head_dim)
        _attend("attend_back", ctx.shape, ctx.eps, tensors, grad_NX.contiguous(), qkv_grad_NX, parts_J2C)
        weight_grads = (None, None) if q_weight_C is None else parts_J2C.sum(dim=0).unbind()
        return qkv_grad_NX, *weight_grads, None, None, None, None, None


def _attend(
    name: str,
    shape: tuple[int, int, int, int],
    eps: float,
    tensors: tuple[torch.Tensor | None, ...],
    *more: torch.Tensor,
) -> None:
    """Call a function of attention.c."""
    rows, length, heads, kv_heads = shape
    qkv_NX = tensors[0]
    assert qkv_NX is not None
    threads = library.threads(qkv_NX.numel() * length // _BLOCK)
    head_dim = qkv_NX.shape[1] // (heads + 2 * kv_heads)
    room = 2 * (head_dim + _BLOCK) * (length + 2 * library.VECTOR)
    scratch = torch.empty(threads * room)
    pointers = (None if tensor is None else _pointer(tensor) for tensor in (*tensors, scratch))
    attention = _Attention(rows, length, heads, kv_heads, head_dim, threads, room, *pointers, eps)
    _run(name, ctypes.byref(attention), *more)

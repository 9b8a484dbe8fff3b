"""Causal attention with its gradients written out, for CPUs.

By blocks of queries, each with the keys that are not later, in batched products over all rows and key/value heads:
half of the products fall away, and those left are large. For heads of 32 numbers and rows of 64 to 512 tokens torch
2.13's own kernel takes 1.2 to 1.8 times as long forwards and backwards in float32. Under autocast the products are
bfloat16's and the softmax float32's, as in transformers' plain attention; torch's kernel has to be given float32 there,
since its gradient in bfloat16 takes five times as long, and takes 2 to 2.8 times as long as this (docs/LOG.md).

Shapes: B rows of T tokens, one after the other, N = B * T and what fills up (`products.filled`), H query heads, K
key/value heads, G = H / K, C numbers of a head, J = B * K, W = T or more, L keys of a block, S = queries * G.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import torch
from torch.nn import functional as F

BLOCK = 64  # queries; 32 and 128 are about as fast
# Probabilities of a layer that are kept for the way back, where they are few; else they are computed again, which
# takes a quarter longer.
KEPT = 1 << 24
# Products in bfloat16 are prepared for each shape (`products.filled`): rows are filled up to multiples of this length,
# and shorter ones than that pays for are computed in float32.
STEP, SHORT = 32, 96


class AttendFunction(torch.autograd.Function):
    """softmax(queries @ keys.T / sqrt(C)) @ values, each query with the keys that it may see."""

    @staticmethod
    def forward(
        ctx: Any,
        qk_NHC: torch.Tensor,
        v_NKC: torch.Tensor,
        shape: tuple[int, int],
        mask_B1TT: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """(N, H, C) of queries and keys (N, H + K, C) and values (N, K, C); 0 for what fills up.

        shape: (B, T). mask_B1TT: true where a query (rows) may see a key (columns), among those not later; None: all
        of those.
        """
        kv_heads = v_NKC.shape[1]
        heads = qk_NHC.shape[1] - kv_heads
        q_NHC, k_NKC = qk_NHC.split((heads, kv_heads), dim=1)
        kind, width = v_NKC.dtype, shape[1]
        if kind == torch.bfloat16:
            kind, width = (torch.float32, width) if width < SHORT else (kind, -(-width // STEP) * STEP)
        if mask_B1TT is not None and width > shape[1]:
            # What fills up is seen by nobody, and has to see something, or its softmax is no number.
            more = width - shape[1]
            mask_B1TT = F.pad(F.pad(mask_B1TT, (0, more)), (0, 0, 0, more), value=True)
        q_JSC = _by_head(q_NHC, shape, kv_heads, width, kind, q_NHC.shape[2] ** -0.5)
        k_JWC, v_JWC = (_by_head(x, shape, kv_heads, width, kind) for x in (k_NKC, v_NKC))
        y_JSC = torch.empty_like(q_JSC)
        few = q_JSC[:, :, 0].numel() * width <= 2 * KEPT  # half of the square
        kept: list[torch.Tensor] = []
        for queries, keys in _blocks(q_JSC, k_JWC):
            chances_JSL = _chances(q_JSC, k_JWC, queries, keys, mask_B1TT)
            y_JSC[:, queries] = torch.bmm(chances_JSL, v_JWC[:, keys])
            if few:
                kept.append(chances_JSL)
        ctx.save_for_backward(q_JSC, k_JWC, v_JWC, y_JSC, mask_B1TT, *kept)
        ctx.shape, ctx.kinds = shape, (qk_NHC.dtype, v_NKC.dtype)
        y_NHC = v_NKC.new_empty((len(v_NKC), heads, v_NKC.shape[2]))
        _put_by_token(y_JSC, y_NHC, shape, kv_heads)
        return y_NHC

    @staticmethod
    def backward(ctx: Any, grad_NHC: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        q_JSC, k_JWC, v_JWC, y_JSC, mask_B1TT, *kept = ctx.saved_tensors
        shape, (qk_kind, v_kind) = ctx.shape, ctx.kinds
        count, heads, size = grad_NHC.shape
        kv_heads, width = len(k_JWC) // shape[0], k_JWC.shape[1]
        grad_JSC = _by_head(grad_NHC, shape, kv_heads, width, q_JSC.dtype)
        along_JS1 = (grad_JSC * y_JSC).sum(dim=-1, keepdim=True)
        q_grad_JSC = torch.empty_like(q_JSC)
        # Sums over blocks; not in bfloat16, which would round each of them.
        exact = torch.promote_types(k_JWC.dtype, torch.float32)
        k_grad_JWC, v_grad_JWC = (torch.zeros_like(x, dtype=exact) for x in (k_JWC, v_JWC))
        for number, (queries, keys) in enumerate(_blocks(q_JSC, k_JWC)):
            chances_JSL = kept[number] if kept else _chances(q_JSC, k_JWC, queries, keys, mask_B1TT)
            v_grad_JWC[:, keys] += torch.bmm(chances_JSL.mT, grad_JSC[:, queries])
            score_grad_JSL = torch.bmm(grad_JSC[:, queries], v_JWC[:, keys].mT)
            score_grad_JSL.sub_(along_JS1[:, queries]).mul_(chances_JSL)
            k_grad_JWC[:, keys] += torch.bmm(score_grad_JSL.mT, q_JSC[:, queries])
            q_grad_JSC[:, queries] = torch.bmm(score_grad_JSL, k_JWC[:, keys])
        qk_grad_NHC = grad_NHC.new_empty((count, heads + kv_heads, size), dtype=qk_kind)
        v_grad_NKC = grad_NHC.new_empty((count, kv_heads, size), dtype=v_kind)
        _put_by_token(q_grad_JSC.mul_(size**-0.5), qk_grad_NHC[:, :heads], shape, kv_heads)
        _put_by_token(k_grad_JWC, qk_grad_NHC[:, heads:], shape, kv_heads)
        _put_by_token(v_grad_JWC, v_grad_NKC, shape, kv_heads)
        return qk_grad_NHC, v_grad_NKC, None, None


def _blocks(q_JSC: torch.Tensor, k_JWC: torch.Tensor) -> Iterator[tuple[slice, slice]]:
    """Queries of each block, as places in S, and the keys that one of them may see."""
    length = k_JWC.shape[1]
    groups = q_JSC.shape[1] // length
    for begin in range(0, length, BLOCK):
        end = min(begin + BLOCK, length)
        yield slice(begin * groups, end * groups), slice(end)


def _chances(
    q_JSC: torch.Tensor, k_JWC: torch.Tensor, queries: slice, keys: slice, mask_B1TT: torch.Tensor | None
) -> torch.Tensor:
    """What each query of a block takes of each key; in the type of the queries, by a softmax in float32 at least."""
    groups = q_JSC.shape[1] // k_JWC.shape[1]
    rows = slice(queries.start // groups, queries.stop // groups)
    scores_JSL = torch.bmm(q_JSC[:, queries], k_JWC[:, keys].mT)
    scores_JSL = scores_JSL.to(torch.promote_types(scores_JSL.dtype, torch.float32))
    if mask_B1TT is None:
        # Keys before the block are seen by all of its queries.
        scores_JSL[:, :, rows] += _later(rows.stop - rows.start, groups, scores_JSL.dtype)
    else:
        hidden_BSL = ~mask_B1TT[:, 0, rows, keys].repeat_interleave(groups, dim=1)
        scores_JSL.unflatten(0, (len(mask_B1TT), -1)).masked_fill_(hidden_BSL.unsqueeze(1), float("-inf"))
    return scores_JSL.softmax(dim=-1).to(q_JSC.dtype)


def _by_head(
    x_NHC: torch.Tensor, shape: tuple[int, int], kv_heads: int, width: int, kind: torch.dtype, scale: float = 1.0
) -> torch.Tensor:
    """(N, H, C) times `scale` as (B * K, W * H / K, C) of another type, 0 where rows are filled up to W."""
    rows, length = shape
    size = x_NHC.shape[2]
    x_BKTGC = x_NHC[: rows * length].unflatten(0, shape).unflatten(2, (kv_heads, -1)).transpose(1, 2)
    y_BKWGC = x_NHC.new_empty((rows, kv_heads, width, x_BKTGC.shape[3], size), dtype=kind)
    if width > length:
        y_BKWGC[:, :, length:] = 0
    if scale == 1.0:
        y_BKWGC[:, :, :length].copy_(x_BKTGC)
    else:
        torch.mul(x_BKTGC, scale, out=y_BKWGC[:, :, :length])
    return y_BKWGC.view(rows * kv_heads, -1, size)


@lru_cache(maxsize=256)
def _later(queries: int, groups: int, kind: torch.dtype) -> torch.Tensor:
    """Added to scores of a block with its own keys: minus infinity for those that are later."""
    later_QQ = torch.full((queries, queries), float("-inf"), dtype=kind).triu_(1)
    return later_QQ.repeat_interleave(groups, dim=0)


def _put_by_token(x_JSC: torch.Tensor, into_NHC: torch.Tensor, shape: tuple[int, int], kv_heads: int) -> None:
    """Back from `_by_head`, with 0 for what fills up."""
    rows, length = shape
    groups = into_NHC.shape[1] // kv_heads
    x_BKTGC = x_JSC.unflatten(1, (-1, groups)).unflatten(0, (-1, kv_heads))[:, :, :length]
    into_NHC[: rows * length].unflatten(0, shape).unflatten(2, (kv_heads, groups)).copy_(x_BKTGC.transpose(1, 2))
    into_NHC[rows * length :] = 0

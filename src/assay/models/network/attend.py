"""Causal attention with its gradients written out, for CPUs.

By blocks of queries, each with the keys that are not later, in batched products over all rows and key/value heads:
half of the products fall away, and those left are large. For heads of 32 numbers and rows of 64 to 512 tokens torch
2.13's own kernel takes 1.2 to 1.8 times as long forwards and backwards in float32. Under autocast the products are
bfloat16's and the softmax float32's, as in transformers' plain attention; torch's kernel has to be given float32 there,
since its gradient in bfloat16 takes five times as long, and takes 2 to 2.8 times as long as this (docs/LOG.md).

Shapes: B rows, T tokens, H query heads, K key/value heads, G = H / K, C numbers of a head, J = B * K, L keys of a
block, S = queries of a block * G.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

BLOCK = 64  # queries; 32 and 128 are about as fast
# Probabilities of a layer that are kept for the way back, where they are few; else they are computed again, which
# takes a quarter longer.
KEPT = 1 << 24


class AttendFunction(torch.autograd.Function):
    """softmax(queries @ keys.T / sqrt(C)) @ values, each query with the keys that it may see."""

    @staticmethod
    def forward(
        ctx: Any, qk_BTHC: torch.Tensor, v_BTKC: torch.Tensor, mask_B1TT: torch.Tensor | None = None
    ) -> torch.Tensor:
        """(B, T, H, C) of queries and keys (B, T, H + K, C) and values (B, T, K, C).

        mask_B1TT: true where a query (rows) may see a key (columns), among those not later; None: all of those.
        """
        kv_heads = v_BTKC.shape[2]
        heads = qk_BTHC.shape[2] - kv_heads
        q_BTHC, k_BTKC = qk_BTHC.split((heads, kv_heads), dim=2)
        q_BTHC = q_BTHC * q_BTHC.shape[-1] ** -0.5
        q_JSC, k_JTC, v_JTC = (_by_head(x, kv_heads, v_BTKC.dtype) for x in (q_BTHC, k_BTKC, v_BTKC))
        y_JSC = torch.empty_like(q_JSC)
        few = heads * k_JTC.shape[1] ** 2 * len(v_BTKC) <= 2 * KEPT  # half of the square
        kept: list[torch.Tensor] = []
        for queries, keys in _blocks(q_JSC, k_JTC):
            chances_JSL = _chances(q_JSC, k_JTC, queries, keys, mask_B1TT)
            y_JSC[:, queries] = torch.bmm(chances_JSL, v_JTC[:, keys])
            if few:
                kept.append(chances_JSL)
        ctx.save_for_backward(q_JSC, k_JTC, v_JTC, y_JSC, mask_B1TT, *kept)
        ctx.kinds = qk_BTHC.dtype, v_BTKC.dtype
        return _by_token(y_JSC, kv_heads, heads).contiguous()

    @staticmethod
    def backward(ctx: Any, grad_BTHC: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None]:
        q_JSC, k_JTC, v_JTC, y_JSC, mask_B1TT, *kept = ctx.saved_tensors
        qk_kind, v_kind = ctx.kinds
        heads, kv_heads = grad_BTHC.shape[2], len(k_JTC) // len(grad_BTHC)
        scale = q_JSC.shape[-1] ** -0.5
        grad_JSC = _by_head(grad_BTHC, kv_heads, q_JSC.dtype)
        along_JS1 = (grad_JSC * y_JSC).sum(dim=-1, keepdim=True)
        q_grad_JSC = torch.empty_like(q_JSC)
        # Sums over blocks; not in bfloat16, which would round each of them.
        exact = torch.promote_types(k_JTC.dtype, torch.float32)
        k_grad_JTC, v_grad_JTC = (torch.zeros_like(x, dtype=exact) for x in (k_JTC, v_JTC))
        for number, (queries, keys) in enumerate(_blocks(q_JSC, k_JTC)):
            chances_JSL = kept[number] if kept else _chances(q_JSC, k_JTC, queries, keys, mask_B1TT)
            v_grad_JTC[:, keys] += torch.bmm(chances_JSL.mT, grad_JSC[:, queries])
            score_grad_JSL = torch.bmm(grad_JSC[:, queries], v_JTC[:, keys].mT)
            score_grad_JSL.sub_(along_JS1[:, queries]).mul_(chances_JSL)
            k_grad_JTC[:, keys] += torch.bmm(score_grad_JSL.mT, q_JSC[:, queries])
            q_grad_JSC[:, queries] = torch.bmm(score_grad_JSL, k_JTC[:, keys])
        qk_grad_BTHC = grad_BTHC.new_empty((*grad_BTHC.shape[:2], heads + kv_heads, grad_BTHC.shape[3]), dtype=qk_kind)
        torch.mul(_by_token(q_grad_JSC, kv_heads, heads), scale, out=qk_grad_BTHC[:, :, :heads])
        qk_grad_BTHC[:, :, heads:] = _by_token(k_grad_JTC, kv_heads, kv_heads)
        return qk_grad_BTHC, _by_token(v_grad_JTC, kv_heads, kv_heads).to(v_kind), None


def _blocks(q_JSC: torch.Tensor, k_JTC: torch.Tensor) -> Iterator[tuple[slice, slice]]:
    """Queries of each block, as places in S, and the keys that one of them may see."""
    length = k_JTC.shape[1]
    groups = q_JSC.shape[1] // length
    for begin in range(0, length, BLOCK):
        end = min(begin + BLOCK, length)
        yield slice(begin * groups, end * groups), slice(end)


def _chances(
    q_JSC: torch.Tensor, k_JTC: torch.Tensor, queries: slice, keys: slice, mask_B1TT: torch.Tensor | None
) -> torch.Tensor:
    """What each query of a block takes of each key; in the type of the queries, by a softmax in float32 at least."""
    groups = q_JSC.shape[1] // k_JTC.shape[1]
    rows = slice(queries.start // groups, queries.stop // groups)
    scores_JSL = torch.bmm(q_JSC[:, queries], k_JTC[:, keys].mT)
    scores_JSL = scores_JSL.to(torch.promote_types(scores_JSL.dtype, torch.float32))
    if mask_B1TT is None:
        # Keys before the block are seen by all of its queries.
        later_QQ = torch.full((rows.stop - rows.start,) * 2, float("-inf"), dtype=scores_JSL.dtype).triu_(1)
        scores_JSL[:, :, rows] += later_QQ.repeat_interleave(groups, dim=0)
    else:
        hidden_BSL = ~mask_B1TT[:, 0, rows, keys].repeat_interleave(groups, dim=1)
        scores_JSL.unflatten(0, (len(mask_B1TT), -1)).masked_fill_(hidden_BSL.unsqueeze(1), float("-inf"))
    return scores_JSL.softmax(dim=-1).to(q_JSC.dtype)


def _by_head(x_BTHC: torch.Tensor, kv_heads: int, kind: torch.dtype) -> torch.Tensor:
    """(B, T, H, C) as (B * K, T * H / K, C)."""
    rows, length, heads, size = x_BTHC.shape
    x_BKTGC = x_BTHC.unflatten(2, (kv_heads, -1)).transpose(1, 2)
    return x_BKTGC.to(kind).reshape(rows * kv_heads, length * (heads // kv_heads), size)


def _by_token(x_JSC: torch.Tensor, kv_heads: int, heads: int) -> torch.Tensor:
    """Back from `_by_head`."""
    groups = heads // kv_heads
    return x_JSC.unflatten(1, (-1, groups)).unflatten(0, (-1, kv_heads)).transpose(1, 2).flatten(2, 3)

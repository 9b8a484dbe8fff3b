"""Keys and values of texts, a slot each, in place.

Tokens of a text lie from column 0; slots in use are the first ones, so that work is on slices, not on copies. Keys lie
transposed: their product with a single query is the hot one, and it is a fifth faster so (benchmarks/decoding.py).

Shapes as in `model.py`; Z layers, R slots, L columns, J = R * K.
"""

from __future__ import annotations

import torch
from torch.nn import functional as F

from assay.models.network.model import CodeModel
from assay.models.network.native.library import VECTOR

HIDDEN = float("-inf")


class Slots:
    """Room for so many texts of one network, and so many tokens of each; both grow, tokens to `most` at most."""

    def __init__(self, model: CodeModel, slots: int, columns: int, most: int) -> None:
        self._config, self._most = model.config, most
        self.slots, self.columns = slots, _vectors(columns)
        weight = model.embedding.weight
        like = {"dtype": weight.dtype, "device": weight.device}
        layers, rows, head_dim = len(model.blocks), slots * self._config.kv_heads, self._config.head_dim
        self.keys_ZJCL = torch.zeros(layers, rows, head_dim, self.columns, **like)
        self.values_ZJLC = torch.zeros(layers, rows, self.columns, head_dim, **like)
        # Added to scores: 0 where a text has a token, minus infinity elsewhere.
        self.bias_RL = torch.full((slots, self.columns), HIDDEN, **like)
        self.bias_RL[:, 0] = 0.0  # a slot that is idle must see something, or its softmax is no number
        self.lengths_R = torch.zeros(slots, dtype=torch.long, device=weight.device)

    def grow(self, columns: int, slots: int | None = None) -> None:
        """Make room for texts of this many tokens; a half more than is asked, so that it is rarely done.

        slots: those that are kept, the first ones; copying the others costs more than a step. None: all.
        """
        if columns <= self.columns:
            return
        more = _vectors(max(columns, min(columns + columns // 2, self._most))) - self.columns
        self.slots = self.slots if slots is None else min(slots, self.slots)
        rows = slice(self.slots * self._config.kv_heads)
        self.keys_ZJCL = F.pad(self.keys_ZJCL[:, rows], (0, more))
        self.values_ZJLC = F.pad(self.values_ZJLC[:, rows], (0, 0, 0, more))
        self.bias_RL = F.pad(self.bias_RL[: self.slots], (0, more), value=HIDDEN)
        self.lengths_R = self.lengths_R[: self.slots]
        self.columns += more

    def add(self, slots: int) -> None:
        """Make room for this many texts."""
        if slots <= self.slots:
            return
        more = slots - self.slots
        rows = more * self._config.kv_heads
        self.keys_ZJCL = F.pad(self.keys_ZJCL, (0, 0, 0, 0, 0, rows))
        self.values_ZJLC = F.pad(self.values_ZJLC, (0, 0, 0, 0, 0, rows))
        self.bias_RL = F.pad(self.bias_RL, (0, 0, 0, more), value=HIDDEN)
        self.lengths_R = F.pad(self.lengths_R, (0, more))
        self.slots += more

    def hold(self, first: int, lengths_R: torch.Tensor) -> None:
        """The slots from `first` on have so many tokens each."""
        rows = slice(first, first + len(lengths_R))
        self.lengths_R[rows] = lengths_R
        seen_RL = torch.arange(self.columns, device=lengths_R.device) < lengths_R.unsqueeze(1)
        self.bias_RL[rows] = torch.zeros_like(seen_RL, dtype=self.bias_RL.dtype).masked_fill_(~seen_RL, HIDDEN)

    def move(self, source: int, target: int) -> None:
        """The text of one slot goes into another, whose own is lost."""
        kv_heads = self._config.kv_heads
        columns = int(self.lengths_R[source])
        to, of = (slice(slot * kv_heads, (slot + 1) * kv_heads) for slot in (target, source))
        self.keys_ZJCL[:, to, :, :columns] = self.keys_ZJCL[:, of, :, :columns]
        self.values_ZJLC[:, to, :columns] = self.values_ZJLC[:, of, :columns]
        self.bias_RL[target] = self.bias_RL[source]
        self.lengths_R[target] = self.lengths_R[source]


def _vectors(columns: int) -> int:
    """So many columns in whole vectors."""
    return -(-columns // VECTOR) * VECTOR

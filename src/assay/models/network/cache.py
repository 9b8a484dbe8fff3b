"""Keys and values of the texts that are being written, in place, and the network's steps over them.

A text has a slot; tokens lie in it from column 0. Slots in use are the first ones, so a step works on slices, not on
copies, and a finished text is dropped by moving the last one into its slot. Keys lie transposed: the product with a
single query is the hot one, and it is a fifth faster so (benchmarks/decoding.py).

Products have at least MIN_ROWS rows, idle ones if need be. Below that, libraries choose kernels that sum in another
order, and a text could come out differently alone than in company.

Shapes as in `model.py`; R slots, L columns in use, P prompts, J = rows * key/value heads.
"""

from __future__ import annotations

import torch
from torch.nn import functional as F

from assay.models.network.experts import Experts
from assay.models.network.model import Block, CodeModel, rotation
from assay.models.network.products import by_onednn, filled

MIN_ROWS = 16
_CHUNK = 256  # tokens of a prompt that are read at once
_HIDDEN = float("-inf")


class Cache:
    """Slots for texts of one network. slots: some more are made. columns: room at first; `grow` makes more."""

    def __init__(self, model: CodeModel, slots: int, columns: int) -> None:
        self.model, self.config = model, model.config
        weight = model.embedding.weight
        self.slots = _rows(slots, weight)
        self._like = {"dtype": weight.dtype, "device": weight.device}
        rows = self.slots * self.config.kv_heads
        self._keys_JCL = [torch.zeros(rows, self.config.head_dim, columns, **self._like) for _ in model.blocks]
        self._values_JLC = [torch.zeros(rows, columns, self.config.head_dim, **self._like) for _ in model.blocks]
        # Added to scores: 0 where a text has a token, minus infinity elsewhere.
        self._bias_RL = torch.full((self.slots, columns), _HIDDEN, **self._like)
        self._bias_RL[:, 0] = 0.0  # a slot that is idle must see something, or its softmax is no number
        self._lengths_R = torch.zeros(self.slots, dtype=torch.long, device=weight.device)
        self._columns = columns
        self._turn()

    def _turn(self) -> None:
        positions = torch.arange(self._columns, device=self._like["device"])
        self._cos_LC, self._sin_LC = rotation(positions, self.config, self._like["dtype"])

    def grow(self, columns: int) -> None:
        """Make room for texts of this many tokens; a half more than is asked, so that it is rarely done."""
        if columns <= self._columns:
            return
        more = columns + columns // 2 - self._columns
        self._keys_JCL = [F.pad(keys, (0, more)) for keys in self._keys_JCL]
        self._values_JLC = [F.pad(values, (0, 0, 0, more)) for values in self._values_JLC]
        self._bias_RL = F.pad(self._bias_RL, (0, more), value=_HIDDEN)
        self._columns += more
        self._turn()

    def read(self, first: int, prompts: list[list[int]], samples: int) -> torch.Tensor:
        """Put prompts into the slots from `first` on, `samples` slots each, read once each; their logits, (P, V)."""
        count, longest = len(prompts), max(map(len, prompts))
        padded = -(-longest // MIN_ROWS) * MIN_ROWS
        device = self._like["device"]
        tokens_PT = torch.zeros(count, padded, dtype=torch.long)
        for row, prompt in enumerate(prompts):
            tokens_PT[row, : len(prompt)] = torch.tensor(prompt)
        tokens_PT = tokens_PT.to(device)
        lengths_P = torch.tensor([len(prompt) for prompt in prompts], device=device)
        self.grow(padded + 1)
        last_PD = torch.zeros(max(count, MIN_ROWS), self.config.width, **self._like)
        for begin in range(0, padded, _CHUNK):
            end = min(begin + _CHUNK, padded)
            x_PTD = self._chunk(first, tokens_PT[:, begin:end], begin)
            here = ((lengths_P > begin) & (lengths_P <= end)).nonzero().squeeze(1)
            last_PD[here] = x_PTD[here, lengths_P[here] - 1 - begin]
        self._spread(first, count, samples, longest)
        rows = slice(first, first + count * samples)
        self._lengths_R[rows] = lengths_P.repeat_interleave(samples)
        columns_L = torch.arange(self._columns, device=device)
        seen_RL = columns_L < self._lengths_R[rows].unsqueeze(1)
        self._bias_RL[rows] = torch.zeros_like(seen_RL, dtype=self._bias_RL.dtype).masked_fill_(~seen_RL, _HIDDEN)
        return self.model.logits(self.model.norm(last_PD))[:count]

    def step(self, tokens_R: torch.Tensor, live: int) -> torch.Tensor:
        """Append a token to each of the first `live` slots; logits of the next, (live, V).

        tokens_R: of all slots; those of idle ones do not matter.
        """
        columns = int(self._lengths_R[:live].max()) + 1
        self.grow(columns)
        rows = _rows(live, self.model.embedding.weight)
        kv_heads, head_dim, groups = (
            self.config.kv_heads,
            self.config.head_dim,
            self.config.heads // self.config.kv_heads,
        )
        at_R = self._lengths_R[:rows]
        self._bias_RL[:rows].scatter_(1, at_R.unsqueeze(1), 0.0)
        bias_J1L = self._bias_RL[:rows, :columns].repeat_interleave(kv_heads, dim=0).unsqueeze(1)
        cos_RC, sin_RC = self._cos_LC[at_R], self._sin_LC[at_R]
        at_J11 = at_R.repeat_interleave(kv_heads).view(-1, 1, 1)
        at_JC1, at_J1C = at_J11.expand(-1, head_dim, 1), at_J11.expand(-1, 1, head_dim)
        x_RD = self.model.embedding(tokens_R[:rows])
        for block, all_keys, all_values in zip(self.model.blocks, self._keys_JCL, self._values_JLC, strict=True):
            attention = block.attention
            qk_RHC, v_RKC = attention.project(block.attention_norm(x_RD), cos_RC, sin_RC)
            q_RHC, k_RKC = qk_RHC.split((self.config.heads, kv_heads), dim=1)
            keys_JCL, values_JLC = all_keys[: rows * kv_heads], all_values[: rows * kv_heads]
            keys_JCL.scatter_(2, at_JC1, k_RKC.reshape(-1, head_dim, 1))
            values_JLC.scatter_(1, at_J1C, v_RKC.reshape(-1, 1, head_dim))
            y_JGC = self._attend(q_RHC.reshape(-1, groups, head_dim), keys_JCL, values_JLC, bias_J1L, columns)
            x_RD = x_RD + attention.out(y_JGC.reshape(rows, -1))
            x_RD = x_RD + _feed(block, x_RD)
        self._lengths_R[:live] += 1
        return self.model.logits(self.model.norm(x_RD))[:live]

    def move(self, source: int, target: int) -> None:
        """The text of one slot goes into another, whose own is lost."""
        kv_heads = self.config.kv_heads
        columns = int(self._lengths_R[source])
        to, of = (slice(slot * kv_heads, (slot + 1) * kv_heads) for slot in (target, source))
        for keys_JCL, values_JLC in zip(self._keys_JCL, self._values_JLC, strict=True):
            keys_JCL[to, :, :columns] = keys_JCL[of, :, :columns]
            values_JLC[to, :columns] = values_JLC[of, :columns]
        self._bias_RL[target] = self._bias_RL[source]
        self._lengths_R[target] = self._lengths_R[source]

    def release(self, slot: int) -> None:
        """The slot is idle: what a step writes there for nobody goes into column 0."""
        self._lengths_R[slot] = 0

    def _chunk(self, first: int, tokens_PT: torch.Tensor, begin: int) -> torch.Tensor:
        """Read the next tokens of prompts, which lie in their slots up to `begin`; the stream after the last block.

        What is padding on the right of a shorter prompt is written too and never seen: the text overwrites it.
        """
        count, length = tokens_PT.shape
        end = begin + length
        heads, kv_heads, head_dim = self.config.heads, self.config.kv_heads, self.config.head_dim
        groups = heads // kv_heads
        hidden_TL = torch.ones(length, end, dtype=torch.bool, device=tokens_PT.device).triu(begin + 1)
        bias_TL = torch.zeros(length, end, **self._like).masked_fill_(hidden_TL, _HIDDEN)
        bias_1SL = bias_TL.repeat(groups, 1).unsqueeze(0)  # S = groups * T queries of one key/value head
        cos_TC, sin_TC = self._cos_LC[begin:end], self._sin_LC[begin:end]
        slots = slice(first * kv_heads, (first + count) * kv_heads)
        x_PTD = self.model.embedding(tokens_PT)
        for block, all_keys, all_values in zip(self.model.blocks, self._keys_JCL, self._values_JLC, strict=True):
            attention = block.attention
            qk_PTHC, v_PTKC = attention.project(block.attention_norm(x_PTD), cos_TC, sin_TC)
            q_PTHC, k_PTKC = qk_PTHC.split((heads, kv_heads), dim=2)
            keys_JCL, values_JLC = all_keys[slots], all_values[slots]
            keys_JCL[:, :, begin:end] = k_PTKC.permute(0, 2, 3, 1).reshape(-1, head_dim, length)
            values_JLC[:, begin:end] = v_PTKC.transpose(1, 2).reshape(-1, length, head_dim)
            q_JSC = (
                q_PTHC.unflatten(2, (kv_heads, groups)).permute(0, 2, 3, 1, 4).reshape(-1, groups * length, head_dim)
            )
            y_JSC = self._attend(q_JSC, keys_JCL, values_JLC, bias_1SL, end)
            y_PTF = y_JSC.view(count, heads, length, head_dim).transpose(1, 2).flatten(2)
            x_PTD = x_PTD + attention.out(y_PTF)
            x_PTD = x_PTD + _feed(block, x_PTD)
        return x_PTD

    def _attend(
        self,
        q_JSC: torch.Tensor,
        keys_JCL: torch.Tensor,
        values_JLC: torch.Tensor,
        bias: torch.Tensor,
        columns: int,
    ) -> torch.Tensor:
        scores_JSL = torch.baddbmm(bias, q_JSC, keys_JCL[:, :, :columns], alpha=self.config.head_dim**-0.5)
        return torch.bmm(scores_JSL.softmax(dim=-1), values_JLC[:, :columns])

    def _spread(self, first: int, count: int, samples: int, columns: int) -> None:
        """Every one of `count` prompts into `samples` slots of its own, in order."""
        if samples == 1:
            return
        kv_heads = self.config.kv_heads
        to = slice(first * kv_heads, (first + count * samples) * kv_heads)
        of = slice(first * kv_heads, (first + count) * kv_heads)
        for keys_JCL, values_JLC in zip(self._keys_JCL, self._values_JLC, strict=True):
            for tensor in (keys_JCL[..., :columns], values_JLC[:, :columns]):
                shape = (count, kv_heads, *tensor.shape[1:])
                tensor[to] = tensor[of].view(shape).repeat_interleave(samples, dim=0).flatten(0, 1)


def _rows(live: int, weight: torch.Tensor) -> int:
    """That are computed for so many texts: some are idle, so that products have few shapes."""
    return filled(max(live, MIN_ROWS)) if by_onednn(weight) else max(live, MIN_ROWS)


def _feed(block: Block, x: torch.Tensor) -> torch.Tensor:
    y = block.ffn(block.ffn_norm(x))
    return y[0] if isinstance(block.ffn, Experts) else y

"""The network's steps over the keys and values of texts that are being written, each in a slot (`slots.py`).

A finished text is dropped by moving the last one into its slot. Samples of one prompt share its keys and values, and
each text has slots for its own tokens alone. Attention of a step is computed in C (`native/step.py`), or by torch where
that cannot be, then in one product a prompt.

Products have at least MIN_ROWS rows, idle ones if need be. Below that, libraries choose kernels that sum in another
order, and a text could come out differently alone than in company.

Shapes as in `model.py`; Z layers, R slots of texts, L columns in use, P prompts, J = rows * key/value heads, M = shared
rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch

from assay.models.network.experts import Experts
from assay.models.network.model import Attention, Block, CodeModel, rotation
from assay.models.network.native import step
from assay.models.network.products import by_onednn, filled
from assay.models.network.slots import HIDDEN, Slots

MIN_ROWS = 16  # not under products.FEWEST_ROWS, below which another library multiplies
_CHUNK = 256  # tokens of a prompt that are read at once
_TOKENS = 2048  # of all prompts that are read at once on a CPU, where they then stay in its caches
_TOKENS_ELSEWHERE = 1 << 16


# Attention of a step's new tokens: (layer, its attention, the normed stream of all rows) to (rows, H*C).
Attend = Callable[[int, Attention, torch.Tensor], torch.Tensor]


class Groups(NamedTuple):
    """Which texts have which prompt, for one product a prompt.

    rows_M: for place n of key/value head k of prompt p, M = P * K * places, the row in J that it is of; an idle place
    has any. back_J: the place of each row. keys, values, bias: of the prompts, J = P * K, their columns in use.
    """

    rows_M: torch.Tensor
    back_J: torch.Tensor
    keys_ZJCL: torch.Tensor
    values_ZJLC: torch.Tensor
    bias_J1L: torch.Tensor


class Cache:
    """Slots for texts of one network.

    slots: some more are made. columns: room at first for a text with its prompt; most: that a text can come to need.
    shared: texts of a prompt share it, and have room for their own tokens.
    """

    def __init__(self, model: CodeModel, slots: int, columns: int, most: int, shared: bool = False) -> None:
        self.model, self.config, self.shared = model, model.config, shared
        weight = model.embedding.weight
        self.slots = _rows(slots, weight)
        self._in_c = step.fits(model)
        self._like = {"dtype": weight.dtype, "device": weight.device}
        self._texts = Slots(model, self.slots, columns, most)
        self._prompts = Slots(model, 1, 1, most) if shared else None
        self._cos_LC, self._sin_LC = rotation(
            torch.arange(most + MIN_ROWS, device=weight.device), self.config, weight.dtype
        )
        # By slot of a text: that of its prompt, and how long it is; how many texts each prompt has.
        self._prompt_R = torch.zeros(self.slots, dtype=torch.long, device=weight.device)
        self._begin_R = torch.zeros(self.slots, dtype=torch.long, device=weight.device)
        self._rows_J = torch.arange(self.slots * model.config.kv_heads, device=weight.device)
        self._samples_P: list[int] = []
        self._groups: Groups | None = None

    def read(self, first: int, prompts: list[list[int]], samples: list[int]) -> torch.Tensor:
        """Put prompts into the slots from `first` on, so many slots each, read once each; their logits, (P, V)."""
        device = self._like["device"]
        lengths_P = torch.tensor([len(prompt) for prompt in prompts], device=device)
        texts = sum(samples)
        self._texts.add(_rows(first + texts, self.model.embedding.weight))
        if self._prompts is None:
            assert texts == len(prompts)
            return self._read(self._texts, first, prompts, lengths_P)
        known, count = len(self._samples_P), len(prompts)
        if known + count > self._prompts.slots:  # rarely
            self._prompts.add(max(known + count, 2 * self._prompts.slots))
        logits_PV = self._read(self._prompts, known, prompts, lengths_P)
        self._samples_P += samples
        rows = slice(first, first + texts)
        samples_P = torch.tensor(samples, device=device)
        self._prompt_R[rows] = torch.arange(known, known + count, device=device).repeat_interleave(samples_P)
        self._begin_R[rows] = lengths_P.repeat_interleave(samples_P)
        self._texts.hold(first, torch.zeros(texts, dtype=torch.long, device=device))
        self._groups = None
        return logits_PV

    def step(self, tokens_R: torch.Tensor, live: int) -> torch.Tensor:
        """Append a token to each of the first `live` slots; logits of the next, (live, V).

        tokens_R: of all slots; those of idle ones do not matter.
        """
        texts = self._texts
        columns = int(texts.lengths_R[:live].max()) + 1
        rows = _rows(live, self.model.embedding.weight)
        texts.grow(columns, rows)
        attend = self._by_c(live, rows) if self._in_c else self._by_torch(live, rows, columns)
        x_RD = self.model.embedding(tokens_R[:rows])
        for layer, block in enumerate(self.model.blocks):
            x_RD = x_RD + block.attention.out(attend(layer, block.attention, block.attention_norm(x_RD)))
            x_RD = x_RD + _feed(block, x_RD)
        texts.lengths_R[:live] += 1
        return self.model.logits(self.model.norm(x_RD))[:live]

    def _by_c(self, live: int, rows: int) -> Attend:
        tables = (self._begin_R, self._prompt_R, self._cos_LC, self._sin_LC)
        in_c = step.Step(self.model, live, self._texts, self._prompts, *tables)
        # Idle rows stay 0.
        y_RX = torch.zeros(rows, self.config.heads * self.config.head_dim, **self._like)

        def attend(layer: int, attention: Attention, x_RD: torch.Tensor) -> torch.Tensor:
            in_c.attend(layer, attention, attention.qkv(x_RD).to(y_RX.dtype), y_RX)  # of another kind under autocast
            return y_RX

        return attend

    def _by_torch(self, live: int, rows: int, columns: int) -> Attend:
        texts = self._texts
        heads, kv_heads, head_dim = self.config.heads, self.config.kv_heads, self.config.head_dim
        used = slice(rows * kv_heads)
        at_R = texts.lengths_R[:rows]
        texts.bias_RL[:rows].scatter_(1, at_R.unsqueeze(1), 0.0)
        bias_J1L = texts.bias_RL[:rows, :columns].repeat_interleave(kv_heads, dim=0).unsqueeze(1)
        place_R = at_R + self._begin_R[:rows]
        cos_RC, sin_RC = self._cos_LC[place_R], self._sin_LC[place_R]
        here = (self._rows_J[used], at_R.repeat_interleave(kv_heads))
        if self.shared and (self._groups is None or len(self._groups.back_J) != rows * kv_heads):
            self._groups = self._grouped(live, rows)
        all_keys, all_values = texts.keys_ZJCL[:, used, :, :columns], texts.values_ZJLC[:, used, :columns]

        def attend(layer: int, attention: Attention, x_RD: torch.Tensor) -> torch.Tensor:
            keys_JCL, values_JLC = all_keys[layer], all_values[layer]
            qk_RHC, v_RKC = attention.project(x_RD, cos_RC, sin_RC)
            q_RHC, k_RKC = qk_RHC.split((heads, kv_heads), dim=1)
            keys_JCL.mT[here] = k_RKC.reshape(-1, head_dim)
            values_JLC[here] = v_RKC.reshape(-1, head_dim)
            q_JGC = q_RHC.reshape(len(bias_J1L), -1, head_dim)
            scores_JGL = self._scores(q_JGC, keys_JCL, bias_J1L)
            if self._groups is None:
                y_JGC = torch.bmm(scores_JGL.softmax(dim=-1), values_JLC)
            else:
                y_JGC = self._attend_shared(layer, q_JGC, scores_JGL, values_JLC, self._groups)
            return y_JGC.reshape(rows, -1)

        return attend

    def move(self, source: int, target: int) -> None:
        """The text of one slot goes into another, whose own is dropped; `release` the first then."""
        self._texts.move(source, target)
        for of_text_R in (self._prompt_R, self._begin_R):
            # What is dropped goes where it is released.
            of_text_R[[source, target]] = of_text_R[[target, source]]

    def release(self, slot: int) -> None:
        """The slot is idle: what a step writes there for nobody goes into column 0."""
        self._texts.lengths_R[slot] = 0
        if self._prompts is None:
            return
        self._groups = None
        prompt = int(self._prompt_R[slot])
        self._samples_P[prompt] -= 1
        self._prompt_R[slot] = self._begin_R[slot] = 0
        if not self._samples_P[prompt]:
            final = len(self._samples_P) - 1
            self._prompts.move(final, prompt)
            self._prompt_R[self._prompt_R == final] = prompt
            self._samples_P[prompt] = self._samples_P[final]
            self._samples_P.pop()

    def _read(self, into: Slots, first: int, prompts: list[list[int]], lengths_P: torch.Tensor) -> torch.Tensor:
        """Keys and values of prompts into the slots from `first` on; logits of what follows each, (P, V)."""
        into.grow(_padded(max(map(len, prompts))) + 1)
        last_PD = torch.zeros(max(len(prompts), MIN_ROWS), self.config.width, **self._like)
        for some in _alike(prompts, _TOKENS if last_PD.device.type == "cpu" else _TOKENS_ELSEWHERE):
            last_PD[some] = self._read_some(into, first + some.start, prompts[some], lengths_P[some])
        into.hold(first, lengths_P)
        return self.model.logits(self.model.norm(last_PD))[: len(prompts)]

    def _read_some(self, into: Slots, first: int, prompts: list[list[int]], lengths_P: torch.Tensor) -> torch.Tensor:
        """As `_read`; the stream after the last block at each prompt's last token, (P, D)."""
        count, padded = len(prompts), _padded(max(map(len, prompts)))
        tokens_PT = torch.zeros(count, padded, dtype=torch.long)
        for row, prompt in enumerate(prompts):
            tokens_PT[row, : len(prompt)] = torch.tensor(prompt)
        tokens_PT = tokens_PT.to(self._like["device"])
        last_PD = torch.zeros(count, self.config.width, **self._like)
        for begin in range(0, padded, _CHUNK):
            end = min(begin + _CHUNK, padded)
            x_PTD = self._chunk(into, first, tokens_PT[:, begin:end], begin)
            here = ((lengths_P > begin) & (lengths_P <= end)).nonzero().squeeze(1)
            last_PD[here] = x_PTD[here, lengths_P[here] - 1 - begin]
        return last_PD

    def _chunk(self, into: Slots, first: int, tokens_PT: torch.Tensor, begin: int) -> torch.Tensor:
        """Read the next tokens of prompts, which lie in their slots up to `begin`; the stream after the last block.

        What is padding on the right of a shorter prompt is written too and never seen: the text overwrites it.
        """
        count, length = tokens_PT.shape
        end = begin + length
        heads, kv_heads, head_dim = self.config.heads, self.config.kv_heads, self.config.head_dim
        groups = heads // kv_heads
        hidden_TL = torch.ones(length, end, dtype=torch.bool, device=tokens_PT.device).triu(begin + 1)
        bias_TL = torch.zeros(length, end, **self._like).masked_fill_(hidden_TL, HIDDEN)
        bias_1SL = bias_TL.repeat(groups, 1).unsqueeze(0)  # S = groups * T queries of one key/value head
        cos_TC, sin_TC = self._cos_LC[begin:end], self._sin_LC[begin:end]
        slots = slice(first * kv_heads, (first + count) * kv_heads)
        x_PTD = self.model.embedding(tokens_PT)
        for block, all_keys, all_values in zip(self.model.blocks, into.keys_ZJCL, into.values_ZJLC, strict=True):
            attention = block.attention
            qk_PTHC, v_PTKC = attention.project(block.attention_norm(x_PTD), cos_TC, sin_TC)
            q_PTHC, k_PTKC = qk_PTHC.split((heads, kv_heads), dim=2)
            keys_JCL, values_JLC = all_keys[slots], all_values[slots]
            keys_JCL[:, :, begin:end] = k_PTKC.permute(0, 2, 3, 1).reshape(-1, head_dim, length)
            values_JLC[:, begin:end] = v_PTKC.transpose(1, 2).reshape(-1, length, head_dim)
            q_JSC = (
                q_PTHC.unflatten(2, (kv_heads, groups)).permute(0, 2, 3, 1, 4).reshape(-1, groups * length, head_dim)
            )
            chances_JSL = self._scores(q_JSC, keys_JCL[:, :, :end], bias_1SL).softmax(dim=-1)
            y_JSC = torch.bmm(chances_JSL, values_JLC[:, :end])
            y_PTF = y_JSC.view(count, heads, length, head_dim).transpose(1, 2).flatten(2)
            x_PTD = x_PTD + attention.out(y_PTF)
            x_PTD = x_PTD + _feed(block, x_PTD)
        return x_PTD

    def _scores(self, q_JSC: torch.Tensor, keys_JCL: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        return torch.baddbmm(bias, q_JSC, keys_JCL, alpha=self.config.head_dim**-0.5)

    def _attend_shared(
        self,
        layer: int,
        q_JGC: torch.Tensor,
        own_JGL: torch.Tensor,
        values_JLC: torch.Tensor,
        groups: Groups,
    ) -> torch.Tensor:
        """Attention to a text's own tokens, whose scores are given, and its prompt's."""
        prompts, columns = len(groups.bias_J1L), groups.bias_J1L.shape[2]
        q_JSC = q_JGC.index_select(0, groups.rows_M).view(prompts, -1, q_JGC.shape[2])
        scores_JSL = self._scores(q_JSC, groups.keys_ZJCL[layer], groups.bias_J1L)
        scores_JGL = scores_JSL.view(-1, q_JGC.shape[1], columns).index_select(0, groups.back_J)
        chances_JGL = torch.cat((scores_JGL, own_JGL), dim=-1).softmax(dim=-1)
        shared_JGL, own_JGL = chances_JGL.split((columns, own_JGL.shape[2]), dim=-1)
        shared_JSL = shared_JGL.index_select(0, groups.rows_M).view(prompts, -1, columns)
        y_MGC = torch.bmm(shared_JSL, groups.values_ZJLC[layer]).view(-1, *q_JGC.shape[1:])
        return torch.bmm(own_JGL, values_JLC).add_(y_MGC.index_select(0, groups.back_J))

    def _grouped(self, live: int, rows: int) -> Groups:
        """Of the first `live` texts; idle rows have any place."""
        assert self._prompts is not None
        kv_heads, prompts = self.config.kv_heads, len(self._samples_P)
        prompt_R = self._prompt_R[:live]
        device = prompt_R.device
        count_P = torch.bincount(prompt_R, minlength=prompts)
        places = max(int(count_P.max()), MIN_ROWS * kv_heads // self.config.heads)
        order_R = prompt_R.argsort(stable=True)
        place_R = torch.empty_like(prompt_R)
        place_R[order_R] = torch.arange(live, device=device) - (count_P.cumsum(0) - count_P)[prompt_R[order_R]]
        heads_K = torch.arange(kv_heads, device=device)
        back_J = ((prompt_R.unsqueeze(1) * kv_heads + heads_K) * places + place_R.unsqueeze(1)).flatten()
        rows_M = torch.zeros(prompts * kv_heads * places, dtype=torch.long, device=device)
        rows_M[back_J] = torch.arange(live * kv_heads, device=device)
        longest = int(self._prompts.lengths_R[:prompts].max())
        # In whole vectors of the processor: what follows them is then added up as if it stood alone.
        columns = min(-(-longest // MIN_ROWS) * MIN_ROWS, self._prompts.columns)
        used = slice(prompts * kv_heads)
        return Groups(
            rows_M,
            torch.cat((back_J, back_J.new_zeros((rows - live) * kv_heads))),
            self._prompts.keys_ZJCL[:, used, :, :columns],
            self._prompts.values_ZJLC[:, used, :columns],
            self._prompts.bias_RL[:prompts, :columns].repeat_interleave(kv_heads, dim=0).unsqueeze(1),
        )


def _padded(length: int) -> int:
    return -(-length // MIN_ROWS) * MIN_ROWS


def _alike(prompts: list[list[int]], tokens: int) -> Iterator[slice]:
    """Prompts that are read at once: so many tokens, each filled up to the longest, but one prompt at least."""
    begin = longest = 0
    for at, prompt in enumerate(prompts):
        longest = max(longest, _padded(len(prompt)))
        if at > begin and (at + 1 - begin) * longest > tokens:
            yield slice(begin, at)
            begin, longest = at, _padded(len(prompt))
    yield slice(begin, len(prompts))


def _rows(live: int, weight: torch.Tensor) -> int:
    """That are computed for so many texts: some are idle, so that products have few shapes."""
    return filled(max(live, MIN_ROWS)) if by_onednn(weight) else max(live, MIN_ROWS)


def _feed(block: Block, x: torch.Tensor) -> torch.Tensor:
    y = block.ffn(block.ffn_norm(x))
    return y[0] if isinstance(block.ffn, Experts) else y

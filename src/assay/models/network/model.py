"""The network: Qwen2, Qwen3 and Qwen3-MoE, equal to transformers' classes in its logits (tests/models/network).

Shapes in names: B rows, T tokens of a row, N = B*T and what fills up, V vocabulary, D width, H query heads, K
key/value heads, C numbers of a head, F inner width, E experts. Queries, keys and values are one matrix, gate and up
are one matrix: fewer and larger products, which is what a small network needs on a CPU.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from assay.models.network import fused
from assay.models.network.attend import AttendFunction
from assay.models.network.config import ModelConfig
from assay.models.network.experts import Choice, Experts, Routing, balance
from assay.models.network.native import learn
from assay.models.network.products import Linear, by_onednn, filled, linear


class Output(NamedTuple):
    """logits_BTV: or logits_SV where `select` was given. aux_loss, routing: of a mixture of experts, else None.

    aux_loss: the balancing loss without its weight; add `config.aux_weight * aux_loss` to the loss.
    """

    logits: torch.Tensor
    aux_loss: torch.Tensor | None = None
    routing: Routing | None = None


class Stream(NamedTuple):
    """How the tokens of a batch lie one after the other: those of B rows of T tokens, then what fills up (`products`).

    shape: (B, T). cos_NC, sin_NC: of their rotary positions. mask_B1TT: who may see whom; None: all that are earlier.
    """

    shape: tuple[int, int]
    cos_NC: torch.Tensor
    sin_NC: torch.Tensor
    mask_B1TT: torch.Tensor | None


class Norm(nn.Module):
    """RMSNorm: divided by the root of the mean square, times a weight (arXiv 1910.07467)."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return fused.norm(x, self.weight, self.eps)


class Attention(nn.Module):
    """Causal attention with shared key/value heads, rotary positions, and Qwen3's norm of queries and keys."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = config.heads, config.kv_heads, config.head_dim
        self.eps = config.norm_eps
        rows = config.heads + 2 * config.kv_heads
        self.qkv = Linear(config.width, rows * config.head_dim, bias=config.architecture == "qwen2")
        self.out = Linear(config.heads * config.head_dim, config.width, bias=False)
        normed = config.architecture != "qwen2"
        self.q_norm = nn.Parameter(torch.ones(config.head_dim)) if normed else None
        self.k_norm = nn.Parameter(torch.ones(config.head_dim)) if normed else None

    def project(
        self, x_ND: torch.Tensor, cos_NC: torch.Tensor, sin_NC: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Queries with keys, normed and turned (N, H+K, C), and values (N, K, C)."""
        all_NHC = self.qkv(x_ND).unflatten(-1, (-1, self.head_dim))
        qk_NHC, v_NKC = all_NHC.split((self.heads + self.kv_heads, self.kv_heads), dim=-2)
        cos_N1C, sin_N1C = cos_NC.unsqueeze(-2), sin_NC.unsqueeze(-2)
        if self.q_norm is not None and self.k_norm is not None:
            # One norm for both: the weights differ by head only.
            weight_HC = torch.cat((self.q_norm.expand(self.heads, -1), self.k_norm.expand(self.kv_heads, -1)))
            if fused.pays(qk_NHC):
                return fused.call(fused.TurnFunction, qk_NHC, weight_HC, cos_N1C, sin_N1C, self.eps), v_NKC
            qk_NHC = F.rms_norm(qk_NHC, (self.head_dim,), None, self.eps) * weight_HC.to(qk_NHC.dtype)
        return turn(qk_NHC, cos_N1C, sin_N1C), v_NKC

    def forward(self, x_ND: torch.Tensor, batch: Stream) -> torch.Tensor:
        if learn.fits(x_ND, self.head_dim, self.q_norm):
            shape = (*batch.shape, self.heads, self.kv_heads)
            inputs = (self.q_norm, self.k_norm, batch.cos_NC, batch.sin_NC, batch.mask_B1TT, shape, self.eps)
            return self.out(fused.call(learn.AttentionFunction, self.qkv(x_ND).float(), *inputs))
        qk_NHC, v_NKC = self.project(x_ND, batch.cos_NC, batch.sin_NC)
        if fused.pays(qk_NHC):
            y_NHC = fused.call(AttendFunction, qk_NHC, v_NKC, batch.shape, batch.mask_B1TT)
            return self.out(y_NHC.flatten(1))
        count = batch.shape[0] * batch.shape[1]
        qk_BTHC, v_BTKC = (x[:count].unflatten(0, batch.shape) for x in (qk_NHC, v_NKC))
        q_BTHC, k_BTKC = qk_BTHC.split((self.heads, self.kv_heads), dim=-2)
        q_BHTC, k_BKTC, v_BKTC = (x.transpose(1, 2).to(v_NKC.dtype) for x in (q_BTHC, k_BTKC, v_BTKC))
        y_BHTC = F.scaled_dot_product_attention(
            q_BHTC,
            k_BKTC,
            v_BKTC,
            attn_mask=batch.mask_B1TT,
            is_causal=batch.mask_B1TT is None,
            enable_gqa=self.heads != self.kv_heads,
        )
        y_NX = y_BHTC.transpose(1, 2).flatten(2).flatten(0, 1)
        return self.out(y_NX if count == len(x_ND) else F.pad(y_NX, (0, 0, 0, len(x_ND) - count)))


class FeedForward(nn.Module):
    """SwiGLU (arXiv 2002.05202): down(silu(gate) * up)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_up = Linear(config.width, 2 * config.ffn, bias=False)
        self.down = Linear(config.ffn, config.width, bias=False)

    def forward(self, x_ND: torch.Tensor) -> torch.Tensor:
        return self.down(fused.swiglu(self.gate_up(x_ND)))


class Block(nn.Module):
    """Attention and a feed-forward layer (or experts), each before a sum."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.attention_norm = Norm(config.width, config.norm_eps)
        self.attention = Attention(config)
        self.ffn_norm = Norm(config.width, config.norm_eps)
        self.ffn = Experts(config) if config.is_moe else FeedForward(config)

    def forward(self, x_ND: torch.Tensor, batch: Stream) -> tuple[torch.Tensor, Any]:
        """The next x_ND, and the choice of experts where there are any."""
        x_ND = x_ND + self.attention(self.attention_norm(x_ND), batch)
        y_ND, choice = self.ffn(self.ffn_norm(x_ND)), None
        if isinstance(self.ffn, Experts):
            y_ND, choice = y_ND
        return x_ND + y_ND, choice


class CodeModel(nn.Module):
    """The network. Weights are drawn from `seed`; `convert.load` reads them from a folder instead."""

    def __init__(self, config: ModelConfig, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        table = torch.empty(config.vocab, config.width)
        # Without storage there is nothing to draw, and torch would import its compiler for it: 3 CPU seconds.
        self.embedding = nn.Embedding.from_pretrained(table, False) if table.is_meta else nn.Embedding(*table.shape)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = Norm(config.width, config.norm_eps)
        self.head = None if config.tied else Linear(config.width, config.vocab, bias=False)
        self.draw(seed)

    @torch.no_grad()
    def draw(self, seed: int) -> None:
        """First weights: normal with `init_std`; what adds to the stream is smaller by sqrt(2 layers) (GPT-2)."""
        if self.embedding.weight.is_meta:
            return
        generator = torch.Generator(self.embedding.weight.device).manual_seed(seed)
        for name, weight in self.named_parameters():
            if name.endswith("bias"):
                weight.zero_()
            elif weight.ndim >= 2:
                last = name.endswith(("out.weight", "down.weight", "down"))
                std = self.config.init_std / (2 * self.config.layers) ** 0.5 if last else self.config.init_std
                weight.normal_(0.0, std, generator=generator)

    def forward(
        self,
        tokens_BT: torch.Tensor,
        segments_BT: torch.Tensor | None = None,
        positions_BT: torch.Tensor | None = None,
        select_S: torch.Tensor | None = None,
    ) -> Output:
        """Logits of the next token at every place.

        segments_BT: documents of packed rows, numbered from 1; a token sees only its own. 0 is padding: it counts
            neither for the balancing loss nor for the statistics. None: a row is one text, padded on the right if at
            all.
        positions_BT: None counts from the beginning of each segment.
        select_S: numbers of places in the flattened batch; logits are computed there only.
        """
        mask_B1TT = None
        if segments_BT is not None:
            mask_B1TT = document_mask(segments_BT)
            if positions_BT is None:
                positions_BT = positions_in(segments_BT)
        if positions_BT is None:
            positions_BT = torch.arange(tokens_BT.shape[1], device=tokens_BT.device).expand_as(tokens_BT)
        x_ND, choices = self.hidden(tokens_BT, positions_BT, mask_B1TT)
        if select_S is not None:
            logits = self.logits(x_ND.index_select(0, select_S))
        else:
            logits = self.logits(x_ND)[: tokens_BT.numel()].unflatten(0, tokens_BT.shape)
        if not choices:
            return Output(logits)
        real_N = None if segments_BT is None else segments_BT.flatten() > 0
        return Output(logits, *balance(choices, self.config, real_N))

    def hidden(
        self, tokens_BT: torch.Tensor, positions_BT: torch.Tensor, mask_B1TT: torch.Tensor | None
    ) -> tuple[torch.Tensor, list[Choice]]:
        """The normed stream before the head, of all tokens in order and what fills up, and each layer's experts.

        mask_B1TT: true where a token (rows) may see another (columns), which is never a later one; None: all of those.
        """
        count = tokens_BT.numel()
        tokens_N, positions_N = tokens_BT.flatten(), positions_BT.flatten()
        if by_onednn(self.embedding.weight):
            more = filled(count) - count
            tokens_N, positions_N = F.pad(tokens_N, (0, more)), F.pad(positions_N, (0, more))
        x_ND = self.embedding(tokens_N)
        cos_NC, sin_NC = rotation(positions_N, self.config, x_ND.dtype)
        batch = Stream(tuple(tokens_BT.shape), cos_NC, sin_NC, mask_B1TT)
        choices = []
        for block in self.blocks:
            x_ND, choice = block(x_ND, batch)
            if choice is not None:
                choices.append(Choice(*(each[:count] for each in choice)))
        return self.norm(x_ND), choices

    def logits(self, x_XD: torch.Tensor) -> torch.Tensor:
        """Through the head."""
        return linear(x_XD, self.embedding.weight if self.head is None else self.head.weight)


def rotation(positions: torch.Tensor, config: ModelConfig, dtype: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosines and signed sines of rotary positions (arXiv 2104.09864), positions x C, for `turn`."""
    steps = torch.arange(0, config.head_dim, 2, dtype=torch.float32, device=positions.device)
    angles = positions.unsqueeze(-1).float() * (1.0 / config.rope_theta ** (steps / config.head_dim))
    cos, sin = angles.cos(), angles.sin()
    return torch.cat((cos, cos), dim=-1).to(dtype), torch.cat((-sin, sin), dim=-1).to(dtype)


def turn(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotate pairs (i, i + C/2), as Qwen lays them out."""
    return (x * cos + x.roll(x.shape[-1] // 2, dims=-1) * sin).to(x.dtype)


def document_mask(segments_BT: torch.Tensor) -> torch.Tensor:
    """B1TT, true where the query (rows) may see the key (columns): not later, and of the same document."""
    same_BTT = segments_BT.unsqueeze(2) == segments_BT.unsqueeze(1)
    return same_BTT.tril().unsqueeze(1)


def positions_in(segments_BT: torch.Tensor) -> torch.Tensor:
    """How far every token is from the beginning of its segment."""
    places_T = torch.arange(segments_BT.shape[1], device=segments_BT.device)
    first_BT = torch.ones_like(segments_BT, dtype=torch.bool)
    first_BT[:, 1:] = segments_BT[:, 1:] != segments_BT[:, :-1]
    begin_BT = torch.where(first_BT, places_T, 0).cummax(dim=1).values
    return places_T - begin_BT

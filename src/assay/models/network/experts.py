"""Mixture of experts: a router that chooses a few feed-forward layers for every token, and how evenly it does so.

Shapes: N tokens, E experts, k chosen ones, D width, F inner width.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from assay.models.network.config import ModelConfig
from assay.models.network.fused import swiglu
from assay.models.network.products import by_onednn, linear

ROWS = 32  # that oneDNN's products have, or a multiple


class Choice(NamedTuple):
    """Of one layer. probs_NE: of the router, over all experts, in float32. chosen_Nk: numbers of experts."""

    probs_NE: torch.Tensor
    chosen_Nk: torch.Tensor


class Routing(NamedTuple):
    """How evenly the experts are used, for the log; no gradients. Tensors, so that reading them is the caller's wait.

    load_LE: share of the assignments of every layer that each expert got; even is 1/E. entropy: mean over tokens and
    layers of the router's entropy in nats; even is ln E.
    """

    load_LE: torch.Tensor
    entropy: torch.Tensor

    @property
    def dead(self) -> int:
        """Experts, of all layers, that got no token."""
        return int((self.load_LE == 0).sum())

    @property
    def max_over_mean(self) -> float:
        """Load of the busiest expert over the mean, in the worst layer."""
        return float(self.load_LE.max() * self.load_LE.shape[1])


class Experts(nn.Module):
    """SwiGLU layers of which every token goes through its `top_k`, weighted by the router."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.top_k, self.normalise = config.top_k, config.normalise_top_k
        self.router = nn.Linear(config.width, config.experts, bias=False)
        self.gate_up = nn.Parameter(torch.empty(config.experts, 2 * config.expert_ffn, config.width))
        self.down = nn.Parameter(torch.empty(config.experts, config.width, config.expert_ffn))

    def forward(self, x_BTD: torch.Tensor) -> tuple[torch.Tensor, Choice]:
        x_ND = x_BTD.flatten(0, -2)
        # Small differences decide who is chosen, so the router computes in float32 under autocast too.
        with torch.autocast(x_ND.device.type, enabled=False):
            probs_NE = F.linear(x_ND.float(), self.router.weight.float()).softmax(dim=-1)
        weight_Nk, chosen_Nk = probs_NE.topk(self.top_k, dim=-1)
        if self.normalise:
            weight_Nk = weight_Nk / weight_Nk.sum(dim=-1, keepdim=True)
        order_M = chosen_Nk.flatten().argsort(stable=True)
        count_E = torch.bincount(chosen_Nk.flatten(), minlength=self.router.out_features)
        tokens_M, place_M = order_M // self.top_k, torch.arange(order_M.numel(), device=order_M.device)
        if _needs_filling(x_ND):
            tokens_M, place_M, count_E = _filled_up(tokens_M, place_M, count_E)
        y_MD = self._run(x_ND[tokens_M], count_E)
        # Back to the tokens' order, so that the sum over a token's experts does not depend on the other tokens.
        back_Nk = torch.empty_like(chosen_Nk)
        back_Nk.view(-1)[order_M] = place_M
        y_ND = (y_MD[back_Nk] * weight_Nk.unsqueeze(-1).to(y_MD.dtype)).sum(dim=1)
        return y_ND.view(*x_BTD.shape[:-1], -1), Choice(probs_NE, chosen_Nk)

    def _run(self, x_MD: torch.Tensor, count_E: torch.Tensor) -> torch.Tensor:
        """Every expert over its run of rows."""
        half = x_MD.dtype == torch.bfloat16 or torch.is_autocast_enabled("cuda")
        if x_MD.is_cuda and half and hasattr(F, "grouped_mm"):
            return self._run_grouped(x_MD.bfloat16(), count_E)
        product = linear if _needs_filling(x_MD) else F.linear
        parts = []
        for rows_D, gate_up_FD, down_DF in zip(x_MD.split(count_E.tolist()), self.gate_up, self.down, strict=True):
            parts.append(product(swiglu(product(rows_D, gate_up_FD)), down_DF))
        return torch.cat(parts)

    def _run_grouped(self, x_MD: torch.Tensor, count_E: torch.Tensor) -> torch.Tensor:
        """One kernel for all experts, without asking the device how many rows each has (bfloat16, SM80 and newer)."""
        ends_E = count_E.cumsum(0).to(torch.int32)
        both_MF = F.grouped_mm(x_MD, self.gate_up.to(x_MD.dtype).transpose(1, 2), offs=ends_E)
        return F.grouped_mm(swiglu(both_MF), self.down.to(x_MD.dtype).transpose(1, 2), offs=ends_E)


def _needs_filling(x_ND: torch.Tensor) -> bool:
    """Whether rows are filled up: in training by oneDNN. Texts are the same in any company by another way."""
    return torch.is_grad_enabled() and by_onednn(x_ND)


def _filled_up(
    tokens_M: torch.Tensor, place_M: torch.Tensor, count_E: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Runs of rows filled up to multiples of ROWS: tokens, the assignments' places among them, and rows an expert.

    oneDNN prepares a product anew for each shape it has not seen, and every batch gives every expert another number of
    rows. What fills up is the first token; nobody reads what becomes of it.
    """
    filled_E = (count_E + ROWS - 1) // ROWS * ROWS
    shift_E = (filled_E - count_E).cumsum(0) - (filled_E - count_E)
    place_M = place_M + shift_E.repeat_interleave(count_E)
    return tokens_M.new_zeros(int(filled_E.sum())).index_copy_(0, place_M, tokens_M), place_M, filled_E


def balance(
    choices: list[Choice], config: ModelConfig, real_N: torch.Tensor | None = None
) -> tuple[torch.Tensor, Routing]:
    """The balancing loss of Switch Transformer (arXiv 2101.03961, equations 4 to 6) over all layers, and statistics.

    As transformers computes it: E * sum over experts of (assignments per token) * (mean probability), where both are
    means over the tokens of all layers. It is top_k where all is even. real_N: tokens that are no padding; None: all.
    """
    experts = config.experts
    weight_N = torch.ones_like(choices[0].probs_NE[:, 0]) if real_N is None else real_N.to(choices[0].probs_NE.dtype)
    total = weight_N.sum().clamp(min=1.0)
    load_LE = torch.stack(
        [
            torch.zeros(experts, device=weight_N.device).scatter_add_(
                0, choice.chosen_Nk.flatten(), weight_N.repeat_interleave(config.top_k)
            )
            for choice in choices
        ]
    )
    prob_LE = torch.stack([weight_N @ choice.probs_NE for choice in choices])
    loss = experts * ((load_LE.mean(0) / total) * (prob_LE.mean(0) / total)).sum()
    with torch.no_grad():
        entropy_L = torch.stack(
            [-(weight_N @ torch.special.xlogy(c.probs_NE, c.probs_NE)).sum() / total for c in choices]
        )
        routing = Routing(load_LE / (total * config.top_k), entropy_L.mean())
    return loss, routing

"""Choosing the next token of many texts at once, each by random numbers of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch

TRIES = 4  # draws before the rows that are left are sorted, which is slow


def numbers(seed: int | None, sample: int, prompt: Sequence[int], tokens: int, top_p: float) -> torch.Tensor:
    """(tokens, draws): random numbers in [0, 1) for a text of so many tokens.

    They depend on the seed, the number of the sample and the prompt, and on nothing else: a text comes out the same
    alone or in company, and prompts that are asked with one seed are not drawn alike. seed and sample add up, so that
    sample 3 of seed 5 is sample 0 of seed 8. None: other numbers every time.
    """
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        text = f"{seed + sample}:{','.join(map(str, prompt))}"
        generator.manual_seed(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1)
    return torch.rand(tokens, draws(top_p), generator=generator)


def draws(top_p: float) -> int:
    """How many random numbers `choose` needs for a token."""
    return 1 if top_p >= 1 else TRIES + 1


def choose(
    logits_BV: torch.Tensor, uniform_BU: torch.Tensor | None, temperature: float, top_p: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens, and their log-probabilities under the model itself (temperature 1, nothing left out).

    uniform_BU: random numbers (`draws`) for each; not used at temperature 0, which takes the most likely token.
    """
    logits_BV = logits_BV.float()
    if temperature == 0:
        tokens_B1 = logits_BV.max(dim=-1, keepdim=True).indices  # faster than argmax
    else:
        assert uniform_BU is not None
        probs_BV = (logits_BV if temperature == 1 else logits_BV / temperature).softmax(dim=-1)
        tokens_B1 = _draw(probs_BV, uniform_BU[:, 0]) if top_p >= 1 else _likely(probs_BV, uniform_BU, top_p)
    return tokens_B1.squeeze(1), logits_BV.log_softmax(dim=-1).gather(1, tokens_B1).squeeze(1)


def _draw(probs_BV: torch.Tensor, uniform_B: torch.Tensor) -> torch.Tensor:
    """Numbers of columns, (B, 1): where the running sum passes the random number's share of the whole."""
    sums_BV = probs_BV.cumsum(dim=-1)
    # "right" passes over columns of probability 0, whose sum is that of the column before.
    target_B1 = uniform_B.unsqueeze(1) * sums_BV[:, -1:]
    return torch.searchsorted(sums_BV, target_B1, right=True).clamp_(max=probs_BV.shape[1] - 1)


def _likely(probs_BV: torch.Tensor, uniform_BU: torch.Tensor, top_p: float) -> torch.Tensor:
    """Among the fewest tokens that together have `top_p` (nucleus sampling, arXiv 1904.09751).

    Drawn from all tokens until one of those comes, which is the same and spares sorting the vocabulary.
    """
    tokens_B1 = _draw(probs_BV, uniform_BU[:, 0])
    rows = torch.arange(len(probs_BV), device=probs_BV.device)
    for again in range(1, TRIES + 1):
        some_BV = probs_BV[rows]
        chosen_B1 = some_BV.gather(1, tokens_B1[rows])
        outside = torch.where(some_BV > chosen_B1, some_BV, 0).sum(dim=-1) >= top_p
        rows = rows[outside]
        if not rows.numel():
            return tokens_B1
        if again < TRIES:
            tokens_B1[rows] = _draw(probs_BV[rows], uniform_BU[rows, again])
    sorted_BV, where_BV = probs_BV[rows].sort(dim=-1, descending=True)
    before_BV = sorted_BV.cumsum(dim=-1) - sorted_BV
    tokens_B1[rows] = where_BV.gather(1, _draw(sorted_BV * (before_BV < top_p), uniform_BU[rows, TRIES]))
    return tokens_B1

"""Choosing the next token of many texts at once, each by random numbers of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch
from torch.nn import functional as F

TRIES = 4  # draws before the rows that are left are sorted, which is slow
BLOCK = 64  # columns of a vocabulary that are looked at together; 32 and 128 are slower for 1,024 and 4,096 tokens


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
    probs_BV = (logits_BV if temperature in (0, 1) else logits_BV / temperature).softmax(dim=-1)
    if temperature == 0:
        tokens_B1 = _first_largest(logits_BV)
    else:
        assert uniform_BU is not None
        tokens_B1 = _draw(probs_BV, uniform_BU[:, 0]) if top_p >= 1 else _likely(probs_BV, uniform_BU, top_p)
    if temperature in (0, 1):
        return tokens_B1.squeeze(1), probs_BV.gather(1, tokens_B1).squeeze(1).log()
    # What another temperature chose can have a probability here that is too small for a float.
    return tokens_B1.squeeze(1), logits_BV.log_softmax(dim=-1).gather(1, tokens_B1).squeeze(1)


def _first_largest(scores_BV: torch.Tensor) -> torch.Tensor:
    """Numbers of columns, (B, 1): of the largest, the first of several.

    The block in which it stands, then the place there: on a CPU `max` with places takes a dozen times as long as
    without, for all columns.
    """
    blocks_BKW = _blocks(scores_BV, float("-inf"))
    block_B1 = blocks_BKW.amax(dim=-1).max(dim=-1, keepdim=True).indices
    return block_B1 * BLOCK + _block(blocks_BKW, block_B1).max(dim=-1, keepdim=True).indices


def _draw(probs_BV: torch.Tensor, uniform_B: torch.Tensor) -> torch.Tensor:
    """Numbers of columns, (B, 1): where the running sum passes the random number's share of the whole.

    Sums of blocks first, then those within one block: running sums of all columns take five times as long.
    """
    blocks_BKW = _blocks(probs_BV, 0.0)
    sums_BK = blocks_BKW.sum(dim=-1).cumsum(dim=-1)
    target_B1 = uniform_B.unsqueeze(1) * sums_BK[:, -1:]
    block_B1 = _passed(sums_BK, target_B1)
    before_B1 = F.pad(sums_BK, (1, 0)).gather(1, block_B1)
    return block_B1 * BLOCK + _passed(_block(blocks_BKW, block_B1).cumsum(dim=-1), target_B1 - before_B1)


def _passed(sums_BN: torch.Tensor, target_B1: torch.Tensor) -> torch.Tensor:
    """The first column whose running sum is above the target: never one that adds nothing.

    So the target is made less than the whole, which it can reach by rounding. The last one where nothing is a number.
    """
    less_B1 = torch.minimum(target_B1, sums_BN[:, -1:] * (1 - 2 * torch.finfo(sums_BN.dtype).eps))
    return torch.searchsorted(sums_BN, less_B1, right=True).clamp_(max=sums_BN.shape[1] - 1)


def _blocks(x_BV: torch.Tensor, rest: float) -> torch.Tensor:
    """(B, blocks, BLOCK), the last one filled up."""
    more = -x_BV.shape[1] % BLOCK
    return (F.pad(x_BV, (0, more), value=rest) if more else x_BV).unflatten(1, (-1, BLOCK))


def _block(blocks_BKW: torch.Tensor, block_B1: torch.Tensor) -> torch.Tensor:
    """One block of each row, (B, BLOCK)."""
    return blocks_BKW.gather(1, block_B1.unsqueeze(2).expand(-1, 1, BLOCK)).squeeze(1)


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

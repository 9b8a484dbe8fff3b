"""Choosing tokens, against running sums over all columns in double precision."""

from __future__ import annotations

import pytest
import torch

from assay.models.network.sampling import BLOCK, choose, draws

LEAST, MOST = 0.0, 1 - 2**-24  # of random numbers of torch


@pytest.mark.parametrize("top_p", [1.0, 0.9, 0.5, 0.05])
def test_tokens_are_drawn_as_often_as_their_probability_says(top_p: float) -> None:
    logits = torch.tensor([2.0, 1.0, 0.5, 0.0, -1.0, float("-inf")]).repeat(200_000, 1)
    uniform = torch.rand(200_000, draws(top_p), generator=torch.Generator().manual_seed(1))
    tokens, logprobs = choose(logits, uniform, 0.8, top_p)
    probs = (logits[0] / 0.8).softmax(0)
    kept = probs.cumsum(0) - probs < top_p  # they are in order already
    expected = torch.where(kept, probs, 0) / probs[kept].sum()
    found = torch.bincount(tokens, minlength=6) / 200_000
    torch.testing.assert_close(found, expected, atol=0.005, rtol=0)
    assert (found[~kept] == 0).all()
    torch.testing.assert_close(logprobs, logits[0].log_softmax(0)[tokens])


@pytest.mark.parametrize("vocab", [BLOCK - 7, 3 * BLOCK, 5 * BLOCK + 1])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_a_draw_is_where_the_running_sum_of_all_columns_passes_it(vocab: int, temperature: float) -> None:
    generator = torch.Generator().manual_seed(vocab)
    logits = 4 * torch.randn(4000, vocab, generator=generator)
    logits[:, ::3] = logits[:, BLOCK : 2 * BLOCK] = logits[:, -1] = float("-inf")
    uniform = torch.rand(len(logits), 1, generator=generator)
    uniform[:100], uniform[100:200] = LEAST, MOST
    tokens, logprobs = choose(logits, uniform, temperature, 1.0)
    sums = (logits.double() / temperature).softmax(dim=-1).cumsum(dim=-1)
    expected = torch.searchsorted(sums, uniform * sums[:, -1:], right=True).squeeze(1)
    assert (tokens == expected)[200:].float().mean() > 0.999  # the others lie on a border, but for rounding
    own = logits.gather(1, tokens.unsqueeze(1)).squeeze(1)
    assert own.isfinite().all(), "a token was drawn whose probability is 0"
    torch.testing.assert_close(logprobs, own - logits.logsumexp(dim=-1))


@pytest.mark.parametrize("vocab", [1, BLOCK, 4 * BLOCK + 3])
def test_greedy_takes_the_first_of_the_most_likely(vocab: int) -> None:
    logits = torch.randn(500, vocab, generator=torch.Generator().manual_seed(1)).round(decimals=1)
    tokens, logprobs = choose(logits, None, 0.0, 1.0)
    assert tokens.tolist() == [row.index(max(row)) for row in logits.tolist()]
    torch.testing.assert_close(logprobs, logits.log_softmax(dim=-1).amax(dim=-1))


def test_what_is_nearly_impossible_for_the_model_has_a_finite_log_probability_at_a_high_temperature() -> None:
    logits = torch.tensor([[0.0, -200.0]]).repeat(1000, 1)
    uniform = torch.rand(1000, 1, generator=torch.Generator().manual_seed(1))
    tokens, logprobs = choose(logits, uniform, 400.0, 1.0)
    assert 200 < int(tokens.sum()) < 600
    torch.testing.assert_close(logprobs[tokens == 1], torch.full((int(tokens.sum()),), -200.0))

"""Experts whose rows are filled up compute what they compute without."""

from __future__ import annotations

import pytest
import torch

from assay.models.network import experts
from assay.models.network.config import ModelConfig


@pytest.mark.parametrize("tokens", [3, 200])
def test_rows_that_fill_up_change_neither_results_nor_gradients(tokens: int, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    config = ModelConfig("qwen3_moe", width=16, experts=6, top_k=2, expert_ffn=24)
    layer = experts.Experts(config)
    for weight in layer.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    # The last expert gets nothing.
    layer.router.weight.data[-1] = 0.0
    x = torch.randn(1, tokens, 16).abs().requires_grad_()
    layer.router.weight.data[0].abs_()
    layer.router.weight.data[1].abs_()
    found = []
    for filled in (True, False):
        monkeypatch.setattr(experts, "_needs_filling", lambda _, filled=filled: filled)
        y, choice = layer(x)
        grads = torch.autograd.grad((y * torch.arange(16)).sum(), (x, *layer.parameters()))
        found.append((y, choice.chosen_Nk, *grads))
    assert 5 not in found[0][1]
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other)


def test_runs_are_filled_up_to_multiples() -> None:
    tokens = torch.tensor([7, 8, 9, 1, 2])
    count = torch.tensor([3, 0, 2])
    filled, place, filled_count = experts._filled_up(tokens, torch.arange(5), count)
    assert filled_count.tolist() == [experts.ROWS, 0, experts.ROWS]
    assert len(filled) == 2 * experts.ROWS
    assert place.tolist() == [0, 1, 2, experts.ROWS, experts.ROWS + 1]
    assert filled[place].tolist() == tokens.tolist()

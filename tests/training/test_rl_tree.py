"""A group as a tree gives the log-probabilities and gradients of its samples one by one."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the network needs torch: pip install 'assay[train]'")

from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training.rl.tree import Samples, plant, score  # noqa: E402

GROUPS = [
    Samples([5, 6, 7], [[8, 9, 1], [8, 9, 1], [8, 4, 1], [3], [8, 9, 1, 2]]),
    Samples([9, 9], [[9, 9, 9, 9, 9], [1]]),
    Samples([4], [[2, 3]]),
]


@pytest.fixture(scope="module", params=["dense", "experts"])
def model(request):
    more = (
        {"architecture": "qwen3_moe", "experts": 4, "top_k": 2, "expert_ffn": 16} if request.param == "experts" else {}
    )
    config = ModelConfig(vocab=16, width=32, layers=2, heads=2, kv_heads=1, head_dim=16, ffn=32, init_std=0.3, **more)
    return CodeModel(config, seed=3)


def one_by_one(model, group, completion, temperature=1.0):
    tokens = torch.tensor([[*group.prompt, *completion]])
    logprobs = (model(tokens).logits[0] / temperature).log_softmax(-1)
    at = len(group.prompt) - 1
    return torch.stack([logprobs[at + place, token] for place, token in enumerate(completion)])


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_log_probabilities_are_those_of_the_samples_alone(model, temperature):
    scored = score(model, plant(GROUPS), temperature)
    row = 0
    for group in GROUPS:
        for completion in group.completions:
            alone = one_by_one(model, group, completion, temperature)
            assert torch.allclose(scored.logprobs_BT[row, : len(completion)], alone, atol=1e-5)
            assert not scored.logprobs_BT[row, len(completion) :].any()
            row += 1
    assert row == len(scored.logprobs_BT)


def test_so_are_the_gradients(model):
    weights = [0.5, -1.0, 2.0, 0.25, -0.75, 1.5, -2.0, 0.1]
    found = {}
    for way in ("tree", "alone"):
        model.zero_grad()
        if way == "tree":
            sums = score(model, plant(GROUPS)).logprobs_BT.sum(1)
        else:
            sums = torch.stack([one_by_one(model, g, c).sum() for g in GROUPS for c in g.completions])
        (sums * torch.tensor(weights)).sum().backward()
        found[way] = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    assert found["tree"].keys() == found["alone"].keys()
    for name, gradient in found["alone"].items():
        assert torch.allclose(found["tree"][name], gradient, atol=1e-4), name


def test_what_samples_share_is_computed_once():
    forest = plant(GROUPS[:1])
    # three of the prompt; 8 9 1 2, then 4 1, then 3
    assert forest.tokens_RN.shape == (1, 3 + 4 + 2 + 1)
    assert len(forest.select_E) == 7


def test_entropy_is_that_of_the_next_token(model):
    scored = score(model, plant([Samples([4], [[2]])]))
    probs = model(torch.tensor([[4]])).logits[0, -1].softmax(-1)
    assert scored.entropy_E.item() == pytest.approx(-(probs * probs.log()).sum().item(), rel=1e-4)
    assert not scored.entropy_E.requires_grad

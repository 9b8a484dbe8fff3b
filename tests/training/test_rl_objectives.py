"""Every loss against its closed form, worked out here with plain floats and no tensor."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch", reason="losses need torch: pip install 'assay[train]'")

from assay.training.rl.objectives import OBJECTIVES, divergence, policy_loss, token_weights  # noqa: E402

# Two samples, of three tokens and of one; probabilities under the new and the old model.
NEW = [[0.5, 0.4, 0.9], [0.2]]
OLD = [[0.4, 0.5, 0.3], [0.4]]
ADVANTAGES = [0.75, -0.25]
ROOM = 5


def loss_of(name, new=NEW, old=OLD, advantages=ADVANTAGES):
    """(loss, gradient with respect to each token's log-probability, what was said to be clipped)."""
    lengths = [len(row) for row in new]
    most = max(lengths)

    def table(rows):
        padded = [[math.log(p) for p in row] + [-7.0] * (most - len(row)) for row in rows]
        return torch.tensor(padded, dtype=torch.float64)

    logprobs = table(new).requires_grad_()
    mask = torch.tensor([[float(t < n) for t in range(most)] for n in lengths])
    objective = OBJECTIVES[name]
    weights = torch.tensor(token_weights(objective, lengths, advantages, ROOM), dtype=torch.float64)
    advantages_B = torch.tensor(advantages, dtype=torch.float64)
    loss, said = policy_loss(objective, logprobs, table(old), advantages_B, weights, mask)
    loss.backward()
    return loss.item(), logprobs.grad.tolist(), said["clipped"]


def test_plain_is_the_mean_over_tokens_of_advantage_times_log_probability():
    want = -(0.75 * (math.log(0.5) + math.log(0.4) + math.log(0.9)) - 0.25 * math.log(0.2)) / 4
    loss, gradient, _ = loss_of("plain")
    assert loss == pytest.approx(want, rel=1e-6)
    assert gradient[0] == pytest.approx([-0.75 / 4] * 3)
    assert gradient[1] == pytest.approx([0.25 / 4, 0.0, 0.0])


def test_grpo_clips_token_ratios_and_means_over_each_sample_first():
    # ratios 1.25 -> 1.2, 0.8, 3 -> 1.2; and 0.5 -> 0.8, where a negative advantage takes the worse, -0.2
    first = 0.75 * (1.2 + 0.8 + 1.2) / 3
    second = min(-0.25 * 0.5, -0.25 * 0.8)
    loss, gradient, clipped = loss_of("grpo")
    assert loss == pytest.approx(-(first + second) / 2, rel=1e-6)
    # only the ratio inside the range passes a gradient: -A * ratio / (3 * 2)
    assert gradient[0] == pytest.approx([0.0, -0.75 * 0.8 / 6, 0.0], abs=1e-9)
    assert gradient[1][0] == pytest.approx(0.0)
    assert clipped == pytest.approx(2 / 6 + 1 / 2)


def test_dr_grpo_divides_by_what_there_is_room_for():
    total = 0.75 * (1.2 + 0.8 + 1.2) + min(-0.25 * 0.5, -0.25 * 0.8)
    assert loss_of("dr_grpo")[0] == pytest.approx(-total / (2 * ROOM), rel=1e-6)


def test_dapo_clips_higher_and_means_over_all_tokens():
    # 1.25 is inside [0.8, 1.28] now
    total = 0.75 * (1.25 + 0.8 + 1.28) + min(-0.25 * 0.5, -0.25 * 0.8)
    loss, gradient, _ = loss_of("dapo")
    assert loss == pytest.approx(-total / 4, rel=1e-6)
    assert gradient[0] == pytest.approx([-0.75 * 1.25 / 4, -0.75 * 0.8 / 4, 0.0], abs=1e-9)


def test_gspo_clips_one_ratio_for_the_whole_sample():
    # geometric mean of 1.25 * 0.8 * 3 is 3 ** (1/3), clipped to 1.0004; of 0.5 it is 0.5, clipped to 0.9997
    want = -(0.75 * 1.0004 + min(-0.25 * 0.5, -0.25 * 0.9997)) / 2
    loss, gradient, clipped = loss_of("gspo")
    assert loss == pytest.approx(want, rel=1e-6)
    assert clipped == pytest.approx(1.0)
    # and inside the range: one of its tokens up, another as far down, ratio 1 and the gradient A / (length * samples)
    loss, gradient, clipped = loss_of("gspo", new=[[0.5, 0.4], [0.4]], old=[[0.4, 0.5], [0.4]])
    assert loss == pytest.approx(-(0.75 - 0.25) / 2, rel=1e-6)
    assert gradient[0] == pytest.approx([-0.75 / 4] * 2, rel=1e-6)
    assert gradient[1][0] == pytest.approx(0.25 / 2, rel=1e-6)
    assert clipped == 0.0


def test_cispo_keeps_the_gradient_of_every_token_under_a_bounded_weight():
    new, old = [[0.5, 0.9, 0.1], [0.2]], [[0.4, 0.09, 0.4], [0.4]]
    # weights 1.25, 10 -> 5, 0.25 (no lower bound), 0.5
    weights = [1.25, 5.0, 0.25]
    total = 0.75 * sum(w * math.log(p) for w, p in zip(weights, new[0], strict=True)) - 0.25 * 0.5 * math.log(0.2)
    loss, gradient, clipped = loss_of("cispo", new, old)
    assert loss == pytest.approx(-total / 4, rel=1e-6)
    assert gradient[0] == pytest.approx([-0.75 * w / 4 for w in weights], rel=1e-6)
    assert gradient[1][0] == pytest.approx(0.25 * 0.5 / 4, rel=1e-6)
    assert clipped == pytest.approx(1 / 4)


def test_rft_is_the_likelihood_of_accepted_samples_alone():
    want = -(math.log(0.5) + math.log(0.4) + math.log(0.9)) / 3
    loss, gradient, _ = loss_of("rft", advantages=[1.0, 0.0])
    assert loss == pytest.approx(want, rel=1e-6)
    assert gradient[1] == pytest.approx([0.0, 0.0, 0.0])


@pytest.mark.parametrize("name", ["plain", "dapo", "cispo"])
def test_on_policy_the_losses_with_a_token_mean_have_one_gradient(name):
    _, gradient, clipped = loss_of(name, NEW, NEW)
    assert gradient == [pytest.approx(row) for row in loss_of("plain")[1]]
    assert clipped == 0.0


def test_padding_has_neither_loss_nor_gradient():
    for name in OBJECTIVES:
        assert loss_of(name)[1][1][1:] == [0.0, 0.0], name


@pytest.mark.parametrize("name", sorted(OBJECTIVES))
def test_a_batch_in_parts_is_the_batch(name):
    """Weights are of the whole batch, so the parts' losses add up."""
    objective = OBJECTIVES[name]
    advantages = [1.0, 0.0] if name == "rft" else ADVANTAGES
    weights = token_weights(objective, [3, 1], advantages, ROOM)
    parts = 0.0
    for new, old, advantage, weight in zip(NEW, OLD, advantages, weights, strict=True):
        row = torch.tensor([[math.log(p) for p in new]], dtype=torch.float64)
        before = torch.tensor([[math.log(p) for p in old]], dtype=torch.float64)
        loss, _ = policy_loss(
            objective,
            row,
            before,
            torch.tensor([advantage], dtype=torch.float64),
            torch.tensor([weight], dtype=torch.float64),
            torch.ones_like(row),
        )
        parts += loss.item()
    assert parts == pytest.approx(loss_of(name, advantages=advantages)[0], rel=1e-6)


def test_the_divergence_is_k3():
    new, reference = torch.tensor([[math.log(0.5), -9.0]]), torch.tensor([[math.log(0.25), 0.0]])
    got = divergence(new, reference, torch.tensor([0.5]), torch.tensor([[1.0, 0.0]]))
    assert got.item() == pytest.approx(0.5 * (0.5 - math.log(0.5) - 1), rel=1e-6)

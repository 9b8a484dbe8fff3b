"""The losses of reinforcement learning: what each published name means, in one table and one formula.

Shapes: B samples, T tokens of their completions (padded at the end).

Every loss here is a weighted sum over tokens, sum_it w_i l_it, where l is the token's term and w how the loss is
normalised. `token_weights` gives w for a whole batch, so that the batch may be computed in parts of any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Objective:
    """One way to turn advantages into a loss.

    advantage: a scale of `group_advantages`. ratio: "none" (log-probability itself), "token" or "sequence": what is
    clipped, the ratio of new to old probability of each token, or the geometric mean of a sample's ratios.
    low, high: the ratio is clipped to [1 - low, 1 + high]. weighted: the clipped ratio is only a weight on the token's
    log-probability and passes no gradient (CISPO), so that no token is ever without one.
    mean: over "tokens" of the batch, over "samples" (each sample's mean first), or over "room" (samples times the
    longest that a completion may be, so that length changes nothing).
    """

    advantage: str = "mean"
    ratio: str = "none"
    low: float = 0.0
    high: float = 0.0
    weighted: bool = False
    mean: str = "tokens"


# Sources: grpo arXiv 2402.03300; dr_grpo 2503.20783; dapo 2503.14476 (clip-higher, token mean); gspo 2507.18071
# (section 5.1's clip range); cispo 2506.13585 (no lower bound; 5 as upper bound is from ScaleRL, 2510.13786);
# rft 2308.01825. "plain" is REINFORCE with the group's mean as baseline, for one step a batch: nothing to clip.
OBJECTIVES = {
    "plain": Objective(),
    "grpo": Objective("std", "token", 0.2, 0.2, mean="samples"),
    "dr_grpo": Objective("mean", "token", 0.2, 0.2, mean="room"),
    "dapo": Objective("std", "token", 0.2, 0.28),
    "gspo": Objective("std", "sequence", 3e-4, 4e-4, mean="samples"),
    "cispo": Objective("std", "token", 1.0, 4.0, weighted=True),
    "rft": Objective("accepted"),
}


def token_weights(objective: Objective, lengths: list[int], advantages: list[float], room: int) -> list[float]:
    """What one token of each sample weighs in the loss of the whole batch.

    lengths: tokens of each sample, at least 1. room: the most tokens that a completion may have.
    In rejection sampling only accepted samples (advantage not 0) count.
    """
    if objective.mean == "samples":
        return [1.0 / (length * len(lengths)) for length in lengths]
    if objective.mean == "room":
        return [1.0 / (room * len(lengths))] * len(lengths)
    counted = zip(lengths, advantages, strict=True)
    tokens = sum(length for length, advantage in counted if objective.advantage != "accepted" or advantage)
    return [1.0 / max(1, tokens)] * len(lengths)


def policy_loss(
    objective: Objective,
    logprobs_BT: Tensor,
    old_logprobs_BT: Tensor,
    advantages_B: Tensor,
    weights_B: Tensor,
    mask_BT: Tensor,
) -> tuple[Tensor, dict[str, float]]:
    """The loss of some samples, and what to watch: "clipped", the weight of tokens whose ratio was clipped.

    logprobs_BT: of the tokens under the model as it is, with gradient; old: under the model that wrote them.
    mask_BT: 1 for tokens of a completion, 0 for padding.
    """
    mask_BT = mask_BT.to(logprobs_BT.dtype)
    advantages_B1 = advantages_B[:, None]
    weights_BT = weights_B[:, None] * mask_BT
    if objective.ratio == "none":
        return -(weights_BT * advantages_B1 * logprobs_BT).sum(), {"clipped": 0.0}
    logratio_BT = (logprobs_BT - old_logprobs_BT.detach()) * mask_BT
    if objective.ratio == "sequence":
        ratio_BT = (logratio_BT.sum(1, keepdim=True) / mask_BT.sum(1, keepdim=True).clamp(min=1)).exp()
    else:
        ratio_BT = logratio_BT.exp()
    clipped_BT = ratio_BT.clamp(1 - objective.low, 1 + objective.high)
    if objective.weighted:
        term_BT = clipped_BT.detach() * advantages_B1 * logprobs_BT
        outside_BT = clipped_BT != ratio_BT
    else:
        free_BT, bound_BT = ratio_BT * advantages_B1, clipped_BT * advantages_B1
        term_BT = free_BT.minimum(bound_BT)
        outside_BT = bound_BT < free_BT
    loss = -(weights_BT * term_BT).sum()
    return loss, {"clipped": float((weights_BT * outside_BT).sum().detach())}


def divergence(logprobs_BT: Tensor, reference_BT: Tensor, weights_B: Tensor, mask_BT: Tensor) -> Any:
    """How far the model went from a reference model: exp(d) - d - 1 with d = reference - model, never negative.

    Source: J. Schulman, "Approximating KL divergence" (2020), the estimator k3, as GRPO uses it.
    """
    gap_BT = (reference_BT.detach() - logprobs_BT) * mask_BT
    return (weights_B[:, None] * (gap_BT.exp() - gap_BT - 1) * mask_BT).sum()

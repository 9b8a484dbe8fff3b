"""Muon: momentum whose update is made orthogonal, for the matrices inside the network.

Source: Keller Jordan and others, "Muon: an optimizer for hidden layers in neural networks" (2024),
github.com/KellerJordan/Muon; the scale of the update for matrices that are not square is theirs.

Shapes: G matrices of the same shape, R rows, C columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from assay.training.distributed import share_of, whole
from assay.training.eager import EagerOptimizer

# Coefficients of the quintic, chosen by its authors for a steep slope at zero: after five rounds all singular values
# lie between about 0.7 and 1.2.
QUINTIC = (3.4445, -4.7750, 2.0315)
ROUNDS = 5


def orthogonalise(matrices_GRC: Tensor, rounds: int = ROUNDS) -> Tensor:
    """The nearest matrices whose singular values are about 1, by Newton-Schulz iteration.

    All matrices at once: a small model has many of the same small shape, and one batched product is much faster than
    one product each. Computed in the type that it is given (bfloat16 is precise enough).
    """
    a, b, c = QUINTIC
    tall = matrices_GRC.size(-2) > matrices_GRC.size(-1)
    x = matrices_GRC.mT if tall else matrices_GRC
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(rounds):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class Muon(EagerOptimizer):
    """Nesterov momentum, made orthogonal, with decoupled weight decay.

    params: matrices, or stacks of them (experts). rows: of those that are several matrices in one, one above the other
    (queries, keys and values), how many rows each has; they are made orthogonal one by one.
    rounds, compute: of the iteration, and its type. Where weights are sharded (FSDP2), the momentum stays sharded and
    the update is gathered, made orthogonal on every rank and cut again.
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[dict[str, Any]],
        lr: float = 0.02,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
        rows: Mapping[Tensor, Sequence[int]] | None = None,
        rounds: int = ROUNDS,
        compute: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        self._rows, self._rounds, self._compute = rows or {}, rounds, compute

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        """One update of all matrices; those without a gradient stay as they are."""
        assert closure is None
        for group in self.param_groups:
            params = [param for param in group["params"] if param.grad is not None]
            if not params:
                continue
            aims = self._aims(params, group["momentum"])
            updates = self._updates(params, aims)
            if group["weight_decay"]:
                torch._foreach_mul_(params, 1 - group["lr"] * group["weight_decay"])
            torch._foreach_add_(params, updates, alpha=-group["lr"])

    def _aims(self, params: list[Tensor], momentum: float) -> list[Tensor]:
        """Nesterov: where the momentum will be after this gradient."""
        for param in params:
            if "momentum" not in self.state[param]:
                self.state[param]["momentum"] = torch.zeros_like(param)
        grads = [param.grad for param in params]
        momenta = [self.state[param]["momentum"] for param in params]
        torch._foreach_lerp_(momenta, grads, 1 - momentum)
        return list(torch._foreach_lerp(grads, momenta, momentum))

    def _updates(self, params: list[Tensor], aims: list[Tensor]) -> list[Tensor]:
        """Orthogonal ones, computed together for all parts of the same shape."""
        parts = [
            list(whole(aim).split(tuple(self._rows.get(param, (param.size(-2),))), dim=-2))
            for param, aim in zip(params, aims, strict=True)
        ]
        by_shape: dict[torch.Size, list[tuple[list[Tensor], int]]] = defaultdict(list)
        for own in parts:
            for place, part in enumerate(own):
                by_shape[part.shape[-2:]].append((own, place))
        for shape, places in by_shape.items():
            stacks = [own[place].reshape(-1, *shape) for own, place in places]
            straight_GRC = orthogonalise(torch.cat(stacks).to(self._compute), self._rounds)
            # A wide matrix's update has the same size an entry as a square one's; a tall one's is scaled up to it.
            straight_GRC *= max(1.0, shape[0] / shape[1]) ** 0.5
            for (own, place), one in zip(places, straight_GRC.split([len(stack) for stack in stacks]), strict=True):
                own[place] = one.reshape(own[place].shape).to(own[place].dtype)
        return [
            share_of(torch.cat(own, dim=-2) if len(own) > 1 else own[0], param)
            for own, param in zip(parts, params, strict=True)
        ]

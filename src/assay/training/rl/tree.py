"""The samples of a group as a tree: what they have in common is computed once.

All samples of a group begin with the prompt, and many go on alike for a while or to the end. Each node is a token under
one history, so a row holds a whole group, and a token sees its ancestors only. The log-probabilities are those of the
samples one by one (tests/training/test_rl_tree.py); on the forge's tasks about a quarter of the tokens are computed.

Shapes: R rows (groups), N nodes of a row, E edges (a token that was written after a history) of all rows,
B samples, T tokens of their completions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from assay.models.network.experts import balance
from assay.models.network.model import CodeModel


@dataclass(frozen=True)
class Samples:
    """One prompt and what was written after it: at least one completion of at least one token."""

    prompt: Sequence[int]
    completions: Sequence[Sequence[int]]


class _Tree:
    """tokens, parents: of each node, the prompt's first; edges: node -> its number among edges."""

    def __init__(self, samples: Samples) -> None:
        self.tokens = list(samples.prompt)
        self.parents = list(range(-1, len(self.tokens) - 1))
        self.paths: list[list[int]] = []
        last = len(self.tokens) - 1
        children: dict[tuple[int, int], int] = {}
        for completion in samples.completions:
            at, path = last, []
            for token in completion:
                node = children.get((at, token))
                if node is None:
                    node = children[at, token] = len(self.tokens)
                    self.tokens.append(token)
                    self.parents.append(at)
                path.append(node)
                at = node
            self.paths.append(path)

    def __len__(self) -> int:
        return len(self.tokens)


@dataclass(frozen=True)
class Forest:
    """Groups as rows of one batch.

    tokens_RN, positions_RN, mask_R1NN: what the network gets; real_RN: false for filling.
    select_E, targets_E: for every edge the place of its history in the flattened rows, and the token that was written.
    edges_BT: for each token of each sample its edge; mask_BT: 1 where there is one.
    """

    tokens_RN: torch.Tensor
    positions_RN: torch.Tensor
    mask_R1NN: torch.Tensor
    real_RN: torch.Tensor
    select_E: torch.Tensor
    targets_E: torch.Tensor
    edges_BT: torch.Tensor
    mask_BT: torch.Tensor

    def to(self, device: Any) -> Forest:
        return Forest(**{name: tensor.to(device, non_blocking=True) for name, tensor in vars(self).items()})


def plant(groups: Sequence[Samples], pad: int = 0) -> Forest:
    """Groups as a batch. Samples keep their order, group after group."""
    trees = [_Tree(group) for group in groups]
    rows, width = len(trees), max(map(len, trees))
    tokens_RN = np.full((rows, width), pad, np.int64)
    positions_RN = np.zeros((rows, width), np.int64)
    # Filling sees itself, or its softmax would be over nothing.
    mask_RNN = np.repeat(np.eye(width, dtype=bool)[None], rows, 0)
    select: list[int] = []
    targets: list[int] = []
    paths: list[list[int]] = []
    for row, (tree, group) in enumerate(zip(trees, groups, strict=True)):
        tokens_RN[row, : len(tree)] = tree.tokens
        known = len(group.prompt)
        positions_RN[row, :known] = np.arange(known)
        mask_RNN[row, :known, :known] = np.tri(known, dtype=bool)
        edge_of = {}
        for node in range(known, len(tree)):
            parent = tree.parents[node]
            positions_RN[row, node] = positions_RN[row, parent] + 1
            mask_RNN[row, node, : parent + 1] = mask_RNN[row, parent, : parent + 1]
            edge_of[node] = len(select)
            select.append(row * width + parent)
            targets.append(tree.tokens[node])
        paths += [[edge_of[node] for node in path] for path in tree.paths]
    longest = max(map(len, paths))
    edges_BT = np.zeros((len(paths), longest), np.int64)
    mask_BT = np.zeros((len(paths), longest), np.float32)
    for number, path in enumerate(paths):
        edges_BT[number, : len(path)] = path
        mask_BT[number, : len(path)] = 1.0
    return Forest(
        torch.from_numpy(tokens_RN),
        torch.from_numpy(positions_RN),
        torch.from_numpy(mask_RNN).unsqueeze(1),
        torch.arange(width)[None] < torch.tensor([[len(tree)] for tree in trees]),
        torch.tensor(select),
        torch.tensor(targets),
        torch.from_numpy(edges_BT),
        torch.from_numpy(mask_BT),
    )


@dataclass(frozen=True)
class Scored:
    """logprobs_BT: of each sample's tokens, 0 for filling. entropy_E: of what might have followed, without gradient.

    aux_loss: the balancing loss of a mixture of experts, with its weight; None without one.
    """

    logprobs_BT: torch.Tensor
    entropy_E: torch.Tensor
    aux_loss: torch.Tensor | None


def score(model: CodeModel, forest: Forest, temperature: float = 1.0) -> Scored:
    """Log-probabilities of all samples under the model, at the temperature they were drawn with."""
    x_ND, choices = model.hidden(forest.tokens_RN, forest.positions_RN, forest.mask_R1NN)
    x_ED = x_ND.index_select(0, forest.select_E)
    all_EV = F.log_softmax(model.logits(x_ED).float() / temperature, dim=-1)
    logprobs_E = all_EV.gather(1, forest.targets_E[:, None]).squeeze(1)
    with torch.no_grad():
        entropy_E = -(all_EV.exp() * all_EV).sum(-1)
    aux_loss = None
    if choices:
        aux_loss = model.config.aux_weight * balance(choices, model.config, forest.real_RN.flatten())[0]
    # Not by `[]`, whose gradient adds up edges of several samples in no fixed order where two threads compute it.
    logprobs_BT = logprobs_E.index_select(0, forest.edges_BT.flatten()).view_as(forest.mask_BT)
    return Scored(logprobs_BT * forest.mask_BT, entropy_E, aux_loss)

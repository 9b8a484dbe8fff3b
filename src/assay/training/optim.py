"""Which optimizer updates which weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from assay.models.network.model import CodeModel
from assay.training.config import TrainConfig
from assay.training.distributed import whole
from assay.training.eager import AdamW
from assay.training.muon import ROUNDS, Muon

# (0.9, 0.95) are the betas of nearly all language models since GPT-3 (2005.14165, appendix B).
BETAS = (0.9, 0.95)
# Outside: one row of an embedding or a router is an answer of its own, so making the matrix orthogonal mixes what
# does not belong together (Jordan 2024 keeps embeddings and heads out, Moonlight 2502.16982 the router too).
NO_MATRIX = ("embedding.", "head.", "router.")
# Singular values of narrow matrices are larger beside their norm, so they need fewer rounds: at width 128 three cost
# 7 % less CPU than five at a loss that one seed could hardly tell from theirs (docs/LOG.md).
WIDE, FEW_ROUNDS = 512, 3


def is_matrix(name: str, param: Tensor) -> bool:
    """Whether Muon takes a weight: a matrix, or a stack of them, inside the network."""
    return param.ndim >= 2 and not any(part in name for part in NO_MATRIX)


def rows_of(model: CodeModel) -> dict[Tensor, tuple[int, ...]]:
    """Weights that are several matrices one above the other, and the rows of each."""
    shape = model.config
    attention = tuple(heads * shape.head_dim for heads in (shape.heads, shape.kv_heads, shape.kv_heads))
    inner = shape.expert_ffn if shape.is_moe else shape.ffn
    rows: dict[Tensor, tuple[int, ...]] = {}
    for name, param in model.named_parameters():
        if name.endswith("qkv.weight"):
            rows[param] = attention
        elif "gate_up" in name:
            rows[param] = (inner, inner)
    return rows


def make_optimizers(model: CodeModel, config: TrainConfig, precision: str = "fp32") -> list[torch.optim.Optimizer]:
    """Muon and AdamW, or AdamW alone. Every trainable weight is in exactly one group.

    precision: "bf16" lets Muon's iteration compute in it; weights and momentum stay as they are.
    Groups carry "base_lr", which the schedule multiplies. Norms are never decayed.
    """
    named = [(name, param) for name, param in model.named_parameters() if param.requires_grad]
    matrices = [param for name, param in named if is_matrix(name, param)]
    tables = [param for name, param in named if param.ndim >= 2 and not is_matrix(name, param)]
    norms = [param for _, param in named if param.ndim < 2]
    optimizers: list[torch.optim.Optimizer] = []
    groups: list[dict[str, Any]] = [
        {"params": tables, "weight_decay": config.weight_decay if config.optimizer == "adamw" else 0.0},
        {"params": norms, "weight_decay": 0.0},
    ]
    if config.optimizer == "muon":
        optimizers.append(
            Muon(
                matrices,
                lr=config.matrix_learning_rate,
                weight_decay=config.weight_decay,
                rows=rows_of(model),
                rounds=FEW_ROUNDS if model.config.width < WIDE else ROUNDS,
                compute=torch.bfloat16 if precision == "bf16" else torch.float32,
            )
        )
    else:
        groups.insert(0, {"params": matrices, "weight_decay": config.weight_decay})
    groups = [group for group in groups if group["params"]]
    if groups:
        optimizers.append(AdamW(groups, lr=config.learning_rate, betas=BETAS, eps=1e-8, fused=True))
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["base_lr"] = group["lr"]
    return optimizers


def clip_gradients(model: CodeModel, most: float) -> Tensor:
    """The norm of all gradients together, which are made smaller where it is above `most`. Of shards it is a DTensor.

    To the bit what torch's `clip_grad_norm_` does, which goes over all gradients a second time even to multiply by 1.
    """
    params = list(model.parameters())
    norm = torch.nn.utils.get_total_norm([param.grad for param in params if param.grad is not None])
    if whole(most / (norm + 1e-6)) < 1:
        torch.nn.utils.clip_grads_with_norm_(params, most, norm)
    return norm


def set_rates(optimizers: Sequence[torch.optim.Optimizer], factor: float) -> None:
    """Multiply every group's own learning rate."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = group["base_lr"] * factor

"""What is minimised in pre-training and fine-tuning: the weighted loss of the next token, and what is reported of it.

Shapes: B rows, T tokens of a row, S places whose next token counts, V vocabulary.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from assay.models.network.fused import cross_entropy
from assay.models.network.model import CodeModel
from assay.models.network.products import filled
from assay.training.batch import LEARNT, Batch
from assay.training.example import TASKS
from assay.training.tokenizer import Tokenizer


class NextToken:
    """Cross-entropy of each token given those before it in its document, times its weight.

    device, precision: where and in what products are computed; the loss itself is always float32.
    """

    def __init__(self, tokenizer: Tokenizer, device: str, precision: str) -> None:
        self.device, self.autocast = torch.device(device), precision == "bf16"
        self.digit_V = torch.zeros(tokenizer.vocab_size, dtype=torch.bool, device=device)
        self.digit_V[list(tokenizer.digit_ids)] = True

    def weight(self, batch: Batch) -> float:
        """By which the loss of a step is divided; of all processes, since all know the whole batch."""
        return float(batch.weights_BT[:, 1:].sum(dtype=np.float64))

    def loss(self, model: CodeModel, batch: Batch, part: int, parts: int) -> tuple[Tensor, Sums]:
        """The sum of weighted losses over every `parts`-th row from number `part`, and what it is made of."""
        rows = slice(part, None, parts)
        if part >= len(batch.tokens_BT):  # too few rows for all processes: this one computes, for nothing
            rows, batch = slice(0, 1), replace(batch, weights_BT=np.zeros_like(batch.weights_BT))
        tokens_BT = self._on_device(batch.tokens_BT[rows])
        weights_BT = batch.weights_BT[rows, 1:]
        target_BT = tokens_BT[:, 1:]
        # The head is a sixth of a small network: it is only computed where a token counts, and a row's last token,
        # after which nothing is learnt, is not read. On a GPU all places are, since a number of places that changes
        # would mean compiling again, and even numbers of rows are multiplied faster.
        on_cpu = self.device.type == "cpu"
        read = slice(max(1, tokens_BT.shape[1] - 1) if on_cpu else None)
        chosen = np.flatnonzero(weights_BT) if on_cpu and weights_BT.any() else np.arange(weights_BT.size)
        count = len(chosen)
        if on_cpu:  # Filled up here, by places that weigh nothing: else the product would copy all logits to do so.
            chosen = np.pad(chosen, (0, filled(count) - count))
        select_S = self._on_device(chosen)
        weights_S = self._on_device(weights_BT.reshape(-1)[chosen])
        weights_S[count:] = 0
        target_S = target_BT.flatten()[select_S]
        # Rows with one document from their beginning need no mask.
        packed = batch.segments_BT.max(initial=0) > 1 or model.config.is_moe
        segments_BT = self._on_device(batch.segments_BT[rows, read]) if packed else None
        positions_BT = self._on_device(batch.positions_BT[rows, read]) if packed else None
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.autocast):
            out = model(tokens_BT[:, read], segments_BT, positions_BT, select_S if on_cpu else None)
        logits_SV = out.logits if on_cpu else out.logits[:, :-1].flatten(0, 1)
        nats_S = cross_entropy(logits_SV.float(), target_S)
        loss = (nats_S * weights_S).sum()
        tasks_S = self._on_device(batch.tasks_BT[rows, 1:].reshape(-1)[chosen])
        return loss, self._sums(nats_S.detach(), weights_S, tasks_S, self.digit_V[target_S], out)

    def _on_device(self, array: np.ndarray[Any, Any]) -> Tensor:
        tensor = torch.from_numpy(np.ascontiguousarray(array))
        return tensor if self.device.type == "cpu" else tensor.pin_memory().to(self.device, non_blocking=True)

    def _sums(self, nats_S: Tensor, weights_S: Tensor, tasks_S: Tensor, digits_S: Tensor, out: Any) -> Sums:
        learnt_S = (weights_S >= LEARNT).to(nats_S.dtype)
        nats = nats_S * learnt_S
        digit_S = learnt_S * digits_S
        kinds_S = tasks_S.long().clamp(min=0)
        by_task = torch.zeros(2, len(TASKS), dtype=nats.dtype, device=nats.device)
        by_task[0].index_add_(0, kinds_S, nats)
        by_task[1].index_add_(0, kinds_S, learnt_S)
        head = torch.stack([(nats_S * weights_S).sum(), (nats_S * digit_S).sum(), digit_S.sum()])
        return Sums(torch.cat([head, by_task.flatten()]), out.aux_loss, out.routing)


class Sums:
    """What losses of a step add up to, over batches and processes.

    totals: weighted nats, nats and count of digits, nats and counts by task.
    """

    def __init__(self, totals: Tensor, aux_loss: Tensor | None = None, routing: Any = None) -> None:
        self.totals, self.aux_loss, self.routing = totals.double(), aux_loss, routing

    def add(self, other: Sums) -> None:
        self.totals += other.totals
        self.aux_loss, self.routing = other.aux_loss, other.routing

    def report(self, weight: float, learnt_bytes: int) -> dict[str, Any]:
        """Values for the log: nats a token; bits a byte over what is learnt. A task that did not occur is left out."""
        values = self.totals.tolist()
        nats, counts = values[3 : 3 + len(TASKS)], values[3 + len(TASKS) :]
        tasks = {name: round(total / count, 4) for name, total, count in zip(TASKS, nats, counts, strict=True) if count}
        report: dict[str, Any] = {
            "loss": values[0] / max(weight, 1e-9),
            "bits_per_byte": round(sum(nats) / math.log(2) / max(1, learnt_bytes), 5),
            "tasks": tasks,
        }
        if values[2]:
            report["digits"] = round(values[1] / values[2], 4)
        if self.routing is not None:
            report["experts"] = {
                "balance": round(float(self.aux_loss.detach()), 4) if self.aux_loss is not None else None,
                "max_over_mean": round(self.routing.max_over_mean, 3),
                "dead": self.routing.dead,
                "entropy": round(float(self.routing.entropy), 4),
            }
        return report

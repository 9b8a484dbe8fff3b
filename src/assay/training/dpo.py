"""Preference training on pairs of which one was executed and passed, the other failed: `assay train dpo`.

Source: Rafailov and others, "Direct Preference Optimization" (arXiv 2305.18290), equation 7.

Shapes: P pairs, B = 2P rows, chosen and rejected in turn, T tokens of a row.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from assay.errors import AssayError
from assay.models.network import convert
from assay.models.network.fused import cross_entropy
from assay.models.network.model import CodeModel
from assay.training.batch import Batch, Document, make_batch
from assay.training.config import TrainConfig
from assay.training.data import Data
from assay.training.example import TASKS
from assay.training.jsonl import read_objects, text_of
from assay.training.objective import Sums
from assay.training.pretrain import Stage
from assay.training.record import model_folder
from assay.training.sft import sha256_of
from assay.training.tokenizer import Tokenizer
from assay.training.watch import Watch

BETA = 0.1  # how much a change against the reference counts; the paper's for most tasks
_REFERENCE_TOKENS = 8192  # that go through the reference model at once


@dataclass(frozen=True)
class Pair:
    """A prompt with the better and with the worse answer, each with the end; only answers have a weight."""

    chosen: Document
    rejected: Document


@dataclass(frozen=True)
class PairBatch(Batch):
    """reference_B: log-probability of each row's answer under the model that training started from."""

    reference_B: NDArray[np.float64]


def dpo_loss(policy_B: Tensor, reference_B: Tensor, beta: float = BETA) -> tuple[Tensor, Tensor]:
    """Losses and margins of pairs, from log-probabilities of answers, chosen and rejected in turn."""
    gain_B = policy_B - reference_B
    margin_P = beta * (gain_B[0::2] - gain_B[1::2])
    return -F.logsigmoid(margin_P), margin_P


class Preference:
    """The objective. device, precision: as in `assay.training.objective.NextToken`."""

    def __init__(self, tokenizer: Tokenizer, device: str, precision: str, beta: float = BETA) -> None:
        self.device, self.autocast, self.beta = torch.device(device), precision == "bf16", beta

    def weight(self, batch: PairBatch) -> float:
        """Pairs of the batch."""
        return len(batch.tokens_BT) / 2

    def loss(self, model: CodeModel, batch: PairBatch, part: int, parts: int) -> tuple[Tensor, PairSums]:
        """The sum over every `parts`-th pair from number `part`."""
        pairs = np.arange(part, len(batch.tokens_BT) // 2, parts)
        counts = bool(len(pairs))
        pairs = pairs if counts else np.zeros(1, np.int64)
        rows = np.stack([2 * pairs, 2 * pairs + 1], axis=1).reshape(-1)
        policy_B = answer_logprobs(model, batch.tokens_BT[rows], batch.weights_BT[rows], self.device, self.autocast)
        reference_B = torch.from_numpy(batch.reference_B[rows]).to(self.device, policy_B.dtype)
        loss_P, margin_P = dpo_loss(policy_B, reference_B, self.beta)
        loss = loss_P.sum() * float(counts)
        margin_P = margin_P.detach()
        chosen_nats = -policy_B.detach()[0::2].sum()
        totals = torch.stack([loss.detach(), (margin_P > 0).sum().to(loss.dtype), margin_P.sum(), chosen_nats])
        return loss, PairSums(totals * float(counts))


class PairSums(Sums):
    """totals: loss, pairs told apart rightly, margins, nats of chosen answers."""

    def report(self, weight: float, learnt_bytes: int) -> dict[str, Any]:
        loss, preferred, margin, nats = self.totals.tolist()
        return {
            "loss": loss / weight,
            "bits_per_byte": round(nats / math.log(2) / max(1, learnt_bytes), 5),
            "preferred": round(preferred / weight, 4),
            "margin": round(margin / weight, 4),
        }


def answer_logprobs(
    model: CodeModel,
    tokens_BT: NDArray[np.int64],
    weights_BT: NDArray[np.float32],
    device: torch.device,
    autocast: bool,
) -> Tensor:
    """The log-probability of each row's answer: of its tokens of weight 1, given what stands before them."""
    tokens = torch.from_numpy(tokens_BT).to(device)
    learnt = torch.from_numpy(weights_BT[:, 1:]).to(device)
    with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
        logits_BTV = model(tokens[:, :-1]).logits
    nats_BT = cross_entropy(logits_BTV.float().flatten(0, 1), tokens[:, 1:].flatten())
    return -(nats_BT.view_as(learnt) * learnt).sum(dim=1)


class PairBatches:
    """Draws pairs, each once a pass, in an order that depends on the seed and the pass."""

    def __init__(self, pairs: Sequence[Pair], tokenizer: Tokenizer, seed: int) -> None:
        self._pairs, self._seed, self._pad = pairs, seed, tokenizer.pad_id
        # As in Mixture: a special token is no text, so the end of an answer adds no bytes.
        self._bytes_V = np.array(
            [0 if number in tokenizer.special_ids else len(data) for number, data in enumerate(tokenizer.token_bytes)]
        )
        self.reference_B = np.zeros(2 * len(pairs))
        self._cursor = 0

    def next(self, token_budget: int) -> PairBatch:
        """As many pairs as fit, at least one."""
        numbers: list[int] = []
        longest = 0
        while True:
            number = self._order()[self._cursor % len(self._pairs)]
            longest = max(longest, len(self._pairs[number].chosen), len(self._pairs[number].rejected))
            if numbers and 2 * (len(numbers) + 1) * longest > token_budget:
                break
            numbers.append(number)
            self._cursor += 1
        return self.batch(numbers)

    def batch(self, numbers: Sequence[int]) -> PairBatch:
        """The pairs with these numbers."""
        rows = [[one] for number in numbers for one in (self._pairs[number].chosen, self._pairs[number].rejected)]
        made = make_batch(rows, max(len(row[0]) for row in rows), self._pad, self._bytes_V)
        places = [place for number in numbers for place in (2 * number, 2 * number + 1)]
        chosen = made.weights_BT[0::2] > 0
        learnt_bytes = int(self._bytes_V[made.tokens_BT[0::2][chosen]].sum())
        return PairBatch(**(vars(made) | {"reference_B": self.reference_B[places], "learnt_bytes": learnt_bytes}))

    def refer_to(self, model: CodeModel, device: str, autocast: bool) -> None:
        """Remember how likely all answers are under the model that training starts from."""
        room = max(
            1, _REFERENCE_TOKENS // max(len(one) for pair in self._pairs for one in (pair.chosen, pair.rejected))
        )
        for at in range(0, len(self._pairs), room):
            batch = self.batch(range(at, min(at + room, len(self._pairs))))
            with torch.no_grad():
                found = answer_logprobs(model, batch.tokens_BT, batch.weights_BT, torch.device(device), autocast)
            self.reference_B[2 * at : 2 * at + len(found)] = found.double().cpu().numpy()

    def _order(self) -> list[int]:
        numbers = list(range(len(self._pairs)))
        random.Random(f"{self._seed} {self._cursor // len(numbers)}").shuffle(numbers)
        return numbers

    @property
    def fingerprint(self) -> str:
        """Of all that decides what comes next."""
        tokens = [pair.chosen.tokens_N.tolist() + pair.rejected.tokens_N.tolist() for pair in self._pairs]
        return hashlib.sha256(json.dumps([self._seed, tokens]).encode()).hexdigest()

    def state(self) -> dict[str, Any]:
        return {"fingerprint": self.fingerprint, "cursor": self._cursor}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Raises AssayError for the state of other pairs."""
        if state.get("fingerprint") != self.fingerprint:
            raise AssayError("The checkpoint was made with other pairs. Use the same file, or start anew.")
        self._cursor = state["cursor"]


def read_pairs(path: Path, tokenizer: Tokenizer, longest: int) -> tuple[list[Pair], int]:
    """Pairs of a file, and how many were too long and left out. Raises AssayError."""
    pairs, left_out = [], 0
    for where, row in read_objects(path):
        prompt, chosen, rejected = (text_of(row, key, where) for key in ("prompt", "chosen", "rejected"))
        if chosen == rejected:
            raise AssayError(f"In {where} both answers are the same, so neither can be preferred.")
        read, good, bad = tokenizer.encode_many([prompt, chosen, rejected])
        pair = Pair(_document(read, good, tokenizer), _document(read, bad, tokenizer))
        if max(len(pair.chosen), len(pair.rejected)) > longest:
            left_out += 1
        else:
            pairs.append(pair)
    if not pairs:
        raise AssayError(f"{path} holds no pair of at most {longest} tokens.")
    return pairs, left_out


def _document(prompt: list[int], answer: list[int], tokenizer: Tokenizer) -> Document:
    tokens = [*prompt, *answer, tokenizer.end_id]
    weights = np.zeros(len(tokens), np.float32)
    weights[len(prompt) :] = 1.0
    return Document(np.array(tokens), weights, TASKS.index("complete"))


def _open(config: TrainConfig, tokenizer: Tokenizer, model: CodeModel, device: str, watch: Watch) -> Data:
    path = Path(config.data)
    pairs, left_out = read_pairs(path, tokenizer, config.context)
    if left_out:
        watch.say(f"{left_out} pairs are longer than {config.context} tokens and left out")
    batches = PairBatches(pairs, tokenizer, config.seed)
    # Read anew: when a run goes on, `model` has moved away from what it is held to.
    reference = convert.load(model_folder(Path(config.start)), dtype=torch.float32).to(device)
    batches.refer_to(reference, device, config.precision == "bf16")
    tokens = sum(len(pair.chosen) + len(pair.rejected) for pair in pairs)
    about = {
        "sources": [{"kind": "pairs", "name": path.name, "path": str(path), "sha256": sha256_of(path)}],
        "pools": [{"name": "pairs", "examples": len(pairs), "tokens": tokens, "dropped": left_out}],
        "tokenizer": {"sha256": tokenizer.sha256, "vocabulary": tokenizer.vocab_size},
        "fingerprint": batches.fingerprint,
    }
    return Data(tokenizer, batches, about, tokens)


DPO = Stage("dpo", _open, lambda _, tokenizer, device, precision: Preference(tokenizer, device, precision))

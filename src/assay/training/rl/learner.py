"""One step of learning: from graded samples to new weights."""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from assay.errors import AssayError
from assay.models.network.fused import cross_entropy
from assay.models.network.model import CodeModel
from assay.training.eager import AdamW
from assay.training.optim import clip_gradients
from assay.training.rl.objectives import OBJECTIVES, divergence, policy_loss, token_weights
from assay.training.rl.settings import Settings
from assay.training.rl.tree import Samples, Scored, plant, score

if TYPE_CHECKING:
    from assay.training.batch import Batch

BETAS = (0.9, 0.95)
# Nodes of a part of the batch, filling included: enough for large products, and the masks stay small.
_PART_NODES = 4096
_LAST_RATE = 0.1


@dataclass(frozen=True)
class Lesson:
    """A group that teaches something: its prompt, the completions that were judged, and their advantages."""

    samples: Samples
    advantages: Sequence[float]


@dataclass(frozen=True)
class Step:
    """What to watch. entropy: nats, mean over written tokens. gap: mean of log-probability now minus when it was
    written, which shows that writing and learning compute alike; None at another temperature than 1, at which the
    writer's log-probabilities always are. Both are None where nothing written was learnt from. Of several updates loss,
    clipped and kl are the last one's, the rest is the first one's. tokens: written ones that were learnt from;
    computed: nodes that this took. replay_loss: of supervised tokens; None without them.
    """

    loss: float
    entropy: float | None
    gradient: float
    clipped: float
    kl: float
    gap: float | None
    tokens: int
    computed: int
    replay_loss: float | None


class Learner:
    """A model, its optimiser, and the rules of the loss. precision: "bf16" or, whatever else it says, fp32."""

    def __init__(self, model: CodeModel, settings: Settings, room: int) -> None:
        """room: the most tokens that a completion may have."""
        self.model, self._settings, self._room = model, settings, room
        self._objective = OBJECTIVES[settings.loss]
        self.optimizer = AdamW(
            model.parameters(), lr=settings.learning_rate, betas=BETAS, weight_decay=settings.weight_decay, fused=True
        )
        self._device = next(model.parameters()).device
        self.precision = settings.precision
        self._reference = copy.deepcopy(model).eval().requires_grad_(False) if settings.kl else None
        self.steps = 0
        self._progress = 0.0

    def learn(
        self,
        lessons: Sequence[Lesson],
        replay: Batch | None,
        written: Sequence[Sequence[float]] = (),
        progress: float = 0.0,
    ) -> Step:
        """Update the weights `settings.updates` times. written: log-probabilities at which completions were drawn.
        progress: of the run, from 0 to 1, which decides the rate.

        Raises AssayError when the loss is no number; the weights are then those of before.
        """
        if not lessons and replay is None:
            raise ValueError("nothing to learn from")
        self._progress = progress
        parts = list(self._parts(lessons))
        lengths = [len(completion) for lesson in lessons for completion in lesson.samples.completions]
        advantages = [advantage for lesson in lessons for advantage in lesson.advantages]
        weights = token_weights(self._objective, lengths, advantages, self._room) if lessons else []
        old: list[torch.Tensor] = []
        if self._settings.updates > 1:
            with torch.no_grad():
                old = [self._score(self.model, part).logprobs_BT for part in parts]
        first = self._update(parts, advantages, weights, old, replay, written)
        for _ in range(1, self._settings.updates):
            step = self._update(parts, advantages, weights, old, None, written)
            first = replace(first, loss=step.loss, clipped=step.clipped, kl=step.kl)
        return first

    def _update(
        self,
        parts: Sequence[Sequence[Lesson]],
        advantages: Sequence[float],
        weights: Sequence[float],
        old: Sequence[torch.Tensor],
        replay: Batch | None,
        written: Sequence[Sequence[float]],
    ) -> Step:
        self.optimizer.zero_grad(set_to_none=True)
        loss = clipped = kl = entropy = gap = 0.0
        edges = nodes = begun = 0
        for number, part in enumerate(parts):
            scored = self._score(self.model, part)
            count = len(scored.logprobs_BT)
            here = slice(begun, begun + count)
            begun += count
            lengths_B = torch.tensor([len(c) for lesson in part for c in lesson.samples.completions])
            mask_BT = (torch.arange(scored.logprobs_BT.shape[1])[None] < lengths_B[:, None]).to(self._device)
            weights_B = torch.tensor(weights[here], device=self._device)
            before_BT = old[number] if old else scored.logprobs_BT.detach()
            advantages_B = torch.tensor(advantages[here], device=self._device)
            part_loss, said = policy_loss(
                self._objective, scored.logprobs_BT, before_BT, advantages_B, weights_B, mask_BT
            )
            if self._reference is not None:
                with torch.no_grad():
                    reference_BT = self._score(self._reference, part).logprobs_BT
                distance = divergence(scored.logprobs_BT, reference_BT, weights_B, mask_BT)
                part_loss = part_loss + self._settings.kl * distance
                kl += float(distance.detach())
            if scored.aux_loss is not None:
                part_loss = part_loss + scored.aux_loss * (count / max(1, len(weights)))
            part_loss.backward()
            loss += float(part_loss.detach())
            clipped += said["clipped"]
            entropy += float(scored.entropy_E.sum())
            edges += len(scored.entropy_E)
            nodes += sum(len(lesson.samples.prompt) for lesson in part) + len(scored.entropy_E)
            if written:
                gap += _gap(scored, written[here])
        replay_loss = self._replay(replay) if replay is not None else None
        self._set_rate()
        norm = float(clip_gradients(self.model, self._settings.clip))
        if not math.isfinite(norm) or not math.isfinite(loss):
            raise AssayError(
                f"The loss of step {self.steps + 1} is no number (loss {loss}, gradient {norm}). "
                f"Go on from the last checkpoint with a smaller --learning-rate than {self._settings.learning_rate}."
            )
        self.optimizer.step()
        self.steps += 1
        tokens = sum(len(c) for part in parts for lesson in part for c in lesson.samples.completions)
        mean_entropy = entropy / edges if edges else None
        mean_gap = gap / tokens if written and tokens and self._settings.temperature == 1 else None
        return Step(loss, mean_entropy, norm, clipped, kl, mean_gap, tokens, nodes, replay_loss)

    def _replay(self, batch: Batch) -> float:
        """Add the gradient of supervised examples: the weighted mean of the loss over their tokens."""
        tokens_BT = torch.from_numpy(batch.tokens_BT).to(self._device)
        weights_BT = torch.from_numpy(batch.weights_BT).to(self._device)[:, 1:]
        # Rows of single documents need no mask: what fills them comes after everything that counts.
        packed = bool((batch.segments_BT > 1).any())
        segments_BT = torch.from_numpy(batch.segments_BT).to(self._device) if packed else None
        with self._autocast():
            output = self.model(tokens_BT, segments_BT)
            losses_N = cross_entropy(output.logits[:, :-1].flatten(0, 1).float(), tokens_BT[:, 1:].flatten())
            loss = (losses_N * weights_BT.flatten()).sum() / weights_BT.sum().clamp(min=1)
            whole = loss if output.aux_loss is None else loss + self.model.config.aux_weight * output.aux_loss
        (self._settings.replay_weight * whole).backward()
        return float(loss.detach())

    def _score(self, model: CodeModel, part: Sequence[Lesson]) -> Scored:
        forest = plant([lesson.samples for lesson in part], model.config.pad or 0).to(self._device)
        with self._autocast():
            return score(model, forest, self._settings.temperature)

    def _autocast(self) -> Any:
        if self.precision == "bf16":
            return torch.autocast(self._device.type, torch.bfloat16)
        return contextlib.nullcontext()

    def _set_rate(self) -> None:
        """A short rise, flat, and over the second half a straight fall: the last steps settle what was found."""
        rise = min(1.0, (self.steps + 1) / max(1, self._settings.warmup))
        fall = 1.0 - (1.0 - _LAST_RATE) * max(0.0, 2.0 * min(1.0, self._progress) - 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = self._settings.learning_rate * rise * fall

    @staticmethod
    def _parts(lessons: Sequence[Lesson]) -> Iterator[list[Lesson]]:
        """Lessons in their order, in parts whose rows are not too much for one pass."""
        part: list[Lesson] = []
        widest = 0
        for lesson in lessons:
            size = len(lesson.samples.prompt) + sum(map(len, {tuple(c) for c in lesson.samples.completions}))
            if part and max(widest, size) * (len(part) + 1) > _PART_NODES:
                yield part
                part, widest = [], 0
            part.append(lesson)
            widest = max(widest, size)
        if part:
            yield part


def _gap(scored: Scored, written: Sequence[Sequence[float]]) -> float:
    return sum(float(now.sum()) - sum(then) for now, then in zip(scored.logprobs_BT.detach(), written, strict=True))

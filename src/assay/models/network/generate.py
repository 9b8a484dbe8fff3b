"""Writing texts: many at once, each as it would come alone.

    texts = generate(model, tokenizer, [ids], samples=8, max_tokens=128, temperature=1.0, seeds=[0])

Prompts wait in a queue; a prompt is read once for all its samples, equal prompts too; a text that ends makes room for
the next, and a step costs what the texts that are still being written cost (`cache.py`). On a CPU in float32 a text is
the same alone or in any company, greedy or sampled (tests/models/network/test_network_generate.py): a dense network's
to the last bit where C attends, else but for rounding.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch

from assay.models.network.cache import Cache
from assay.models.network.model import CodeModel
from assay.models.network.native import step
from assay.models.network.products import packed
from assay.models.network.sampling import choose, draws, numbers
from assay.models.network.stops import TAIL, Decodes, before, closing_tokens, reached

ROWS = 256  # texts at once
_FIRST_COLUMNS = 64  # tokens of a text there is room for at first, beyond the longest prompt


@dataclass(frozen=True)
class Prompt:
    """ids: tokens to continue, at least one. seed: of its random numbers; None: others every time.

    ends: tokens that end its text; None: those of the model's configuration.
    """

    ids: Sequence[int]
    stops: tuple[str, ...] = ()
    seed: int | None = None
    ends: frozenset[int] | None = None


@dataclass(frozen=True)
class Generated:
    """One text.

    text: up to the end token or the stop string, without either. ids: all tokens that were written, with those that
    end it. logprobs: of each, in nats, under the model itself: temperature 1, all tokens. finish: "stop" or "length".
    first_token_s, total_s: from when its prompt was taken up to its first token, and to its end.
    """

    text: str
    ids: list[int]
    logprobs: list[float]
    finish: str
    first_token_s: float
    total_s: float


# Called after every step with (number of the prompt, number of the sample, token) of each text that grew.
See = Callable[[list[tuple[int, int, int]]], None]
# Called with (number of the prompt, text) as soon as a text has ended.
Ended = Callable[[int, Generated], None]


def generate(
    model: CodeModel,
    tokenizer: Decodes,
    prompts_ids: Sequence[Sequence[int]],
    samples: int = 1,
    max_tokens: int = 256,
    temperature: float = 1.0,
    top_p: float = 1.0,
    stops: Sequence[str] = (),
    seeds: Sequence[int] | None = None,
    *,
    rows: int = ROWS,
) -> list[list[Generated]]:
    """`samples` continuations of every prompt, in the prompts' order. seeds: one a prompt. See `write_texts`."""
    prompts = [
        Prompt(ids, tuple(stops), None if seeds is None else seeds[number]) for number, ids in enumerate(prompts_ids)
    ]
    written = write_texts(model, tokenizer, prompts, samples, max_tokens, temperature, top_p, rows=rows)
    assert written is not None
    return written


def write_texts(
    model: CodeModel,
    tokenizer: Decodes,
    prompts: Sequence[Prompt],
    samples: int = 1,
    max_tokens: int = 256,
    temperature: float = 1.0,
    top_p: float = 1.0,
    *,
    rows: int = ROWS,
    see: See | None = None,
    ended: Ended | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[list[Generated]] | None:
    """`samples` continuations of every prompt; None when `stopped` said so.

    max_tokens: of one text. temperature: 0 takes the most likely token. top_p: 1 leaves nothing out.
    rows: texts at once, which bounds memory.
    Raises ValueError for a prompt without tokens or with tokens the model does not have.
    """
    vocab = model.config.vocab
    for number, prompt in enumerate(prompts):
        if not prompt.ids or not 0 <= min(prompt.ids) <= max(prompt.ids) < vocab:
            raise ValueError(f"prompt {number} has no tokens, or tokens outside of the model's {vocab:,}")
    if not prompts or max_tokens < 1:
        raise ValueError("there must be a prompt, and max_tokens must be at least 1")
    with torch.inference_mode(), packed(model):
        writer = _Writer(model, tokenizer, prompts, samples, max_tokens, temperature, top_p, rows, see, ended)
        return writer.run(stopped)


class _Writer:
    """One call. Texts have numbers, prompt * samples + sample; slot i of the cache holds text `self.texts[i]`."""

    def __init__(
        self,
        model: CodeModel,
        tokenizer: Decodes,
        prompts: Sequence[Prompt],
        samples: int,
        max_tokens: int,
        temperature: float,
        top_p: float,
        rows: int,
        see: See | None,
        ended: Ended | None,
    ) -> None:
        self.model, self.tokenizer, self.prompts, self.samples = model, tokenizer, prompts, samples
        self.max_tokens, self.temperature, self.top_p = max_tokens, temperature, top_p
        self.see, self.ended = see, ended
        device, vocab = model.embedding.weight.device, model.config.vocab
        # Prompts of like length are read together, which leaves little padding; the longest first. Equal ones are read
        # once.
        ids = [tuple(prompt.ids) for prompt in prompts]
        self.queue = sorted(range(len(prompts)), key=lambda number: (len(ids[number]), ids[number]))
        self.slots = min(max(rows, samples), len(prompts) * samples)
        longest = max(len(prompt.ids) for prompt in prompts)
        # In torch sharing pays only where every prompt has many texts: a product has rows for the most that one has.
        shared = samples > 1 or (len(set(ids)) < len(ids) and step.fits(model))
        most = max_tokens if shared else longest + max_tokens
        first = min(most, (0 if shared else longest) + _FIRST_COLUMNS)
        # All at once where the first growth would be as large.
        columns = most if most <= first + first // 2 else first
        self.cache = Cache(model, self.slots, columns, longest + max_tokens, shared)
        usual = frozenset(model.config.eos)
        self.ends = [usual if prompt.ends is None else prompt.ends for prompt in prompts]
        ending_V = torch.zeros(vocab, dtype=torch.bool)
        ending_V[[token for token in frozenset().union(*self.ends) if token < vocab]] = True
        stops = {stop for prompt in prompts for stop in prompt.stops if stop}
        self.closing_V = closing_tokens(tokenizer, vocab, stops)
        self.watched_V = (ending_V | self.closing_V).to(device)
        # By slot; what moves when a text moves.
        self.texts: list[int] = []
        self.counts_R = torch.zeros(self.cache.slots, dtype=torch.long, device=device)
        self.next_R = torch.zeros(self.cache.slots, dtype=torch.long, device=device)
        self.rows_R = torch.arange(self.cache.slots, device=device)
        room = (self.cache.slots, max_tokens)
        self.tokens_RM = torch.zeros(room, dtype=torch.long, device=device)
        self.logprobs_RM = torch.zeros(room, device=device)
        self.uniform_RMU = torch.zeros((*room, draws(top_p)) if temperature else (0, 0, 0), device=device)
        self.taken_up_s: dict[int, float] = {}  # by prompt
        self.first_token_s: dict[int, float] = {}
        self.done: list[Generated | None] = [None] * (len(prompts) * samples)

    def run(self, stopped: Callable[[], bool]) -> list[list[Generated]] | None:
        while self.queue or self.texts:
            if stopped():
                return None
            # Prompts are read in numbers: when a quarter of the slots is free, or nothing else is left to do.
            free = self.slots - len(self.texts)
            if self.queue and free >= self.samples and (free * 4 >= self.slots or not self.texts):
                self.admit(free // self.samples)
            else:
                live = len(self.texts)
                self.take(0, self.cache.step(self.next_R, live))
        done = [text for text in self.done if text is not None]
        return [done[at : at + self.samples] for at in range(0, len(done), self.samples)]

    def admit(self, count: int) -> None:
        """Read the next prompts, and choose the first token of their texts."""
        began = time.monotonic()
        chosen = [self.queue.pop() for _ in range(min(count, len(self.queue)))]
        self.taken_up_s |= dict.fromkeys(chosen, began)
        first = len(self.texts)
        asked = [list(self.prompts[number].ids) for number in chosen]
        samples = [self.samples] * len(asked)
        if self.cache.shared:
            groups = [(ids, len(list(equal))) for ids, equal in groupby(asked)]
            asked, samples = [ids for ids, _ in groups], [count * self.samples for _, count in groups]
        logits_PV = self.cache.read(first, asked, samples)
        for number in chosen:
            prompt = self.prompts[number]
            for sample in range(self.samples):
                slot = len(self.texts)
                self.texts.append(number * self.samples + sample)
                if self.temperature:
                    chances = numbers(prompt.seed, sample, prompt.ids, self.max_tokens, self.top_p)
                    self.uniform_RMU[slot] = chances
        self.counts_R[first : len(self.texts)] = 0
        self.take(first, logits_PV.repeat_interleave(torch.tensor(samples, device=logits_PV.device), dim=0))
        self.first_token_s |= dict.fromkeys(chosen, time.monotonic() - began)

    def take(self, first: int, logits_BV: torch.Tensor) -> None:
        """Choose a token for the texts from slot `first` on, and drop those that it ends."""
        live = slice(first, first + len(logits_BV))
        rows, at = self.rows_R[live], self.counts_R[live]
        uniform_BU = self.uniform_RMU[rows, at] if self.temperature else None
        tokens_B, logprobs_B = choose(logits_BV, uniform_BU, self.temperature, self.top_p)
        self.tokens_RM[rows, at] = tokens_B
        self.logprobs_RM[rows, at] = logprobs_B
        self.next_R[live] = tokens_B
        at += 1
        if self.see is not None:
            grown = zip(self.texts[live], tokens_B.tolist(), strict=True)
            self.see([(text // self.samples, text % self.samples, token) for text, token in grown])
        watched_B = self.watched_V[tokens_B] | (at >= self.max_tokens)
        if bool(watched_B.any()):
            # From the last one, so that a text which moves into a freed slot has been looked at.
            for slot in reversed((watched_B.nonzero().squeeze(1) + first).tolist()):
                self.end(slot)

    def end(self, slot: int) -> None:
        """Finish the text in a slot if it is at its end, and let the last one take its place."""
        text = self.texts[slot]
        prompt, ends = self.prompts[text // self.samples], self.ends[text // self.samples]
        count, last = int(self.counts_R[slot]), int(self.next_R[slot])
        if last not in ends and count < self.max_tokens:
            tail = self.tokens_RM[slot, max(0, count - TAIL) : count].tolist()
            if not (prompt.stops and self.closing_V[last] and reached(self.tokenizer, tail, prompt.stops)):
                return
        ids = self.tokens_RM[slot, :count].tolist()
        total_s = time.monotonic() - self.taken_up_s[text // self.samples]
        stands, found = before(self.tokenizer.decode([token for token in ids if token not in ends]), prompt.stops)
        generated = self.done[text] = Generated(
            text=stands,
            ids=ids,
            logprobs=self.logprobs_RM[slot, :count].tolist(),
            finish="stop" if found or last in ends else "length",
            first_token_s=self.first_token_s.get(text // self.samples, total_s),  # it may have ended with its first
            total_s=total_s,
        )
        if self.ended is not None:
            self.ended(text // self.samples, generated)
        final = len(self.texts) - 1
        if slot != final:
            self.texts[slot] = self.texts[final]
            self.cache.move(final, slot)
            for tensor in (self.counts_R, self.next_R):
                tensor[slot] = tensor[final]
            for tensor in (self.tokens_RM, self.logprobs_RM, self.uniform_RMU):
                if tensor.numel():
                    tensor[slot] = tensor[final]
        self.texts.pop()
        self.cache.release(final)

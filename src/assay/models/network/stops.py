"""Finding the strings at which texts end, without turning every token of every text into characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import torch

TAIL = 16  # tokens that are decoded to look for a stop string; longer ones are found at the end
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"  # a token that is part of a character


class Decodes(Protocol):
    """What is needed of a tokenizer; `tokenizers.Tokenizer` has it."""

    def decode(self, ids: list[int]) -> str:
        """The text of tokens, without special ones."""


def closing_tokens(tokenizer: Decodes, vocab: int, stops: Iterable[str]) -> torch.Tensor:
    """(V), true for tokens that may complete one of these strings: those that hold the last character of one."""
    last = {stop[-1] for stop in stops}
    texts = [tokenizer.decode([token]) for token in range(vocab)] if last else [""] * vocab
    return torch.tensor([not last.isdisjoint(text) or _UNKNOWN in text for text in texts])


def reached(tokenizer: Decodes, last_ids: list[int], stops: Sequence[str]) -> bool:
    """Whether one of the strings stands in the last tokens of a text."""
    tail = tokenizer.decode(last_ids)
    return any(stop in tail for stop in stops)


def before(text: str, stops: Sequence[str]) -> tuple[str, bool]:
    """The text up to the first of the strings, and whether there was one."""
    found = [at for stop in stops if (at := text.find(stop)) >= 0]
    return (text[: min(found)], True) if found else (text, False)

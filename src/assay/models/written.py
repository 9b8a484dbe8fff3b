"""A text that a checkpoint wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """One text. ended: by itself or at a stop string, not at the limit. tokens: written, with the one that ends it.

    first_token_s, total_s: from when it was begun until its first token and its end. mean_logprob: of the tokens,
    under the model itself.
    """

    text: str
    ended: bool
    prompt_tokens: int
    tokens: int
    first_token_s: float
    total_s: float
    mean_logprob: float | None


# Called with (number of the request, its text) as soon as a text has ended.
Ended = Callable[[int, Written], None]

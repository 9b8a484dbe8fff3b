"""A text that a checkpoint wrote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """One text. ended: by itself or at a stop string, not at the limit. tokens: written, with the one that ends it.

    first_token_s: until its batch had a first token. mean_logprob: of the tokens, under the model itself.
    """

    text: str
    ended: bool
    prompt_tokens: int
    tokens: int
    first_token_s: float
    mean_logprob: float | None

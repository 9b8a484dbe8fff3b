"""What is asked of a model."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One turn of a conversation. role: "system" or "user"."""

    role: str
    content: str


@dataclass(frozen=True)
class Request:
    """One question, for one completion.

    key: comes back with the answer.
    text: what a base model continues; "" when `messages` are asked instead.
    messages: what a chat model answers; () when `text` is continued.
    suffix: what stands after the text that is to be written; "" for none.
    stops: strings at which the text ends; they are no part of it. seed: None leaves it to the model.
    """

    key: Hashable
    text: str = ""
    messages: tuple[Message, ...] = ()
    suffix: str = ""
    stops: tuple[str, ...] = ()
    seed: int | None = None


@dataclass(frozen=True)
class Sampling:
    """How completions are drawn, the same for all requests of a run.

    temperature: 0 is greedy; None leaves it to the server (some refuse the parameter). top_p: None is not sent.
    max_tokens: of one completion. logprobs: whether a server is asked for the log-probabilities of what it writes.
    """

    temperature: float | None = 0.0
    top_p: float | None = None
    max_tokens: int = 1024
    logprobs: bool = False

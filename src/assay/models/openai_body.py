"""Requests as OpenAI-compatible servers want them, and what each server turns out not to take."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from assay.models.request import Request, Sampling

FEW_STOPS = 4  # the most that OpenAI's own API takes


@dataclass(frozen=True)
class Dialect:
    """What a server understands; everything until it says otherwise. Nothing here changes what the model writes.

    stream: whether answers come piece by piece. usage_in_stream: whether it can be asked for token counts then.
    limit_name: how the limit of tokens is called. max_stops: how many stop strings it takes, None for any number.
    """

    stream: bool = True
    usage_in_stream: bool = True
    limit_name: str = "max_tokens"
    max_stops: int | None = None

    def learned(self, complaint: str, stops: int) -> Dialect | None:
        """The dialect after a refusal (HTTP 400 or 422) that says `complaint`; None if another try is of no use.

        stops: how many stop strings were sent.
        """
        if self.usage_in_stream and self.stream and "stream_options" in complaint:
            return replace(self, usage_in_stream=False)
        if self.limit_name == "max_tokens" and "max_completion_tokens" in complaint:
            return replace(self, limit_name="max_completion_tokens")
        if stops > FEW_STOPS and self.max_stops is None and re.search(r"\bstop\b", complaint):
            return replace(self, max_stops=FEW_STOPS)
        if self.stream and re.search(r"\bstream(ing)?\b", complaint, re.IGNORECASE):
            return replace(self, stream=False)
        return None


def path(request: Request) -> str:
    """Where it is posted to, below the base URL."""
    return "/chat/completions" if request.messages else "/completions"


def body(request: Request, name: str, sampling: Sampling, dialect: Dialect) -> dict[str, Any]:
    """The JSON object for this request."""
    made: dict[str, Any] = {"model": name}
    if request.messages:
        made["messages"] = [{"role": message.role, "content": message.content} for message in request.messages]
    else:
        made["prompt"] = request.text
        if request.suffix:
            made["suffix"] = request.suffix
    made[dialect.limit_name] = sampling.max_tokens
    if sampling.temperature is not None:
        made["temperature"] = sampling.temperature
    if sampling.top_p is not None:
        made["top_p"] = sampling.top_p
    if request.seed is not None:
        made["seed"] = request.seed
    if sampling.logprobs:
        made["logprobs"] = True if request.messages else 1  # chats take a switch, texts a number of alternatives
    if request.stops:
        made["stop"] = list(request.stops[: dialect.max_stops])
    if dialect.stream:
        made["stream"] = True
        if dialect.usage_in_stream:
            made["stream_options"] = {"include_usage": True}
    return made

"""Answers of OpenAI-compatible servers, whole or in pieces, as completions."""

from __future__ import annotations

import json
from typing import Any

from assay.models.completion import Completion

SHOWN_CHARS = 300


class BrokenAnswer(Exception):
    """What came cannot be an answer. The message says why, in words for people; asking again may help."""


class AnswerReader:
    """Puts an answer together from one object or many.

    done: the end was announced. finish_reason: "" until it was said.
    """

    def __init__(self) -> None:
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._usage: dict[str, Any] = {}
        self._served_by = ""
        self._choices = 0
        self._logprobs: list[float] = []
        self._pieces = 0
        self._chars = 0
        self.finish_reason = ""
        self.done = False

    @property
    def tokens_at_least(self) -> int:
        """How many tokens have come. A piece holds at least one, but for servers that cut texts into single letters."""
        return self._pieces if self._chars >= 1.5 * self._pieces else self._chars // 4

    def add_event(self, data: bytes) -> bool:
        """One event of a stream: True when it brought text. Raises BrokenAnswer."""
        if data.strip() == b"[DONE]":
            self.done = True
            return False
        return self.add(parsed(data))

    def add(self, body: Any) -> bool:
        """One object: a whole answer or a piece of one. True when it brought text. Raises BrokenAnswer."""
        if not isinstance(body, dict):
            raise BrokenAnswer(f"its answer is no JSON object but {_shown(body)}")
        if body.get("error"):
            raise BrokenAnswer(f"it reported an error instead of an answer: {complaint(body)}")
        if isinstance(body.get("usage"), dict):
            self._usage = body["usage"]
        if isinstance(body.get("model"), str):
            self._served_by = body["model"]
        choices = body.get("choices")
        if choices is None:
            choices = []
        if not isinstance(choices, list) or not all(isinstance(choice, dict) for choice in choices):
            raise BrokenAnswer(f"the choices in its answer are {_shown(choices)}")
        brought = False
        for choice in choices:
            if choice.get("index", 0) in (0, None):
                self._choices += 1
                brought |= self._add_choice(choice)
        self._pieces += brought
        return brought

    def completion(self, **measured: Any) -> Completion:
        """The whole answer. measured: times and attempts. Raises BrokenAnswer when there was none."""
        if not self._choices:
            raise BrokenAnswer("its answer has no choices")
        return Completion(
            text="".join(self._text),
            finish_reason=self.finish_reason,
            reasoning="".join(self._reasoning),
            prompt_tokens=_count(self._usage.get("prompt_tokens")),
            completion_tokens=_count(self._usage.get("completion_tokens")),
            served_by=self._served_by,
            mean_logprob=sum(self._logprobs) / len(self._logprobs) if self._logprobs else None,
            **measured,
        )

    def _add_choice(self, choice: dict[str, Any]) -> bool:
        said = choice.get("delta") or choice.get("message") or {}
        if not isinstance(said, dict):
            raise BrokenAnswer(f"the message in its answer is {_shown(said)}")
        text = choice.get("text") if "text" in choice else said.get("content")
        refusal = said.get("refusal")
        reasoning = said.get("reasoning_content") or said.get("reasoning")
        for value in (text, refusal, reasoning):
            if value is not None and not isinstance(value, str):
                raise BrokenAnswer(f"the text in its answer is {_shown(value)}")
        self._logprobs += _logprobs(choice.get("logprobs"))
        if choice.get("finish_reason") and self.finish_reason != "refusal":
            self.finish_reason = str(choice["finish_reason"])
        if refusal:
            self.finish_reason = "refusal"
        self._text += [part for part in (text, refusal) if part]
        if reasoning:
            self._reasoning.append(reasoning)
        new = sum(len(part) for part in (text, refusal, reasoning) if part)
        self._chars += new
        return new > 0


def parsed(data: bytes) -> Any:
    """JSON, or BrokenAnswer."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise BrokenAnswer(f"its answer is not JSON: {_shown(data.decode(errors='replace'))}") from None


def complaint(body: Any) -> str:
    """What a server says of an error, in its own words, on one short line."""
    if isinstance(body, bytes):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            body = body.decode(errors="replace")
    for key in ("error", "message", "detail", "msg"):
        if isinstance(body, dict) and body.get(key):
            return complaint(body[key])
    if isinstance(body, list) and body:
        return complaint(body[0])
    text = body if isinstance(body, str) else json.dumps(body)
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= SHOWN_CHARS else f"{line[:SHOWN_CHARS]}..."


def _logprobs(said: object) -> list[float]:
    """Of the tokens of a chat (`content`) or of a text (`token_logprobs`); what is no number is left out."""
    if not isinstance(said, dict):
        return []
    content = said.get("content")
    values = [token.get("logprob") for token in content if isinstance(token, dict)] if isinstance(content, list) else []
    values += said["token_logprobs"] if isinstance(said.get("token_logprobs"), list) else []
    return [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None

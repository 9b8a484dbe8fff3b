"""What a model's answers took: tokens, seconds, money, and how many came to their end."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any


@dataclass(frozen=True)
class Price:
    """Money per million tokens, in whatever currency the user thinks in."""

    prompt: float
    completion: float

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6


def summarise_usage(
    rows: Iterable[Mapping[str, Any]],
    first_rows: Iterable[Mapping[str, Any]],
    asked: int,
    price: Price | None = None,
) -> dict[str, Any]:
    """The object "generation" of `summary.json`.

    rows, first_rows: as in `completions.jsonl` and `first_answers.jsonl`. asked: samples that were wanted.

    Sums are over all answers that have the value; "counted" says how many have token counts. What cannot be computed is
    absent, never zero.
    """
    answers = answered = attempts = truncated = counted = prompt_tokens = completion_tokens = 0
    finish_reasons: Counter[str] = Counter()
    times: dict[str, list[float]] = {"first_token_s": [], "total_s": []}
    for is_last, row in chain(((True, row) for row in rows), ((False, row) for row in first_rows)):
        answers += 1
        attempts += row.get("attempts", 1)
        if is_last:
            answered += 1
            truncated += bool(row.get("truncated"))
            finish_reasons[row.get("finish_reason", "unknown")] += 1
        if "prompt_tokens" in row and "completion_tokens" in row:
            counted += 1
            prompt_tokens += row["prompt_tokens"]
            completion_tokens += row["completion_tokens"]
        for name, values in times.items():
            if name in row:
                values.append(row[name])
    body: dict[str, Any] = {
        "asked": asked,
        "answered": answered,
        "unanswered": asked - answered,
        "answers": answers,
        "attempts": attempts,
        "truncated": truncated,
        "finish_reasons": dict(finish_reasons),
    }
    if counted:
        body |= {"counted": counted, "prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
        if price is not None:
            body["cost"] = round(price.cost(prompt_tokens, completion_tokens), 6)
    body |= {name: _spread(values) for name, values in times.items() if values}
    return body


def _spread(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile, the smallest value that at least 95 % do not exceed."""
    ordered = sorted(values)
    return {"median": statistics.median(ordered), "p95": ordered[-(len(ordered) // 20) - 1]}

"""What a model answered, or why it did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TRUNCATED = ("length", "cut")


@dataclass(frozen=True)
class Completion:
    """One answer, as it came.

    text: the answer itself. reasoning: what a reasoning model said before it, where that is told apart.
    finish_reason: the model's own word ("stop", "length", "content_filter" ...), "refusal" where the answer is marked
        as one, "cut" where the text went on past the limit of tokens and was cut by Assay, "" when nothing was said.
    prompt_tokens, completion_tokens: as the model counted them; None when it did not say.
    first_token_s, total_s: seconds from the request that succeeded to the first piece of text and to the end; the first
        is None when the answer came in one piece.
    mean_logprob: mean log-probability of its tokens under the model (temperature 1); None where it is not told.
    attempts: requests it took. served_by: the model's name in the answer; "" when it has none.
    """

    text: str
    finish_reason: str = ""
    reasoning: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    first_token_s: float | None = None
    total_s: float | None = None
    attempts: int = 1
    served_by: str = ""
    mean_logprob: float | None = None

    @property
    def truncated(self) -> bool:
        """Whether the answer had not come to its end."""
        return self.finish_reason in TRUNCATED

    def as_json(self) -> dict[str, Any]:
        """Everything but the text, without what is not known."""
        row = {name: value for name, value in vars(self).items() if value not in (None, "") and name != "text"}
        for name in ("first_token_s", "total_s", "mean_logprob"):
            if name in row:
                row[name] = round(row[name], 4)
        return row | {"truncated": self.truncated}


@dataclass(frozen=True)
class Failure:
    """A request that was given up. reason: a sentence for people, without any key. status: of HTTP, 0 for none."""

    reason: str
    attempts: int = 1
    status: int = 0

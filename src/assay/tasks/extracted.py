"""What was found in an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Extracted:
    """program: the text to judge. problem: "", or why there is no code in it, in words for people.

    language: what the program is written in, where the task leaves this to the answer.
    """

    program: str
    problem: str = ""
    language: str = ""

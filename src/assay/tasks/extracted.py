"""What was found in an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Extracted:
    """program: the text to judge. problem: "", or why there is no code in it, in words for people."""

    program: str
    problem: str = ""

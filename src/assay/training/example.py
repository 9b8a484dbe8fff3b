"""One training text, in pieces of which some are learnt and some only read."""

from __future__ import annotations

from dataclasses import dataclass

# The tasks of the mixture, in the order in which reports name them.
TASKS = ("complete", "infill", "repair", "locate", "summarise", "tests", "predict", "trace", "document")


@dataclass(frozen=True)
class Piece:
    """text: may hold special tokens of the tokenizer. weight: of its tokens in the loss, 1 learnt, 0 only read."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Example:
    """task: one of TASKS. source: where it came from, for people ("forge/7/123 bug 2")."""

    task: str
    pieces: tuple[Piece, ...]
    source: str = ""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

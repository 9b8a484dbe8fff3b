"""One training text, in pieces of which some are learnt and some only read."""

from __future__ import annotations

from dataclasses import dataclass

# The tasks of the mixture, in the order in which reports name them.
TASKS = ("complete", "infill", "repair", "locate", "summarise", "tests", "predict", "trace", "document")


@dataclass(frozen=True)
class Piece:
    """text: of a file, a task or a prompt. weight: of its tokens in the loss, 1 learnt, 0 only read.

    plain: True where the text is somebody's and must not be read as special tokens, though it may look like them.
    """

    text: str
    weight: float = 1.0
    plain: bool = False


@dataclass(frozen=True)
class Example:
    """task: one of TASKS. source: where it came from, for people ("forge/7/123 bug 2")."""

    task: str
    pieces: tuple[Piece, ...]
    source: str = ""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

"""A training example for people: what is learnt is marked, what is only read is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

OPEN, CLOSE = "⟦", "⟧"  # around what is learnt, where there are no colours


@dataclass(frozen=True)
class Stretch:
    """Neighbouring tokens of one weight. special: whether they are markers of the format, not text."""

    text: str
    weight: float
    special: bool = False


def on_terminal(stretches: Sequence[Stretch]) -> Text:
    """Learnt: black on green. Read: dim. Markers: bold."""
    from rich.text import Text

    picture = Text()
    for stretch in stretches:
        style = "black on green" if stretch.weight >= 0.5 else "dim"
        picture.append(stretch.text, style=f"{style} bold magenta" if stretch.special else style)
    return picture


def as_text(stretches: Sequence[Stretch]) -> str:
    """Learnt stands between ⟦ and ⟧."""
    parts: list[str] = []
    inside = False
    for stretch in stretches:
        learnt = stretch.weight >= 0.5
        if learnt != inside:
            parts.append(OPEN if learnt else CLOSE)
            inside = learnt
        parts.append(stretch.text)
    return "".join(parts) + (CLOSE if inside else "")

"""A picture of how a text is cut into tokens: colours on a terminal, or a page of HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

# Neighbours differ; the same token always has the same colour as long as its neighbours allow.
COLOURS = ("#264653", "#2a6f6b", "#5b4a8a", "#7a4a2e", "#46602f", "#6b2d4a")


@dataclass(frozen=True)
class Token:
    """number: its id, -1 for a unit of a split. data: the bytes it stands for. special: whether it is a marker."""

    number: int
    data: bytes
    special: bool = False

    @property
    def shown(self) -> str:
        """Its text; line breaks and tabs are made visible, bytes that are no text by themselves are written as hex."""
        try:
            text = self.data.decode("utf-8")
        except UnicodeDecodeError:
            return "".join(f"<{byte:02x}>" for byte in self.data)
        text = text.replace("\r", "␍").replace("\t", "→\t").replace("\n", "↵\n")
        return "".join(char if char.isprintable() or char in "\n\t" else f"<{ord(char):02x}>" for char in text)


def in_words(tokens: Sequence[Token]) -> str:
    """One line: how many there are."""
    size = sum(len(token.data) for token in tokens)
    what = "units" if tokens and tokens[0].number < 0 else "tokens"
    return f"{len(tokens):,} {what} for {size:,} bytes: {size / max(1, len(tokens)):.2f} bytes each"


def on_terminal(tokens: Sequence[Token]) -> Text:
    """Every token on a colour of its own."""
    from rich.text import Text

    picture = Text()
    for token, colour in zip(tokens, _colours(tokens), strict=True):
        picture.append(token.shown, style=f"{'bold reverse' if token.special else 'white'} on {colour}")
    return picture


def on_page(tokens: Sequence[Token], title: str) -> str:
    """A page with nothing loaded from elsewhere; a token's id and bytes appear when the pointer rests on it."""
    spans = []
    for token, colour in zip(tokens, _colours(tokens), strict=True):
        known = f"{token.number}: " if token.number >= 0 else ""
        hint = html.escape(f"{known}{token.data!r}", quote=True)
        kind = f"c{COLOURS.index(colour)}" + (" s" if token.special else "")
        spans.append(f'<span class="{kind}" title="{hint}">{html.escape(token.shown)}</span>')
    colours = "".join(f".c{number}{{background:{colour}}}" for number, colour in enumerate(COLOURS))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        "<style>body{font:15px/1.7 ui-monospace,monospace;background:#111;color:#eee;margin:2rem}"
        f"pre{{white-space:pre-wrap;tab-size:4}}.s{{font-weight:bold;outline:1px solid #eee}}{colours}</style>"
        f"<h1>{html.escape(title)}</h1><p>{html.escape(in_words(tokens))}</p><pre>{''.join(spans)}</pre></html>\n"
    )


def _colours(tokens: Sequence[Token]) -> list[str]:
    colours: list[str] = []
    for token in tokens:
        number = token.number if token.number >= 0 else len(colours)
        colour = COLOURS[number % len(COLOURS)]
        if colours and colours[-1] == colour:
            colour = COLOURS[(number + 1) % len(COLOURS)]
        colours.append(colour)
    return colours

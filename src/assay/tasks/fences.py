"""Fenced code blocks in an answer written as Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Possessive quantifiers: a hostile line must not make the match go back and forth.
_OPENING = re.compile(r"([ \t]*+)(`{3,}+|~{3,}+)[ \t]*+([^\s`~{]*+)[^`]*+")
# Models also open a block at the end of a sentence; there only the language tells it from a quoted fence.
_OPENING_AT_END = re.compile(r"```[ \t]*+(python3?|py3?)", re.IGNORECASE)
_PYTHON = frozenset(("", "python", "python3", "py", "py3"))


@dataclass(frozen=True)
class Block:
    """The text inside one fence. language: the first word after the opening fence, in lower case."""

    language: str
    text: str

    @property
    def is_python(self) -> bool:
        return self.language in _PYTHON


def has_fence(text: str) -> bool:
    """Whether some line opens a code block."""
    return ("```" in text or "~~~" in text) and any(map(_opening, text.split("\n")))


def split(text: str) -> tuple[str, list[Block]]:
    """(the text before the first fence, all blocks in order). Linear in the length of the text.

    An indented fence takes its indentation away from its lines; a fence that is never closed reaches to the end.
    """
    before: list[str] = []
    blocks: list[Block] = []
    inside: list[str] | None = None
    indent, fence, language = "", "", ""
    for line in text.removesuffix("\n").split("\n"):
        line = line.rstrip("\r")
        if inside is None:
            opening = _opening(line)
            if opening:
                indent, fence, language = opening
                inside = []
            elif not blocks:
                before.append(line)
            continue
        code = _before_closing(line, fence)
        if code is None:
            inside.append(line.removeprefix(indent))
            continue
        if code.strip():
            inside.append(code.removeprefix(indent))
        blocks.append(Block(language, _joined(inside)))
        inside = None
    if inside is not None:
        blocks.append(Block(language, _joined(inside)))
    return _joined(before), blocks


def _opening(line: str) -> tuple[str, str, str] | None:
    """(indentation, fence, language) if the line opens a block."""
    line = line.rstrip()
    found = _OPENING.fullmatch(line)
    if found:
        return found[1], found[2], found[3].lower()
    at_end = _OPENING_AT_END.fullmatch(line, max(0, line.rfind("```")))
    return ("", "```", at_end[1].lower()) if at_end else None


def _before_closing(line: str, fence: str) -> str | None:
    """What stands before a closing fence at the end of the line, usually nothing; None if there is no such fence."""
    line = line.rstrip()
    code = line.rstrip(fence[0])
    return code if len(line) - len(code) >= len(fence) else None


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)

"""Fenced code blocks in an answer written as Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.tasks.languages import canonical_language

# Possessive quantifiers: a hostile line must not make the match go back and forth.
_OPENING = re.compile(r"([ \t]*+)(`{3,}+|~{3,}+)[ \t]*+([^\s`~{]*+)[^`]*+")
# Models also open a block at the end of a sentence; there only the language tells it from a quoted fence.
_OPENING_AT_END = re.compile(r"```[ \t]*+(py(?:thon)?(?:3(?:\.[0-9]+)*+)?)", re.IGNORECASE)
_DEEPER = 3  # columns that a closing fence may be deeper than its opening one (CommonMark)
_TAB = 4  # columns, as in CommonMark
_MOST_LOOKS = 100  # ahead in one text, to tell a closing fence from an opening one; hostile texts ask for more


@dataclass(frozen=True)
class Block:
    """The text inside one fence. language: the first word after the opening fence, in lower case."""

    language: str
    text: str

    @property
    def is_python(self) -> bool:
        return not self.language or canonical_language(self.language) == "python"


def has_fence(text: str) -> bool:
    """Whether some line opens a code block."""
    return ("```" in text or "~~~" in text) and any(map(_opening, text.split("\n")))


def split(text: str) -> tuple[str, list[Block]]:
    """(the text before the first fence, all blocks in order). Linear in the length of the text.

    A closing fence is alone on its line and at most three columns deeper than the opening one, so that fences in a
    docstring or a comment close nothing. Some models write the closing fence behind their last line, or deeper; that
    counts only where no proper one follows before the next block. An indented fence takes its indentation away from
    its lines; a fence that is never closed reaches to the end.
    """
    before: list[str] = []
    blocks: list[Block] = []
    inside: _Inside | None = None
    looks = _MOST_LOOKS
    lines = [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")]
    for number, line in enumerate(lines):
        if inside is not None:
            if inside.is_closed_by(line):
                looks -= inside.may_have_ended
                if not inside.may_have_ended or looks < 0 or not _opens_a_block(lines, number, inside):
                    blocks.append(Block(inside.language, _joined(inside.lines)))
                    inside = None
                    continue
            elif not inside.ends_before(line):
                inside.add(line)
                continue
            blocks.append(inside.loosely_closed())
            inside = None
        opening = _opening(line)
        if opening:
            inside = _Inside(*opening)
        elif not blocks:
            before.append(line)
    if inside is not None:
        blocks.append(inside.loosely_closed())
    return _joined(before), blocks


def _opens_a_block(lines: list[str], number: int, inside: _Inside) -> bool:
    """Whether a fence that could close `inside` opens a block instead: then the fences behind it are odd in number."""
    odd = False
    for following in range(number + 1, len(lines)):
        line = lines[following]
        if inside.is_behind_code(line):
            return not odd
        if inside.begins_the_next(line):
            break
        odd ^= inside.is_closed_by(line)
    return odd


class _Inside:
    """The lines of a block whose proper closing fence has not come yet, and where it may have ended without one."""

    def __init__(self, indent: str, fence: str, language: str) -> None:
        self.language = language
        self.lines: list[str] = []
        self._indent, self._fence = indent, fence
        self._deepest = _columns(indent) + _DEEPER
        self._behind_code: int | None = None  # the first line that ends in a fence which opens nothing in that line
        self._pair: int | None = None  # the line with a deeper fence that has no partner yet
        self._pair_closes = False  # whether that fence could be a closing one

    def is_closed_by(self, line: str) -> bool:
        """Whether the line is a proper closing fence."""
        rest = line.strip()
        return self._is_fence(rest) and _columns(line[: line.find(rest[0])]) <= self._deepest

    @property
    def may_have_ended(self) -> bool:
        """Whether a fence came that could have closed the block, though not properly."""
        return self._behind_code is not None or (self._pair is not None and self._pair_closes)

    def ends_before(self, line: str) -> bool:
        """Whether the line opens the next block, and this one has ended without a proper closing fence."""
        return self.may_have_ended and self.begins_the_next(line)

    def begins_the_next(self, line: str) -> bool:
        """Whether the line opens a block that names its language, and no deeper than this one."""
        opening = _opening(line)
        if opening is None or not opening[2]:
            return False
        return opening[1].startswith(self._fence) and _columns(opening[0]) <= self._deepest

    def is_behind_code(self, line: str) -> bool:
        """Whether a fence ends the line that does not begin it, and that nothing in the line opens."""
        rest = line.strip()
        if not rest.endswith(self._fence) or self._is_fence(rest):
            return False
        return len(re.findall(f"{self._fence}+", rest)) % 2 == 1

    def add(self, line: str) -> None:
        """Take the line for one of the block."""
        rest = line.strip()
        if self._is_fence(rest):
            self._pair, self._pair_closes = (len(self.lines), True) if self._pair is None else (None, False)
        elif self._behind_code is None and self.is_behind_code(line):
            self._behind_code = len(self.lines)
        elif self._pair is None and rest.startswith(self._fence) and _opening(line):
            self._pair, self._pair_closes = len(self.lines), False
        self.lines.append(line.removeprefix(self._indent))

    def loosely_closed(self) -> Block:
        """The block without a proper closing fence: to the first line that may have closed it, else all of it."""
        ends = [end for end in (self._behind_code, self._pair if self._pair_closes else None) if end is not None]
        if not ends:
            return Block(self.language, _joined(self.lines))
        lines = self.lines[: min(ends) + 1]
        last = lines.pop().rstrip().rstrip(self._fence[0])
        return Block(self.language, _joined([*lines, last] if last.strip() else lines))

    def _is_fence(self, rest: str) -> bool:
        return len(rest) >= len(self._fence) and rest.count(self._fence[0]) == len(rest)


def _opening(line: str) -> tuple[str, str, str] | None:
    """(indentation, fence, language) if the line opens a block."""
    line = line.rstrip()
    found = _OPENING.fullmatch(line)
    if found:
        return found[1], found[2], found[3].lower()
    at_end = _OPENING_AT_END.fullmatch(line, max(0, line.rfind("```")))
    return ("", "```", at_end[1].lower()) if at_end else None


def _columns(indent: str) -> int:
    return len(indent.expandtabs(_TAB))


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)

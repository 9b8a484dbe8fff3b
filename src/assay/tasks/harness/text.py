"""Tests read as text: where brackets close, what stands between commas, and texts made into literals."""

from __future__ import annotations

import json

_PAIRS = {"(": ")", "[": "]", "{": "}"}


def closing(text: str, start: int) -> int:
    """Where the bracket at `start` is closed, strings in quotes and comments to the end of a line passed over.

    Raises ValueError where it is not.
    """
    depth, at = 0, start
    while at < len(text):
        char = text[at]
        if char in "\"'":
            at = _after_string(text, at)
            continue
        if text.startswith("//", at):
            at = text.find("\n", at)
            if at < 0:
                break
        elif char in _PAIRS:
            depth += 1
        elif char in ")]}":
            depth -= 1
            if not depth:
                return at
        at += 1
    raise ValueError(f"a bracket is not closed: {text[start : start + 60]!r}")


def _after_string(text: str, start: int) -> int:
    at = start + 1
    while at < len(text) and text[at] != text[start]:
        at += 2 if text[at] == "\\" else 1
    return at + 1


def between_commas(text: str) -> list[str]:
    """The parts of a list of arguments: "f(a, b), [c, d]" has two."""
    parts, at, begun = [], 0, 0
    while at < len(text):
        if text[at] in "\"'":
            at = _after_string(text, at)
        elif text[at] in _PAIRS:
            at = closing(text, at) + 1
        else:
            if text[at] == ",":
                parts.append(text[begun:at])
                begun = at + 1
            at += 1
    return [part.strip() for part in (*parts, text[begun:]) if part.strip()]


def quoted(text: str) -> str:
    """A string literal in double quotes for people to read, the same in C, Go, Java, JavaScript and Rust."""
    return json.dumps(" ".join(text.encode("ascii", "replace").decode().split())[:300])

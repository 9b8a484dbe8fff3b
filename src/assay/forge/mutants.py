"""Faulty variants of a reference: one operator, constant or bound is another one.

They are made on the text of the rendered body, where every token is known to be what it looks like; a step that is
dropped is made by composing the plan without it (`compose`). Whether a variant is a bug only running it shows.
"""

from __future__ import annotations

import re
from random import Random

from assay.forge.task import Bug

# Strings first, so that nothing inside them is taken for code.
_TOKEN = re.compile(
    r'(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>(?<![\w.])-?\d+\b)'
    r"|(?P<word>\b(?:and|or|min|max|any|all|not in|True|False)\b)"
    r"|(?P<operator>//=?|[-+*<>=!]=|(?<= )[-+*%<>](?= )|(?<=\w)\[::-1\])"
)
_SWAPS: dict[str, tuple[str, ...]] = {
    "+": ("-",),
    "-": ("+",),
    "*": ("+",),
    "//": ("%", "*"),
    "%": ("//",),
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=",),
    "!=": ("==",),
    "+=": ("-=",),
    "-=": ("+=",),
    "*=": ("+=",),
    "//=": ("-=",),
    "and": ("or",),
    "or": ("and",),
    "min": ("max",),
    "max": ("min",),
    "any": ("all",),
    "all": ("any",),
    "not in": ("in",),
    "True": ("False",),
    "False": ("True",),
    "[::-1]": ("",),
}
_BOUND = ("<", "<=", ">", ">=")


def variants(rng: Random, body: str, count: int) -> list[tuple[str, str, int]]:
    """Up to `count` different bodies: (body, kind, line from 1)."""
    sites = [
        match for match in _TOKEN.finditer(body) if match.group() in _SWAPS or match.lastgroup in ("number", "text")
    ]
    found: list[tuple[str, str, int]] = []
    seen = {body}
    while sites and len(found) < count:
        match = sites.pop(int(rng.random() * len(sites)))
        new, kind = _changed(rng, match, body)
        start, end = match.span()
        mutant = body[:start] + new + body[end:]
        if mutant not in seen:
            seen.add(mutant)
            found.append((mutant, kind, body.count("\n", 0, start) + 1))
    return found


def _changed(rng: Random, match: re.Match[str], body: str) -> tuple[str, str]:
    """Another text for this token, and what kind of bug that is."""
    old = match.group()
    if match.lastgroup == "number":
        value = int(old)
        other = value + (1 if value in (0, 1) or rng.random() < 0.5 else -1)
        return str(other), "off_by_one" if _is_bound(body, match) else "constant"
    if match.lastgroup == "text":
        inner = old[1:-1]
        return f'"{inner[:-1] if len(inner) > 1 else "x" if not inner else ""}"', "constant"
    choices = _SWAPS[old]
    new = choices[int(rng.random() * len(choices))]
    return new, "off_by_one" if old in _BOUND and new in _BOUND and new[0] == old[0] else "operator"


def _is_bound(body: str, match: re.Match[str]) -> bool:
    """Whether a number is an index, a bound of a slice or of a range, or added to one."""
    line_start = body.rfind("\n", 0, match.start()) + 1
    before = body[line_start : match.start()]
    opened = before.rfind("[")
    if opened > before.rfind("]") and opened > 0 and (before[opened - 1].isalnum() or before[opened - 1] in "])"):
        return True
    called = before.rfind("range(")
    return called >= 0 and before.count("(", called) > before.count(")", called)


def fault_line(body: str, mutant: str) -> int:
    """The first line, from 1, in which two bodies differ."""
    mine, theirs = body.splitlines(), mutant.splitlines()
    for number, (one, other) in enumerate(zip(mine, theirs, strict=False), 1):
        if one != other:
            return number
    return min(len(mine), len(theirs))


def bug(body: str, kind: str, line: int, kill: list[object]) -> Bug:
    """The record, from what the sandbox said."""
    return Bug(body, kind, line, int(str(kill[0])), str(kill[1]))

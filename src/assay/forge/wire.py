"""How calls are handed to a program in any language, and how it writes what they return.

A value is a word that says what it is: `i-5`, `b1`, `s5:a b c`, `l2 i1 i2`, `d1 s1:a i7`. Results come a line each, as
JSON with the keys of dicts in order and without spaces; int keys are numbers. Expected values never go in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from assay.forge.task import Case


def calls(cases: Sequence[Case]) -> str:
    """How many calls, and the arguments of each on a line of its own."""
    lines = (" ".join(word for argument in case.arguments for word in _words(argument)) for case in cases)
    return "\n".join((f"i{len(cases)}", *lines)) + "\n"


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, bool):
        yield f"b{int(value)}"
    elif isinstance(value, int):
        yield f"i{value}"
    elif isinstance(value, str):
        yield f"s{len(value)}:{value}"
    elif isinstance(value, dict):
        yield f"d{len(value)}"
        for entry in value.items():
            for part in entry:
                yield from _words(part)
    else:
        yield f"l{len(value)}"
        for item in value:
            yield from _words(item)


def shown(value: Any) -> str:
    """A result as programs write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(map(_escaped, value)) + '"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{shown(key)}:{shown(value[key])}" for key in sorted(value)) + "}"
    return "[" + ",".join(map(shown, value)) + "]"


def readable(value: Any) -> str:
    """A value for people, in no language's own spelling: as JSON, but with numbers as keys."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{readable(key)}: {readable(item)}" for key, item in value.items()) + "}"
    return f"[{', '.join(map(readable, value))}]" if isinstance(value, list | tuple) else shown(value)


def results(cases: Sequence[Case]) -> str:
    """What a right program writes."""
    return "".join(f"{shown(case.expected)}\n" for case in cases)


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if " " <= char <= "~" else f"\\u{ord(char):04x}"

"""Pieces of source text while a program is rendered: expressions with a precedence, and whole programs."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Precedence in languages with braces, loosest first. Comparisons are put in parentheses inside each other.
COND, OR, AND, COMPARE, ADD, MULTIPLY, UNARY, ATOM = range(8)
OPERATORS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), COMPARE),
    "+": ADD,
    "-": ADD,
    **dict.fromkeys(("*", "//", "%"), MULTIPLY),
}


@dataclass(frozen=True)
class Text:
    """An expression. form: how its value is held where a language has several ways ("char")."""

    text: str
    precedence: int = ATOM
    form: str = ""

    def at(self, place: int) -> str:
        """In parentheses if `place` needs it to bind tighter than it does."""
        return f"({self.text})" if self.precedence < place else self.text


@dataclass(frozen=True)
class Source:
    """A rendered program. name, arity: of the function that is asked for. imports: lines that stand first.

    support: name -> what the language lacks, in order. functions: helpers and the function that is asked for, which is
    the last.
    """

    name: str
    arity: int
    imports: tuple[str, ...]
    support: tuple[tuple[str, str], ...]
    functions: tuple[str, ...]

    @property
    def code(self) -> str:
        """Without imports."""
        return "\n".join((*(text for _, text in self.support), *self.functions))


def camel(name: str) -> str:
    """ "count_up" as "countUp"."""
    return re.sub(r"_+([a-z0-9])", lambda found: found[1].upper(), name)


def used(names: dict[str, str], code: str) -> list[tuple[str, str]]:
    """Those of the named texts that the code uses, and what these use in turn; in the order of `names`."""
    wanted: set[str] = set()
    texts = [code]
    while texts:
        text = texts.pop()
        for name, more in names.items():
            if name not in wanted and re.search(rf"(?<!\w)(?:(?<!\.)|(?<=\.\.\.)){re.escape(name)}\b", text):
                wanted.add(name)
                texts.append(more)
    return [(name, text) for name, text in names.items() if name in wanted]

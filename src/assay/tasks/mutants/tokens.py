"""Mutants of programs in any language, made in the text: operators, comparisons, whole numbers, dropped lines.

Strings, comments, preprocessor lines and imports are left alone, as far as that can be told without a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.tasks.mutants.mutant import Mutant, Site

_LEFT_ALONE = r"""
    "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*`
  | /\*.*?\*/ | //[^\n]* | ^[ \t]*\#[^\n]* | (?<=\s)\#[ ][^\n]*
  | ^[ \t]*(?:import|use|using|package|require|extern|namespace|from)\b[^\n]*
  | -> | => | << | >> | \+\+ | --+[\w-]* | :: | <[\w:, ]*> | [-+*/%]=
"""
_CHANGED = r"""
    (?P<operator> <= | >= | == | != | && | \|\| | (?<=\s)[-+*/%<>](?=\s) | (?<=[\w)\]])[-+*/%](?=[\w(]) )
  | (?P<test> (?<=\s)-(?:lt|le|gt|ge|eq|ne)(?=\s) )
  | (?P<number> (?<![\w.$])\d+(?![\w.]) )
  | (?P<truth> \b(?:true|false)\b )
"""
_TOKEN = re.compile(f"(?P<left>{_LEFT_ALONE})|{_CHANGED}", re.VERBOSE | re.MULTILINE | re.DOTALL)
_PAIRS = (
    *(("<=", "<"), (">=", ">"), ("==", "!="), ("&&", "||"), ("+", "-"), ("true", "false")),
    *(("-lt", "-le"), ("-gt", "-ge"), ("-eq", "-ne")),
)
_OTHER = {"*": "+", "/": "*", "%": "/"} | dict(_PAIRS) | {new: old for old, new in _PAIRS}
# A line that is a whole statement: it ends with a semicolon and opens or closes nothing.
_STATEMENT = re.compile(
    r"^[ \t]+(?!(?:return|break|continue|else|import|use|using|package)\b)[^{}\n]*;[ \t]*$", re.MULTILINE
)


def sites(source: str) -> Iterator[Site]:
    """Every place where a fault can be put into a program."""
    for found in _TOKEN.finditer(source):
        old = found[0]
        new = str(int(old) + 1) if found["number"] and len(old) < 20 else _OTHER.get(old)
        if found["left"] is None and new is not None:
            yield _site(source, found, new, f"{old} became {new}")
    for found in _STATEMENT.finditer(source):
        yield _site(source, found, "", f"{found[0].strip()[:40]!r} was dropped")


def _site(source: str, found: re.Match[str], new: str, words: str) -> Site:
    line = source.count("\n", 0, found.start()) + 1

    def make() -> Mutant:
        return Mutant(source[: found.start()] + new + source[found.end() :], f"line {line}: {words}")

    return Site(line, make)

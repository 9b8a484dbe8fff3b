"""How much of a file explains the rest, and what that is worth."""

from __future__ import annotations

import re

from assay.corpus.draft import Draft
from assay.corpus.language import DATA, PROSE
from assay.corpus.rules import Dropped

# Strings are matched so that a comment sign inside one is none. Possessive: nothing is ever tried twice.
_STRINGS = r'"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\''
_HASH = re.compile(
    rf'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"""|\'\'\'(?:[^\'\\]|\\[\s\S]|\'(?!\'\'))*+\'\'\'|{_STRINGS}|#[^\n]*'
)
_SLASH = re.compile(rf"{_STRINGS}|`(?:[^`\\]|\\[\s\S])*+`|//[^\n]*|/\*[\s\S]*?\*/")
_DASH = re.compile(rf"{_STRINGS}|--[^\n]*|/\*[\s\S]*?\*/")
_PERCENT = re.compile(r"%[^\n]*")
_SEMICOLON = re.compile(rf"{_STRINGS}|;[^\n]*")
_BY_SIGN = {
    _HASH: "python cython bash ruby perl r julia yaml makefile dockerfile cmake elixir nim "
    "tcl powershell awk terraform",
    _SLASH: "c cpp csharp java javascript typescript go rust php d scala swift kotlin objective-c dart zig groovy css "
    "protobuf solidity verilog",
    _DASH: "lua sql haskell vhdl",
    _PERCENT: "erlang",
    _SEMICOLON: "lisp clojure racket assembly",
}
_PATTERN = {language: pattern for pattern, languages in _BY_SIGN.items() for language in languages.split()}

# bigcode-dataset keeps 1 % to 80 % comments. The upper bound drops; below the lower one a file only counts less,
# because half of a repository documented and half not is what repositories look like.
LEAST_SHARE, MOST_SHARE = 0.01, 0.8
WELL_DOCUMENTED, HALF_DOCUMENTED = 0.15, 0.5


def share(text: str, language: str) -> float | None:
    """Share of the characters that lie in comments; None where the language has no known sign for them."""
    pattern = _PATTERN.get(language)
    if pattern is None:
        return None
    return sum(len(found) for found in pattern.findall(text) if found[0] not in "\"'`") / max(len(text), 1)


def weigh(draft: Draft) -> None:
    """Comments and docstrings as a share of the text; the weight that comes of it."""
    comments = share(draft.text, draft.language)
    if comments is None:
        return
    draft.signals["comments"] = comments
    explained = comments + draft.signals.get("docstrings", 0.0)
    if draft.language in DATA | PROSE:
        return
    if explained > MOST_SHARE:
        raise Dropped("only comments", f"{explained:.0%}")
    draft.weight = weight(explained, draft.signals.get("documented"))


def weight(explained: float, documented: float | None) -> float:
    """0.5 below 1 % of comments, 1 as a rule, 1.5 from 15 %, 2 where also half of the definitions have docstrings."""
    if explained < LEAST_SHARE:
        return 0.5
    if explained < WELL_DOCUMENTED:
        return 1.0
    return 2.0 if documented is not None and documented >= HALF_DOCUMENTED else 1.5

"""One spelling for each programming language, whatever a user or a benchmark file calls it."""

from __future__ import annotations

import re

# Canonical spelling -> other spellings: file suffixes, the names in MultiPL-E and HumanEvalPack, what people type.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "python": ("py", "python3"),
    "c": (),
    "cpp": ("c++", "cc", "cxx"),
    "csharp": ("cs", "c#"),
    "java": (),
    "javascript": ("js", "node"),
    "typescript": ("ts",),
    "go": ("golang", "go_test.go"),
    "rust": ("rs",),
    "php": (),
    "bash": ("sh", "shell"),
    "ruby": ("rb",),
    "lua": (),
    "perl": ("pl",),
    "r": (),
    "racket": ("rkt",),
    "d": ("dlang",),
    "scala": (),
    "julia": ("jl",),
    "swift": (),
    "kotlin": ("kt",),
}
LANGUAGES = tuple(_SPELLINGS)
_PYTHON_3 = re.compile(r"py(?:thon)?3(?:\.[0-9]+)*+")  # models name the version, too
_CANONICAL = {other: name for name, others in _SPELLINGS.items() for other in (name, *others)}


def canonical_language(text: str) -> str:
    """ "javascript" for "js", "JS" and "JavaScript"; text that names no known language is returned unchanged."""
    name = text.strip().lower()
    return "python" if _PYTHON_3.fullmatch(name) else _CANONICAL.get(name, text)

"""A rendered program as one text, as it is stored and shown; and such a text taken apart again."""

from __future__ import annotations

import re
import textwrap

from assay.forge.render.cpp import Cpp
from assay.forge.render.go import Go
from assay.forge.render.java import Java
from assay.forge.render.javascript import JavaScript
from assay.forge.render.rust import Rust
from assay.forge.render.text import Source

_SUPPORT = {"cpp": Cpp, "go": Go, "java": Java, "javascript": JavaScript, "rust": Rust}
_IMPORT = re.compile(r"(?:#include |import |use )[^\n]*")
_CLASS = "class Solution {\n"
_PACKAGE = "package main\n\n"
# How the line begins on which a function is declared.
HEADS = {
    "cpp": r"[\w:<>, ]+? {name}\(",
    "go": r"func {name}\(",
    "java": r" *static [\w<>, ]+? {name}\(",
    "javascript": r"function {name}\(",
    "rust": r"fn {name}\(",
}


def text(language: str, source: Source) -> str:
    """The whole program."""
    imports = "".join(f"{line}\n" for line in source.imports)
    code = source.code
    if language == "java":
        code = f"{_CLASS}{textwrap.indent(code, '    ')}}}\n"
    front = _PACKAGE if language == "go" else ""
    return f"{front}{imports}{chr(10) if imports else ''}{code}"


def source(language: str, whole: str, name: str, arity: int) -> Source:
    """The reverse of `text`: what can be put together with other programs."""
    lines = whole.removeprefix(_PACKAGE).split("\n")
    count = 0
    while count < len(lines) and (_IMPORT.fullmatch(lines[count]) or not lines[count]):
        count += 1
    imports = tuple(line for line in lines[:count] if line)
    code = "\n".join(lines[count:])
    if language == "java":
        code = textwrap.dedent(code.removeprefix(_CLASS).rstrip().removesuffix("}"))
    support = []
    for known, part in _SUPPORT[language].SUPPORT.items():
        if part in code:
            code = code.replace(part, "", 1)
            support.append((known, part))
    return Source(name, arity, imports, tuple(support), (code.lstrip("\n"),))


def split(language: str, whole: str, name: str) -> tuple[str, str, str]:
    """(what stands before the function, its head with the opening brace, its body with what closes it)"""
    heads = list(re.finditer(rf"^{HEADS[language].format(name=re.escape(name))}[^\n]*\n", whole, re.MULTILINE))
    return whole[: heads[-1].start()], heads[-1][0], whole[heads[-1].end() :]

"""What is known of a file while it goes through the steps."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Licence:
    """expression: SPDX, "" for none found. found_in: what says so, for people."""

    expression: str = ""
    found_in: str = ""


@dataclass(frozen=True)
class Repository:
    """name: unique in the corpus. source: as the user typed it. revision: version or commit, "" if unknown."""

    name: str
    source: str
    revision: str = ""


@dataclass(frozen=True)
class Entry:
    """A file that was found. path: within the repository. file: on disk. licence: of the folder it lies in.

    rule, detail: why it is not even opened, "" if it is.
    """

    path: str
    file: str
    bytes: int
    licence: Licence = Licence()
    rule: str = ""
    detail: str = ""


@dataclass
class Draft:
    """A file on its way: steps fill in and change it, or raise `Dropped`."""

    repository: Repository
    path: str
    data: bytes
    licence: Licence
    text: str = ""
    language: str = ""
    tree: ast.Module | None = None
    definitions: tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, ...] = ()
    weight: float = 1.0
    imports: tuple[str, ...] = ()
    signals: dict[str, float] = field(default_factory=dict)
    sha256: str = ""
    replaced: Counter[str] = field(default_factory=Counter)

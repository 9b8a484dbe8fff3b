"""What MultiPL-E needs to know of one programming language."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assay.judge.checks import HarnessCheck, ProgramCheck

Row = dict[str, Any]


@dataclass(frozen=True)
class Language:
    """One of the languages that MultiPL-E translates its tasks to.

    name: as in `assay.tasks.languages`. suffix: MultiPL-E's own name for it, part of the names of its files.
    counts: how many tasks HumanEval and MBPP have in it. sha256: of the unpacked files, in the same order.
    official: a row -> the program that upstream runs, and its rule for a pass.
    hardened: a row -> the same tests, driven by a harness of our own.
    closing: what stands in the row's tests before them and closes what the prompt opened; whole programs end with it.
    published: a row -> how the publisher of Qwen2.5-Coder's samples ran it; None where no samples were published.
    """

    name: str
    suffix: str
    counts: tuple[int, int]
    sha256: tuple[str, str]
    official: Callable[[Row], ProgramCheck]
    hardened: Callable[[Row], HarnessCheck]
    closing: str = ""
    published: Callable[[Row], ProgramCheck] | None = None


def quoted(text: str) -> str:
    """A string literal in double quotes that C, C++, C#, D, Go, Java, JavaScript and Rust all read alike (ASCII)."""
    plain = json.dumps(text, ensure_ascii=True)
    return "".join(char if char != "\x7f" else "?" for char in plain).replace("\\u", "?")

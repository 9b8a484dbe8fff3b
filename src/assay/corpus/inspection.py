"""A finished corpus at a glance: counts, and samples of what was kept and of what every rule dropped."""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.corpus.reader import describe
from assay.corpus.rules import RULE
from assay.corpus.table import rows
from assay.errors import AssayError

FUNNEL = "funnel.json"


@dataclass(frozen=True)
class Dropped:
    """A file that was left out."""

    repository: str
    path: str
    rule: str
    detail: str
    excerpt: str
    bytes: int


def funnel(folder: Path) -> dict[str, Any]:
    """What `funnel.json` says. Raises AssayError for a folder that is no finished corpus."""
    describe(folder)
    try:
        body: dict[str, Any] = json.loads((folder / FUNNEL).read_bytes())
    except (OSError, ValueError) as error:
        raise AssayError(f"{folder / FUNNEL} cannot be read ({error}). Build the corpus again.") from None
    return body


def dropped(folder: Path, samples: int, rule: str = "") -> dict[str, list[Dropped]]:
    """Some files per rule, always the same ones, chosen by a hash of their names.

    Raises AssayError for a rule that there is not.
    """
    if rule and rule not in RULE:
        raise AssayError(f"There is no rule {rule!r}. There are: {', '.join(RULE)}.")
    found: dict[str, list[tuple[str, int, Mapping[str, Any]]]] = {}
    number = 0
    for shard in describe(folder)["shards"]:
        for row in rows(folder / shard["file"]) if shard["kind"] == "dropped" else ():
            number += 1
            if rule in ("", row["rule"]):
                name = hashlib.sha256(f"{row['repository']}/{row['path']}".encode()).hexdigest()
                heap = found.setdefault(row["rule"], [])
                # The smallest hashes stay: a heap of their complements.
                item = ("".join(chr(255 - ord(digit)) for digit in name), number, row)
                (heapq.heappushpop if len(heap) >= samples else heapq.heappush)(heap, item)
    return {name: [Dropped(**row) for _, _, row in sorted(found[name], reverse=True)] for name in RULE if name in found}


def counts(folder: Path, shards: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, dict[str, int]]]:
    """Documents and characters by kind, and of files by split, language and licence; largest first."""
    result: dict[str, dict[str, Counter[str]]] = {}
    for shard in shards:
        if shard["kind"] == "dropped":
            continue
        for row in rows(folder / shard["file"], ("kind", "split", "language", "licence", "characters")):
            named = {"kind": row["kind"]}
            if row["kind"] == "file":
                named |= {name: row[name] or "none" for name in ("split", "language", "licence")}
            for name, value in named.items():
                both = result.setdefault(name, {}).setdefault(value, Counter())
                both.update(documents=1, characters=int(row["characters"] or 0))
    return {
        name: dict(
            sorted(((value, dict(both)) for value, both in values.items()), key=lambda each: -each[1]["documents"])
        )
        for name, values in result.items()
    }

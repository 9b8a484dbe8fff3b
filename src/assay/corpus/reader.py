"""Reading a corpus that `assay corpus build` wrote."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from assay.corpus.document import KINDS, SPLITS, Document
from assay.errors import AssayError

MANIFEST = "corpus.json"


def describe(folder: Path | str) -> dict[str, Any]:
    """What `corpus.json` says: arguments, versions, counts, and the sha256 of every shard.

    Raises AssayError for a folder that is no finished corpus.
    """
    path = Path(folder) / MANIFEST
    try:
        body: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        unfinished = (Path(folder) / ".work").is_dir()
        cure = (
            "Its build was interrupted: repeat the command." if unfinished else "Make one: assay corpus build SRC --out"
        )
        raise AssayError(f"{folder} is no finished corpus: it has no {MANIFEST}. {cure} {folder}".rstrip()) from None
    except (OSError, ValueError) as error:
        raise AssayError(f"{path} cannot be read ({error}). Build the corpus again, into another folder.") from None
    return body


def read(
    folder: Path | str,
    split: str | None = "train",
    kinds: Collection[str] | None = None,
    languages: Collection[str] | None = None,
    part: int = 0,
    parts: int = 1,
) -> Iterator[Document]:
    """The documents of a corpus, always in the same order; a few hundred are in memory at a time.

    split: one of SPLITS, or None for all. kinds, languages: only these.
    part, parts: of every `parts` documents of a shard, before anything else is chosen, the one with number `part`, so
    that several processes can share a corpus.
    Raises AssayError, before the first document, for a folder that is no corpus and for a split or kind that is none.
    """
    if split is not None and split not in SPLITS:
        raise AssayError(f"A corpus has no split {split!r}. It has: {', '.join(SPLITS)}.")
    for kind in kinds or ():
        if kind not in KINDS:
            raise AssayError(f"A corpus has no documents of kind {kind!r}. It has: {', '.join(KINDS)}.")
    shards = [shard["file"] for shard in describe(folder)["shards"] if shard["kind"] in (kinds or KINDS)]
    return _documents([Path(folder) / name for name in shards], split, languages, part, parts)


def _documents(
    paths: list[Path], split: str | None, languages: Collection[str] | None, part: int, parts: int
) -> Iterator[Document]:
    from assay.corpus.table import from_row, rows

    for path in paths:
        try:
            for row in rows(path, part=part, parts=parts):
                if split in (None, row["split"]) and (languages is None or row["language"] in languages):
                    yield from_row(row)
        except OSError as error:
            raise AssayError(f"{path} cannot be read ({error}). Build the corpus again, into another folder.") from None

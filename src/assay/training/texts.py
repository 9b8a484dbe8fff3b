"""Texts for a tokenizer: from source files, a corpus, tasks of the forge, or JSON Lines."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assay.errors import AssayError
from assay.tasks.languages import LANGUAGES, canonical_language

MOST_BYTES = 8 << 20  # larger files are data
CORPUS, FORGE = "corpus.json", "train.jsonl"


@dataclass(frozen=True)
class Text:
    """data: the bytes of a file, or of a text in UTF-8. language: as in `assay.tasks.languages`, or "other"."""

    name: str
    language: str
    data: bytes

    @property
    def text(self) -> str | None:
        """None where the bytes are not UTF-8."""
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError:
            return None


@dataclass
class Skipped:
    """Why files were left out -> how many, and the first of them."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, why: str, name: str) -> None:
        self.counts[why] += 1
        self.first.setdefault(why, name)

    def __bool__(self) -> bool:
        return bool(self.counts)

    def __str__(self) -> str:
        parts = (f"{count:,} {why} (first: {self.first[why]})" for why, count in self.counts.most_common())
        return "; ".join(parts)


def read_texts(source: Path, skipped: Skipped, split: str = "train") -> Iterator[Text]:
    """All texts of one source, always in the same order; what cannot be read is counted in `skipped`.

    source: a folder of `assay corpus build` or `assay forge`, another folder, a .jsonl file with "text" or "content" or
    tasks of the forge, or any other file. split: of a corpus, "train" or "held_out". Raises AssayError for one that
    does not exist.
    """
    if not source.exists():
        raise AssayError(f"{source} does not exist. Name a folder or a file with texts.")
    if (source / CORPUS).is_file():
        yield from _corpus(source, split)
    elif (source / FORGE).is_file():
        yield from _json_lines(source / FORGE, skipped)
    elif source.suffix == ".jsonl":
        yield from _json_lines(source, skipped)
    elif source.is_dir():
        for path in _files(source, skipped):
            yield from _file(path, skipped)
    else:
        yield from _file(source, skipped)


def _files(folder: Path, skipped: Skipped) -> Iterator[Path]:
    """Regular files below a folder, without hidden folders; links to folders are not followed."""

    def tell(error: OSError) -> None:
        skipped.add("folders that cannot be read", str(error.filename))

    for root, folders, names in os.walk(folder, onerror=tell):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(names):
            yield Path(root, name)


def _file(path: Path, skipped: Skipped) -> Iterator[Text]:
    try:
        if not path.is_file():
            return skipped.add("that are no regular files", str(path))
        if path.stat().st_size > MOST_BYTES:
            return skipped.add(f"over {MOST_BYTES >> 20} MiB", str(path))
        data = path.read_bytes()
    except OSError as error:
        return skipped.add(f"that cannot be read ({error.strerror})", str(path))
    if b"\0" in data[:8192]:
        return skipped.add("binary", str(path))
    language = canonical_language(path.suffix.removeprefix("."))
    yield Text(str(path), language if language in LANGUAGES else "other", data)
    return None


def _corpus(folder: Path, split: str) -> Iterator[Text]:
    from assay.corpus import read

    for document in read(folder, split, kinds=("file",)):  # the other kinds hold the same text again
        name = f"{document.repository}/{document.path}"
        yield Text(name, document.language or "other", document.text.encode("utf-8", "surrogatepass"))


def _json_lines(path: Path, skipped: Skipped) -> Iterator[Text]:
    from assay.forge.task import ForgeTask
    from assay.training.example import TASKS
    from assay.training.examples_forge import forge_examples, may_be_learnt

    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            name = f"{path}:{number}"
            try:
                row = json.loads(line)
                text = row.get("text", row.get("content"))
                task = ForgeTask.from_json(row) if text is None else None
            except (ValueError, KeyError, TypeError, AttributeError):
                skipped.add('lines without "text" that are no tasks of the forge', name)
                continue
            if task is None:
                language = canonical_language(str(row.get("language", row.get("lang", ""))))
                yield Text(name, language if language in LANGUAGES else "other", str(text).encode("utf-8", "replace"))
            elif may_be_learnt(task, None):
                for example in forge_examples(task, TASKS):
                    pieces = "".join(piece.text for piece in example.pieces if piece.plain)
                    yield Text(f"{name} {example.task}", "python", pieces.encode("utf-8", "surrogatepass"))

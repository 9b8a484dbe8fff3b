"""Where training examples come from: tasks that `assay forge` wrote, documents that `assay corpus build` wrote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.forge.task import ForgeTask
from assay.training.example import TASKS, Example
from assay.training.examples_corpus import KINDS as CORPUS_KINDS
from assay.training.examples_corpus import corpus_examples
from assay.training.examples_forge import PROMPT_WEIGHT, forge_examples, may_be_learnt

FORGE_FILE = "train.jsonl"


@dataclass(frozen=True)
class ForgeSource:
    """path: the folder that `assay forge --out` filled, or one of its files. name: in the names of pools.

    max_depth: solutions of deeper tasks are never shown. prompt_weight: of what is only read, in the loss.
    """

    path: Path
    name: str = "forge"
    max_depth: int | None = None
    prompt_weight: float = PROMPT_WEIGHT

    @property
    def tasks(self) -> tuple[str, ...]:
        """Those of the mixture that it has examples for."""
        return TASKS

    @property
    def file(self) -> Path:
        return self.path / FORGE_FILE if self.path.is_dir() else self.path

    def content(self) -> str:
        """A hash of what is in it. Raises AssayError."""
        with self._open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def examples(self, part: int, parts: int, names: Collection[str], seed: int) -> Iterator[Example]:
        """Those of every `parts`-th task, from number `part`. Raises AssayError, also for a line that is no task."""
        with self._open() as file:
            for number, line in enumerate(file):
                if number % parts == part:
                    task = self._task(line, number)
                    if may_be_learnt(task, self.max_depth):
                        yield from forge_examples(task, names, seed, self.prompt_weight)

    def _open(self) -> BufferedReader:
        try:
            return self.file.open("rb")
        except OSError as error:
            raise AssayError(
                f"{self.file} cannot be read ({error.strerror}). Make tasks: "
                f"assay forge --count 10000 --out {self.path}"
            ) from None

    def _task(self, line: bytes, number: int) -> ForgeTask:
        try:
            return ForgeTask.from_json(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AssayError(
                f"Line {number + 1} of {self.file} is no task of the forge ({type(error).__name__}: {error}). "
                "Make the file again with assay forge."
            ) from None


@dataclass(frozen=True)
class CorpusSource:
    """path: the folder that `assay corpus build --out` filled. name: in the names of pools.

    max_chars: of an example with a question and an answer; about three times the tokens of a row.
    prompt_weight: of questions, in the loss.
    """

    path: Path
    name: str = "corpus"
    max_chars: int = 768
    prompt_weight: float = PROMPT_WEIGHT

    @property
    def tasks(self) -> tuple[str, ...]:
        """Those of the mixture that it has examples for."""
        return tuple(CORPUS_KINDS)

    def content(self) -> str:
        """A hash of what is in it. Raises AssayError."""
        from assay.corpus import describe

        return hashlib.sha256(json.dumps(describe(self.path)["shards"], sort_keys=True).encode()).hexdigest()

    def examples(self, part: int, parts: int, names: Collection[str], seed: int) -> Iterator[Example]:
        """Those of every `parts`-th document for training, from number `part`. Raises AssayError."""
        from assay.corpus import read

        kinds = {kind for name in names for kind in CORPUS_KINDS.get(name, ())}
        for document in read(self.path, kinds=kinds, part=part, parts=parts) if kinds else ():
            yield from corpus_examples(document, names, self.max_chars, seed, self.prompt_weight)


Source = ForgeSource | CorpusSource
_KINDS: Mapping[str, type[ForgeSource] | type[CorpusSource]] = {
    "ForgeSource": ForgeSource,
    "CorpusSource": CorpusSource,
}


def source_of(path: Path, name: str | None = None, max_depth: int | None = None) -> Source:
    """The right kind for a folder or file. Raises AssayError for one that is neither kind."""
    if (path / "corpus.json").is_file():
        return CorpusSource(path, name or "corpus")
    if path.suffix == ".jsonl" or (path / FORGE_FILE).is_file():
        return ForgeSource(path, name or "forge", max_depth)
    raise AssayError(
        f"{path} holds neither tasks ({FORGE_FILE}) nor a corpus (corpus.json). Make one: assay forge --out {path}, or "
        f"assay corpus build SRC --out {path}"
    )


def as_json(source: Source) -> dict[str, Any]:
    """All of it, for another process."""
    values = asdict(source)
    return {"kind": type(source).__name__, **values, "path": str(source.path.absolute())}


def from_json(row: Mapping[str, Any]) -> Source:
    """What `as_json` wrote."""
    values = {name: value for name, value in row.items() if name != "kind"}
    return _KINDS[row["kind"]](**{**values, "path": Path(values["path"])})

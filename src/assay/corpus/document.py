"""The record a corpus consists of. On disk it is one row of a Parquet shard (`assay.corpus.table`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SCHEMA = 1
KINDS = ("file", "pair", "commit", "repository")
# "held_out": of repositories that nothing is learnt from. "held_out_file": of those that the rest is learnt from.
SPLITS = ("train", "held_out", "held_out_file")


@dataclass(frozen=True)
class Document:
    """One text to learn from.

    text: the whole of it; keys and personal data are replaced, line ends are LF.
    kind: "file"; "pair", code and what says what it does; "commit", a change; "repository", files in import order in
        Qwen's format (`<|repo_name|>`, `<|file_sep|>`).
    parts: the pieces, for who wants to arrange them: (description, code) of a pair, (message, before, after) of a
        commit, empty for the other kinds.
    language: in the spellings of `assay.tasks.languages` where that has the language.
    path: within the repository; of a pair, "path:function"; of a commit, the file; of a repository document, "" .
    source: what was given to `assay corpus build`. repository: its name, "" never. revision: version or commit, "" if
        unknown.
    licence: SPDX expression, "" if none was found. licence_from: what says so ("METADATA", "file header", "LICENSE").
    sha256: of the UTF-8 of `text`. split: one of SPLITS.
    weight: how often it should be seen compared with others; above 1 for well documented code.
    signals: figures about the text: "lines", "mean_line", "max_line", "alphanumeric", "comments", "docstrings" ...
    imports: modules that a Python file imports, relative ones with their leading dots.
    """

    text: str
    kind: str = "file"
    language: str = ""
    repository: str = ""
    path: str = ""
    split: str = "train"
    weight: float = 1.0
    licence: str = ""
    licence_from: str = ""
    source: str = ""
    revision: str = ""
    sha256: str = ""
    parts: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict, hash=False)

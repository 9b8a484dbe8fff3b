"""What a build is told."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from assay.errors import AssayError


@dataclass(frozen=True)
class Options:
    """How a corpus is made; everything that changes what is in it. Two builds with equal options are equal.

    sources: folders, files, "stdlib:", "packages:" or "packages:NAME,NAME".
    allow: licences that are kept: SPDX names, "permissive" for the list of `assay.corpus.licences`, "none" for files
        without any, "any".
    languages: only these; empty for all that are known.
    held_out: share of repositories that are kept back, 0 to 1. held_out_files: share of the files of all others.
    near: Jaccard similarity of 5-grams from which two files are near duplicates; 0 switches that off.
    decontaminate: whether files with benchmark tasks in them are dropped. behaviour: whether functions are also run.
    data: folder with benchmark files; "" for the usual places.
    commits: newest commits per git repository to make before/after pairs of; 0 for none.
    most_bytes: larger files are dropped.
    repository_characters: length of a repository document; 0 for none.
    """

    sources: tuple[str, ...]
    allow: tuple[str, ...] = ("permissive",)
    languages: tuple[str, ...] = ()
    held_out: float = 0.05
    held_out_files: float = 0.0
    near: float = 0.7
    decontaminate: bool = True
    behaviour: bool = False
    data: str = ""
    commits: int = 0
    most_bytes: int = 1 << 20
    repository_characters: int = 100_000

    def __post_init__(self) -> None:
        if not self.sources:
            raise AssayError("Nothing to build from. Name a folder, a file, stdlib: or packages:.")
        for share in (self.held_out, self.held_out_files):
            if not 0 <= share <= 1:
                raise AssayError(f"The held-out share must lie between 0 and 1, not {share}.")
        if not (self.near == 0 or 0.5 <= self.near <= 1):
            raise AssayError(
                f"The similarity of near duplicates must lie between 0.5 and 1 (or be 0), not {self.near}."
            )
        if self.most_bytes < 1 or self.commits < 0 or self.repository_characters < 0:
            raise AssayError("Sizes and counts must not be negative.")

    @property
    def fingerprint(self) -> str:
        """A hash by which an interrupted build is known again."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]

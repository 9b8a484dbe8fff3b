"""How many files came in, what took how many out, and how many are left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.corpus.rules import RULE, RULES


@dataclass
class Funnel:
    """Counts that add up: files in = files left + files dropped by every rule. Bytes are those on disk.

    replaced: kind of secret -> how many were replaced in files that passed every rule for single files.
    """

    files: int = 0
    bytes: int = 0
    dropped: dict[str, list[int]] = field(default_factory=dict)  # rule -> [files, bytes]
    replaced: dict[str, int] = field(default_factory=dict)

    def saw(self, size: int) -> None:
        self.files += 1
        self.bytes += size

    def drop(self, rule: str, size: int) -> None:
        assert rule in RULE, rule
        counts = self.dropped.setdefault(rule, [0, 0])
        counts[0] += 1
        counts[1] += size

    def replace(self, found: Mapping[str, int]) -> None:
        for kind, number in found.items():
            self.replaced[kind] = self.replaced.get(kind, 0) + number

    def add(self, other: Funnel) -> None:
        self.files += other.files
        self.bytes += other.bytes
        for rule, (files, size) in other.dropped.items():
            counts = self.dropped.setdefault(rule, [0, 0])
            counts[0] += files
            counts[1] += size
        self.replace(other.replaced)

    @property
    def kept(self) -> int:
        return self.files - sum(files for files, _ in self.dropped.values())

    def table(self) -> Iterator[dict[str, Any]]:
        """One row per rule that dropped something, in the order of the rules, with what was left after it."""
        files, size = self.files, self.bytes
        for rule in RULES:
            if rule.name in self.dropped:
                dropped, dropped_bytes = self.dropped[rule.name]
                files, size = files - dropped, size - dropped_bytes
                yield {
                    "step": rule.step,
                    "rule": rule.name,
                    "files": dropped,
                    "bytes": dropped_bytes,
                    "files_left": files,
                    "bytes_left": size,
                }

    def as_json(self) -> dict[str, Any]:
        return {"files": self.files, "bytes": self.bytes, "dropped": self.dropped, "replaced": self.replaced}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Funnel:
        return cls(body["files"], body["bytes"], dict(body["dropped"]), dict(body["replaced"]))

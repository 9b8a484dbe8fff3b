"""Verdicts that are known already, by program and tests."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from assay.judge.checks import Check
from assay.judge.verdict import Verdict, VerdictKind

Key = bytes


class VerdictCache:
    """Keeps the verdicts used last. Thread-safe. Programs that fail because the harness failed are never kept.

    most: how many verdicts; 0 keeps none.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Verdict] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Verdict | None:
        with self._lock:
            verdict = self._kept.get(key)
            if verdict is not None:
                self._kept.move_to_end(key)
            return verdict

    def put(self, key: Key, verdict: Verdict) -> None:
        if verdict.kind is VerdictKind.harness_error or not self._most:
            return
        with self._lock:
            self._kept[key] = verdict
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def tests_digest(checks: Mapping[str, Check]) -> bytes:
    """A hash of everything that decides a verdict but the program.

    Equal checks that were made in different ways may hash differently, which costs a cache hit and nothing else.
    """
    return hashlib.sha256(pickle.dumps(sorted(checks.items()))).digest()


def key_of(program: str, language: str, tests: bytes) -> Key:
    """The key of a program under tests."""
    digest = hashlib.sha256(tests)
    digest.update(language.encode() + b"\0")
    digest.update(program.encode("utf-8", "surrogatepass"))
    return digest.digest()

"""Verdicts that are known already, by program and tests."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Generic, TypeVar

from assay.judge.checks import Check
from assay.judge.verdict import Verdict, VerdictKind

Key = bytes
Name = TypeVar("Name")
Thing = TypeVar("Thing")


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


class Shelf(Generic[Name, Thing]):
    """Keeps the things put there last, by their size. Thread-safe.

    most, most_bytes: how many, and how large together; one thing is kept however large it is.
    """

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[Name, tuple[Thing, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, name: Name) -> Thing | None:
        with self._lock:
            found = self._kept.get(name)
            if found is None:
                return None
            self._kept.move_to_end(name)
            return found[0]

    def put(self, name: Name, thing: Thing, size: int) -> Thing:
        """Keep a thing; what is kept under this name, which may be one that another thread put there just now."""
        with self._lock:
            if name in self._kept:
                return self._kept[name][0]
            self._bytes += size
            while self._kept and (len(self._kept) >= self._most or self._bytes > self._most_bytes):
                self._bytes -= self._kept.popitem(last=False)[1][1]
            self._kept[name] = (thing, size)
            return thing


def digest_of(checks: Mapping[str, Check]) -> tuple[bytes, int]:
    """(a hash of everything that decides a verdict but the program, how many bytes that is).

    Equal checks that were made in different ways may hash differently, which costs a cache hit and nothing else.
    """
    data = pickle.dumps(sorted(checks.items()))
    return hashlib.sha256(data).digest(), len(data)


def key_of(program: str, language: str, tests: bytes) -> Key:
    """The key of a program under tests."""
    digest = hashlib.sha256(tests)
    digest.update(language.encode() + b"\0")
    digest.update(program.encode("utf-8", "surrogatepass"))
    return digest.digest()

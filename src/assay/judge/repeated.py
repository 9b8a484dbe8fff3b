"""Judges every sample several times under different hash seeds, and says which verdicts do not last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import Protocol

from assay.judge.pool import Item, Judged
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.program import Isolation

_AT_ONCE = 64  # samples judged under one seed before the next seed has its turn


class _Pool(Protocol):
    @property
    def isolation(self) -> Isolation: ...

    def judge(self, items: Iterable[Item | None], wake: int = -1) -> Iterator[Judged]: ...


class RepeatedPool:
    """A pool whose verdicts have been reached `repeats` times. Use as a context manager.

    open_pool: makes the pool for one hash seed. There is one for each seed from 0 on; they take turns, so that what is
    judged at once is no more than in one pool.
    """

    def __init__(self, open_pool: Callable[[int], AbstractContextManager[_Pool]], repeats: int) -> None:
        """Raises ValueError for fewer than two repeats, and what `open_pool` raises."""
        if repeats < 2:
            raise ValueError(f"a verdict is repeated at least twice, not {repeats} times")
        with ExitStack() as stack:
            self._pools = [stack.enter_context(open_pool(seed)) for seed in range(repeats)]
            self._stack = stack.pop_all()

    @property
    def isolation(self) -> Isolation:
        return self._pools[0].isolation

    def __enter__(self) -> RepeatedPool:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def judge(self, items: Iterable[Item | None], wake: int = -1) -> Iterator[Judged]:
        """As `JudgePool.judge`; results come some dozens at a time, each with the verdict of all repeats together."""
        given: dict[int, Item] = {}

        def numbered() -> Iterator[Item | None]:
            for number, item in enumerate(items):
                if item is None:
                    yield None
                else:
                    given[number] = item
                    yield replace(item, key=number)

        waiting: list[Judged] = []
        for first in self._pools[0].judge(numbered(), wake):
            waiting.append(first)
            if len(waiting) == _AT_ONCE:
                yield from self._repeat(waiting, given)
                waiting = []
        yield from self._repeat(waiting, given)

    def _repeat(self, waiting: list[Judged], given: dict[int, Item]) -> Iterator[Judged]:
        """Judge under the other seeds what the first pool has judged."""
        found = {one.key: [one.verdicts] for one in waiting}
        for pool in self._pools[1:]:
            for again in pool.judge([replace(given[number], key=number) for number in found]):
                found[again.key].append(again.verdicts)
        for number, times in found.items():
            together = {rules: settled([verdicts[rules] for verdicts in times]) for rules in times[0]}
            yield Judged(given.pop(number).key, together)


def settled(verdicts: list[Verdict]) -> Verdict:
    """One verdict out of those under seeds 0, 1, ...: the first if all agree on passing, else `flaky`.

    Agreement is about passing alone: a program that fails in another way under another seed is wrong, not flaky. Where
    the harness failed under any seed there is no verdict.
    """
    first = verdicts[0]
    for verdict in verdicts:
        if verdict.kind is VerdictKind.harness_error:
            return verdict
    for seed, verdict in enumerate(verdicts):
        if verdict.passed != first.passed:
            reason = verdict.detail or first.detail
            return replace(
                first,
                kind=VerdictKind.flaky,
                detail=f"{first.kind} under hash seed 0, {verdict.kind} under hash seed {seed}: {reason}",
                parts=_settled_parts([verdict.parts for verdict in verdicts]),
                output=verdict.output or first.output,
            )
    return first


def _settled_parts(times: list[tuple[tuple[str, VerdictKind], ...]]) -> tuple[tuple[str, VerdictKind], ...]:
    """The same of each part; a part that some repeat did not come to is as the others have it."""
    found: dict[str, set[bool]] = {}
    first: dict[str, VerdictKind] = {}
    for parts in times:
        for name, kind in parts:
            found.setdefault(name, set()).add(kind is VerdictKind.accepted)
            first.setdefault(name, kind)
    return tuple((name, VerdictKind.flaky if len(found[name]) > 1 else kind) for name, kind in first.items())

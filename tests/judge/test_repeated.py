"""Verdicts reached several times: those that do not last are flaky, and each item is reported once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.judge.checks import ScriptCheck
from assay.judge.pool import Item, JudgePool
from assay.judge.repeated import RepeatedPool, settled
from assay.judge.verdict import Verdict, VerdictKind

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))

from fakes import FakePool

CHECKS = {"hardened": ScriptCheck("assert f() == 1"), "official": ScriptCheck("assert f() == 1")}


def verdict(kind: str, detail: str = "", base: str = "", plus: str = "") -> Verdict:
    parts = tuple((name, VerdictKind(each)) for name, each in (("base", base), ("plus", plus)) if each)
    return Verdict(VerdictKind(kind), detail, parts=parts)


def fakes(repeats: int) -> tuple[list[FakePool], RepeatedPool]:
    pools: list[FakePool] = []

    def open_pool(seed: int) -> FakePool:
        pools.append(FakePool(hash_seed=seed))
        return pools[-1]

    return pools, RepeatedPool(open_pool, repeats)


def test_what_passes_under_every_seed_is_accepted_and_what_does_not_is_flaky() -> None:
    pools, pool = fakes(3)
    with pool:
        programs = ["", "# seed2: wrong_answer", "# seed1: time_limit", "# verdict: wrong_answer", "# seed0: signalled"]
        found = {
            one.key: one.verdicts["hardened"]
            for one in pool.judge(Item(("T", n), "T", program, CHECKS) for n, program in enumerate(programs))
        }
    assert [found["T", n].kind.value for n in range(5)] == ["accepted", "flaky", "flaky", "wrong_answer", "flaky"]
    assert found["T", 1].detail == "accepted under hash seed 0, wrong_answer under hash seed 2: assert f() == 1"
    assert found["T", 4].detail.startswith("signalled under hash seed 0, accepted under hash seed 1: ")
    assert all(each.closed for each in pools)


def test_every_item_is_reported_once_however_many_there_are() -> None:
    pools, pool = fakes(2)
    with pool:
        found = [one.key for one in pool.judge(Item(n, "T", f"x = {n}", CHECKS) for n in range(300))]
    assert sorted(found) == list(range(300))
    assert [len(each.seen) for each in pools] == [300, 300]


def test_the_first_results_do_not_wait_for_the_last_items() -> None:
    drawn = 0

    def items() -> Iterator[Item]:
        nonlocal drawn
        for n in range(1000):
            drawn += 1
            yield Item(n, "T", "", CHECKS)

    _, pool = fakes(2)
    with pool:
        next(pool.judge(items()))
    assert drawn < 200


def test_without_a_verdict_under_one_seed_there_is_none() -> None:
    found = settled([verdict("accepted"), verdict("harness_error", "the jail did not start"), verdict("wrong_answer")])
    assert (found.kind, found.detail) == (VerdictKind.harness_error, "the jail did not start")


def test_failing_in_different_ways_is_not_flaky() -> None:
    first = verdict("wrong_answer", "assert f() == 1")
    assert settled([first, verdict("runtime_error"), verdict("time_limit")]) == first


def test_parts_are_settled_one_by_one() -> None:
    found = settled(
        [
            verdict("accepted", "", "accepted", "accepted"),
            verdict("wrong_answer", "plus input 3", "accepted", "wrong_answer"),
        ]
    )
    assert found.parts == (("base", VerdictKind.accepted), ("plus", VerdictKind.flaky))


def test_once_is_no_repeat() -> None:
    with pytest.raises(ValueError, match="at least twice"):
        fakes(1)


def test_an_answer_that_hangs_on_the_hash_seed_is_flaky_in_the_real_jail() -> None:
    lucky = "def f():\n    return 1 if sorted(map(hash, 'abcdef'))[0] == hash('a') else 2\n"
    checks = {"official": ScriptCheck("assert f() == 1\n")}
    right = "def f():\n    return 1\n"
    seeds = 8  # that one of eight seeds sorts otherwise than the others is as good as certain
    with RepeatedPool(lambda seed: JudgePool(1, hash_seed=seed), seeds) as pool:
        items = [Item("lucky", "T", lucky, checks), Item("right", "T", right, checks)]
        found = {one.key: one.verdicts["official"].kind for one in pool.judge(items)}
    assert found == {"lucky": VerdictKind.flaky, "right": VerdictKind.accepted}

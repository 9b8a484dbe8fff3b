"""One judge pool for many threads, with programs that never stop coming."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.judge.checks import StubCheck
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import VerdictKind
from assay.rewards.desk import Desk, Verdicts
from assay.sandbox.program import Limits

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))
from jailed import alive, eventually, processes_below

CHECKS = {"hardened": StubCheck("", "assert f() == 1", ("f",))}
# A limit by the clock that a busy program reaches first: the machine may have been to blame.
DOUBTFUL = {"hardened": StubCheck("", "assert f() == 1", ("f",), Limits(cpu_s=10.0, wall_s=0.3))}
RIGHT, ENDLESS = "def f(): return 1\n", "def f():\n    while True: pass\n"


def test_a_doubtful_program_is_judged_again_though_others_never_stop_coming() -> None:
    with Desk(lambda: JudgePool(1)) as desk:
        doubtful = desk.submit(Item(None, "t", ENDLESS, DOUBTFUL))
        coming: list[Future[Verdicts]] = []
        while not doubtful.done() and len(coming) < 20_000:
            coming.append(desk.submit(Item(None, "t", RIGHT, CHECKS)))
            if len(coming) > 2:
                coming[-2].result()
        verdict = doubtful.result(timeout=0)["hardened"]
        assert verdict.kind is VerdictKind.time_limit and "retried" in verdict.flags
        assert all(one.result()["hardened"].passed for one in coming)


def test_what_is_cancelled_before_its_turn_is_not_judged() -> None:
    with Desk(lambda: JudgePool(1)) as desk:
        first = desk.submit(Item(None, "t", ENDLESS, DOUBTFUL))
        later = [desk.submit(Item(None, "t", RIGHT, CHECKS)) for _ in range(3)]
        assert later[1].cancel()
        assert first.result()["hardened"].kind is VerdictKind.time_limit
        assert later[2].result()["hardened"].passed


def test_a_closed_desk_takes_nothing_and_leaves_nothing() -> None:
    others = set(processes_below(os.getpid()))
    desk = Desk(lambda: JudgePool(1))
    desk.submit(Item(None, "t", RIGHT, CHECKS)).result()
    below = set(processes_below(os.getpid())) - others
    desk.close()
    desk.close()
    assert eventually(lambda: not any(map(alive, below)))
    with pytest.raises(AssayError, match="closed"):
        desk.submit(Item(None, "t", RIGHT, CHECKS))


def test_a_judging_process_killed_meanwhile_costs_no_verdict() -> None:
    others = set(processes_below(os.getpid()))
    with Desk(lambda: JudgePool(1)) as desk:
        asked = [desk.submit(Item(None, "t", RIGHT, CHECKS)) for _ in range(50)]
        asked[5].result()
        for pid in set(processes_below(os.getpid())) - others:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert all(one.result(timeout=60)["hardened"].passed for one in asked)


def test_threads_get_each_their_own() -> None:
    found: dict[int, bool] = {}

    def ask(n: int) -> None:
        program = RIGHT if n % 2 else "def f(): return 2\n"
        found[n] = desk.submit(Item(None, "t", program, CHECKS)).result()["hardened"].passed

    with Desk(lambda: JudgePool(2)) as desk:
        threads = [threading.Thread(target=ask, args=(n,)) for n in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {n: bool(n % 2) for n in range(40)}

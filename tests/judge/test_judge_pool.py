"""Many samples on all cores: each judged once, whatever dies meanwhile, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.judge import pool as judge_pool
from assay.judge import worker
from assay.judge.checks import ScriptCheck, StubCheck, SuiteCheck
from assay.judge.judge import Judge
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import VerdictKind
from assay.sandbox import cgroup
from judging import ADD, LIMITS, differential

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))
from jailed import alive, eventually, groups_of, mounts, processes_below

K = VerdictKind
CHECKS = {
    "official": ScriptCheck("assert add(2, 3) == 5", LIMITS),
    "hardened": StubCheck("", "assert add(2, 3) == 5", ("add",), LIMITS),
}
WRONG = "def add(a, b):\n    return a - b\n"
ENDLESS = "def add(a, b):\n    while True: pass\n"


def item(key: object, program: str = ADD) -> Item:
    return Item(key, "task", program, CHECKS)


@pytest.fixture
def pool() -> Iterator[JudgePool]:
    with JudgePool(2) as opened:
        yield opened


@pytest.mark.skipif(os.sched_getscheduler(0) != os.SCHED_OTHER, reason="the tests themselves run under another policy")
def test_judge_and_program_run_on_when_they_wake_each_other(pool: JudgePool) -> None:
    policy = "import os\ndef policy(): return os.sched_getscheduler(0)\n"
    check = {"hardened": StubCheck("", f"assert policy() == {os.SCHED_BATCH}", ("policy",), LIMITS)}
    (judged,) = pool.judge([Item(0, "task", policy, check)])
    assert judged.verdicts["hardened"].kind is K.accepted


def test_every_item_comes_back_once_with_all_its_verdicts(pool: JudgePool) -> None:
    items = [item(n, ADD if n % 2 else WRONG) for n in range(60)]
    judged = list(pool.judge(items))
    assert sorted(each.key for each in judged) == list(range(60))
    for each in judged:
        assert set(each.verdicts) == {"official", "hardened"}
        assert {verdict.passed for verdict in each.verdicts.values()} == {bool(each.key % 2)}


def test_what_python_thinks_of_an_answer_s_text_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    checks = {"tests": SuiteCheck("add", ADD, (WRONG,), limits=LIMITS)}
    with JudgePool(1) as pool:
        (judged,) = pool.judge([Item(0, "task", "assert add(1, 2) == 3\nassert add(2, 2) == (4if 1 else 2)", checks)])
    assert judged.verdicts["tests"].passed
    assert capfd.readouterr().err == ""


def test_items_that_come_late_are_waited_for_and_hold_up_no_result(pool: JudgePool) -> None:
    """The second item comes only after the verdict of the first one was taken."""
    wake = os.eventfd(0, os.EFD_NONBLOCK)
    coming: list[Item] = [item(0)]
    taken: list[object] = []

    def items() -> Iterator[Item | None]:
        while len(taken) + len(coming) < 4 or coming:
            if coming:
                yield coming.pop()
            else:
                with contextlib.suppress(BlockingIOError):
                    os.eventfd_read(wake)
                yield None if not coming else coming.pop()

    def arrive(number: int) -> None:
        coming.append(item(number))
        os.eventfd_write(wake, 1)

    for judged in pool.judge(items(), wake):
        taken.append(judged.key)
        if len(taken) < 4:
            threading.Timer(0.05, arrive, [len(taken)]).start()
    os.close(wake)
    assert taken == [0, 1, 2, 3]


@pytest.mark.parametrize("resting", [1, 2])
def test_processes_that_rest_take_nothing_until_they_are_let_go_on(pool: JudgePool, resting: int) -> None:
    taken: list[int] = []

    def items() -> Iterator[Item]:
        for number in range(12):
            taken.append(number)
            yield item(number, ENDLESS if number == 0 else ADD)

    results: list[object] = []
    pool.rest(resting)
    judging = threading.Thread(target=lambda: results.extend(each.key for each in pool.judge(items())))
    judging.start()
    eventually(lambda: len(taken) == 2 - resting)
    time.sleep(0.2)
    assert len(taken) == 2 - resting and not results  # one process is busy with what never ends, or none is at work
    pool.rest(0)
    eventually(lambda: len(results) >= 11)
    judging.join(20)
    assert sorted(map(str, results)) == sorted(map(str, range(12)))


def test_an_endless_program_delays_nobody_else(pool: JudgePool) -> None:
    items = [item("endless", ENDLESS), *(item(n) for n in range(40))]
    results = pool.judge(items)
    first = [next(results).key for _ in range(40)]
    assert "endless" not in first
    last = next(results)
    assert last.key == "endless"
    assert last.verdicts["hardened"].kind is K.time_limit


def test_items_are_taken_only_as_they_are_needed(pool: JudgePool) -> None:
    taken = []

    def endless() -> Iterator[Item]:
        while True:
            taken.append(1)
            yield item(len(taken))

    results = pool.judge(endless())
    for _ in range(10):
        next(results)
    assert len(taken) <= 10 + 4


def test_tasks_of_the_same_name_with_other_checks_are_told_apart(pool: JudgePool) -> None:
    other = {"hardened": StubCheck("", "assert add(2, 3) == -1", ("add",), LIMITS)}
    items = [Item(n, "task", WRONG, other if n % 2 else CHECKS) for n in range(20)]
    for each in pool.judge(items):
        assert each.verdicts["hardened"].passed is bool(each.key % 2)


def test_checks_with_many_inputs_cross_too(pool: JudgePool) -> None:
    checks = {"hardened": differential("def f(x): return x", [[n] for n in range(1000)])}
    items = [Item(n, "inputs", "def f(x): return x", checks) for n in range(6)]
    assert all(each.verdicts["hardened"].passed for each in pool.judge(items))


def test_a_killed_worker_is_replaced_and_its_sample_judged_again(pool: JudgePool) -> None:
    slow = "import time\ntime.sleep(0.15)\n" + ADD
    results = pool.judge([item(n, slow) for n in range(20)])
    judged = [next(results)]
    for pid in processes_below(os.getpid())[:1]:
        os.kill(pid, signal.SIGKILL)
    judged += results
    assert sorted(each.key for each in judged) == list(range(20))
    assert all(verdict.passed for each in judged for verdict in each.verdicts.values())
    assert sum("retried" in each.verdicts["hardened"].flags for each in judged) <= 1


def test_a_killed_interpreter_is_replaced_and_its_sample_judged_again(pool: JudgePool) -> None:
    slow = "import time\ntime.sleep(0.15)\n" + ADD
    results = pool.judge([item(n, slow) for n in range(20)])
    judged = [next(results)]
    parent = pool._workers[0].parent.pid
    workers = [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    assert len(workers) == 2
    os.kill(processes_below(workers[0])[0], signal.SIGKILL)
    judged += results
    assert sorted(each.key for each in judged) == list(range(20))
    assert all(verdict.passed for each in judged for verdict in each.verdicts.values())


def test_everything_killed_again_and_again_still_ends_in_verdicts(pool: JudgePool) -> None:
    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(0.5):
            for pid in processes_below(os.getpid()):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            if len(killed) == 2:  # a judge that is killed while it starts is started three times, not more
                return
            killed.append(1)

    killed: list[int] = []
    thread = threading.Thread(target=kill)
    thread.start()
    try:
        slow = "import time\ntime.sleep(0.1)\n" + ADD
        judged = list(pool.judge([item(n, slow) for n in range(30)]))
    finally:
        stop.set()
        thread.join()
    assert sorted(each.key for each in judged) == list(range(30))
    assert {verdict.kind for each in judged for verdict in each.verdicts.values()} <= {K.accepted, K.harness_error}


def test_a_pool_can_be_used_again_after_a_broken_off_judging(pool: JudgePool) -> None:
    results = pool.judge(item(n) for n in range(1000))
    next(results)
    results.close()  # type: ignore[attr-defined]
    judged = list(pool.judge([item("again", WRONG), item("and again")]))
    assert {each.key: each.verdicts["hardened"].passed for each in judged} == {"again": False, "and again": True}


def test_closing_leaves_no_process_mount_or_cgroup() -> None:
    before, mounted = set(processes_below(os.getpid())), mounts()
    with JudgePool(2) as pool:
        list(pool.judge(item(n) for n in range(4)))
    assert eventually(lambda: set(processes_below(os.getpid())) <= before)
    assert groups_of(os.getpid()) == []
    assert mounts() == mounted


def test_a_pool_of_none_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        JudgePool(0)


def test_where_nothing_can_be_isolated_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("from assay.sandbox import warm\nwarm.LEVELS = ()\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[2] / 'src'}")
    with pytest.raises(AssayError, match=r"cannot isolate.*assay doctor.*--unsafe"):
        JudgePool(1)
    with JudgePool(1, unsafe=True) as pool:
        assert pool.isolation.level == "none"


def test_a_judging_process_that_never_gets_ready_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = "import os; os.read({}, 1)"  # until the pool is gone
    monkeypatch.setattr(worker, "command", lambda fds, *_: [sys.executable, "-c", waiting.format(fds[0])])
    monkeypatch.setattr(judge_pool, "_START_WALL_S", 0.3)
    with pytest.raises(AssayError, match=r"did not start within 0\.3 s\. Run `assay doctor`"):
        JudgePool(1)


def test_a_judging_process_ends_with_its_pool_even_where_it_cannot_clean_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Otherwise it would wait for ever, and with it whoever reads what the pool's process had printed.
    broken = "from assay.judge.judge import Judge\ndef close(self): raise OSError(9, 'Bad file descriptor')\n"
    (tmp_path / "sitecustomize.py").write_text(f"{broken}Judge.close = close\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[2] / 'src'}")
    with JudgePool(1) as pool:
        (judging,) = pool._workers
        judging.socket.shutdown(socket.SHUT_RDWR)
        assert judging._has_ended_within(4.0)


def test_several_threads_may_close_a_judge_at_once() -> None:
    for _ in range(10):
        judge, failed, begin = Judge(), [], threading.Barrier(4)

        def close(judge: Judge = judge, failed: list[Exception] = failed, begin: threading.Barrier = begin) -> None:
            begin.wait()
            try:
                judge.close()
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=close) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []


USER = """
import sys
sys.path[:0] = %r
from test_judge_pool import ENDLESS, CHECKS
from assay.judge.pool import Item, JudgePool
from assay.sandbox.program import Limits
from assay.judge.checks import StubCheck
checks = {"hardened": StubCheck("", "add(1, 2)", ("add",), Limits(cpu_s=300))}
program = "import os\\nif os.fork() == 0: os.setsid()\\n" + ENDLESS
with JudgePool(2) as pool:
    print("ready", flush=True)
    list(pool.judge(Item(n, "t", program, checks) for n in range(8)))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=lambda number: number.name)
def test_nothing_stays_when_the_process_of_the_pool_is_ended(number: signal.Signals) -> None:
    mounted = mounts()
    code = USER % [str(Path(__file__).parent)]
    user = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    below: list[int] = []
    try:
        assert user.stdout is not None
        assert user.stdout.readline() == b"ready\n"
        assert eventually(lambda: len(processes_below(user.pid)) >= 10)
        time.sleep(0.3)
        below = processes_below(user.pid)
        user.send_signal(number)
        user.wait(20)
        assert eventually(lambda: not any(alive(pid) for pid in below)), [pid for pid in below if alive(pid)]
    finally:
        user.kill()
        user.communicate()
        for pid in below:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
    cgroup.remove_leftovers()  # what the next run does first
    assert eventually(lambda: not any(groups_of(pid) for pid in (user.pid, *below)))
    assert mounts() == mounted

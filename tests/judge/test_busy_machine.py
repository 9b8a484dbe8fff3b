"""A busy machine stops, starves and refuses; each of these is forced here, and no verdict may be another for it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.judge import judge as judges
from assay.judge.checks import Check, StubCheck, SuiteCheck
from assay.judge.contest import CallCheck, CallTest
from assay.judge.judge import Judge
from assay.judge.suite import judge_suite
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox import warm
from assay.sandbox.program import Limits, Outcome, Status
from assay.sandbox.warm import SandboxUnavailable, Zygote
from judging import LIMITS, stub

K = VerdictKind
RIGHT = "def f(x):\n    return x + 1\n"
STUB = stub("assert f(1) == 2")
CALL = CallCheck("f", (CallTest((1,), 2),), limits=LIMITS)
SUITE = SuiteCheck("f", RIGHT, ("def f(x):\n    return x - 1\n",), limits=LIMITS)
CASES: list[tuple[Check, str]] = [(STUB, RIGHT), (CALL, RIGHT), (SUITE, "assert f(1) == 2")]


def zygote_of(judge: Judge) -> Zygote:
    assert judge._zygote is not None
    return judge._zygote


@pytest.mark.parametrize(("check", "answer"), CASES)
def test_an_interpreter_that_died_between_two_samples_is_replaced(judge: Judge, check: Check, answer: str) -> None:
    judge.judge(check, answer)
    before = zygote_of(judge)
    os.kill(before._processes.zygote_pid, signal.SIGKILL)
    before._process.wait()
    assert judge.judge(check, answer).kind is K.harness_error
    assert judge.judge(check, answer).passed


def test_tests_that_catch_every_exception_do_not_catch_the_harness_s(judge: Judge) -> None:
    check = stub("try:\n    f(1)\nexcept Exception:\n    pass\nassert False")
    judge.judge(check, RIGHT)
    before = zygote_of(judge)
    os.kill(before._processes.zygote_pid, signal.SIGKILL)
    before._process.wait()
    assert judge.judge(check, RIGHT).kind is K.harness_error


@pytest.mark.parametrize(("check", "answer"), CASES)
def test_a_fork_that_is_refused_is_no_verdict(judge: Judge, check: Check, answer: str) -> None:
    assert judge.judge(check, answer).passed
    group = zygote_of(judge)._group
    if group is None or "pids" not in group._folders:
        pytest.skip("no control group limits processes here")
    Path(group._folders["pids"], "pids.max").write_text("1")
    verdict = judge.judge(check, answer)
    assert verdict.kind is K.harness_error
    assert "no jail: " in verdict.detail
    assert "Resource temporarily unavailable" in verdict.detail
    assert judge.judge(check, answer).passed


@pytest.mark.parametrize("check", [STUB, CALL])
def test_a_program_that_brings_a_kill_upon_itself_has_failed(judge: Judge, check: StubCheck | CallCheck) -> None:
    """By a CPU limit of its own: if that were the machine's fault, a failure could be made to count as no answer."""
    program = "import resource\ndef f(x):\n    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n    while True: pass\n"
    verdict = judge.judge(replace(check, limits=replace(LIMITS, cpu_s=5.0)), program)
    assert verdict.kind not in (K.harness_error, K.accepted), verdict


@pytest.mark.parametrize(("program", "kind"), [("import os\nos._exit(0)", K.early_exit), (RIGHT, K.accepted)])
def test_an_interpreter_that_gets_no_processor_is_not_an_idle_program(
    judge: Judge, program: str, kind: VerdictKind
) -> None:
    """It is stopped for longer than a program may idle (its CPU limit and a second more)."""
    check = stub("assert f(1) == 2", cpu_s=0.5)
    judge.judge(check, RIGHT)  # the compiler is started
    pid = zygote_of(judge)._processes.zygote_pid
    os.kill(pid, signal.SIGSTOP)
    timer = threading.Timer(2.5, os.kill, (pid, signal.SIGCONT))
    timer.start()
    try:
        verdict = judge.judge(check, program)
    finally:
        timer.join()
    assert verdict.kind is kind, verdict


def test_a_program_whose_limit_came_before_its_start_is_ended_nevertheless(judge: Judge) -> None:
    check = CallCheck("f", (CallTest((1,), 2),), limits=Limits(cpu_s=0.5, wall_s=0.5))
    judge.judge(check, RIGHT)
    pid = zygote_of(judge)._processes.zygote_pid
    os.kill(pid, signal.SIGSTOP)
    timer = threading.Timer(1.5, os.kill, (pid, signal.SIGCONT))
    timer.start()
    begun = time.monotonic()
    verdict = judge.judge(check, "import time\ndef f(x): time.sleep(60)")
    timer.join()
    assert verdict.kind is K.harness_error
    assert "did not get on" in verdict.detail
    assert time.monotonic() - begun < 20.0


def test_waits_of_two_calls_are_not_added_up_to_idling(judge: Judge) -> None:
    """The program is looked at while it sleeps in one call, and again while it sleeps in another, 1.5 s later."""
    check = stub("import time\nassert f(0) == 1\ntime.sleep(1.5)\nassert f(1) == 2", cpu_s=0.1)
    assert judge.judge(check, "import time\ndef f(x):\n    time.sleep(0.4)\n    return x + 1").passed


@pytest.mark.parametrize("step", ["begin", "end"])
def test_the_clock_of_the_tests_may_ring_while_a_process_is_started_or_ended(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Or the report of this program is left unread, and is taken for the next one's."""
    done: Callable[..., Any] = getattr(Zygote, step)

    def disturbed(self: Zygote, *args: Any, **named: Any) -> Any:
        result = done(self, *args, **named)
        os.kill(os.getpid(), signal.SIGALRM)
        return result

    judge.judge(STUB, RIGHT)
    with monkeypatch.context() as patched:
        patched.setattr(Zygote, step, disturbed)
        verdict = judge.judge(stub("assert f(1) == 2\nassert f(2) == 3"), "import os\ndef f(x): os._exit(0)")
    assert verdict.kind is K.early_exit, verdict
    for program, kind in ((RIGHT, K.accepted), ("def f(x): return 0", K.wrong_answer), (RIGHT, K.accepted)):
        assert judge.judge(STUB, program).kind is kind


@pytest.mark.parametrize(
    ("outcome", "kind", "flags"),
    [
        (Outcome(Status.harness_error, detail="no memory"), K.harness_error, ()),
        (Outcome(Status.time_limit_wall, detail="ran for 10 s"), K.wrong_answer, ("wall",)),
    ],
)
def test_what_the_machine_did_to_a_known_program_is_not_held_against_tests(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, kind: VerdictKind, flags: tuple[str, ...]
) -> None:
    end = Zygote.end

    def ended(self: Zygote) -> Outcome:
        end(self)
        return outcome

    monkeypatch.setattr(Zygote, "end", ended)
    leaves = SuiteCheck("f", "import os\ndef f(x): os._exit(0)", (RIGHT,), limits=LIMITS)
    verdict = judge_suite(zygote_of(judge), leaves, "assert f(1) == 2")
    assert verdict.kind is kind
    assert verdict.flags == flags


@pytest.mark.parametrize(
    ("check", "answer", "kind"),
    [
        (CALL, "def f(x): return 10 ** 5000", K.wrong_answer),
        (CALL, "def f(x): return [10 ** 5000, {'a': -(10 ** 5000)}]", K.wrong_answer),
        (STUB, "def f(x): return 10 ** 5000", K.wrong_answer),
        (stub("assert {2: True}[f(1)]"), "def f(x): return 10 ** 5000", K.wrong_answer),
        (SUITE, f"assert f(0x{'f' * 5000}) == 2", K.wrong_answer),
    ],
)
def test_numbers_too_long_to_print_are_wrong_answers(
    judge: Judge, check: Check, answer: str, kind: VerdictKind
) -> None:
    """Telling of them failed, three times, and with it a sample of 27,904 in a demonstration."""
    verdict = judge.judge(check, answer)
    assert verdict.kind is kind, verdict


def test_a_mistake_of_the_judge_costs_one_verdict_and_tells_its_reason(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Verdict:
        raise KeyError("forgotten")

    with monkeypatch.context() as patched:
        patched.setattr(judges, "judge_calls", broken)
        verdict = judge.judge(CALL, RIGHT)
    assert verdict.kind is K.harness_error
    assert verdict.detail.startswith("KeyError: 'forgotten' (test_busy_machine.py, line ")
    assert judge.judge(CALL, RIGHT).passed


@pytest.mark.parametrize("passing", [True, False])
def test_isolation_is_not_weakened_because_the_machine_was_short_of_something_once(
    monkeypatch: pytest.MonkeyPatch, passing: bool
) -> None:
    tried: list[warm.Level] = []

    class Fake:
        def __init__(self, level: warm.Level, _hash_seed: int) -> None:
            tried.append(level)
            if len(tried) == 1:
                raise SandboxUnavailable("fork: refused", passing)

    monkeypatch.setattr(warm, "Zygote", Fake)
    monkeypatch.setattr(warm, "_works", None)
    warm.open_zygote()
    assert tried == [warm.LEVELS[0], warm.LEVELS[0 if passing else 1]]

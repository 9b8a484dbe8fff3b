"""Tests outside the jail, candidate inside: calls look to the tests as if both shared a process."""

from __future__ import annotations

import time

import pytest

from assay.judge.checks import StubCheck
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from judging import LIMITS, stub

K = VerdictKind


def test_mutated_arguments_travel_back(judge: Judge) -> None:
    tests = """
row, table, seen = [3, 1, 2], {"a": 1}, {1}
assert f(row, table, seen) is None
assert row == [1, 2, 3] and table == {"b": 2} and seen == {1, 9}
"""
    program = "def f(row, table, seen):\n    row.sort(); table.clear(); table['b'] = 2; seen.add(9)"
    assert judge.judge(stub(tests), program).passed
    assert judge.judge(stub(tests), "def f(row, table, seen): return None").kind is K.wrong_answer


def test_unchanged_arguments_stay_the_tests_own_objects(judge: Judge) -> None:
    tests = "row = [1]\nalias = row\nassert f(row) == [1, 2]\nassert row is alias and row == [1]"
    assert judge.judge(stub(tests), "def f(row): return row + [2]").passed


def test_arguments_changed_before_an_exception_travel_back_too(judge: Judge) -> None:
    tests = "row = []\ntry:\n    f(row)\nexcept ValueError:\n    pass\nassert row == [1]"
    assert judge.judge(stub(tests), "def f(row):\n    row.append(1)\n    raise ValueError").passed


@pytest.mark.parametrize("name", ["ValueError", "TypeError", "KeyError", "ZeroDivisionError", "RecursionError"])
def test_exceptions_can_be_caught_by_their_builtin_type(judge: Judge, name: str) -> None:
    tests = f"try:\n    f()\nexcept {name} as error:\n    assert 'reason' in str(error)\nelse:\n    assert False"
    assert judge.judge(stub(tests), f"def f(): raise {name}('reason')").passed
    assert judge.judge(stub(tests), "def f(): return 1").kind is K.wrong_answer
    assert judge.judge(stub(tests), "def f(): raise ArithmeticError('reason')").passed is (name == "never")


def test_an_exception_of_the_candidate_s_own_class_can_be_caught_as_an_exception(judge: Judge) -> None:
    tests = "try:\n    f()\nexcept Exception as error:\n    assert str(error) == 'mine'\nelse:\n    assert False"
    assert judge.judge(stub(tests), "class Mine(Exception): pass\ndef f(): raise Mine('mine')").passed


def test_an_uncaught_exception_is_a_runtime_error_with_line_and_statement(judge: Judge) -> None:
    verdict = judge.judge(stub("assert f(0) == 1"), "def f(x):\n    y = 1\n    return 1 / x")
    assert verdict.kind is K.runtime_error
    assert "assert f(0) == 1" in verdict.detail
    assert "ZeroDivisionError: division by zero" in verdict.detail
    assert "line 3" in verdict.detail


def test_an_assertion_of_the_candidate_is_no_assertion_of_the_tests(judge: Judge) -> None:
    verdict = judge.judge(stub("assert f() == 1"), "def f():\n    assert False, 'mine'")
    assert verdict.kind is K.runtime_error
    assert "AssertionError: mine" in verdict.detail


def test_the_failing_statement_is_named(judge: Judge) -> None:
    tests = """
def check(candidate):
    assert candidate(1) == 1
    for x in (2, 3):
        assert candidate(x) == x, "no"
    assert candidate(9) == 9
check(f)
"""
    verdict = judge.judge(stub(tests), "def f(x): return x if x < 3 else 0")
    assert verdict.kind is K.wrong_answer
    assert 'assert candidate(x) == x, "no"' in verdict.detail


def test_a_test_that_breaks_on_the_answer_is_a_wrong_answer(judge: Judge) -> None:
    verdict = judge.judge(stub("assert len(f()) == 2"), "def f(): return 5")
    assert verdict.kind is K.wrong_answer
    assert "TypeError" in verdict.detail


def test_one_budget_of_time_holds_for_the_whole_check(judge: Judge) -> None:
    tests = "for _ in range(40):\n    f()"
    program = "import time\ndef f():\n    end = time.process_time() + 0.2\n    while time.process_time() < end: pass"
    verdict = judge.judge(stub(tests, cpu_s=1.0), program)
    assert (verdict.kind, verdict.flags) == (K.time_limit, ("cpu",))
    assert 0.8 <= verdict.cpu_s <= 1.6  # forty calls of 0.2 s would be 8


def test_tests_that_an_answer_sends_into_a_loop_end_at_the_wall(judge: Judge) -> None:
    check = StubCheck("", "while f(): pass\n", ("f",), type(LIMITS)(cpu_s=2.0, wall_s=1.0))
    began = time.monotonic()
    verdict = judge.judge(check, "def f(): return True")
    assert verdict.kind is K.time_limit
    assert time.monotonic() - began < 20


def test_an_answer_that_makes_the_tests_compute_for_ever_ends_at_the_wall(judge: Judge) -> None:
    check = StubCheck("", "x = f()\nwhile x: pass\n", ("f",), type(LIMITS)(cpu_s=2.0, wall_s=1.0))
    assert judge.judge(check, "def f(): return 1").kind is K.time_limit
    assert judge.judge(check, "def f(): return 0").passed


def test_keyword_arguments_and_every_plain_type_cross(judge: Judge) -> None:
    tests = """
values = [None, True, 3, 2.5, 1j, "ü", b"x", [1], (1, 2), {1: [2]}, {3}, frozenset({4})]
for value in values:
    got = f(value=value)
    assert got == value and type(got) is type(value)
"""
    assert judge.judge(stub(tests), "def f(*, value): return value").passed


def test_several_functions_and_helpers_of_the_context(judge: Judge) -> None:
    check = stub("assert helper(f(1), g(2)) == 33", "f", "g", context="def helper(a, b): return a + b")
    assert judge.judge(check, "def f(x): return x\ndef g(x): return 32").passed


def test_state_is_kept_between_the_calls_of_one_check_and_not_beyond(judge: Judge) -> None:
    program = "count = 0\ndef f():\n    global count\n    count += 1\n    return count"
    check = stub("assert [f(), f(), f()] == [1, 2, 3]")
    assert [judge.judge(check, program).kind for _ in range(2)] == [K.accepted, K.accepted]


def test_tests_that_never_call_the_candidate_are_the_harness_s_failure(judge: Judge) -> None:
    verdict = judge.judge(stub("assert True"), "def f(): pass")
    assert verdict.kind is K.harness_error
    assert "never call" in verdict.detail


@pytest.mark.parametrize(
    "program, kind, word",
    [
        ("def g(): pass", K.no_code, "does not define f"),
        ("", K.no_code, "does not define f"),
        ("def f(:", K.compile_error, "SyntaxError"),
        ("import nothing_like_this", K.runtime_error, "while loading: ModuleNotFoundError"),
        ("def f(): exit(0)", K.early_exit, "exit"),
        ("import os\ndef f(): os._exit(0)", K.early_exit, "status 0"),
        ("import os\ndef f(): os._exit(3)", K.runtime_error, "status 3"),
        ("import sys\ndef f(): sys.exit(3)", K.runtime_error, "SystemExit"),
        ("def f(): return object()", K.wrong_answer, "unserialisable"),
        ("import os\ndef f(): os.write(3, b'x' * 100)", K.tampered, "no answer"),
        ("import ctypes\ndef f(): ctypes.string_at(0)", K.signalled, "SIGSEGV"),
        ("def f(): return bytearray(4 << 30)", K.memory_limit, "memory"),
        ("f = 5", K.runtime_error, "not callable"),
    ],
)
def test_ends_and_their_verdicts(judge: Judge, program: str, kind: VerdictKind, word: str) -> None:
    verdict = judge.judge(stub("assert f() == 1"), program)
    assert verdict.kind is kind, verdict
    assert word.lower() in verdict.detail.lower()


def test_large_arguments_and_answers_cross(judge: Judge) -> None:
    tests = "rows = [list(range(1000)) for _ in range(300)]\nassert f(rows) == [row[::-1] for row in rows]"
    assert judge.judge(stub(tests), "def f(rows): return [row[::-1] for row in rows]").passed


def test_a_thread_that_holds_the_interpreter_does_not_hold_up_the_judge(judge: Judge) -> None:
    program = """
import ctypes, threading, time
def f(rows):
    threading.Thread(target=lambda: (time.sleep(0.05), ctypes.PyDLL(None).sleep(1000)), daemon=True).start()
    return 1
"""
    tests = "import time\nassert f([]) == 1\ntime.sleep(0.2)\nassert f(['x' * 1000] * 3000) == 1"
    began = time.monotonic()
    verdict = judge.judge(stub(tests, cpu_s=1.0), program)
    assert verdict.kind is K.time_limit
    assert time.monotonic() - began < 15


def test_after_every_kind_of_end_the_next_sample_is_judged_as_ever(judge: Judge) -> None:
    check = stub("assert f() == 1")
    for program in ("def f(): raise SystemExit", "import os; os._exit(0)", "def f(): return 2", "x" * 100_000):
        judge.judge(check, program)
        assert judge.judge(check, "def f(): return 1").passed

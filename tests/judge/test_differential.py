"""EvalPlus checks: every input of two sets, in the order given, against the reference's answers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.judge import references
from assay.judge.checks import Oracle
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from judging import differential

K = VerdictKind
DOUBLE = "def f(x):\n    return x * 2\n"
MODES = pytest.mark.parametrize("official", [False, True], ids=["hardened", "official"])


@MODES
def test_base_and_plus_are_told_apart(judge: Judge, official: bool) -> None:
    check = differential(DOUBLE, [[1], [2]], [[3], [-4]], official=official)
    right = judge.judge(check, "def f(x): return x + x")
    assert right.passed
    assert right.parts == (("base", K.accepted), ("plus", K.accepted))
    half = judge.judge(check, "def f(x): return abs(x) * 2")
    assert half.kind is K.wrong_answer
    assert half.parts == (("base", K.accepted), ("plus", K.wrong_answer))
    assert half.detail.startswith("plus input 1")
    wrong = judge.judge(check, "def f(x): return 0")
    assert wrong.parts == (("base", K.wrong_answer), ("plus", K.wrong_answer))
    assert wrong.detail.startswith("base input 0")


def test_the_detail_names_input_answer_and_expectation(judge: Judge) -> None:
    verdict = judge.judge(differential(DOUBLE, [[1], [7]]), "def f(x): return 2")
    assert verdict.detail == "base input 1: (7,) gave 2, expected 14"


@MODES
def test_it_stops_at_the_first_mismatch(judge: Judge, official: bool) -> None:
    check = differential(DOUBLE, [[n] for n in range(40)], official=official)
    program = "import time\ndef f(x):\n    if x > 1: time.sleep(0.5)\n    return x * 2 if x != 1 else 0"
    began = time.monotonic()
    verdict = judge.judge(check, program)
    assert verdict.kind is K.wrong_answer
    assert verdict.detail.startswith("base input 1")
    assert time.monotonic() - began < 10  # forty inputs take 20


@MODES
def test_each_input_has_its_own_time(judge: Judge, official: bool) -> None:
    check = differential(DOUBLE, [[n] for n in range(5)], official=official)
    slow = "def f(x):\n    while x == 3: pass\n    return x * 2"
    began = time.monotonic()
    verdict = judge.judge(check, slow)
    assert verdict.kind is K.time_limit
    assert "input 3" in verdict.detail
    assert time.monotonic() - began < 30


@MODES
def test_a_little_slower_than_the_limit_of_one_input_in_sum_is_fine(judge: Judge, official: bool) -> None:
    check = differential(DOUBLE, [[n] for n in range(5)], official=official)
    program = """
import time
def f(x):
    end = time.process_time() + 0.2
    while time.process_time() < end: pass
    return x * 2
"""
    assert judge.judge(check, program).passed


@MODES
def test_sleeping_is_found_out(judge: Judge, official: bool) -> None:
    check = differential(DOUBLE, [[1]], official=official, task_cap_s=1.0)
    verdict = judge.judge(check, "import time\ndef f(x): time.sleep(1e6)")
    assert (verdict.kind, verdict.flags) == (K.time_limit, ("idle",))


@MODES
@pytest.mark.parametrize(
    "program, kind",
    [
        ("def g(x): return x", K.no_code),
        ("def f(x:", K.compile_error),
        ("raise ValueError('no')", K.runtime_error),
        ("def f(x): return 1 / 0", K.runtime_error),
        ("def f(x): raise SystemExit(0)", K.early_exit),
        ("import os\ndef f(x): os._exit(0)", K.early_exit),
        ("import os\nos._exit(0)", K.early_exit),
        ("import ctypes\ndef f(x): ctypes.string_at(0)", K.signalled),
        ("def f(x): return [0] * (1 << 40)", K.memory_limit),
        ("def f(x):\n    while True: print('x' * 10000)", K.output_limit),
        ("def f(x): return object()", K.wrong_answer),
        ("def f(x): return iter([])", K.wrong_answer),
        ("import os\ndef f(x): os.write(3, b'forged'); os._exit(0)", K.tampered),
    ],
)
def test_ends_and_their_verdicts(judge: Judge, program: str, kind: VerdictKind, official: bool) -> None:
    verdict = judge.judge(differential(DOUBLE, [[1], [2]], official=official), program)
    assert verdict.kind is kind, verdict


@MODES
@pytest.mark.parametrize(
    "program",
    [
        DOUBLE,
        # what one set leaves behind is not there for the other
        "seen = []\ndef f(x):\n    seen.append(x)\n    return x * 2 if len(seen) < 4 else 0",
        "def f(x, seen=[]):\n    seen.append(x)\n    return x * 2 if 4 not in seen or 1 in seen else 0",
        # one set ends badly
        "import os\ndef f(x):\n    if x == 2: os._exit(0)\n    return x * 2",
        "import os\ndef f(x):\n    if x == 4: os._exit(0)\n    return x * 2",
        "import os\ndef f(x):\n    if x == 2: os.kill(os.getpid(), 11)\n    return x * 2",
        "import ctypes\ndef f(x):\n    if x == 2: ctypes.string_at(0)\n    return x * 2",
        "def f(x):\n    while x == 2: pass\n    return x * 2",
        "def f(x):\n    while x == 4: pass\n    return x * 2",
        "def f(x):\n    held = bytearray(1 << 33) if x == 2 else 0\n    return x * 2",
        "def f(x):\n    while x == 2: print('x' * 100000)\n    return x * 2",
        # one is wrong and gets stuck, or sleeps
        "def f(x):\n    while x == 2: pass\n    return 0",
        "import time\ndef f(x):\n    time.sleep(1e6 if x == 2 else 0)\n    return x * 2 if x > 2 else 0",
        # threads and processes of the program's own, from the start
        "import threading\nt = threading.Thread(target=threading.Event().wait, daemon=True)\nt.start()\n"
        "def f(x): return x * threading.active_count()",
        "import os, time\nif os.fork() == 0:\n    time.sleep(60)\ndef f(x): return x * 2 if os.getpid() == 1 else 0",
        # the judge's own calls are spoiled, or made for it
        "import os\nos.waitpid = os.fork = os._exit = None\ndef f(x): return x * 2",
        "import os\ndef f(x):\n    os.write(5, b'8\\n' * 3)\n    return x * 2",
        "import os\ndef f(x):\n    if x == 2: os.write(3, b'forged')\n    return x * 2",
    ],
)
def test_two_sets_are_judged_as_each_by_itself(judge: Judge, program: str, official: bool) -> None:
    base, plus = [[1], [2], [3]], [[4], [5]]
    together = judge.judge(differential(DOUBLE, base, plus, official=official), program)
    alone = [judge.judge(differential(DOUBLE, each, official=official), program) for each in (base, plus)]
    if "forged" in program:  # what is said on the channel spoils the whole conversation
        assert [kind for _, kind in together.parts] == [K.tampered, K.tampered]
    elif "write(5" in program:  # among the answers to the other set, which is lost by it
        assert together.parts == (("base", K.accepted), ("plus", K.wrong_answer))
    else:
        assert together.parts == (("base", alone[0].kind), ("plus", alone[1].kind)), (together, alone)
        named = (one.detail.replace("base", name, 1) for one, name in zip(alone, ("base", "plus"), strict=True))
        assert together.detail == next(filter(None, named), "")


@MODES
@pytest.mark.parametrize("spoilt", ["os.close(3)", "os.dup2(4, 3)", "os.write(3, b'[')"])
@pytest.mark.parametrize("at", [1, 4, 12])
def test_right_answers_without_a_report_do_not_pass(judge: Judge, spoilt: str, at: int, official: bool) -> None:
    inputs = [[n] for n in range(4, 24)]  # more than are looked at before the rest is computed
    program = f"import os\ndef f(x):\n    if x == {at}: {spoilt}\n    return x * 2"
    verdict = judge.judge(differential(DOUBLE, [[2], [1]], inputs, official=official, task_cap_s=0.5), program)
    if at == 1 and "write" not in spoilt:
        assert verdict.parts[0] == ("base", K.accepted)  # that set's process has no report to make
    elif "write" in spoilt:
        assert verdict.kind is K.tampered
    else:
        assert not verdict.passed


def test_answers_written_past_the_function_are_judged_like_any_other(judge: Judge) -> None:
    program = "import os\ndef f(x):\n    os.write(4, b'2\\n4\\n')\n    os._exit(0)"
    verdict = judge.judge(differential(DOUBLE, [[1], [2]]), program)
    assert not verdict.passed
    junk = "import os\ndef f(x):\n    os.write(4, b'\\xff\\xfe{{{\\n' * 3)\n    return x"
    assert judge.judge(differential(DOUBLE, [[1], [2]]), junk).kind in (K.tampered, K.wrong_answer)


def test_an_object_that_equals_everything_passes_only_upstream_s_own_comparison(judge: Judge) -> None:
    program = "class E:\n    def __eq__(self, other): return True\ndef f(x): return E()"
    check = differential(DOUBLE, [[1]])
    assert judge.judge(replace(check, official=True), program).passed
    assert judge.judge(check, program).kind is K.wrong_answer


def test_inputs_are_fresh_whatever_a_call_does_to_them(judge: Judge) -> None:
    check = differential("def f(xs): return sum(xs)", [[[1, 2]], [[1, 2]], [[3]]])
    assert judge.judge(check, "def f(xs):\n    total = sum(xs)\n    xs.clear()\n    return total").passed


@pytest.mark.parametrize("rules, passes", [("0.2", True), ("0.3", False)])
@MODES
def test_the_release_decides_over_tolerances(judge: Judge, rules: str, passes: bool, official: bool) -> None:
    check = differential("def f(x): return [x * 0.5]", [[1]], oracle=Oracle(rules), official=official)
    assert judge.judge(check, "def f(x): return (x * 0.5 + 1e-9,)").passed is passes
    assert judge.judge(check, "def f(x): return [x * 0.5 + 1e-9]").passed


@MODES
def test_nan_equals_nothing_and_infinity_itself(judge: Judge, official: bool) -> None:
    check = differential("def f(x): return float(x)", [["nan"]], official=official)
    assert not judge.judge(check, "def f(x): return float(x)").passed
    check = differential("def f(x): return float(x)", [["inf"], ["-inf"], ["-0.0"]], official=official)
    assert judge.judge(check, "def f(x): return float(x)").passed


LARGE = "def f(n):\n    return list(range(n))\n"


@MODES
def test_large_answers_are_compared_by_digest_and_where_that_differs_by_value(judge: Judge, official: bool) -> None:
    check = differential(LARGE, [[5], [200_000]], official=official)
    assert judge.judge(check, "def f(n): return [i for i in range(n)]").passed
    assert judge.judge(check, "def f(n): return [float(i) for i in range(n)]").passed
    wrong = judge.judge(check, "def f(n): return [i if i != 150_000 else 0 for i in range(n)]")
    assert wrong.kind is K.wrong_answer
    assert wrong.detail.startswith("base input 1")
    assert judge.judge(check, "def f(n): return list(range(n)) if n < 10 else 'short'").kind is K.wrong_answer


@MODES
def test_large_floats_are_compared_with_the_tolerance(judge: Judge, official: bool) -> None:
    check = differential("def f(n): return [i / 7 for i in range(n)]", [[60_000]], official=official)
    assert judge.judge(check, "def f(n): return [i / 7 + 1e-9 for i in range(n)]").passed
    assert judge.judge(check, "def f(n): return [i / 7 + 1e-3 for i in range(n)]").kind is K.wrong_answer


def test_a_small_answer_where_a_large_one_is_expected_is_wrong(judge: Judge) -> None:
    check = differential(LARGE, [[200_000]])
    assert judge.judge(check, "def f(n): return n").kind is K.wrong_answer
    assert judge.judge(check, "def f(n): return {'h': 'x'}").kind is K.wrong_answer


def cached(cache: Path) -> list[Path]:
    return sorted((cache / "references").glob("*")) if (cache / "references").exists() else []


def test_reference_outputs_are_computed_once_and_kept(cache: Path) -> None:
    check = differential(DOUBLE, [[1], [2]], key="test/once")
    with Judge() as judge:
        assert judge.judge(check, DOUBLE).passed
    (file,) = cached(cache)
    stamp = file.stat().st_mtime_ns
    again = differential(DOUBLE, [[1], [2]], key="test/once")
    with Judge() as judge:
        assert judge.judge(again, DOUBLE).passed
        assert judge.judge(replace(again, official=True), DOUBLE).passed
    assert cached(cache) == [file]
    assert file.stat().st_mtime_ns == stamp


def test_those_who_need_the_same_outputs_at_once_wait_for_one_who_computes_them(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []

    def slowly(*_: Any) -> references.Expected:
        computed.append("once")
        time.sleep(0.3)
        return references.Expected((b"2",), (0.0,))

    monkeypatch.setattr(references, "_compute", slowly)
    check = differential(DOUBLE, [[1]])
    with ThreadPoolExecutor(3) as threads:
        found = [threads.submit(references.references, None, check) for _ in range(3)]
    assert [one.result() for one in found] == [dict.fromkeys(check.inputs, references.Expected((b"2",), (0.0,)))] * 3
    assert computed == ["once"] * len(check.inputs)
    assert [file.suffix for file in cached(cache)] == [".bin"]


def test_other_inputs_or_another_reference_have_outputs_of_their_own(cache: Path) -> None:
    with Judge() as judge:
        judge.judge(differential(DOUBLE, [[1]]), DOUBLE)
        judge.judge(differential(DOUBLE, [[2]]), DOUBLE)
        judge.judge(differential(DOUBLE + "#", [[1]]), DOUBLE)
    assert len(cached(cache)) == 3


@pytest.mark.parametrize("damage", [b"", b"junk", None], ids=["empty", "junk", "cut"])
def test_a_damaged_cache_file_is_computed_anew(cache: Path, damage: bytes | None) -> None:
    check = differential(DOUBLE, [[n] for n in range(50)])
    with Judge() as judge:
        judge.judge(check, DOUBLE)
    (file,) = cached(cache)
    file.write_bytes(file.read_bytes()[:-5] if damage is None else damage)
    with Judge() as judge:
        assert judge.judge(differential(DOUBLE, [[n] for n in range(50)]), DOUBLE).passed
        assert judge.judge(check, "def f(x): return 0").kind is K.wrong_answer


def test_a_cache_that_cannot_be_written_costs_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "file"))
    with Judge() as judge:
        assert judge.judge(differential(DOUBLE, [[1]]), DOUBLE).passed


def test_a_reference_that_fails_is_the_harness_s_failure(judge: Judge) -> None:
    verdict = judge.judge(differential("def f(x): return 1 / 0", [[1]], key="test/bad"), DOUBLE)
    assert verdict.kind is K.harness_error
    assert "test/bad" in verdict.detail
    assert judge.judge(differential(DOUBLE, [[1]]), DOUBLE).passed


@MODES
def test_expected_answers_are_not_in_the_jail_under_hardened_rules(judge: Judge, official: bool) -> None:
    program = """
import os
def f(x):
    for fd in range(3, 20):
        try:
            data = os.pread(fd, 100, 0)
        except OSError:
            continue
        if b"424242" in data:
            return 424242
    return 0
"""
    check = differential("def f(x): return 424242", [[1]], official=official)
    assert judge.judge(check, program).passed is official


def test_many_inputs_are_judged_in_one_go(judge: Judge) -> None:
    check = differential(DOUBLE, [[n] for n in range(3000)])
    judge.judge(check, DOUBLE)
    verdict = judge.judge(check, DOUBLE)
    assert verdict.passed
    assert verdict.cpu_s < 1  # one jail each would cost 6

"""Faulty programs in the jail: they loop, eat memory and kill their process, and only they are lost."""

from __future__ import annotations

import pytest

from assay.forge import jail
from assay.sandbox import Sandbox

REFERENCE = "def f(n):\n    return n + 1\n"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(jobs=1) as sandbox:
        yield sandbox


def job(*mutants: str, reference: str = REFERENCE, trace: int = -1) -> jail.Job:
    return {
        "name": "f", "reference": reference, "calls": [[1], [2], [3]], "mutants": list(mutants), "wanted": len(mutants),
        "graded": 2, "trace": trace, "locals": ["n", "m"], "first": 2,
    }  # fmt: skip


def body(*lines: str) -> str:
    return "def f(n):\n" + "".join(f"    {line}\n" for line in lines)


def test_each_mutant_is_told_from_the_reference_by_the_first_call_that_shows_it(sandbox) -> None:
    (result,) = jail.run(
        sandbox,
        [job(body("return n - 1"), body("return 2"), body("return n + 1"), body("return True if n == 1 else 3"))],
    )
    assert result["outputs"] == [2, 3, 4]
    assert result["kills"] == [[0, "returned 0"], [1, "returned 2"], None, [0, "returned True"]]


def test_endless_loops_memory_recursion_and_errors_are_named(sandbox) -> None:
    (result,) = jail.run(
        sandbox,
        [
            job(
                body("while True:", "    n += 1"),
                body("a = [n]", "for x in a:", "    a.append(x)"),
                body("a = [n]", "while True:", "    a = a + a"),
                body("return f(n)"),
                body("return n // 0"),
                body("return [][n]"),
            )
        ],
    )
    assert [how for _, how in result["kills"]] == [
        "ran out of time",
        "ran out of time or memory",
        "ran out of time or memory",
        "raised RecursionError",
        "raised ZeroDivisionError",
        "raised IndexError",
    ]


def test_a_program_that_ends_the_process_costs_only_its_own_result(sandbox) -> None:
    killer = job(reference="import os\ndef f(n):\n    os._exit(3)\n")
    results = jail.run(sandbox, [job(), job(), killer, job(), job()])
    assert [result.get("outputs") for result in results] == [[2, 3, 4], [2, 3, 4], None, [2, 3, 4], [2, 3, 4]]
    assert results[2]["died"]


def test_a_reference_that_changes_its_arguments_or_leaves_the_range_is_none(sandbox) -> None:
    changes = job(reference="def f(n):\n    n.append(1)\n    return 1\n") | {"calls": [[[1]]]}
    results = jail.run(sandbox, [changes, job(reference=body("return n << 60")), job(reference=body("return 'é'"))])
    assert results[0]["error"] == "changed its arguments"
    assert results[1]["error"] == results[2]["error"] == "a result out of range"


def test_a_trace_tells_lines_and_what_they_changed(sandbox) -> None:
    reference = body("m = 0", "while n > 0:", "    m += n", "    n -= 1", "return m")
    (result,) = jail.run(sandbox, [job(reference=reference, trace=1)])
    assert result["trace"] == [
        [1, {"m": "0"}],
        [2, {}],
        [3, {"m": "2"}],
        [4, {"n": "1"}],
        [2, {}],
        [3, {"m": "3"}],
        [4, {"n": "0"}],
        [2, {}],
        [5, {"return": "3"}],
    ]


def test_a_trace_is_capped(sandbox) -> None:
    reference = body("m = 0", "while m < 1000:", "    m += 1", "return m")
    (result,) = jail.run(sandbox, [job(reference=reference, trace=0)])
    assert len(result["trace"]) == 64

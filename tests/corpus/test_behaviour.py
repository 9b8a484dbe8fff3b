"""A solution that is written quite differently is found by what it returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the corpus extra is not installed")

from assay.corpus.behaviour import (
    _DRIVER,
    Probe,
    _calls,
    _is_plain,
    _result,
    _solved_by_an_argument,
    candidates,
    find,
    probes,
)
from assay.sandbox import Program, Sandbox
from assay.sandbox.warm import SandboxUnavailable

REWRITTEN = """
class Pages:
    def __init__(self, base):
        self.base = base

    @staticmethod
    def slug(text: str) -> str:
        out, current = [], ""
        for each in text.lower() + " ":
            if ("a" <= each <= "z") or ("0" <= each <= "9"):
                current = current + each
            else:
                if current:
                    out.append(current)
                current = ""
        joined = "-".join(out)
        return joined if joined else "page"

    def link(self, title):
        return self.base + title.lower() + "/" + title.upper()

def almost(text):
    kept = [each if each.isalnum() else " " for each in text.lower()]
    return "-".join("".join(kept).split()) or "page"

def endless(text):
    while text is not None:
        text = text + "a"
    return text
"""


def test_only_functions_that_stand_alone_are_run() -> None:
    assert [each.name for each in candidates(0, REWRITTEN)] == ["slug", "almost", "endless"]


def test_tests_are_statements_or_a_text_and_anything_else_is_passed_over() -> None:
    """Those of LiveCodeBench lie in a file until they are read."""
    from types import SimpleNamespace

    def calls(tests: object) -> list[str]:
        task = SimpleNamespace(entry_point="f", checks={"hardened": SimpleNamespace(tests=tests)})
        return list(_calls(task))  # type: ignore[arg-type]

    assert calls("assert f(1) == 2\nassert g(3)") == calls(("assert candidate(1) == 2", "assert g(3)")) == ["(1,)"]
    assert calls(object()) == calls((object(),)) == calls(()) == []


def test_a_rewritten_solution_is_found_and_a_similar_function_is_not(tmp_path: Path) -> None:
    try:
        sandbox = Sandbox(1)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with sandbox:
        known = [probe for probe in probes(sandbox, tmp_path) if probe.task.startswith("demo/00")]
        assert len(known) == 1
        for name, document in (("slug", 1), ("almost", 2), ("endless", 3)):
            only = [each for each in candidates(document, REWRITTEN) if each.name == name]
            expected = {1: "slug does what demo/00 of demo asks for"} if name == "slug" else {}
            assert find(sandbox, only, known, lambda: None) == expected


def test_a_number_is_not_its_text_and_three_is_3_0() -> None:
    """That "3" counted as 3.0 made every function that gives back what it got a solution of Mbpp/117."""
    try:
        sandbox = Sandbox(1)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    source = """
def same(texts):
    if not texts:
        texts = []
    kept = [(one, two) for one, two in texts]
    return kept

def whole(texts):
    read = lambda text: int(text) if text.isdigit() else float(text)
    return [(read(one), read(two)) for one, two in texts]
"""
    inputs = ("([('3', '4.5')],)", "([('7', '2')],)", "([('1.25', '8')],)")
    reference = Program(
        "python",
        {
            "main.py": _DRIVER.encode(),
            "candidate.py": b"def f(texts):\n    return [tuple(map(float, each)) for each in texts]\n",
            "probes.json": json.dumps([[0, inputs, []]]).encode(),
        },
        "main.py",
        ("f",),
    )
    with sandbox:
        twice = Probe("twice", 2, ("(1, 'a')", "(2, 'b')"), ("2", "4"))
        second = Probe("second", 2, ("(1, 'a')", "(2, 'b')"), ('"a"', '"b"'))
        assert _solved_by_an_argument(sandbox, [twice, second]) == {1}
        ((_, outputs),) = _result(sandbox.run(reference))
        known = [Probe("floats", 1, inputs, tuple(outputs))]
        found = [find(sandbox, [each], known, lambda: None) for each in candidates(0, source)]
    assert found == [{}, {0: "whole does what floats asks for"}]


def test_a_solution_that_anybody_would_write_is_no_evidence() -> None:
    """Mbpp/587 is `return tuple(listx)`: 12 of 40 false alarms in the standard library."""
    assert _is_plain("def f(values):\n    return tuple(values)\n", "f")
    assert _is_plain("def f(values):\n    'About it, at any length.'\n    return tuple(values)\n", "f")
    assert not _is_plain("def f(a, b):\n    while b:\n        a, b = b, a % b\n    return a\n", "f")
    assert not _is_plain("f = sorted\n", "f")
    assert not _is_plain("def f(", "f")

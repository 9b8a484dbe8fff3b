"""verifiers' own Rubric scores rollouts by these rewards. Needs verifiers with rubrics: make test-rewards."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.rewards.verifiers import CodeRubric, row_of

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".peers" / "verifiers" / "bin" / "python"


@pytest.mark.skipif(not PYTHON.exists(), reason="verifiers is not installed; make test-rewards installs it")
def test_a_rubric_of_verifiers_scores_rollouts() -> None:
    script = Path(__file__).with_name("rubric_with_verifiers.py")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([PYTHON, script], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["rubric"]
    assert [one["reward"] for one in found["alone"]] == [1.0, 0.0, 1.0, 1.0]
    assert found["alone"][0]["metrics"] == {"passes_tests": 1.0, "harness_error": 0.0}
    assert found["group"] == [1.0, 0.0, 1.0]
    failed = found["harness failed"]
    assert failed["error"] == "SandboxError" and failed["metrics"]["harness_error"] == 1.0


def test_without_verifiers_the_message_says_which_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "verifiers", None)
    with pytest.raises(AssayError, match=r"pip install 'verifiers<0\.2'"):
        CodeRubric()


def test_the_tests_of_a_rollout_are_found_wherever_they_are() -> None:
    tests = ["assert f() == 1"]
    assert row_of({"info": {"test_list": tests}}) == {"test_list": tests}
    assert row_of({"info": json.dumps({"test_list": tests})}) == {"test_list": tests}
    assert row_of({"input": {"test_list": tests, "prompt": [{}]}, "info": {}}) == {"test_list": tests}
    assert row_of({"answer": tests[0]}) == {"ground_truth": tests[0]}


@pytest.mark.parametrize(
    "row",
    [
        {"test_list": ["assert f() == 1"]},
        {"test": "assert f() == 1"},
        {"inputs": ["1"], "outputs": ["1"]},
        {"verification_info": {"inputs": ["1"], "outputs": ["1"]}},
        {"task_id": "demo/00"},
        {"task_id": "7", "benchmark": "mbpp"},
    ],
)
def test_an_answer_is_no_tests_where_there_are_some(row: dict[str, object]) -> None:
    reference = "def f():\n    assert True\n    return 1\n"
    assert row_of({"info": row, "answer": reference}) == row
    assert row_of({"info": {"task_id": "mine"}, "answer": "assert f()"}) == {
        "task_id": "mine",
        "ground_truth": "assert f()",
    }

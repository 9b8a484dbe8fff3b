"""SandboxFusion's requests, answered as its documentation says."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import replace
from typing import Any

import pytest

from assay.judge.contest import StdioCheck
from assay.judge.output_rules import OutputRule
from assay.sandbox.program import Limits
from assay.serving.fusion_submit import _limited
from serving import Server

ASSET = {"labels": {"programming_language": "python"}, "test": {"code": "pass", "asset": [1]}}
ADD = "def add(a, b):\n    return a + b\n"
EMPTY = {"status": "Success", "message": "", "compile_result": None, "executor_pod_name": None, "files": {}}


def run_code(server: Server, **body: Any) -> dict[str, Any]:
    answer = server.post("/run_code", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def submit(server: Server, **body: Any) -> dict[str, Any]:
    answer = server.post("/submit", {"id": 1, "completion": "", "config": {}, **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_first_example_of_its_documentation(server: Server) -> None:
    answer = run_code(server, code='print("Hello, world!")', language="python")
    ran = answer.pop("run_result")
    assert answer == EMPTY
    assert ran.pop("execution_time") > 0 and ran.pop("cpu_time") > 0
    assert ran == {"status": "Finished", "return_code": 0, "stdout": "Hello, world!\n", "stderr": ""}


@pytest.mark.skipif(not shutil.which("g++"), reason="g++ is not installed")
def test_compiled_programs_have_two_results(server: Server) -> None:
    code = '#include <iostream>\nint main() { std::cout << "Hello, world!" << std::endl; return 0; }'
    answer = run_code(server, code=code, language="cpp")
    assert answer["status"] == "Success"
    assert answer["compile_result"]["return_code"] == 0 and answer["run_result"]["stdout"] == "Hello, world!\n"
    answer = run_code(server, code="int main() { return x; }", language="cpp")
    assert answer["status"] == "Failed" and answer["run_result"] is None
    assert answer["compile_result"]["return_code"] == 1 and "error" in answer["compile_result"]["stderr"]


def test_a_program_that_fails_is_failed(server: Server) -> None:
    answer = run_code(server, code="import sys; print(1); sys.exit(3)", language="python")
    assert (answer["status"], answer["run_result"]["return_code"]) == ("Failed", 3)
    answer = run_code(server, code="1 / 0", language="python")
    assert answer["status"] == "Failed" and "ZeroDivisionError" in answer["run_result"]["stderr"]
    answer = run_code(server, code="import os; os.abort()", language="python")
    assert answer["status"] == "Failed" and answer["run_result"]["return_code"] < 0


@pytest.mark.parametrize("code", ["while True: pass", "import time; print('on', flush=True); time.sleep(60)"])
def test_one_that_does_not_end_is_a_time_limit(server: Server, code: str) -> None:
    answer = run_code(server, code=code, language="python", run_timeout=0.3)
    ran = answer["run_result"]
    assert answer["status"] == "Failed"
    assert (ran["status"], ran["return_code"]) == ("TimeLimitExceeded", None)
    assert ran["stdout"] == ("on\n" if "on" in code else "")


def test_memory_can_be_limited(server: Server) -> None:
    answer = run_code(server, code="x = bytearray(1 << 30)", language="python", memory_limit_MB=256)
    assert answer["status"] == "Failed" and "MemoryError" in answer["run_result"]["stderr"]
    answer = run_code(server, code="x = bytearray(1 << 30)", language="python", memory_limit_MB=256.5)
    assert "MemoryError" in answer["run_result"]["stderr"]
    for default in (None, -1, 0):
        answer = run_code(server, code="x = bytearray(1 << 30)", language="python", memory_limit_MB=default)
        assert answer["status"] == "Success"
    for wrong in (True, 10**9, "256", -2):
        answer = server.post("/run_code", {"code": "1", "language": "python", "memory_limit_MB": wrong})
        assert answer.status_code == 422 and "memory_limit_MB must be" in answer.json()["detail"]


def test_files_go_in_and_come_out(server: Server) -> None:
    files = {"./data/in.txt": base64.b64encode(b"abc").decode(), "nothing": None}
    code = "open('out.txt', 'w').write(open('data/in.txt').read()[::-1] + input())"
    answer = run_code(
        server, code=code, language="python", files=files, fetch_files=["out.txt", "missing.txt"], stdin="d"
    )
    assert answer["status"] == "Success"
    assert {name: base64.b64decode(data) for name, data in answer["files"].items()} == {"out.txt": b"cbad"}


def test_a_language_that_is_not_run_here(server: Server) -> None:
    assert run_code(server, code="1", language="jest")["status"] == "SandboxError"
    assert server.post("/run_code", {"code": "1", "language": "klingon"}).status_code == 422
    assert server.post("/run_code", {"language": "python"}).status_code == 422


# -- /submit ---------------------------------------------------------------------------------------------------------


def test_humaneval_rows(server: Server) -> None:
    row = {
        "task_id": "HumanEval/0",
        "prompt": 'def add(a, b):\n    """Add."""\n',
        "entry_point": "add",
        "canonical_solution": "    return a + b\n",
        "test": "def check(candidate):\n    assert candidate(2, 3) == 5\n",
    }
    config = {"provided_data": row}
    answer = submit(server, dataset="humaneval_python", completion="    return a + b\n", config=config)
    assert answer["accepted"] and answer["extra"]["rules"] == "hardened"
    config = {"provided_data": row, "dataset_type": "HumanEvalDataset", "extra": {"is_freeform": True}}
    answer = submit(server, dataset="mine", completion=f"```python\n{ADD.replace('+', '-')}```", config=config)
    assert not answer["accepted"] and answer["tests"][0]["exec_info"]["status"] == "Failed"
    assert answer["extra"]["verdict"] == "wrong_answer"
    answer = submit(server, dataset="mine", completion="    while True: pass\n", config=config | {"run_timeout": 0.3})
    assert answer["tests"][0]["exec_info"]["run_result"]["status"] == "TimeLimitExceeded"


def test_mbpp_rows(server: Server) -> None:
    row = {
        "id": 2,
        "content": "Add.",
        "test": json.dumps(["assert add(2, 3) == 5"]),
        "labels": '{"test_setup_code": ""}',
    }
    for completion, accepted in ((f"```python\n{ADD}```", True), ("```python\ndef add(a, b): return 4\n```", False)):
        answer = submit(server, dataset="mbpp", completion=completion, config={"provided_data": row})
        assert answer["accepted"] is accepted and answer["extracted_code"].startswith("def add")


def test_common_oj_rows(server: Server) -> None:
    cases = [{"input": {"stdin": f"{n} 1"}, "output": {"stdout": f"{n + 1}"}} for n in range(3)]
    config = {"language": "python", "provided_data": {"test": cases}}
    right = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"
    answer = submit(server, dataset="code_contests", id="x", completion=right, config=config)
    assert answer["accepted"] and answer["id"] == "x" and len(answer["tests"]) == 3
    assert answer["tests"][2]["exec_info"]["run_result"]["stdout"] == "3\n"
    assert answer["extracted_code"] == "a, b = map(int, input().split())\nprint(a + b)"
    wrong = "```python\ninput()\nprint(1)\n```"
    answer = submit(server, dataset="code_contests", completion=wrong, config=config)
    assert not answer["accepted"] and [test["passed"] for test in answer["tests"]] == [True, False]
    config["extra"] = {"run_all_cases": True}
    answer = submit(server, dataset="code_contests", completion=wrong, config=config)
    assert [test["passed"] for test in answer["tests"]] == [True, False, False]


def test_auto_eval_rows(server: Server) -> None:
    row = {
        "id": 7,
        "content": "Add.",
        "labels": {"programming_language": "python"},
        "test": {"code": "from helper import five\nassert add(2, 3) == five", "asset": {}},
    }
    row["test"]["asset"] = {"helper.py": base64.b64encode(b"five = 5").decode()}  # type: ignore[index]
    config = {"dataset_type": "AutoEvalDataset", "provided_data": row}
    answer = submit(server, dataset="mine", completion=f"Here:\n```python\n{ADD}```", config=config)
    assert answer["accepted"] and answer["full_code"].endswith(str(row["test"]["code"]))  # type: ignore[index]
    answer = submit(server, dataset="mine", completion="```python\ndef add(a, b): return 4\n```", config=config)
    assert not answer["accepted"]
    assert "AssertionError" in answer["tests"][0]["exec_info"]["run_result"]["stderr"]


def test_tasks_of_assays_own_benchmarks_need_no_data(server: Server) -> None:
    assert not submit(server, dataset="demo", id="demo/00", completion="    return title\n")["accepted"]


def test_the_limit_that_is_asked_for_counts_in_every_language() -> None:
    compiled, interpreted = Limits(cpu_s=2.0), Limits(cpu_s=5.0, memory_bytes=1)
    check = StdioCheck((), OutputRule("tokens"), limits=compiled, interpreted=interpreted)
    limited = _limited(check, 0.5)
    assert limited == replace(check, limits=Limits(cpu_s=0.5), interpreted=Limits(cpu_s=0.5, memory_bytes=1))
    assert _limited(replace(check, interpreted=None), 0.5) == replace(check, limits=Limits(cpu_s=0.5), interpreted=None)


@pytest.mark.parametrize("given", ["NaN", "Infinity", "-1e999"])
def test_an_id_that_json_has_not_becomes_null(server: Server, given: str) -> None:
    body = f'{{"id": {given}, "dataset": "demo", "completion": "", "config": {{}}}}'
    answer = server.client.post("/submit", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and "demo has no task" in answer.json()["detail"]
    row = {"test": ["assert add(2, 3) == 5"]}
    body = f'{{"id": {given}, "dataset": "mbpp", "completion": "", "config": {{"provided_data": {json.dumps(row)}}}}}'
    answer = server.client.post("/submit", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200 and answer.json()["id"] is None and b"NaN" not in answer.content


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"dataset": "nothing"}, 400, "must name a benchmark"),
        ({"dataset": "mine", "config": {"provided_data": {"a": 1}}}, 400, "dataset_type '' is not known"),
        ({"dataset": "code_contests", "config": {"provided_data": {"test": []}}}, 400, "config.language is missing"),
        ({"dataset": "mbpp", "config": {"provided_data": {"test": "x"}}}, 422, "provided_data"),
        ({"dataset": "humaneval_python", "config": {"provided_data": {"tests": "x"}}}, 422, "multipl-e:LANG"),
        ({"dataset": "mbpp", "config": []}, 422, "config must be an object"),
        ({"dataset": "mbpp", "config": {"provided_data": {"test": "[" * 200_000}}}, 422, "provided_data"),
        ({"dataset": "/etc"}, 400, "may not name"),
        ({"dataset": "mine", "config": {"dataset_type": "AutoEvalDataset", "provided_data": ASSET}}, 422, "test.asset"),
    ],
)
def test_rows_that_are_none_are_refused_in_words(server: Server, body: dict[str, Any], status: int, says: str) -> None:
    answer = server.post("/submit", {"id": 1, "completion": "", "config": {}, **body})
    assert answer.status_code == status and says in answer.json()["detail"]

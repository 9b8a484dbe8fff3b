"""POST /v1/judge and /v1/run of a real server."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving import Server

ADD = "def add(a, b):\n    return a + b\n"
TESTS = ["assert add(2, 3) == 5"]
DEEP = json.loads("[" * 500 + "]" * 500)


def test_a_batch_of_programs_gets_its_verdicts_in_order(server: Server) -> None:
    items = [
        {"program": ADD, "test_list": TESTS},
        {"completion": "```python\ndef add(a, b):\n    return a - b\n```", "test_list": TESTS},
        {"completion": "", "test_list": TESTS},
        {"program": "print(int(input()) * 2)", "inputs": ["4"], "outputs": ["8"]},
        {"completion": "    return 1\n", "task_id": "demo/00"},
    ]
    body = server.post("/v1/judge", {"items": items}).json()
    assert body["rules"] == "hardened"
    rows = body["verdicts"]
    assert [row["verdict"] for row in rows] == ["accepted", "wrong_answer", "no_code", "accepted", "wrong_answer"]
    assert [row["reward"] for row in rows] == [1.0, 0.0, 0.0, 1.0, 0.0]
    assert rows[1]["program"] == "def add(a, b):\n    return a - b\n" and "add(2, 3)" in rows[1]["detail"]


def test_official_rules_can_be_asked_for(server: Server) -> None:
    cheat = "class Yes:\n    def __eq__(self, other):\n        return True\n\ndef add(a, b):\n    return Yes()\n"
    item = {"program": cheat, "test_list": TESTS}
    for rules, passed in (("official", True), ("hardened", False)):
        (row,) = server.post("/v1/judge", {"items": [item], "rules": rules}).json()["verdicts"]
        assert row["passed"] is passed


def test_a_program_is_run_with_its_files_and_arguments(server: Server) -> None:
    code = "import sys; open('left.txt', 'w').write(open('given.txt').read() + sys.argv[1] + input()); sys.exit(3)"
    given = {"given.txt": base64.b64encode(b"a").decode()}
    answer = server.post(
        "/v1/run", {"code": code, "files": given, "argv": ["b"], "stdin": "c", "keep": ["left.txt"], "cpu_s": 5}
    ).json()
    assert (answer["status"], answer["exit_code"]) == ("exited", 3)
    assert base64.b64decode(answer["files"]["left.txt"]) == b"abc"
    assert answer["compiler"] is None


def test_programs_that_are_no_text_are_told_as_they_came(server: Server) -> None:
    item = {"program": f"# \ud800\n{ADD}", "test_list": TESTS}
    body = json.dumps({"items": [item]})
    answer = server.client.post("/v1/judge", content=body, headers={"Content-Type": "application/json"})
    (row,) = answer.json()["verdicts"]
    assert (row["verdict"], row["program"]) == ("compile_error", item["program"])


def test_memory_of_less_than_a_mebibyte_is_a_limit(server: Server) -> None:
    answer = server.post("/v1/run", {"code": "print(1)", "memory_mib": 0.5}).json()
    assert answer["status"] == "memory_limit"


def test_many_at_once_get_each_its_own_answer(server: Server) -> None:
    def ask(number: int) -> bool:
        if number % 2:
            answer = server.post("/v1/run", {"code": f"print({number})"}).json()
            return bool(answer["stdout"] == f"{number}\n")
        item = {"program": f"def f(x):\n    return x + {number}\n", "test_list": ["assert f(1) == 7"]}
        (row,) = server.post("/v1/judge", {"items": [item]}).json()["verdicts"]
        return bool(row["passed"] is (number == 6))

    with ThreadPoolExecutor(30) as threads:
        assert all(threads.map(ask, range(60)))


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/v1/judge", {}, 422, "items is missing"),
        ("/v1/judge", [], 422, "must be a JSON object"),
        ("/v1/judge", {"items": [{"program": ADD}]}, 422, r"items\[0\]: A row has no tests"),
        ("/v1/judge", {"items": [{"test_list": TESTS}]}, 422, r"items\[0\].completion is missing"),
        ("/v1/judge", {"items": [{"program": 1, "test_list": TESTS}]}, 422, "must be text, not int"),
        ("/v1/judge", {"items": [{"program": ADD, "test_list": TESTS}], "rules": "lax"}, 422, "no rules 'lax'"),
        ("/v1/run", {"code": "1", "language": "klingon"}, 422, "'klingon' is not known"),
        ("/v1/run", {"code": "1", "cpu_s": -1}, 422, "cpu_s must be above 0"),
        ("/v1/run", {"code": "1", "files": {"../x": ""}}, 422, "plain relative path"),
        ("/v1/run", {"code": "1", "files": {"x": "?"}}, 422, "'x' is not base64"),
        ("/v1/run", {"code": "1", "files": {"\ud800": ""}}, 422, "No file can have the name"),
        ("/v1/run", {"code": "1", "entry": "x" * 256}, 422, "No file can have the name"),
        ("/v1/run", {"code": "1", "memory_mib": True}, 422, "memory_mib must be above 0"),
        ("/v1/judge", {"items": [{"program": ADD, "test_cases": "[" * 200_000}]}, 422, "must be a list"),
        ("/v1/judge", {"items": [{"program": ADD, "inputs": ["\ud800"], "outputs": [""]}]}, 422, "half a surrogate"),
        ("/v1/judge", {"items": [{"program": ADD, "ground_truth": '{"\\ud800": 1}'}]}, 422, "its columns are"),
        ("/v1/judge", {"items": [{"program": ADD, "task_id": "a", "benchmark": "/etc"}]}, 422, "may not name"),
        ("/v1/judge", {"items": [{"program": ADD, "task_id": "a", "benchmark": "x" * 5000}]}, 422, "no benchmark"),
        (
            "/v1/judge",
            {"items": [{"program": ADD, "tests": [[[DEEP], 1]], "entry_point": "add"}]},
            422,
            "nested deeper",
        ),
        ("/nowhere", {}, 404, ""),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(server: Server, path: str, body: object, status: int, says: str) -> None:
    import re

    # httpx's own encoder has no way to write half a surrogate pair.
    answer = server.client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert re.search(says, answer.text)


def test_health_and_metrics(server: Server) -> None:
    assert server.client.get("/health").json()["status"] == "ok"
    server.post("/v1/run", {"code": "print(1)"})
    page = server.client.get("/metrics").text
    assert 'assay_programs_total{route="/v1/run",ended="exited"}' in page
    assert 'assay_request_seconds_bucket{route="/v1/run",le="+Inf"}' in page
    assert "\nassay_programs_inside 0\n" in page

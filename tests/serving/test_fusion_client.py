"""Published clients against a real server, each in an environment of its own. Need: make test-rewards."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from serving import ROOT, Server

PEERS = ROOT / ".peers"
HERE = Path(__file__).parent


def ask(peer: str, script: str, *arguments: str) -> dict[str, Any]:
    python = PEERS / peer / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{peer} is not installed; make test-rewards installs it")
    done = subprocess.run([python, HERE / script, *arguments], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    for part in ("compile_result", "run_result"):
        if answer[part] is not None:
            assert answer[part].pop("execution_time") >= 0
            answer[part].pop("cpu_time")  # which its documentation does not know yet
    return answer


def finished(stdout: str) -> dict[str, Any]:
    return {"status": "Finished", "return_code": 0, "stdout": stdout, "stderr": ""}


def test_sandbox_fusions_client_gets_what_its_documentation_shows(server: Server) -> None:
    cpp = "cpp" if shutil.which("g++") else "no"
    found = ask("sandbox-fusion", "fusion_client.py", server.url, cpp)
    rest = {"status": "Success", "message": "", "executor_pod_name": None, "files": {}}
    hello = finished("Hello, world!\n")
    assert without_times(found["hello"]) == {**rest, "compile_result": None, "run_result": hello}
    if cpp == "cpp":
        assert without_times(found["cpp"]) == {**rest, "compile_result": finished(""), "run_result": hello}
        assert found["cpp_broken"] == "compile failed"
    assert found["concurrent"] == [f"{n}\n" for n in range(123, 456)]
    assert found["async"] == "123\n"
    assert found["fails"] == ["Failed", "run failed"]
    assert found["spins"] == ["Failed", "run timeout"]
    answer = found["submit"]
    assert str(answer["id"]) == "11" and answer["accepted"] is True and answer["test_code"] is None
    assert answer["extracted_code"].startswith("def remove_Occ(s, char):")
    assert answer["extracted_code"].endswith('assert remove_Occ("hello", "l") == "heo"')
    assert answer["full_code"].endswith('assert remove_Occ("PHP","P") == "H"')
    (test,) = answer["tests"]
    assert test["passed"] and test["test_info"] is None
    assert without_times(test["exec_info"]) == {**rest, "compile_result": None, "run_result": finished("")}
    assert found["submit_wrong"] is False


def test_verls_reward_through_sandbox_fusion(server: Server) -> None:
    found = ask("verl", "verl_client.py", server.url)
    assert found["right"] == [1.0, ["success"] * 3]
    assert found["one of three"][0] == pytest.approx(1 / 3)
    assert found["crashes"] == [0.0, ["runtime_error"] * 3]
    assert found["function"] == [1.0, ["success"] * 2]

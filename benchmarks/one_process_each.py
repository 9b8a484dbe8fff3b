"""The usual way to judge programs in other languages: one compiler process and one run per sample, without a jail.

    python benchmarks/one_process_each.py LANGUAGE PROGRAMS.jsonl RESULTS.jsonl TSC

It does what MultiPL-E's evaluator does (its evaluation/src/eval_cpp.py, eval_java.py, eval_ts.py and
safe_subprocess.py): write the program into a temporary folder, start the compiler, start the result, look at the exit
status; 15 s of wall time each. Two at a time. PROGRAMS holds {"task_id", "program"}; TSC is the compiler's script.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

JAVATUPLES = "/usr/share/java/javatuples-1.2.jar"
LIMIT_S = 15.0


def passes(language: str, program: str, tsc: str) -> bool:
    """Whether the program compiles and ends with status 0 in time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if language == "cpp":
            source, binary = folder / "main.cpp", folder / "main"
            source.write_text(program)
            steps = [["g++", str(source), "-o", str(binary), "-std=c++17"], [str(binary)]]
        elif language == "java":
            source = folder / "Problem.java"
            source.write_text(program)
            path = f"{folder}:{JAVATUPLES}"
            steps = [
                ["javac", "-encoding", "UTF8", "-cp", JAVATUPLES, "-d", str(folder), str(source)],
                ["java", "-ea", "-cp", path, "Problem"],
            ]
        else:
            source = folder / "main.ts"
            source.write_text(program)
            steps = [
                ["node", tsc, "--target", "ES2015", "--lib", "ES2015,DOM", str(source)],
                ["node", str(folder / "main.js")],
            ]
        return all(_succeeds(step) for step in steps)


def _succeeds(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> None:
    language, programs, results, tsc = sys.argv[1:]
    rows = [json.loads(line) for line in Path(programs).read_text().splitlines()]
    with ThreadPoolExecutor(2) as pool:
        passed = list(pool.map(lambda row: passes(language, row["program"], tsc), rows))
    body = [{"task_id": row["task_id"], "passed": each} for row, each in zip(rows, passed, strict=True)]
    Path(results).write_text("".join(json.dumps(row) + "\n" for row in body))


if __name__ == "__main__":
    main()

"""What a Ray cluster adds to a program that runs or is judged: the same work on the cores of this machine, and by Ray.

Runs itself in Ray's environment below .peers/ (installed if it is not there). The programs do nothing, so what is
measured is the way there and back.

    .venv/bin/python benchmarks/ray_overhead.py [--count 400] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import peers

RAY = "2.60.0"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        print(json.dumps(measure(args.count, args.rounds), indent=1))
        return 0
    peer = peers.install("ray", RAY, ("aiohttp", "certifi", "platformdirs", "rich"))
    environment = os.environ | {"PYTHONPATH": str(peers.ROOT / "src")}
    command = [peer.bin("python"), __file__, "--inside", f"--count={args.count}", f"--rounds={args.rounds}"]
    return subprocess.run(command, env=environment).returncode


def measure(count: int, rounds: int) -> dict[str, Any]:
    from assay.judge.checks import StubCheck
    from assay.judge.pool import Item, JudgePool
    from assay.judge.ray_pool import RayPool
    from assay.sandbox.program import Program
    from assay.sandbox.ray_sandbox import RaySandbox
    from assay.sandbox.sandbox import Sandbox

    jobs = len(os.sched_getaffinity(0))
    programs = [Program("python", {"main.py": b"print(%d)" % n}, "main.py") for n in range(count)]
    checks = {"hardened": StubCheck("", "assert add(2, 3) == 5", ("add",))}
    items = [Item(n, "task", f"def add(a, b):\n    return a + b + 0 * {n}\n", checks) for n in range(count)]

    def once(work: Callable[[], Any]) -> float:
        began = time.perf_counter()
        assert sum(1 for _ in work()) == count
        return time.perf_counter() - began

    def median_ms(work: Callable[[], Any]) -> float:
        once(work)  # everything is warm then
        return round(1000 * statistics.median(once(work) for _ in range(rounds)) / count, 2)

    found: dict[str, Any] = {"jobs": jobs, "count": count, "rounds": rounds, "unit": "wall ms per program, all cores"}
    with Sandbox(jobs) as sandbox:
        found["Sandbox.map"] = median_ms(lambda: sandbox.map(programs))
    with JudgePool(jobs) as pool:
        found["JudgePool.judge"] = median_ms(lambda: pool.judge(items))
    began = time.perf_counter()
    with RaySandbox("local", jobs) as there:
        found["RaySandbox.map, start in s"] = round(time.perf_counter() - began, 1)
        found["RaySandbox.map"] = median_ms(lambda: there.map(programs))
    began = time.perf_counter()
    with RayPool("local", jobs) as judges:
        found["RayPool.judge, start in s"] = round(time.perf_counter() - began, 1)
        found["RayPool.judge"] = median_ms(lambda: judges.judge(items))
    found["load"] = os.getloadavg()[0]
    return found


if __name__ == "__main__":
    sys.exit(main())

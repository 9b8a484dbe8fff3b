"""Claim: 200 requests at once for a minute, no verdict lost or wrong, memory flat; also beside eight CPU burners.

Starts `assay sandbox serve` on loopback and asks it from 200 connections, each sending its next request when it has the
answer to the last one. Every program is new, so that nothing is answered from the cache, and its right verdict is
known. A tenth runs into its CPU limit on purpose; any other time limit is a false one.

    .venv/bin/python benchmarks/sandbox_serve.py [--seconds 60] [--clients 200] [--burners 8]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
SPIN_S = 0.3
TESTS = ["assert f(2) == {n} + 2", "assert f(-1) == {n} - 1"]


@dataclass
class Found:
    """What the answers were. lost: requests without an answer; wrong: not the known one; false_limits: among those."""

    answers: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    false_limits: int = 0
    waited_s: list[float] = field(default_factory=list)


def judged(program: str, n: int) -> dict[str, Any]:
    tests = [test.format(n=n) for test in TESTS]
    return {"items": [{"program": program, "test_list": tests, "cpu_s": SPIN_S}]}


def a_request(n: int) -> tuple[str, dict[str, Any], str]:
    """(path, body, the right answer) number n."""
    kind = n % 10
    if kind in (0, 1, 2):
        return "/v1/judge", judged(f"def f(x):\n    return x + {n}\n", n), "accepted"
    if kind == 3:
        return "/v1/judge", judged(f"def f(x):\n    return x - {n + 1}\n", n), "wrong_answer"
    if kind == 4:
        return "/v1/judge", judged(f"def f(x):\n    return x[{n}]\n", n), "runtime_error"
    if kind == 5:
        return "/v1/judge", judged(f"def f(x):\n    while True: x = {n}\n", n), "time_limit"
    if kind == 6:
        item = {"program": f"print(int(input()) + {n})", "inputs": ["1", "2"], "outputs": [str(n + 1), str(n + 2)]}
        return "/v1/judge", {"items": [item]}, "accepted"
    if kind == 7:
        return "/run_code", {"code": f"import sys; print({n}); sys.exit(3)", "language": "python"}, f"Failed {n} 3"
    return "/run_code", {"code": f"print({n})", "language": "python", "run_timeout": 5}, f"Success {n} 0"


def said(path: str, body: dict[str, Any]) -> str:
    if path == "/v1/judge":
        return str(body["verdicts"][0]["verdict"])
    ran = body["run_result"] or {}
    return f"{body['status']} {(ran.get('stdout') or '').strip()} {ran.get('return_code')}"


async def one_client(client: httpx.AsyncClient, numbers: Any, until: float, found: Found) -> None:
    while time.monotonic() < until:
        n = next(numbers)
        path, body, right = a_request(n)
        began = time.monotonic()
        try:
            answer = await client.post(path, json=body)
            got = said(path, answer.json()) if answer.status_code == 200 else f"HTTP {answer.status_code}"
        except httpx.HTTPError as error:
            found.lost.append(f"{n}: {type(error).__name__}")
            continue
        found.waited_s.append(time.monotonic() - began)
        found.answers[right.split()[0]] += 1
        if got != right:
            found.wrong.append(f"{n}: {got}, not {right}")
            limit = got == "time_limit" or (got.startswith("Failed") and got.endswith("None"))
            found.false_limits += limit and right != "time_limit"


def memory_mib(pid: int) -> tuple[float, float]:
    """(resident memory of the server, proportional memory of it and all its processes)."""
    own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    total = 0.0
    waiting = [pid]
    while waiting:
        each = waiting.pop()
        try:
            for children in Path(f"/proc/{each}/task").glob("*/children"):
                waiting += map(int, children.read_text().split())
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[0]) / 1024
    return own, total


async def watch(pid: int, until: float, rows: list[tuple[float, float, float]]) -> None:
    began = time.monotonic()
    while time.monotonic() < until:
        rows.append((time.monotonic() - began, *memory_mib(pid)))
        await asyncio.sleep(1.0)


async def ask(
    url: str, pid: int, seconds: float, clients: int
) -> tuple[Found, list[tuple[float, float, float]], float]:
    found = Found()
    rows: list[tuple[float, float, float]] = []
    numbers = iter(range(10**9))
    # One client per connection: httpx's pool looks through all its connections for every request. Nothing is encrypted,
    # so no client has to read certificates.
    pool = [httpx.AsyncClient(base_url=url, timeout=300.0, verify=False, trust_env=False) for _ in range(clients)]
    began = time.monotonic()
    until = began + seconds
    try:
        await asyncio.gather(watch(pid, until, rows), *(one_client(client, numbers, until, found) for client in pool))
    finally:
        for client in pool:
            await client.aclose()
    return found, rows, time.monotonic() - began


def measure(seconds: float, clients: int, burners: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "assay", "sandbox", "serve", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    spin = f"import time\nend = time.monotonic() + {seconds + 120}\nwhile time.monotonic() < end: pass"
    burning = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(burners)]
    try:
        assert server.stdout is not None
        url = re.findall(r"http://\S+:\d+", server.stdout.readline())[0]
        found, rows, took = asyncio.run(ask(url, server.pid, seconds, clients))
    finally:
        for each in burning:
            each.kill()
            each.wait()
        server.send_signal(signal.SIGTERM)
        status = server.wait(timeout=60)
    waited = sorted(found.waited_s) or [0.0]
    quarter = max(1, len(rows) // 4)
    own = [row[1] for row in rows]
    tree = [row[2] for row in rows]
    return {
        "clients": clients,
        "burners": burners,
        "seconds": round(took, 1),
        "answers": sum(found.answers.values()),
        "per_second": round(sum(found.answers.values()) / took, 1),
        "by_right_answer": dict(found.answers),
        "lost": len(found.lost),
        "wrong": len(found.wrong),
        "false_time_limits": found.false_limits,
        "examples": (found.lost + found.wrong)[:5],
        "waited_s": {"median": round(statistics.median(waited), 2), "p99": round(waited[len(waited) * 99 // 100], 2)},
        "server_mib": {
            "second_quarter": round(statistics.median(own[quarter : 2 * quarter] or own), 1),
            "last_quarter": round(statistics.median(own[-quarter:]), 1),
        },
        "all_processes_mib": {
            "second_quarter": round(statistics.median(tree[quarter : 2 * quarter] or tree), 1),
            "last_quarter": round(statistics.median(tree[-quarter:]), 1),
        },
        "exit_status": status,
        "load": os.getloadavg()[0],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--burners", type=int, nargs="+", default=[0, 8], help="one run for each number (default: 0 8)")
    args = parser.parse_args()
    good = True
    for burners in args.burners:
        result = measure(args.seconds, args.clients, burners)
        print(json.dumps(result, indent=1), flush=True)
        good &= not (result["lost"] or result["wrong"] or result["exit_status"])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

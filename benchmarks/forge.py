"""How fast the forge is, and what its time goes into.

    python benchmarks/forge.py [--count 50000] [--jobs N] [--parts]

Makes COUNT training tasks (depth 1-5, references, 8 + 20 tests, up to 2 bugs killed in the sandbox, a trace) and a
tenth as many for testing into a temporary folder, prints wall and CPU seconds of all processes, checks the folder for
leaks, and prints the funnel. --parts: also one process without bugs, without traces, and the gates alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from assay.forge import folder
from assay.forge.leaks import check
from assay.forge.made import Made
from assay.forge.maker import Maker
from assay.forge.options import Options
from assay.sandbox import Limits, Outcome, Program, Sandbox


class Metered(Sandbox):
    """Adds up the CPU seconds of what runs in the jail."""

    cpu_s = 0.0

    def run(self, program: Program, limits: Limits | None = None) -> Outcome:
        outcome = super().run(program, limits)
        self.cpu_s += outcome.cpu_s
        return outcome


def cpu_s() -> float:
    """Of this process and of those it has waited for."""
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        used = resource.getrusage(who)
        total += used.ru_utime + used.ru_stime
    return total


def whole(count: int, jobs: int) -> None:
    """The command as people use it."""
    with tempfile.TemporaryDirectory() as at:
        out = Path(at) / "tasks"
        before, started = cpu_s(), time.monotonic()
        folder.write(out, 1, Options(), count, count // 10, jobs)
        wall_s, used_s = time.monotonic() - started, cpu_s() - before
        tasks = count + count // 10
        print(f"{count} training and {count // 10} test tasks, {jobs} processes")
        print(f"{wall_s:.1f} s wall, {used_s:.1f} s CPU, load average {os.getloadavg()[0]:.1f}")
        print(f"{tasks / wall_s:.0f} tasks a second, {used_s / tasks * 1000:.2f} CPU-ms a task")
        size = sum(path.stat().st_size for path in out.iterdir())
        print(f"{size / 1e6:.0f} MB, {size / tasks:.0f} bytes a task")
        report = check(out)
        print(f"leak check: {'no leak' if report.clean else 'LEAKS'}")
        for row in json.loads((out / "funnel.json").read_text()):
            print(f"  {row['gate']:10} {row['total']:8}  {row['by_depth']}")


def parts(candidates: int) -> None:
    """What one process spends on what."""
    full = Options()
    for name, options in (
        ("all", full),
        ("without bugs", replace(full, bugs=0)),
        ("without traces", replace(full, traces=False)),
        ("without either", replace(full, bugs=0, traces=False)),
    ):
        sandbox = Metered(jobs=1)
        with sandbox:
            maker = Maker(1, options, sandbox)
            maker.make(range(10**6, 10**6 + 3000))  # tables are filled
            sandbox.cpu_s, began = 0.0, time.process_time()
            made: list[Made] = []
            for first in range(0, candidates, 250):
                made += maker.make(range(first, first + 250))
            own_s = time.process_time() - began
            began = time.process_time()
            for one in made:
                one.as_row()
            rows_s = time.process_time() - began
            kept = sum(one.task is not None for one in made)
            each = 1000 / kept
            print(
                f"{name:16} {kept} tasks of {candidates} candidates, CPU-ms a task: {own_s * each:.2f} outside, "
                f"{sandbox.cpu_s * each:.2f} in the jail, {rows_s * each:.2f} to JSON"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the forge.")
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--parts", action="store_true")
    args = parser.parse_args()
    if args.parts:
        parts(2000)
    whole(args.count, args.jobs)


if __name__ == "__main__":
    main()

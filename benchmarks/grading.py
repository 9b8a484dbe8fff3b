"""How long it takes to grade what a step of RL writes: 128 different programs with 8 tests each, jailed, on one core.

    .venv/bin/python benchmarks/grading.py            target: at most 0.5 s

Programs are references and bugs of 16 forge tasks, each made different by a comment, so that nothing is known already;
half are right. Once more with `--known`: how much the memory of programs and tests saves when 60 % are different.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from pathlib import Path

from assay.forge import folder as forge_folder
from assay.forge.options import Options
from assay.forge.task import ForgeTask
from assay.training.rl.grading import Grader

GROUPS, SAMPLES = 16, 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--tests", type=int, default=8)
    parser.add_argument("--known", action="store_true", help="40 %% of a group's programs are repetitions")
    args = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    tasks = some_tasks(args.tests)
    draw = random.Random(0)
    walls = []
    with Grader(jobs=1, tests=args.tests) as grader:
        for number in range(args.rounds + 1):
            asked = batch(tasks, draw, number, 0.6 if args.known else 1.0)
            begun = time.monotonic()
            grades = grader.grade(asked, number)
            walls.append(time.monotonic() - begun)
            passed = sum(grade.passed is True for grade in grades)
        judged = grader.counts.judged
    used = resource.getrusage(resource.RUSAGE_CHILDREN)  # of all rounds and of starting, once the workers are gone
    cpu_s = (used.ru_utime + used.ru_stime) / (args.rounds + 1)
    walls = walls[1:]  # the first one warms up
    print(
        f"{GROUPS * SAMPLES} samples x {args.tests} tests on one core: median {statistics.median(walls):.3f} s, best "
        f"{min(walls):.3f} s of {args.rounds} rounds; {judged / (args.rounds + 1):.0f} programs run, {passed} passed; "
        f"children's CPU about {cpu_s:.2f} s a round, their start included; load {os.getloadavg()[0]:.1f}"
    )


def some_tasks(tests: int) -> list[ForgeTask]:
    """16 tasks with bugs, of all depths."""
    with tempfile.TemporaryDirectory() as folder:
        forge_folder.write(Path(folder) / "tasks", 5, Options(tests=max(tests, 8)), 60, 1, 1)
        tasks = [task for task in forge_folder.read(Path(folder) / "tasks", "train") if task.bugs]
    return tasks[:: max(1, len(tasks) // GROUPS)][:GROUPS]


def batch(tasks: list[ForgeTask], draw: random.Random, number: int, different: float) -> list[tuple[ForgeTask, str]]:
    asked = []
    for task in tasks:
        bodies = [task.body, *(bug.body for bug in task.bugs)]
        for sample in range(SAMPLES):
            body = task.body if sample % 2 else draw.choice(bodies[1:])
            name = sample if draw.random() < different else sample % 2
            asked.append((task, f"{body}    # {number} {name}\n"))
    return asked


if __name__ == "__main__":
    main()

"""A judge without a sandbox, for tests of everything around it: the program's comments say what it would do."""

from __future__ import annotations

import os
import random
import re
import select
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from assay.evaluation.plan import Plan, make_plan
from assay.evaluation.record import run_record
from assay.evaluation.score import summarise
from assay.evaluation.store import RunFolder
from assay.judge.checks import DifferentialCheck, Inputs, Oracle, ScriptCheck, StubCheck
from assay.judge.pool import Item, Judged
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.program import Isolation
from assay.tasks.task import Benchmark, Task

LOG = "ASSAY_TEST_LOG"  # a file that gets one line per program that reaches the judge
DELAY = "ASSAY_TEST_DELAY_S"  # seconds per program


class FakePool:
    """Reads verdicts out of comments such as "# hardened: tampered" and answers out of order, as the real pool does."""

    def __init__(self, jobs: int = 2, unsafe: bool = False, hash_seed: int = 0) -> None:
        self.isolation = Isolation("none", ("fake",))
        self.closed = False
        self.seen: list[Item] = []
        self._dice = random.Random(jobs)
        self._hash_seed = hash_seed

    def __enter__(self) -> FakePool:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    def judge(self, items: Iterable[Item | None], wake: int = -1) -> Iterator[Judged]:
        waiting: list[Item] = []
        for item in items:
            if item is None:
                if waiting:
                    yield self._judge(waiting.pop())
                else:
                    select.select([wake], [], [], 1)
                continue
            waiting.append(item)
            if len(waiting) == 4:
                yield self._judge(waiting.pop(self._dice.randrange(4)))
        while waiting:
            yield self._judge(waiting.pop())

    def _judge(self, item: Item) -> Judged:
        self.seen.append(item)
        if os.environ.get(LOG):
            with Path(os.environ[LOG]).open("a") as log:
                log.write(f"{item.task_key}\n")
        time.sleep(float(os.environ.get(DELAY, "0")))
        if "# interrupt" in item.program:
            raise KeyboardInterrupt
        if "# crash" in item.program:
            raise RuntimeError("the judge broke")
        return Judged(item.key, {name: _verdict(item.program, name, self._hash_seed) for name in item.checks})


def _verdict(program: str, rule_set: str, hash_seed: int) -> Verdict:
    said: dict[str, str] = dict(re.findall(r"# (\w+): (\w+)", program))
    said["verdict"] = said.get(f"seed{hash_seed}", said.get("verdict", "accepted"))
    kind = VerdictKind(said.get(rule_set, said.get("verdict", "accepted")))
    parts = tuple((part, VerdictKind(said[part])) for part in ("base", "plus") if part in said)
    return Verdict(kind, "" if kind is VerdictKind.accepted else "assert f() == 1", 0.25, 0.5, 1000, (), parts)


def a_task(task_id: str, *, rule_sets: Sequence[str] = ("official", "hardened"), plus: bool = False) -> Task:
    """A task whose function is f, with a prompt that a completion continues."""
    checks: dict[str, Any] = {}
    for name in rule_sets:
        if plus:
            oracle = Oracle("0.2")
            checks[name] = DifferentialCheck(
                "f", "def f(): return 1", {"base": Inputs.of([[]]), "plus": Inputs.of([[]])}, oracle
            )
        elif name == "official":
            checks[name] = ScriptCheck("assert f() == 1")
        else:
            checks[name] = StubCheck("", "assert f() == 1", ("f",))
    return Task(task_id, "def f():\n", "f", "def f():\n    return 1\n", checks)


def a_benchmark(tasks: int = 5, *, plus: bool = False) -> Benchmark:
    """Tasks T/0, T/1, ..."""
    parts = ("base", "plus") if plus else ()
    return Benchmark("fake@v1", tuple(a_task(f"T/{n}", plus=plus) for n in range(tasks)), "ab" * 32, "nowhere", parts)


def a_plan(tasks: int = 5, *, plus: bool = False, **options: Any) -> Plan:
    """A plan for the reference solutions."""
    return make_plan(a_benchmark(tasks, plus=plus), "gold", **options)


def a_row(task_id: str, sample: int = 0, cpu_s: float = 0.1, **verdicts: str) -> dict[str, Any]:
    """A row as in verdicts.jsonl, for example a_row("T/0", hardened="accepted")."""
    row: dict[str, Any] = {"schema": 1, "task_id": task_id, "sample": sample}
    for name, kind in verdicts.items():
        row[name] = {"verdict": kind, "passed": kind == "accepted", "detail": "" if kind == "accepted" else "line 1"}
    return row | {"cpu_s": cpu_s, "wall_s": 0.2, "peak_bytes": 1}


def a_stored_run(folder: Path, verdicts: Sequence[str | Sequence[str]], **options: Any) -> Path:
    """A finished run folder of T/0, T/1, ...: one verdict per task, or one per sample of each task."""
    plan = a_plan(len(verdicts), **options)
    rows = [
        a_row(f"T/{task}", sample, **dict.fromkeys(plan.rule_sets, kind))
        for task, each in enumerate(verdicts)
        for sample, kind in enumerate([each] if isinstance(each, str) else each)
    ]
    keys = {(row["task_id"], row["sample"]) for row in rows}
    with RunFolder(folder, plan.identity, keys, plan.rule_sets) as run:
        run.begin(run_record(plan, {}, Isolation("none"), 1, {}))
        for row in rows:
            run.append(row)
        run.finish(summarise(run.rows(), plan).as_json())
    return folder

"""The built-in benchmark "demo": 36 small tasks written for this project, and recorded answers to judge.

`tasks.jsonl` has HumanEval's row format plus a title. `answers.jsonl` holds two answers to every task by a model that
does not exist: right ones, wrong ones, and six that cheat. Each row says what it is (`note`) and which verdict it must
get under the hardened rules (`expect`; alternatives are separated by " | ").
"""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path

from assay.judge.checks import ScriptCheck, StubCheck
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task

SOURCES = (
    Source(name="demo", file="", url="", origin="this project", tasks=36, licence="Apache-2.0", kind="complete"),
)
STOPS = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")


def load(source: Source = SOURCES[0], data_dir: Path | None = None) -> Benchmark:
    """The benchmark; reads nothing but the file in this package."""
    data = resources.files(__name__).joinpath("tasks.jsonl").read_bytes()
    return Benchmark(
        name=source.spec,
        tasks=tuple(_task(json.loads(line)) for line in data.splitlines()),
        data_sha256=hashlib.sha256(data).hexdigest(),
        source="built in",
    )


def answers_path() -> Path:
    """The file of recorded answers, as `assay eval demo --model recorded:PATH` wants it."""
    return Path(str(resources.files(__name__).joinpath("answers.jsonl")))


def _task(row: dict[str, str]) -> Task:
    entry_point = row["entry_point"]
    reference = row["prompt"] + row["canonical_solution"]
    tests = f"{row['test']}\ncheck({entry_point})\n"
    return Task(
        task_id=row["task_id"],
        prompt=row["prompt"],
        entry_point=entry_point,
        reference=reference,
        checks={
            "official": ScriptCheck(tests),
            "hardened": StubCheck(context=reference, tests=tests, stubs=(entry_point,)),
        },
        stops=STOPS,
    )

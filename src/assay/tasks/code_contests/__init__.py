"""CodeContests: whole programs for problems of Codeforces and CodeChef, judged by what they print for stored inputs.

Row, as in ByteDance's SandboxFusion: id (int), content (the statement), labels (JSON text: difficulty, name, source),
test (JSON text: a list of {"input": {"stdin"}, "output": {"stdout"}}). There are no reference solutions.
Sources: bytedance/SandboxFusion, `sandbox/tests/datasets/samples/` and `sandbox/utils/testing.py`; the problems and
tests are those of google-deepmind/code_contests.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.contest import SpecialChecker, StdioCheck, StdioTest
from assay.judge.output_rules import OutputRule
from assay.sandbox.program import Limits
from assay.tasks.code_contests.inputs import describes_a_tree
from assay.tasks.data import load_rows
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task
from assay.tasks.whole_programs import commented, question

SOURCES = (
    Source(
        name="code-contests",
        file="code_contests/code_eval_code_contests.jsonl.gz",
        url="https://raw.githubusercontent.com/bytedance/SandboxFusion/main/sandbox/tests/datasets/samples/"
        "code_eval_code_contests.jsonl",
        origin="bytedance/SandboxFusion",
        tasks=20,
        licence="CC-BY-4.0",
        kind="contest",
        sha256="e286e28fe9d118f34580a36627ddd4f9105d651ef81c22f4cca406c96f94ac8f",
        id_prefix="CodeContests/",
    ),
)
FIELDS = {"id": int, "content": str, "labels": str, "test": str}

# Upstream's limits by the clock for one test; here they are CPU seconds.
COMPILED, INTERPRETED = Limits(cpu_s=10.0), Limits(cpu_s=20.0)
OFFICIAL = OutputRule("lines")
HARDENED = OutputRule("tokens", tolerance=1e-5)
# Problems that accept several outputs, of which the tests hold one, and the program that tells right ones from wrong.
CHECKERS = {
    "1025_B": "weakened_common_divisor",
    "1090_C": "presents",
    "1157_C2": "increasing_subsequence",
    "1214_H": "tiles",
    "1256_C": "platforms",
}

# Problems whose stored inputs are in part such as the statement rules out, and what tells them: the hardened rules
# leave those out, since no program needs to stand them.
ALLOWED = {"1214_H": describes_a_tree}


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read the rows. Raises AssayError if the file is missing or damaged."""
    data = load_rows(source, data_dir, FIELDS)
    tasks = []
    for number, row in enumerate(data.rows, 1):
        try:
            tasks.append(task_from_row(row))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise AssayError(
                f"{data.path}, row {number}: labels or tests are not as upstream writes them ({error!r}). "
                f"Download it again with: assay data fetch {source.spec}"
            ) from None
    return Benchmark(source.spec, tuple(tasks), data.sha256, source.url)


def task_from_row(row: dict[str, Any]) -> Task:
    """The task of one row. Raises ValueError, KeyError, TypeError or AttributeError for one of another form."""
    problem = json.loads(row["labels"])["name"].partition(".")[0]
    tests = tuple(
        StdioTest(test["input"]["stdin"].encode(), test["output"]["stdout"].encode())
        for test in json.loads(row["test"])
    )
    if not tests:
        raise ValueError("no tests")
    statement = row["content"].strip()
    checker = _checker(CHECKERS[problem]) if problem in CHECKERS else None
    is_allowed = ALLOWED.get(problem, lambda _stdin: True)
    fair = tuple(test for test in tests if is_allowed(test.stdin))
    return Task(
        task_id=f"{SOURCES[0].id_prefix}{row['id']}",
        prompt=commented(statement, "python"),
        entry_point="",
        reference="",
        checks={
            "official": StdioCheck(tests, OFFICIAL, limits=COMPILED, interpreted=INTERPRETED),
            "hardened": StdioCheck(fair, HARDENED, checker=checker, limits=COMPILED, interpreted=INTERPRETED),
        },
        join_prompt=False,
        any_language=True,
        instruction=question(statement, "python"),
    )


def _checker(name: str) -> SpecialChecker:
    source = resources.files(__name__).joinpath("checkers", f"{name}.py").read_text()
    return SpecialChecker("python", (("checker.py", source),))

"""LiveCodeBench, code generation: problems of LeetCode, AtCoder and Codeforces with the dates of their contests.

Row of `code_generation_lite`: question_title, question_content, platform, question_id, contest_date, starter_code,
public_test_cases (JSON text), private_test_cases (see `packed`), metadata (JSON text; func_name for functions). Row of
SandboxFusion's sample: id, content (the whole question), test (see `packed`), labels. Tests are read when an answer is
judged. Sources: LiveCodeBench/LiveCodeBench, `lcb_runner/benchmarks/code_generation.py` and
`lcb_runner/evaluation/testing_util.py`; the data set livecodebench/code_generation_lite.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import CANDIDATE, Check
from assay.judge.contest import CallCheck, StdioCheck
from assay.judge.output_rules import OutputRule
from assay.sandbox.program import MIB, Limits
from assay.tasks.data import GZIP_MAGIC, find, read_bytes, unpack
from assay.tasks.livecodebench.rows import StoredCalls, StoredRow, StoredStdio, input_output
from assay.tasks.livecodebench.windows import parse_window
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task
from assay.tasks.whole_programs import commented, question

# Upstream's file number -> how many problems it added.
_ADDED = {1: 400, 2: 111, 3: 101, 4: 101, 5: 167, 6: 175}
_UPSTREAM = "https://huggingface.co/datasets/livecodebench/code_generation_lite"


def _one_file(number: int) -> Source:
    """The problems of one file; that of the first is also the first release."""
    file = f"test{number if number > 1 else ''}.jsonl"
    return Source(
        name="livecodebench",
        version=f"v{number}" if number > 1 else "release_v1",
        file=f"livecodebench/{file}.gz",
        url=f"{_UPSTREAM}/resolve/main/{file}",
        origin="livecodebench/code_generation_lite",
        tasks=_ADDED[number],
        licence="CC",
        kind="contest",
        most_bytes=2048 * MIB,
        has_windows=True,
    )


_FILES = tuple(map(_one_file, _ADDED))


def _release(number: int) -> Source:
    """All files up to one."""
    files = _FILES[:number]
    return replace(
        files[-1],
        version=f"release_v{number}",
        url=_UPSTREAM,
        tasks=sum(each.tasks for each in files),
        made_of=tuple(each.spec for each in files),
    )


_SAMPLE = "sample"
SOURCES = (
    *map(_release, (6, 5, 4, 3, 2)),
    *_FILES,
    Source(
        name="livecodebench",
        version=_SAMPLE,
        file="livecodebench/code_eval_live_code_bench_v1.jsonl.gz",
        url="https://raw.githubusercontent.com/bytedance/SandboxFusion/main/sandbox/tests/datasets/samples/"
        "code_eval_live_code_bench_v1.jsonl",
        origin="bytedance/SandboxFusion",
        tasks=3,
        licence="Apache-2.0",
        kind="contest",
        sha256="fb37b0318eb6fba1096341bae10ee663394c0e3e1e9a839bbcdc4ff856a2b06f",
    ),
)
FIELDS = (
    *("question_content", "question_id", "contest_date", "starter_code"),
    *("public_test_cases", "private_test_cases", "metadata"),
)
SAMPLE_FIELDS = ("content", "test", "labels")

# Six seconds a test, upstream's default, by the clock there; its harness speaks of 4 GB.
LIMITS = Limits(cpu_s=6.0, memory_bytes=4096 * MIB)
OFFICIAL, HARDENED = OutputRule("decimals"), OutputRule("tokens")
_COMPLETE = "Solve the following problem. Write this class, complete, in one fenced code block of Python:"
_STARTER = re.compile(r"^```python\n(class Solution:\n.*?)^```", re.MULTILINE | re.DOTALL)


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read the problems of a release, of one file of it, or of a window of dates in either.

    Raises AssayError for a file that is missing or damaged, and for a window that is none or holds no problem.
    """
    window = parse_window(source.part) if source.part else None
    digest = hashlib.sha256()
    tasks = []
    for each in [one for one in _FILES if one.spec in source.made_of] or [source]:
        for stored, row in _rows(find(each, data_dir), digest):
            try:
                if source.version == _SAMPLE:
                    tasks.append(_sample_task(stored, row))
                elif window is None or datetime.datetime.fromisoformat(row["contest_date"]).date() in window:
                    tasks.append(task_from_row(stored, row))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise AssayError(
                    f"{stored.where}: the row is not as upstream writes it ({error!r}). "
                    f"Download the file again with: assay data fetch {each.spec}"
                ) from None
    if not tasks:
        raise AssayError(f"{source.spec} holds no problem: no contest of it lies in that window.")
    return Benchmark(source.spec, tuple(tasks), digest.hexdigest(), source.url)


def _rows(path: Path, digest: Any) -> Iterator[tuple[StoredRow, dict[str, Any]]]:
    """Every row and where it lies. Files have gigabytes, so that of a plain one only a line is held at a time."""
    with path.open("rb") as file:
        packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    if packed:
        lines: Any = unpack(read_bytes(path), str(path)).splitlines(keepends=True)
        yield from _parsed(lines, path, digest, packed=True)
        return
    try:
        with path.open("rb") as file:
            yield from _parsed(file, path, digest, packed=False)
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from None


def _parsed(lines: Any, path: Path, digest: Any, packed: bool) -> Iterator[tuple[StoredRow, dict[str, Any]]]:
    offset = 0
    for number, line in enumerate(lines, 1):
        digest.update(line)
        where = f"{path}, line {number}"
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise AssayError(f"{where}: this is not JSON ({error}). Download the file again.") from None
            if not isinstance(row, dict):
                raise AssayError(f"{where}: a row must be a JSON object, this is {type(row).__name__}.")
            stored = StoredRow(where, line=line) if packed else StoredRow(where, str(path), offset, len(line))
            yield stored, row
        offset += len(line)


def task_from_row(stored: StoredRow, row: dict[str, Any]) -> Task:
    """The task of a row of `code_generation_lite`. Raises ValueError, KeyError or TypeError for one of another form."""
    for name in FIELDS:
        if not isinstance(row[name], str):
            raise TypeError(f"{name} is no text")
    function = json.loads(row["metadata"]).get("func_name")
    return _task(stored, row["question_id"], row["question_content"].strip(), row["starter_code"], function)


def _sample_task(stored: StoredRow, row: dict[str, Any]) -> Task:
    """The task of a row of SandboxFusion's sample, whose content is the whole question. Raises as `task_from_row`."""
    for name in SAMPLE_FIELDS:
        if not isinstance(row[name], str):
            raise TypeError(f"{name} is no text")
    starter = _STARTER.search(row["content"])
    function = input_output(row).get("fn_name")
    task_id = json.loads(row["labels"])["task_id"]
    return _task(stored, task_id, row["content"].strip(), starter[1] if starter else "", function, whole=True)


def _task(
    stored: StoredRow, task_id: str, statement: str, starter: str, function: str | None, whole: bool = False
) -> Task:
    """whole: the statement says itself what to write."""
    comment = commented(statement, "python")
    if function is None:
        return Task(
            task_id=task_id,
            prompt=comment,
            entry_point="",
            reference="",
            checks=_stdio_checks(stored),
            join_prompt=False,
            instruction=statement if whole else question(statement, "python"),
        )
    asked = f"{_COMPLETE}\n\n```python\n{starter.rstrip()}\n```\n\n{statement}"
    return Task(
        task_id=task_id,
        prompt=comment + starter,
        entry_point="Solution" if starter else function,
        reference="",
        checks=_call_checks(stored, f"Solution.{function}"),
        join_prompt=bool(starter),
        prefix=starter,
        instruction=statement if whole else asked,
    )


def _stdio_checks(stored: StoredRow) -> dict[str, Check]:
    def check(harness: str, rule: OutputRule) -> Check:
        files = (("main.py", _in_jail(harness)), ("preamble.py", _in_jail("preamble.py")), ("answer.py", CANDIDATE))
        return StdioCheck(StoredStdio(stored), rule, "python", files, limits=LIMITS)

    return {"official": check("official.py", OFFICIAL), "hardened": check("hardened.py", HARDENED)}


def _call_checks(stored: StoredRow, entry_point: str) -> dict[str, Check]:
    tests, preamble = StoredCalls(stored), _in_jail("preamble.py")
    return {
        "official": CallCheck(entry_point, tests, preamble, official=True, limits=LIMITS),
        "hardened": CallCheck(entry_point, tests, preamble, limits=LIMITS),
    }


def _in_jail(name: str) -> str:
    return resources.files(__name__).joinpath("jail", name).read_text()

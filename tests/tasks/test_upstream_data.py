"""Conformance: the published files themselves. Needs $ASSAY_DATA, and skips without it."""

from __future__ import annotations

import gzip
import json
import os
import warnings
from pathlib import Path

import pytest

from assay.judge.checks import DifferentialCheck, InProcessCheck, StubCheck
from assay.models.recorded import load_recorded
from assay.tasks import catalog
from assay.tasks.catalog import SOURCES
from assay.tasks.data import find, load_rows, rows_sha256, unpack
from assay.tasks.extract import extract
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark

DATA = os.environ.get("ASSAY_DATA", "")
pytestmark = pytest.mark.skipif(not DATA, reason="$ASSAY_DATA is not set: it names the folder with the benchmark files")

SAMPLES = Path(DATA).parent / "samples/qwen2.5-coder-1.5b-base/evalplus"
IN_PROCESS = {
    "mbpp": {"Mbpp/367", "Mbpp/533", "Mbpp/601", "Mbpp/927"},
    "mbpp@sanitized": {"Mbpp/737", "Mbpp/787", "Mbpp/794"},
    "mbpp@test": {"Mbpp/367"},
    "quixbugs": {
        "breadth_first_search",
        "depth_first_search",
        "detect_cycle",
        "flatten",
        "kheapsort",
        "reverse_linked_list",
        "shortest_path_length",
        "topological_ordering",
    },
}


def load(spec: str) -> Benchmark:
    return catalog.load(spec, Path(DATA))


def is_here(source: Source) -> bool:
    return any((Path(DATA) / name).is_file() for name in (source.file, source.file.removesuffix(".gz")))


each_source = pytest.mark.parametrize(
    "source", [source for source in SOURCES if source.file and is_here(source)], ids=lambda source: source.spec
)


@each_source
def test_counts_and_hashes_are_the_published_ones(source: Source) -> None:
    benchmark = load(source.spec)
    assert len(benchmark.tasks) == source.tasks
    assert benchmark.data_sha256 == source.sha256
    assert benchmark.name == source.spec


@each_source
def test_the_checksum_of_rows_is_the_published_one_where_there_is_one(source: Source) -> None:
    path = find(source, Path(DATA))
    content = unpack(path.read_bytes(), str(path))
    assert source.rows_sha256 in ("", rows_sha256(content, str(path)))


@each_source
def test_every_reference_compiles_and_has_its_entry_point(source: Source) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for task in load(source.spec).tasks:
            if task.language == "python" and task.expects == "program" and task.reference:
                names = compile(task.reference, task.task_id, "exec").co_names
                assert not task.entry_point or task.entry_point in names, task.task_id


@each_source
def test_only_these_tasks_need_the_candidates_process(source: Source) -> None:
    tasks = load(source.spec).tasks
    if source.kind == "class":
        return  # a class cannot cross the jail's wall, so all do
    found = {task.task_id for task in tasks if isinstance(task.checks.get("hardened"), InProcessCheck)}
    assert found == IN_PROCESS.get(source.spec, set())


@pytest.mark.parametrize(
    ("spec", "counts"),
    [
        ("humaneval+@v0.1.10", {"base": 1570, "plus": 122683}),
        ("humaneval+@v0.1.9", {"base": 1570, "plus": 123739}),
        ("mbpp+@v0.2.0", {"base": 1174, "plus": 39841}),
        ("mbpp+@v0.1.0", {"base": 1236, "plus": 42082}),
    ],
)
def test_evalplus_has_the_published_number_of_inputs(spec: str, counts: dict[str, int]) -> None:
    checks = [task.checks["hardened"] for task in load(spec).tasks]
    assert {
        part: sum(len(check.inputs[part]) for check in checks if isinstance(check, DifferentialCheck))
        for part in counts
    } == counts


@pytest.mark.parametrize("version", ["v0.1.0", "v0.2.0"])
def test_mbpp_inputs_fit_the_contracts_of_their_tasks(version: str) -> None:
    """Each row asserts what its arguments are, tuples among them; stored lists would fail it."""
    source = next(source for source in SOURCES if source.spec == f"mbpp+@{version}")
    fields = {"task_id": str, "contract": str}
    contracts = {row["task_id"]: row["contract"] for row in load_rows(source, Path(DATA), fields).rows}
    failing = set()
    for task in load(source.spec).tasks:
        if not contracts[task.task_id].strip():
            continue
        check = task.checks["hardened"]
        assert isinstance(check, DifferentialCheck)
        lines = task.reference.split("\n")
        at = next(i for i, line in enumerate(lines) if line.replace(" ", "").startswith(f"def{task.entry_point}("))
        program = "\n".join([*lines[: at + 1], contracts[task.task_id]])
        space: dict[str, object] = {}
        exec(program, space)
        for arguments in check.inputs["base"].rows:
            try:
                space[task.entry_point](*arguments)  # type: ignore[operator]
            except AssertionError:
                failing.add(task.task_id)
    assert failing == set()


def test_stubs_are_the_functions_that_the_asserts_call() -> None:
    by_id = {task.task_id: task.checks["hardened"] for task in load("mbpp").tasks}
    shadowing, importing = by_id["Mbpp/126"], by_id["Mbpp/596"]
    assert isinstance(shadowing, StubCheck) and shadowing.stubs == ("sum",)
    assert isinstance(importing, StubCheck) and importing.context == "import sys"


@pytest.mark.parametrize(("folder", "spec"), [("humaneval", "humaneval+@v0.1.9"), ("mbpp", "mbpp+@v0.1.0")])
def test_published_samples_become_the_programs_that_their_publishers_scored(folder: str, spec: str) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the published samples are not beside $ASSAY_DATA")
    tasks = {task.task_id: task for task in load(spec).tasks}
    samples = load_recorded(SAMPLES / folder / "generated.jsonl.gz").samples
    with gzip.open(SAMPLES / folder / "generated_eval_results.json.gz") as file:
        scored = json.load(file)["eval"]
    assert len(samples) == len(tasks) == len(scored)
    for sample in samples:
        task = tasks[sample.task_id]
        extracted = extract(task, sample.text, sample.is_solution)
        assert extracted.program == task.prompt + sample.text
        assert extracted.program == scored[sample.task_id][0]["solution"]
        assert extracted.problem == ""

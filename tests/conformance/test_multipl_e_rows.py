"""MultiPL-E's files of all 18 languages load, and each row's tests become as many tests of the harness."""

from __future__ import annotations

import pytest

from assay.judge.checks import HarnessCheck
from assay.tasks import catalog
from assay.tasks.multipl_e import SOURCES
from assay.tasks.sources import Source
from evaluated import data_folder

# What begins a test in the rows' own text.
BEGINS = {
    "bash": "[[ $(candidate",
    "cpp": "assert(candidate(",
    "csharp": "Debug.Assert(",
    "d": "candidate(",
    "go": "{ actual: candidate(",
    "java": "assert(",
    "javascript": "assert.deepEqual(",
    "julia": "@test(",
    "lua": "lu.assertEquals(",
    "perl": "if(eq_deeply(",
    "php": "if (candidate(",
    "r": "all.equal(",
    "racket": "(check-within ",
    "ruby": "assert_equal(",
    "rust": "assert_eq!(",
    "scala": "assert(",
    "swift": "\nassert(",
    "typescript": "assert.deepEqual(",
}
# Their tests are no program of their language: brackets do not close.
BROKEN = {("csharp", "mbpp_568_empty_list"): 1, ("scala", "mbpp_791_remove_nested"): 1}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.spec)
def test_a_file_loads_and_every_test_is_counted(source: Source) -> None:
    from assay.tasks.data import load_rows
    from assay.tasks.multipl_e import FIELDS

    tests = {row["name"]: row["tests"] for row in load_rows(source, data_folder(), FIELDS).rows}
    benchmark = catalog.load(source.spec, data_folder())
    assert benchmark.data_sha256 == source.sha256
    assert len(benchmark.tasks) == source.tasks
    for task in benchmark.tasks:
        check = task.checks["hardened"]
        assert isinstance(check, HarnessCheck)
        expected = BROKEN.get((task.language, task.task_id), tests[task.task_id].count(BEGINS[task.language]))
        assert check.expected_tests == expected, task.task_id
        assert task.entry_point and task.stops

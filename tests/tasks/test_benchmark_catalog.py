"""Names of benchmarks: the ones there are, and what is said about the ones there are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.tasks import catalog
from assay.tasks.sources import SOURCES, resolve


@pytest.mark.parametrize(
    ("spec", "resolved"),
    [("humaneval+", "humaneval+@v0.1.10"), ("mbpp+", "mbpp+@v0.2.0"), ("mbpp", "mbpp"), ("humaneval", "humaneval")],
)
def test_a_name_alone_means_its_newest_or_full_version(spec: str, resolved: str) -> None:
    assert resolve(spec).spec == resolved


def test_every_listed_version_resolves_to_itself() -> None:
    assert [resolve(source.spec) for source in SOURCES] == list(SOURCES)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("humanevel", "no benchmark 'humanevel'. Did you mean 'humaneval'? Known: humaneval, humaneval+, mbpp, mbpp+"),
        ("HumanEval+", "Did you mean 'humaneval+'?"),
        ("mbpp-sanitized", "Did you mean 'mbpp@sanitized'?"),
        ("", "no benchmark ''. Known:"),
        ("humaneval+@v0.1.8", "no version 'v0.1.8'. Known: 'humaneval+@v0.1.10' (the default), 'humaneval+@v0.1.9'"),
        ("humaneval@", "'humaneval' has no version ''"),
        ("mbpp@v1", "'mbpp' has no version 'v1'. Known: 'mbpp' (the default), 'mbpp@sanitized', 'mbpp@test'"),
    ],
)
def test_an_unknown_name_or_version_is_met_with_the_nearest_and_the_list(spec: str, message: str) -> None:
    with pytest.raises(AssayError, match=re.escape(message)):
        catalog.load(spec)


def test_rules_are_refused_where_they_mean_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="apply to humaneval\\+ and mbpp\\+ only"):
        catalog.load("humaneval", tmp_path, "0.2")


def test_the_list_holds_every_version_and_the_built_in_set() -> None:
    listed = {source.spec: source for source in catalog.names()}
    assert listed.keys() == {*(source.spec for source in SOURCES), "demo"}
    for source in SOURCES:
        assert source.tasks > 0 and source.licence and source.url.startswith("https://")
        assert re.fullmatch("[0-9a-f]{64}", source.sha256)
    assert listed["demo"].tasks >= 30


@pytest.mark.parametrize(
    ("spec", "raw", "expected"),
    [
        ("humaneval+@v0.1.9", 3, "HumanEval/3"),
        ("humaneval", "3", "HumanEval/3"),
        ("mbpp@sanitized", "MBPP/3", "Mbpp/3"),
        ("mbpp+", 3, "Mbpp/3"),
        ("demo", "demo/3", "demo/3"),
    ],
)
def test_task_ids_are_spelt_as_the_benchmark_does(spec: str, raw: str | int, expected: str) -> None:
    assert catalog.canonical_task_id(spec, raw) == expected

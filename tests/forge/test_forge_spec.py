"""Names of the forge's benchmarks: what they mean, and that the full name says everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.forge.spec import Spec, parse


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("forge:python", Spec("python", "write")),
        ("forge:c++:repair", Spec("cpp", "repair")),
        ("forge:tests", Spec("python", "tests")),
        ("forge", Spec("python", "write")),
        ("forge:go@seed=7,depth=2-4", Spec("go", "write", seed=7, depth=(2, 4))),
        ("forge:python:infill@3,seed=0,depth=5,count=9", Spec("python", "infill", "", 3, 0, (5, 5), 9)),
        ("forge:out/run@1", Spec("python", "write", "out/run@1")),
        ("forge:out/test.jsonl:rust:explain@depth=1-2", Spec("rust", "explain", "out/test.jsonl", depth=(1, 2))),
    ],
)
def test_a_name_says_what_is_asked(text: str, spec: Spec) -> None:
    assert parse(text) == spec


@pytest.mark.parametrize("text", ["forge:go", "forge:java:tests@seed=7,count=5", "forge:out/a:cpp:write@depth=2-2"])
def test_the_full_name_reads_back_as_the_same_benchmark(text: str) -> None:
    spec = parse(text).complete(4)
    assert parse(str(spec)) == spec


def test_what_is_left_open_gets_defaults_in_the_full_name() -> None:
    assert str(parse("forge:python").complete(4)) == "forge:python:write@4,seed=0,depth=1-4,count=100"
    assert str(parse("forge:./x").complete(4)) == "forge:./x:python:write"


def test_arguments_beside_the_name_are_added_to_it() -> None:
    spec = parse("forge:python").given(seed=7, depth="2-4", count=50, kind="repair")
    assert str(spec.complete(1)) == "forge:python:repair@1,seed=7,depth=2-4,count=50"
    with pytest.raises(AssayError, match="another seed"):
        parse("forge:python@seed=1").given(seed=2)
    with pytest.raises(AssayError, match="no seed"):
        parse("forge:./x").given(seed=2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("forge:cobol", "no language, no kind and no path"),
        ("forge:python@depth=4-2", "no depth"),
        ("forge:python@depth=0-9", "no depth"),
        ("forge:python@width=3", "means nothing"),
        ("forge:python@count=0", "no number"),
        ("forge:./x@seed=3", "means nothing"),
    ],
)
def test_a_name_that_means_nothing_is_refused_in_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=said):
        parse(text)

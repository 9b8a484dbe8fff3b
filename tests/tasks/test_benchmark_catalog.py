"""Names of benchmarks: the ones there are, and what is said about the ones there are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.tasks import catalog
from assay.tasks.catalog import SOURCES, resolve
from assay.tasks.languages import LANGUAGES, canonical_language
from assay.tasks.sources import KINDS, Source, choose, split_spec


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
        ("humanevel", "no benchmark 'humanevel'. Did you mean 'humaneval'? Known: "),
        ("HumanEval+", "Did you mean 'humaneval+'?"),
        ("mbpp-sanitized", "Did you mean 'mbpp@sanitized'?"),
        ("", "no benchmark ''. Known:"),
        ("humaneval+@v0.1.8", "no version 'v0.1.8'. Known: 'humaneval+@v0.1.10' (the default), 'humaneval+@v0.1.9'"),
        ("humaneval@", "'humaneval' has no version ''"),
        ("mbpp:js", "'mbpp' has no parts, so ':javascript' means nothing. Write 'mbpp'."),
        ("mbpp:sanitized", "'mbpp' has no parts, so ':sanitized' means nothing. Write 'mbpp@sanitized'."),
        ("mbpp@v1", "'mbpp' has no version 'v1'. Known: 'mbpp' (the default), 'mbpp@sanitized', 'mbpp@test'"),
    ],
)
def test_an_unknown_name_or_version_is_met_with_the_nearest_and_the_list(spec: str, message: str) -> None:
    with pytest.raises(AssayError, match=re.escape(message)):
        catalog.load(spec)


def test_rules_are_refused_where_they_mean_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="apply to humaneval\\+ and mbpp\\+ only"):
        catalog.load("humaneval", tmp_path, "0.2")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.spec)
def test_every_source_says_what_it_is_and_where_it_comes_from(source: Source) -> None:
    assert source.tasks > 0 and source.licence and source.origin
    assert source.kind in KINDS
    assert set(source.languages) <= set(LANGUAGES) and source.languages
    assert canonical_language(source.part) == source.part
    if source.file:
        assert source.file.endswith(".gz")
        assert source.url.startswith("https://") or source.advice
        assert re.fullmatch("([0-9a-f]{64})?", source.sha256)


def made_up(part: str, version: str = "") -> Source:
    return Source(
        name="pack", part=part, version=version, file="f.gz", url="", origin="o", tasks=1, licence="MIT", kind="debug"
    )


PARTS = (made_up("javascript"), made_up("javascript", "v1"), made_up("cpp"))


@pytest.mark.parametrize(
    ("spec", "source"),
    [("pack:js", PARTS[0]), ("pack:JavaScript", PARTS[0]), ("pack:js@v1", PARTS[1]), ("pack:c++", PARTS[2])],
)
def test_a_part_is_chosen_by_any_spelling_of_its_language(spec: str, source: Source) -> None:
    assert choose(spec, PARTS) == source


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("pack", "'pack' has several parts, of which one must be named. Known: 'pack:javascript', 'pack:cpp'."),
        ("pack:go", "'pack' has no part 'go'. Known: 'pack:javascript', 'pack:cpp'."),
        ("pack:cpp@v1", "'pack:cpp' has no version 'v1'. Known: 'pack:cpp' (the default)."),
    ],
)
def test_a_part_that_does_not_exist_is_met_with_the_list(spec: str, message: str) -> None:
    with pytest.raises(AssayError, match=re.escape(message)):
        choose(spec, PARTS)


def test_a_specification_has_three_pieces() -> None:
    assert split_spec("multipl-e:js@qwen") == ("multipl-e", "javascript", "qwen")
    assert split_spec("humaneval+@") == ("humaneval+", "", "")
    assert split_spec("cruxeval:output") == ("cruxeval", "output", None)


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

"""Published MultiPL-E samples of Qwen2.5-Coder-1.5B get the verdicts that their publisher got, but for named tasks.

The publisher's own rules are the version `@qwen`. By default a few samples of each language are judged, with
ASSAY_SLOW all of them. What differs, and why, is in docs/benchmarks/multipl-e.md.
"""

from __future__ import annotations

import functools

import pytest

from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import incomplete
from assay.tasks import catalog
from evaluated import SLOW, Evaluated, data_folder, evaluate, read_json, samples_folder

# Names of the published files.
PUBLISHED = {
    "bash": "sh",
    "cpp": "cpp",
    "csharp": "cs",
    "java": "java",
    "javascript": "js",
    "php": "php",
    "typescript": "ts",
}
# What may differ: the publisher's machine lacked bc (Bash), had an older PHP, and stopped C# programs by the clock that
# here run out of memory first, which is an exception, or the end of them, as it comes.
OTHERWISE = {
    "bash": {"HumanEval_47_median", "HumanEval_92_any_int"},
    "php": {"HumanEval_16_count_distinct_characters"},
    "csharp": {"HumanEval_70_strange_sort_list", "HumanEval_100_make_a_pile"},
}
# Right by the publisher's rules because nobody catches their exception: "Fail" is not in what that prints.
UNCAUGHT = {
    "csharp": {
        "HumanEval_12_longest",
        "HumanEval_18_how_many_times",
        "HumanEval_19_sort_numbers",
        "HumanEval_20_find_closest_elements",
        "HumanEval_67_fruit_distribution",
        "HumanEval_70_strange_sort_list",
        "HumanEval_100_make_a_pile",
        "HumanEval_116_sort_array",
        "HumanEval_148_bf",
        "HumanEval_162_string_to_md5",
    }
}
EVERY = 40  # by default one sample of so many, and those that differ


def folder() -> str:
    return str(samples_folder() / "qwen2.5-coder-1.5b-base" / "multipl-e")


@functools.cache
def published(language: str) -> dict[str, bool]:
    """Task id -> whether it passed."""
    rows = read_json(samples_folder() / f"{folder()}/humaneval-{PUBLISHED[language]}-details.json.gz")
    return {task_id: sample[1]["passed"] for task_id, (sample,) in rows.items()}


@functools.cache
def judged(language: str) -> Evaluated:
    if lacking := incomplete(LANGUAGES[language]):
        pytest.skip(f"{language} is not installed: {lacking}")
    benchmark = f"multipl-e:{language}@qwen"
    tasks = [task.task_id for task in catalog.load(benchmark, data_folder()).tasks]
    named = OTHERWISE.get(language, set()) | UNCAUGHT.get(language, set())
    some = () if SLOW else tuple(t for n, t in enumerate(tasks) if n % EVERY == 0 or t in named)
    return evaluate(benchmark, f"recorded:{folder()}/pred_{PUBLISHED[language]}_output.jsonl.gz", some)


@pytest.mark.parametrize("language", PUBLISHED)
def test_samples_get_their_published_verdicts(language: str) -> None:
    found = judged(language)
    expected = {task_id for task_id in found.rows if published(language)[task_id]}
    assert found.passed("official") ^ expected <= OTHERWISE.get(language, set())
    assert found.summary["harness_errors"] == 0


@pytest.mark.parametrize("language", PUBLISHED)
def test_honest_samples_get_the_same_from_the_harness(language: str) -> None:
    found = judged(language)
    assert found.passed("official") - found.passed("hardened") <= UNCAUGHT.get(language, set())
    assert found.passed("hardened") <= found.passed("official")
    assert not {"tampered", "forbidden", "flaky"} & set(found.summary["hardened"]["counts"])

"""The published samples of Qwen2.5-Coder-1.5B get, task by task, the verdicts that their publishers got.

The publishers ran EvalPlus 0.2.x in September 2024 (docs/divergences.md names the one task that differs, and why).
"""

from __future__ import annotations

from typing import Any

import pytest

from evaluated import (
    RULE_SETS,
    SLOW,
    SLOW_TASKS,
    Evaluated,
    evaluate,
    fast_tasks,
    read_json,
    samples_folder,
)

# Failed its extra inputs when it was published, only because its reference answers came from another process, in which
# a set of text was in another order.
SET_ORDER = {"Mbpp/579"}


def judged(benchmark: str, name: str, tasks: tuple[str, ...] = ()) -> Evaluated:
    folder = samples_folder() / "qwen2.5-coder-1.5b-base" / "evalplus" / name
    return evaluate(benchmark, f"recorded:{folder / 'generated.jsonl.gz'}", tasks)


def published(name: str) -> dict[str, Any]:
    folder = samples_folder() / "qwen2.5-coder-1.5b-base" / "evalplus" / name
    return {task_id: row for task_id, (row,) in read_json(folder / "generated_eval_results.json.gz")["eval"].items()}


def passed_base(name: str) -> set[str]:
    return {task_id for task_id, row in published(name).items() if row["base_status"] == "pass"}


def passed_all(name: str) -> set[str]:
    return {t for t, row in published(name).items() if row["base_status"] == row["plus_status"] == "pass"}


@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_humaneval_has_72_passes_and_the_same_ones(rule_set: str) -> None:
    found = judged("humaneval", "humaneval")
    assert len(found.passed(rule_set)) == 72
    assert found.passed(rule_set) == passed_base("humaneval")


@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_humaneval_plus_has_60_passes_and_the_same_ones_in_base_and_in_all(rule_set: str) -> None:
    found = judged("humaneval+@v0.1.9", "humaneval")
    assert found.passed_part(rule_set, "base") == passed_base("humaneval")
    assert len(found.passed(rule_set)) == 60
    assert found.passed(rule_set) == passed_all("humaneval")
    assert found.summary[rule_set]["base_pass@1"] == 72 / 164


@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_mbpp_plus_has_the_same_passes_but_for_the_one_that_failed_by_set_order(rule_set: str) -> None:
    chosen = set(fast_tasks("mbpp+@v0.1.0"))
    found = judged("mbpp+@v0.1.0", "mbpp", fast_tasks("mbpp+@v0.1.0"))
    assert found.rows.keys() == chosen
    assert found.passed_part(rule_set, "base") == passed_base("mbpp") & chosen
    assert found.passed(rule_set) ^ (passed_all("mbpp") & chosen) <= SET_ORDER


@pytest.mark.skipif(not SLOW, reason="takes minutes: set ASSAY_SLOW=1 to judge the slow samples too")
@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_the_slow_samples_of_mbpp_plus_have_the_published_verdicts(rule_set: str) -> None:
    slow = set(SLOW_TASKS["mbpp+@v0.1.0"])
    found = judged("mbpp+@v0.1.0", "mbpp", tuple(sorted(slow)))
    assert found.passed_part(rule_set, "base") == passed_base("mbpp") & slow
    assert found.passed(rule_set) == passed_all("mbpp") & slow


@pytest.mark.parametrize(
    ("benchmark", "name"), [("humaneval", "humaneval"), ("humaneval+@v0.1.9", "humaneval"), ("mbpp+@v0.1.0", "mbpp")]
)
def test_honest_samples_get_the_same_from_both_rule_sets(benchmark: str, name: str) -> None:
    found = judged(benchmark, name, fast_tasks(benchmark))
    assert found.passed("official") == found.passed("hardened")
    assert found.summary["harness_errors"] == 0
    for rule_set in RULE_SETS:
        assert not {"tampered", "forbidden", "flaky"} & set(found.summary[rule_set]["counts"])

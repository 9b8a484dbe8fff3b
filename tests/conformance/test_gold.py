"""Every reference solution of every benchmark is accepted under both rule sets."""

from __future__ import annotations

import pytest

from evaluated import RULE_SETS, SLOW, SLOW_TASKS, evaluate, fast_tasks

TASKS = {
    "humaneval": 164,
    "humaneval+@v0.1.10": 164,
    "mbpp": 974,
    "mbpp@sanitized": 427,
    "mbpp+@v0.2.0": 378,
}


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("benchmark", TASKS)
def test_every_reference_solution_is_accepted(benchmark: str, rule_set: str) -> None:
    chosen = fast_tasks(benchmark)
    found = evaluate(benchmark, "gold", chosen)
    assert found.failures(rule_set) == {}
    assert len(found.rows) == (len(chosen) or TASKS[benchmark])
    assert found.summary[rule_set]["pass@1"] == 1.0
    assert found.summary["harness_errors"] == 0


@pytest.mark.skipif(not SLOW, reason="takes minutes: set ASSAY_SLOW=1 to judge the slow reference solutions too")
@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_the_slow_reference_solutions_of_mbpp_plus_are_accepted(rule_set: str) -> None:
    found = evaluate("mbpp+@v0.2.0", "gold", SLOW_TASKS["mbpp+@v0.2.0"])
    assert found.failures(rule_set) == {}
    assert len(found.rows) == len(SLOW_TASKS["mbpp+@v0.2.0"])

"""HumanEvalPack in other languages: canonical solutions pass, buggy ones do not, under both rule sets.

Two tasks a language; with $ASSAY_SLOW all 164, which takes half an hour on two cores.
"""

from __future__ import annotations

import pytest

from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import incomplete
from evaluated import RULE_SETS, SLOW, Evaluated, evaluate

# A head stored with half of its function, helpers that the tests call, a library, a package, crates, a type that the
# answer brings.
CHOSEN = {
    "cpp": ("CPP/38", "CPP/137"),
    "go": ("Go/38", "Go/80"),
    "java": ("Java/38", "Java/151"),
    "javascript": ("JavaScript/38", "JavaScript/162"),
    "rust": ("Rust/50", "Rust/137"),
}
# Rust/32: Newton's method without a bound, on random polynomials; Go/95: looks at two keys of a map, in whatever order.
BY_CHANCE = {"Rust/32", "Go/95"}
# Upstream's test calls the C library's strlen, which fits its argument better than the answer's does.
PASSED_BY_MISTAKE = {("cpp", "official"): {"CPP/23"}}
# Its buggy form makes a text longer for ever: two minutes of CPU for one verdict.
LOOPING = {"CPP/137"}


def evaluated(language: str, model: str) -> Evaluated:
    if lacking := incomplete(LANGUAGES[language]):
        pytest.skip(f"no toolchain for {language}: {lacking}")
    return evaluate(f"humanevalfix:{language}", model, chosen(language, model))


def chosen(language: str, model: str) -> tuple[str, ...]:
    """The tasks that are judged; () is all."""
    return () if SLOW else tuple(task for task in CHOSEN[language] if model == "gold" or task not in LOOPING)


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("language", CHOSEN)
def test_every_canonical_solution_is_accepted(language: str, rule_set: str) -> None:
    found = evaluated(language, "gold")
    assert found.failures(rule_set).keys() <= BY_CHANCE, found.failures(rule_set)
    assert len(found.rows) == (len(chosen(language, "gold")) or 164)
    assert found.summary["harness_errors"] == 0


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("language", CHOSEN)
def test_no_buggy_solution_is_accepted(language: str, rule_set: str) -> None:
    found = evaluated(language, "buggy")
    assert found.passed(rule_set) - BY_CHANCE == (PASSED_BY_MISTAKE.get((language, rule_set), set()) if SLOW else set())
    assert len(found.rows) == (len(chosen(language, "buggy")) or 164)
    assert found.summary["harness_errors"] == 0

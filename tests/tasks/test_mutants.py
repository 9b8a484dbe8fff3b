"""Mutants: small faults in a program, in Python and in the text of any other language."""

from __future__ import annotations

import ast

import pytest

from assay.tasks.mutants import make_mutants

PYTHON = '''\
"""A module."""
import math


def mean(values):
    """The mean, or 0."""
    total = 0
    for n in range(len(values)):
        if values[n] >= 1.5 and values[n] != 7:
            total += values[n]
    print(total)
    return total / len(values) if values else 0
'''
CPP = """\
#include <vector>
#include <map>  // 1 + 1
using namespace std;
/* 2 < 3 */
int total(const vector<int> &values, int least) {
    int sum = 0;
    map<int, vector<int>> seen;
    for (int i = 0; i < (int)values.size(); i++) {
        if (values[i] >= least && values[i] != 7) {
            sum += values[i] * 2;
        }
    }
    const char *text = "3 + 4 == 7";
    return sum - 1;
}
"""
BASH = """\
#!/bin/bash
# 1 + 1
count() {
  local n=0
  for each in "$@"; do
    if [[ $each -gt 3 && $each != "5 + 5" ]]; then
      n=$((n + 1))
    fi
  done
  echo $n
}
"""


def test_every_kind_of_fault_is_put_into_python() -> None:
    changes = [mutant.change for mutant in make_mutants(PYTHON, "python", 1000)]
    for wanted in (
        "line 8: range(len(values)) became range(len(values) - 1)",
        "line 8: len(values) became one less",
        "line 7: 0 became 1",
        "line 9: GtE became Gt",
        "line 9: And became Or",
        "line 9: 1.5 became 2.5",
        "line 9: the condition was negated",
        "line 10: Add became Sub",
        "line 12: Div became Mult",
        "line 12: nothing is returned",
    ):
        assert wanted in changes
    dropped = [change for change in changes if change.endswith("was dropped")]
    assert [change for change in dropped if "print(total)" in change]
    assert not [change for change in dropped if "The mean" in change or "import" in change]


@pytest.mark.parametrize(("language", "source"), [("python", PYTHON), ("cpp", CPP), ("bash", BASH)])
def test_mutants_are_different_programs_and_always_the_same_ones(language: str, source: str) -> None:
    found = make_mutants(source, language, 1000)
    assert len(found) > 6
    assert len({mutant.text for mutant in found}) == len(found)
    assert source not in {mutant.text for mutant in found}
    assert make_mutants(source, language, 1000) == found
    some = make_mutants(source, language, 5)
    assert len(some) == 5
    assert set(some) <= set(found)


def test_mutants_of_python_are_python() -> None:
    for mutant in make_mutants(PYTHON, "python", 1000):
        ast.parse(mutant.text)


def test_strings_comments_includes_and_templates_are_left_alone() -> None:
    found = make_mutants(CPP, "cpp", 1000)
    changes = [mutant.change for mutant in found]
    for wanted in ("line 8: < became <=", "line 9: >= became >", "line 9: && became ||", "line 9: != became =="):
        assert wanted in changes
    assert "line 10: 'sum += values[i] * 2;' was dropped" in changes
    assert "line 14: - became +" in changes
    assert all('"3 + 4 == 7"' in mutant.text or "line 13" in mutant.change for mutant in found)
    for text in ("#include <vector>\n#include <map>  // 1 + 1\n", "/* 2 < 3 */", "map<int, vector<int>>"):
        assert all(text in mutant.text or "was dropped" in mutant.change for mutant in found)


def test_tests_of_the_shell_are_changed() -> None:
    changes = [mutant.change for mutant in make_mutants(BASH, "bash", 1000)]
    for wanted in ("line 6: -gt became -ge", "line 6: 3 became 4", "line 6: && became ||", "line 7: + became -"):
        assert wanted in changes
    assert not [change for change in changes if change.startswith(("line 1:", "line 2:"))]


def test_text_that_is_no_python_is_changed_as_text() -> None:
    assert make_mutants("print 1 + 1", "python", 10)


def test_a_program_without_anything_to_change_has_no_mutants() -> None:
    assert make_mutants("", "python", 10) == []
    assert make_mutants("", "cpp", 10) == []

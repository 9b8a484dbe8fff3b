"""EvalPlus rows become differential checks with the rules of their release and the types that JSON lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.judge.checks import DifferentialCheck, Inputs
from assay.tasks import catalog
from assay.tasks.evalplus import task_from_row
from assay.tasks.mbpp_types import repair

HASH = "0123456789abcdef" * 4


def row(task_id: str = "HumanEval/3", entry_point: str = "half", **changes: Any) -> dict[str, Any]:
    return {
        "task_id": task_id,
        "prompt": f"def {entry_point}(n):\n",
        "entry_point": entry_point,
        "canonical_solution": "\n    return n // 2\n",
        "base_input": [[2], [3]],
        "plus_input": [[9]],
        "atol": 0,
        **changes,
    }


def check_of(one: dict[str, Any], prefix: str, rules: str, name: str = "hardened") -> DifferentialCheck:
    check = task_from_row(one, prefix, rules, HASH).checks[name]
    assert isinstance(check, DifferentialCheck)
    return check


def test_both_rule_sets_compare_the_same_inputs_inside_and_outside_the_jail() -> None:
    official, hardened = (check_of(row(), "humaneval+", "0.3", name) for name in ("official", "hardened"))
    assert official.official and not hardened.official
    assert hardened.inputs == official.inputs == {"base": Inputs.of([[2], [3]]), "plus": Inputs.of([[9]])}
    assert hardened.reference == "def half(n):\n\n    return n // 2\n"
    assert hardened.key == "0123456789abcdef/HumanEval/3"


def test_time_limits_are_those_of_evalplus() -> None:
    check = check_of(row(), "humaneval+", "0.2")
    assert (check.min_time_s, check.time_factor, check.task_cap_s) == (1.0, 4.0, 60.0)
    assert check.limits.memory_bytes == 4 << 30


def test_the_program_is_prompt_and_completion() -> None:
    assert task_from_row(row("Mbpp/3"), "mbpp+", "0.3", HASH).join_prompt


@pytest.mark.parametrize(
    ("prefix", "entry_point", "old", "new"),
    [
        ("humaneval+", "find_zero", "find_zero", "find_zero"),
        ("humaneval+", "half", "", ""),
        ("mbpp+", "are_equivalent", "are_equivalent", "are_equivalent"),
        ("mbpp+", "sum_div", "sum_div", "sum_div"),
        ("mbpp+", "check_str", "not_none", "not_none"),
        ("mbpp+", "text_match_three", "not_none", "not_none"),
        ("mbpp+", "text_starta_endb", "not_none", "not_none"),
        ("mbpp+", "surface_Area", "", "surface_area"),
        ("mbpp+", "digit_distance_nums", "", "digit_distance"),
        ("mbpp+", "similar_elements", "", "set_equal"),
        ("mbpp+", "Diff", "", "set_equal"),
        ("humaneval+", "sum_div", "", ""),
    ],
)
def test_special_oracles_belong_to_a_benchmark_and_to_rules(prefix: str, entry_point: str, old: str, new: str) -> None:
    one = row(f"{prefix}/1", entry_point)
    assert check_of(one, prefix, "0.2").oracle.special == old
    assert check_of(one, prefix, "0.3").oracle.special == new


def _store(folder: Path, file: str, *rows: dict[str, Any]) -> None:
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in rows))


@pytest.mark.parametrize(
    ("spec", "file", "rules"),
    [
        ("humaneval+@v0.1.9", "humaneval_plus/HumanEvalPlus-v0.1.9.jsonl", "0.2"),
        ("humaneval+@v0.1.10", "humaneval_plus/HumanEvalPlus-v0.1.10.jsonl", "0.3"),
        ("humaneval+@mini", "humaneval_plus/HumanEvalPlus-Mini-v0.1.10.jsonl", "0.3"),
        ("mbpp+@v0.1.0", "mbpp_plus/MbppPlus-v0.1.0.jsonl", "0.2"),
        ("mbpp+@v0.2.0", "mbpp_plus/MbppPlus-v0.2.0.jsonl", "0.3"),
    ],
)
def test_rules_follow_the_version_unless_chosen(tmp_path: Path, spec: str, file: str, rules: str) -> None:
    _store(tmp_path, file, row("Mbpp/3" if "mbpp" in spec else "HumanEval/3"))
    for asked, expected in ((None, rules), ("0.2", "0.2"), ("0.3", "0.3")):
        benchmark = catalog.load(spec, tmp_path, asked)
        check = benchmark.tasks[0].checks["hardened"]
        assert isinstance(check, DifferentialCheck)
        assert check.oracle.rules == expected
        assert benchmark.parts == ("base", "plus")
        assert benchmark.name == spec


def test_unknown_rules_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r"no EvalPlus rules '0\.4'. Known: 0\.2, 0\.3"):
        catalog.load("mbpp+", tmp_path, "0.4")


def test_an_input_that_does_not_fit_its_task_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    _store(tmp_path, "mbpp_plus/MbppPlus-v0.2.0.jsonl", row("Mbpp/252", base_input=[["one"]]))
    with pytest.raises(AssayError, match=r"MbppPlus-v0\.2\.0\.jsonl has an input that does not fit"):
        catalog.load("mbpp+", tmp_path)


def test_an_empty_set_of_inputs_may_be_written_as_an_object() -> None:
    assert check_of(row("Mbpp/793", plus_input={}), "mbpp+", "0.3").inputs["plus"] == Inputs.of(())


def test_humaneval_inputs_keep_their_types() -> None:
    assert check_of(row("HumanEval/2", base_input=[[[1, 2]]]), "humaneval+", "0.3").inputs["base"].rows == [[[1, 2]]]


@pytest.mark.parametrize(
    ("number", "stored", "expected"),
    [
        (3, [[1], 2], [[1], 2]),
        (2, [[1, 2], [3]], [(1, 2), (3,)]),
        (63, [[[1, 2], [3, 4]]], [[(1, 2), (3, 4)]]),
        (75, [[[1, 2]], 3], [[(1, 2)], 3]),
        (106, [[1], [2]], [[1], (2,)]),
        (250, [[1, [2]], [3]], [(1, [2]), [3]]),
        (307, [[1], [2], 3], [(1,), [2], 3]),
        (259, [[[1], [2]], [[3]]], [((1,), (2,)), ((3,),)]),
        (278, [[1, [2, 3]]], [(1, (2, 3))]),
        (580, [[1, [2, [3]]]], [(1, (2, (3,)))]),
        (722, [{"a": [1, 2]}, 3], [{"a": (1, 2)}, 3]),
        (115, [[[1], []]], [[{1}, {}]]),
        (124, ["0", "1j"], [0.0, 1j]),
        (252, ["(1+2j)"], [1 + 2j]),
    ],
)
def test_mbpp_inputs_get_their_types_back(number: int, stored: list[Any], expected: list[Any]) -> None:
    assert repr(repair(number, stored)) == repr(expected)

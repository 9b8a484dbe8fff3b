"""Bad input ends before anything is judged, with a sentence that names file and line."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.evaluation.plan import Plan, make_plan
from assay.tasks.task import Benchmark
from fakes import a_benchmark, a_plan, a_task


def samples_file(folder: Path, *rows: dict[str, Any], name: str = "samples.jsonl") -> Path:
    path = folder / name
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def answers(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    return [{"task_id": f"T/{n}", "completion": "    return 1\n"} | more for n in numbers]


def plan_for(path: Path, tasks: int = 3, **options: Any) -> Plan:
    return make_plan(a_benchmark(tasks), f"recorded:{path}", **options)


def test_samples_are_judged_in_the_order_of_tasks_whatever_the_order_of_lines(tmp_path: Path) -> None:
    path = samples_file(tmp_path, *answers(2, 0, 1), {"task_id": "T/0", "completion": "    return 2\n"})
    assert [sample.key for sample in plan_for(path).samples] == [("T/0", 0), ("T/0", 1), ("T/1", 0), ("T/2", 0)]


def test_packed_and_plain_files_give_the_same_samples(tmp_path: Path) -> None:
    plain = plan_for(samples_file(tmp_path, *answers(0, 1, 2)))
    packed = plan_for(samples_file(tmp_path, *answers(0, 1, 2), name="samples.jsonl.gz"))
    assert plain.samples == packed.samples


def test_gold_is_one_reference_per_task() -> None:
    plan = a_plan(3)
    assert [(s.key, s.program("auto").program) for s in plan.samples] == [
        ((f"T/{n}", 0), "def f():\n    return 1\n") for n in range(3)
    ]


def test_buggy_is_the_stored_wrong_program_of_each_task() -> None:
    tasks = tuple(
        replace(a_task(f"T/{n}"), buggy=f"def f():\n    return {n} - 1\n", preamble="import re\n") for n in range(2)
    )
    plan = make_plan(replace(a_benchmark(2), tasks=tasks), "buggy")
    assert [(s.key, s.program("auto").program) for s in plan.samples] == [
        ((f"T/{n}", 0), f"import re\ndef f():\n    return {n} - 1\n") for n in range(2)
    ]


def test_buggy_is_refused_where_no_wrong_programs_are_stored() -> None:
    with pytest.raises(AssayError, match=r"stores no buggy programs \(task T/0\)"):
        make_plan(a_benchmark(2), "buggy")


def test_a_benchmark_without_tests_is_refused_in_one_sentence() -> None:
    tasks = tuple(replace(a_task(f"T/{n}"), checks={}) for n in range(2))
    with pytest.raises(AssayError, match=r"has no tests, so no answer to it can be judged yet\. See its prompts with"):
        make_plan(replace(a_benchmark(2), tasks=tasks), "gold")


def test_a_completion_is_joined_to_the_prompt_and_a_solution_is_not(tmp_path: Path) -> None:
    path = samples_file(tmp_path, *answers(0), {"task_id": "T/1", "solution": "f = lambda: 1\n"})
    programs = [sample.program("auto").program for sample in plan_for(path, 2).samples]
    assert programs == ["def f():\n    return 1\n", "f = lambda: 1\n"]


def test_an_unknown_task_is_named_with_line_and_nearest_id(tmp_path: Path) -> None:
    path = samples_file(tmp_path, *answers(0, 1), {"task_id": "X/2", "completion": ""})
    with pytest.raises(AssayError) as caught:
        plan_for(path)
    assert f"{path}, line 3: fake@v1 has no task 'X/2'; the nearest is 'T/2'" in str(caught.value)


def test_a_task_without_samples_is_named_unless_partial(tmp_path: Path) -> None:
    path = samples_file(tmp_path, *answers(1))
    with pytest.raises(AssayError, match=r"no sample for T/0 and 1 more of the 3 chosen tasks of fake@v1.*--partial"):
        plan_for(path)
    plan = plan_for(path, partial=True)
    assert ([sample.key for sample in plan.samples], plan.unanswered) == ([("T/1", 0)], 2)


def test_a_file_without_any_sample_of_the_chosen_tasks_is_refused_even_when_partial(tmp_path: Path) -> None:
    path = samples_file(tmp_path, *answers(1))
    with pytest.raises(AssayError, match="no sample for any"):
        plan_for(path, task_ids=["T/0"], partial=True)


def test_a_row_given_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    path = samples_file(tmp_path, *answers(0, 1, 2, 1))
    with pytest.raises(AssayError, match=r"line 4: this row of T/1 repeats line 2"):
        plan_for(path)


def test_limit_and_task_choose_and_other_samples_are_left_aside(tmp_path: Path) -> None:
    path = samples_file(tmp_path, *answers(0, 1, 2))
    assert [sample.key[0] for sample in plan_for(path, limit=2).samples] == ["T/0", "T/1"]
    assert [sample.key[0] for sample in plan_for(path, task_ids=["T/2", "T/0"]).samples] == ["T/0", "T/2"]
    assert [sample.key[0] for sample in plan_for(path, task_ids=["T/2", "T/0"], limit=1).samples] == ["T/0"]


def test_an_unknown_task_on_the_command_line_is_named() -> None:
    with pytest.raises(AssayError, match=r"--task: fake@v1 has no task 'T/33'; the nearest is 'T/3'"):
        a_plan(5, task_ids=["T/33"])


def test_a_task_id_of_a_megabyte_gets_a_short_message_quickly(tmp_path: Path) -> None:
    path = samples_file(tmp_path, {"task_id": "T" * 1_000_000, "completion": ""})
    with pytest.raises(AssayError) as caught:
        plan_for(path)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("model", ["", "golden", "gold:x", "recorded", "recorded:", "gpt-5"])
def test_an_unknown_model_is_refused_with_what_there_is(model: str) -> None:
    with pytest.raises(AssayError, match="Use gold, buggy, recorded:PATH, openai:NAME"):
        make_plan(a_benchmark(), model)


def test_a_missing_samples_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r"nowhere\.jsonl"):
        plan_for(tmp_path / "nowhere.jsonl")


def test_a_benchmark_without_the_rules_asked_for_is_refused() -> None:
    benchmark = Benchmark("mine", (a_task("T/0", rule_sets=["hardened"]),), "", "")
    with pytest.raises(AssayError, match="mine has no official rules"):
        make_plan(benchmark, "gold", judge="both")


def test_odd_answers_are_named_with_file_and_line_and_stay_in_the_plan(tmp_path: Path) -> None:
    texts = ["", "  \n", "    return '\0'\n", "    return 1\n" + "#" * 2_000_000, "    return 1\n"]
    path = samples_file(tmp_path, *({"task_id": f"T/{n}", "completion": text} for n, text in enumerate(texts)))
    plan = plan_for(path, 5)
    assert len(plan.samples) == 5
    assert [warning.partition(":")[0] for warning in plan.warnings] == [f"{path}, line {n}" for n in (1, 2, 3, 4)]
    for warning, word in zip(plan.warnings, ["empty", "empty", "NUL bytes", "1.9 MiB"], strict=True):
        assert word in warning
        assert "correct or remove that line" in warning


def test_identity_tells_samples_apart_by_content_and_not_by_path(tmp_path: Path) -> None:
    first = plan_for(samples_file(tmp_path, *answers(0, 1, 2), name="a.jsonl"))
    moved = plan_for(samples_file(tmp_path, *answers(0, 1, 2), name="b.jsonl"))
    changed = plan_for(samples_file(tmp_path, *answers(0, 1), *answers(2, extra=1), name="a.jsonl"))
    assert first.identity == moved.identity
    assert first.identity != changed.identity


def test_identity_holds_the_evalplus_rules_that_apply() -> None:
    assert a_plan(plus=True).identity["rules"] == "0.2"
    assert a_plan().identity["rules"] is None

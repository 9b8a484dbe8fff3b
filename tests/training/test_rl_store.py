"""What is kept of every program, and what is made of it."""

from __future__ import annotations

import json

import pytest

from assay.errors import AssayError
from assay.forge.task import Case, ForgeTask
from assay.training.rl.harvest import failure_of, faulty_line, harvest_tasks, write_harvest
from assay.training.rl.pairs import edit_distance, nearest_pairs, preference_pairs, words
from assay.training.rl.store import Attempt, Store
from rl_tasks import task

PASSED = Attempt("forge/0/3", "    y = x\n    return y + 3\n", "accepted", step=1)
NEAR = Attempt(
    "forge/0/3",
    "    y = x\n    return y + 4\n",
    "wrong_answer",
    "test 1 of 8: expected 3, got 4 (arguments (0,))",
    Case((0,), 3),
    step=2,
)
FAR = Attempt("forge/0/3", "    return [1, 2]\n", "wrong_answer", "", Case((1,), 4), step=3)


def test_a_program_is_kept_once_and_counted(tmp_path):
    store = Store(tmp_path / "attempts.jsonl")
    store.add([PASSED, NEAR, PASSED])
    again = Store(tmp_path / "attempts.jsonl")
    assert len(again) == 2
    assert [(each.passed, each.times) for each in again] == [(True, 2), (False, 1)]
    assert next(each for each in again if not each.passed) == NEAR


def test_what_failed_once_has_failed():
    store = Store(None)
    later = Attempt(PASSED.task_id, PASSED.body, "wrong_answer", "test 2", Case((9,), 12), step=5)
    store.add([PASSED, later, PASSED])
    (kept,) = store
    assert not kept.passed and kept.failing == later.failing and kept.step == 1 and kept.times == 3


def test_what_could_not_be_judged_is_not_kept(tmp_path):
    store = Store(tmp_path / "attempts.jsonl")
    store.add([Attempt("forge/0/3", "    return 3\n", "harness_error")])
    assert len(store) == 0 and not (tmp_path / "attempts.jsonl").exists()


def test_a_run_that_continues_forgets_what_came_after_its_checkpoint(tmp_path):
    path = tmp_path / "attempts.jsonl"
    store = Store(path)
    store.add([PASSED, NEAR])
    kept = path.read_bytes()
    store.add([FAR])
    with path.open("a") as file:
        file.write('{"schema":1,"step":1,"task')  # cut short by a kill
    store.rewind(2)
    assert len(store) == 2 and path.read_bytes() == kept


@pytest.mark.parametrize("torn", [b'{"schema":1,"step":1,"task', b'{"schema":1,"step":1}'])
def test_a_last_line_that_a_kill_cut_short_is_no_reason_to_fail(tmp_path, torn):
    path = tmp_path / "attempts.jsonl"
    Store(path).add([PASSED, NEAR])
    kept = path.read_bytes()
    path.write_bytes(kept + torn)
    store = Store(path)
    assert list(store) == [PASSED, NEAR]
    store.rewind(2)
    assert path.read_bytes() == kept


def test_a_file_that_is_no_store_is_named(tmp_path):
    (tmp_path / "attempts.jsonl").write_text('{"schema":1}\n')
    with pytest.raises(AssayError, match=r"Line 1 of .*attempts\.jsonl"):
        Store(tmp_path / "attempts.jsonl")


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("", "", 0),
        ("a b c", "a b c", 0),
        ("a b c", "a c", 1),
        ("a b c", "a d c", 1),
        ("a b", "", 2),
        ("a b c", "c a b", 2),
    ],
)
def test_edit_distance(one, other, distance):
    assert edit_distance(one.split(), other.split()) == distance
    assert edit_distance(other.split(), one.split()) == distance


def test_words_know_indentation():
    assert words("    if x:\n        y += 12") == ["if", "x", ":", "\n        ", "y", "+", "=", "12"]


def test_a_failure_is_paired_with_the_nearest_program_that_passed():
    other = Attempt("forge/0/3", "    return [3][0] + x\n", "accepted", step=1)
    pairs = nearest_pairs([PASSED, other, FAR, NEAR])
    assert pairs[0][:2] == (PASSED, NEAR)
    assert pairs[0][2] == 1
    assert nearest_pairs([NEAR, FAR]) == [] and nearest_pairs([PASSED]) == []
    (best,) = preference_pairs({"forge/0/3": [PASSED, other, FAR, NEAR]}, [task(3), task(4)], per_task=1)
    assert best.prompt == task(3).prompt and best.chosen == PASSED.body and best.rejected == NEAR.body


def test_harvested_bugs_fail_a_test_of_their_task_and_know_their_line():
    (made,) = harvest_tasks({"forge/0/3": [PASSED, NEAR, FAR]}, [task(3)])
    assert made.body == PASSED.body and made.audit == ()
    near, far = made.bugs
    assert (near.line, near.failure, near.kind) == (2, "returned 4", "written")
    assert made.tests[near.killed_by] == Case((0,), 3)
    assert far.line == 0
    assert ForgeTask.from_json(json.loads(json.dumps(made.as_json()))) == made


def test_a_line_is_the_fault_only_if_it_alone_must_change():
    right = "    a = 1\n    b = 2\n    return a\n"
    assert faulty_line(right, "    a = 1\n    b = 3\n    return a\n") == 2
    assert faulty_line(right, "    a = 2\n    b = 3\n    return a\n") == 0
    assert faulty_line(right, "    a = 1\n    return a\n") == 0
    assert faulty_line(right, right) == 0


@pytest.mark.parametrize(
    ("verdict", "detail", "said"),
    [
        ("wrong_answer", "test 1 of 8: expected 3, got [4, 5] (arguments (0,))", "returned [4, 5]"),
        ("wrong_answer", "test 1 of 8: unserialisable answer: a value", "returned a wrong value"),
        ("time_limit", "test 1 of 8: used up its CPU seconds (arguments (0,))", "ran out of time"),
        ("memory_limit", "test 1 of 8: ran out of memory (arguments (0,))", "ran out of memory"),
        ("runtime_error", "test 2 of 8: IndexError: list index out of range (line 3) (arguments ([],))",
         "raised IndexError: list index out of range"),
        ("compile_error", "test 1 of 8: SyntaxError: invalid syntax (line 4) (arguments (0,))",
         "raised SyntaxError: invalid syntax"),
    ],
)  # fmt: skip
def test_how_it_failed_is_said_in_a_few_words(verdict, detail, said):
    assert failure_of(Attempt("t", "b", verdict, detail)) == said


def test_the_harvest_is_written_as_tasks_and_pairs(tmp_path):
    store = Store(None)
    store.add([PASSED, NEAR, FAR])
    got = write_harvest(tmp_path / "harvest", store.by_task(), [task(3)])
    assert (got.tasks, got.bugs, got.located, got.pairs) == (1, 2, 1, 2)
    rows = [json.loads(line) for line in (tmp_path / "harvest/pairs.jsonl").read_text().splitlines()]
    assert {"prompt", "chosen", "rejected"} <= rows[0].keys()
    assert ForgeTask.from_json(json.loads((tmp_path / "harvest/tasks.jsonl").read_text().splitlines()[0]))

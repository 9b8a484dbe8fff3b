"""Grades of programs, by the real judge in the real jail."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assay.judge.pool import Judged
from assay.judge.verdict import Verdict, VerdictKind
from assay.training.rl import grading
from assay.training.rl.grading import Grader
from assay.training.rl.store import program_hash
from assay.training.rl.written import Written
from rl_tasks import task

RIGHT = "    return x + 3\n"


@pytest.fixture(scope="module")
def grader():
    with Grader(jobs=1, seed=1) as made:
        yield made


def test_all_tests_passed_is_one_and_any_failed_is_zero(grader):
    adding = task(3)
    bodies = [RIGHT, "    return x + 4\n", "    return x +\n", "    while True: pass\n", "    raise ValueError(x)\n"]
    grades = grader.grade([(adding, body) for body in bodies], 0)
    assert [grade.reward for grade in grades] == [1.0, 0.0, 0.0, 0.0, 0.0]
    kinds = ["accepted", "wrong_answer", "compile_error", "time_limit", "runtime_error"]
    assert [grade.verdict for grade in grades] == kinds
    first = adding.tests[grader.numbers(adding, 0)[0]]
    assert grades[1].failing == grades[3].failing == grades[4].failing == first
    assert grades[0].failing is grades[2].failing is None


def test_an_answer_of_another_type_is_wrong(grader):
    one = task(0, tests=2)  # expects -2 and -1
    grades = grader.grade([(one, "    return float(x)\n"), (one, "    return [x]\n")], 0)
    assert [grade.passed for grade in grades] == [True, False]


def test_the_tests_vary_between_rounds_and_not_within_a_group(grader):
    adding = task(3, tests=20)
    rounds = [grader.numbers(adding, number) for number in range(10)]
    assert len(set(rounds)) == 10 and all(len(set(numbers)) == 8 for numbers in rounds)
    assert grader.numbers(adding, 4) == rounds[4]


def test_a_program_that_knows_the_inputs_of_one_round_fails_a_later_one(grader):
    adding = task(3, tests=20)
    known = [adding.tests[number].arguments[0] for number in grader.numbers(adding, 0)]
    body = f"    return x + 3 if x in {known} else 0\n"
    assert grader.grade([(adding, body)], 0)[0].passed
    assert any(not grader.grade([(adding, body)], number)[0].passed for number in range(1, 4))


def test_what_passes_the_tests_and_is_wrong_fails_the_audit(grader):
    adding = task(3)
    body = "    return x + 3 if x < 20 else 0\n"
    assert grader.grade([(adding, body)], 0)[0].passed
    assert [grade.passed for grade in grader.audit([(adding, body), (adding, RIGHT)])] == [False, True]


def test_a_program_is_run_once_for_the_same_tests(grader):
    adding = task(5)
    asked = [(adding, "    return x + 5 \n")] * 6 + [(adding, "    return x + 6 \n")] * 6
    before = grader.counts.judged
    first = grader.grade(asked, 7)
    assert grader.counts.judged - before == 2
    assert grader.grade(asked, 7) == first
    assert grader.counts.judged - before == 2


def test_one_known_failure_is_enough_for_every_round_that_has_this_test(grader):
    adding = task(8, tests=8)  # every round uses all of them, in another order
    wrong = (adding, "    return x + 9  # wrong\n")
    assert not grader.grade([wrong], 0)[0].passed
    before = grader.counts.judged
    for number in range(1, 30):
        assert not grader.grade([wrong], number)[0].passed
    assert grader.counts.judged - before <= 8


def test_what_the_tests_expect_never_enters_the_programs_process(grader):
    adding = task(987654321, tests=4)
    spying = """    import gc
    wanted = x + int("987654" + "321")
    for found in gc.get_objects():
        if isinstance(found, (list, tuple)) and wanted in found:
            return wanted
    return 0
"""
    assert not grader.grade([(adding, spying)], 0)[0].passed


def test_a_failure_of_the_machine_is_no_reward_and_is_not_remembered(grader, monkeypatch):
    class Broken:
        def judge(self, items, wake=-1):
            for item in items:
                yield Judged(item.key, {"tests": Verdict(VerdictKind.harness_error, "the judging process ended")})

    asked = [(task(11), "    return x + 11  # once\n")]
    with monkeypatch.context() as patch:
        patch.setattr(grader, "_pool", Broken())
        grade = grader.grade(asked, 0)[0]
    assert grade.reward is None and grade.passed is None
    assert grader.grade(asked, 0)[0].reward == 1.0
    assert grader.counts.harness >= 1


def test_answers_are_graded_while_others_are_still_written(grader):
    """Those written twice and those that are known already, too; one by one they get the same grades."""
    adding = task(13)
    bodies = ["    return x + 13\n", "    return x\n", "    return x + 13\n", "    return x * 13\n"]
    with ThreadPoolExecutor(1) as judging, Written() as written:
        coming = judging.submit(grader.grade_as_written, written, 0)
        try:
            for body in bodies:
                written.add(adding, body)
                for _ in range(1000):
                    if (adding.task_id, program_hash(body)) in grader._known:
                        break
                    time.sleep(0.01)
                else:
                    pytest.fail("it was not judged while the next was still to come")
            assert not coming.done()
        finally:
            written.complete()
        grades = coming.result(timeout=20)
    assert grades == {
        (adding.task_id, body): grade
        for body, grade in zip(bodies, grader.grade([(adding, body) for body in bodies], 0), strict=True)
    }
    assert [grades[adding.task_id, body].reward for body in bodies] == [1.0, 0.0, 1.0, 0.0]


def test_who_writes_twice_what_the_machine_could_not_judge_gets_no_reward_twice(grader, monkeypatch):
    class Broken:
        def judge(self, items, wake=-1):
            for item in items:
                yield Judged(item.key, {"tests": Verdict(VerdictKind.harness_error, "the judging process ended")})

    with monkeypatch.context() as patch:
        patch.setattr(grader, "_pool", Broken())
        grades = grader.grade([(task(17), "    return x + 17\n")] * 3, 0)
    assert [grade.reward for grade in grades] == [None] * 3


def test_limits_are_those_of_small_programs():
    assert grading.LIMITS.cpu_s <= 0.1

"""Which prompts are chosen."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from assay.training.rl.curriculum import Curriculum
from rl_tasks import task

# Operations of three kinds: always solved, sometimes, never.
RATES = {"easy": 0.98, "middle": 0.4, "hard": 0.01}
TASKS = [task(n, depth=1 + n % 3, operations=(("easy", "middle", "hard")[n // 3 % 3],)) for n in range(900)]


def play(curriculum, steps, seed=0):
    """Let a model answer with fixed rates; the tasks chosen in every step."""
    draw = random.Random(seed)
    chosen = []
    for _ in range(steps):
        prompts = curriculum.choose(16)
        results = [(each, sum(draw.random() < RATES[each.operations[0]] for _ in range(8)), 8) for each in prompts]
        curriculum.learn(results)
        chosen.append(prompts)
    return chosen


def test_prompts_that_are_solved_sometimes_are_preferred():
    chosen = play(Curriculum(TASKS, {1: 1, 2: 1, 3: 1}, seed=0), 60)
    late = Counter(each.operations[0] for step in chosen[20:] for each in step)
    assert late["middle"] > 0.8 * late.total()


def test_depths_come_in_the_shares_of_the_mix():
    chosen = play(Curriculum(TASKS, {1: 1, 2: 2, 3: 1, 9: 5}, seed=0, lowest=0.0), 20)
    depths = Counter(each.depth for step in chosen for each in step)
    assert depths == {1: 80, 2: 160, 3: 80}


def test_a_depth_that_is_hopeless_is_asked_less_until_it_is_not():
    tasks = [task(n, depth=1 + n % 2, operations=("middle",) if n % 2 == 0 else ("hard",)) for n in range(900)]
    curriculum = Curriculum(tasks, {1: 1, 2: 1}, seed=0)
    late = Counter(each.depth for step in play(curriculum, 30)[10:] for each in step)
    assert 0.05 * late.total() < late[2] < 0.3 * late.total()
    for step in range(10):  # the model has learnt it
        curriculum.learn([(each, 4, 8) for each in tasks[1 + 40 * step : 41 + 40 * step : 2]])
    later = Counter(each.depth for each in curriculum.choose(16))
    assert later[2] == 8


def test_no_prompt_twice_in_a_step_and_none_again_soon():
    chosen = play(Curriculum(TASKS, {1: 1, 2: 1, 3: 1}, seed=0), 13)
    ids = [[each.task_id for each in step] for step in chosen]
    assert all(len(set(step)) == 16 for step in ids)
    assert not set(ids[0]) & {name for step in ids[1:12] for name in step}


def test_a_tasks_own_result_moves_its_forecast():
    curriculum = Curriculum(TASKS, {1: 1}, seed=0)
    before = curriculum.expected(TASKS[0])
    curriculum.learn([(TASKS[0], 8, 8)])
    assert curriculum.expected(TASKS[0]) > before
    assert curriculum.expected(TASKS[0]) > curriculum.expected(TASKS[9])  # same operation, never tried


def test_it_continues_exactly_where_it_was():
    first = Curriculum(TASKS, {1: 1, 2: 1, 3: 1}, seed=5)
    play(first, 5)
    state = json.loads(json.dumps(first.state()))
    second = Curriculum(TASKS, {1: 1, 2: 1, 3: 1}, seed=99)
    second.restore(state)
    assert play(first, 5, seed=3) == play(second, 5, seed=3)
    assert first.state() == second.state()


def test_few_tasks_are_no_reason_to_fail():
    curriculum = Curriculum(TASKS[:2], {1: 1, 2: 1}, seed=0)
    assert {each.task_id for each in curriculum.choose(8)} == {"forge/0/0", "forge/0/1"}


def test_few_tasks_and_a_weak_model_are_no_reason_to_fail_later():
    tasks = [task(n, depth=1 + n % 2, operations=("hard",)) for n in range(40)]
    curriculum = Curriculum(tasks, {1: 1, 2: 1}, seed=0)
    for _ in range(200):
        chosen = curriculum.choose(12)
        assert len(chosen) == 12
        curriculum.learn([(each, 0, 16) for each in chosen])


def test_a_depth_of_no_weight_is_never_asked():
    tasks = [task(n, depth=1 + n % 2, operations=("hard",)) for n in range(200)]
    curriculum = Curriculum(tasks, {1: 0, 2: 1}, seed=0)
    assert {each.depth for step in play(curriculum, 20) for each in step} == {2}


def test_what_was_asked_in_the_same_step_is_not_asked_again():
    curriculum = Curriculum(TASKS[:6], {1: 1, 2: 1, 3: 1}, seed=0)
    first = {each.task_id for each in curriculum.choose(3)}
    second = {each.task_id for each in curriculum.choose(3, first)}
    assert len(first) == len(second) == 3 and not first & second
    assert curriculum.choose(3, first | second) == []


def test_a_mix_without_tasks_is_refused():
    with pytest.raises(ValueError, match="depth"):
        Curriculum(TASKS, {7: 1.0}, seed=0)

"""How fast, how much at once, how long."""

from __future__ import annotations

import math

from assay.training.budget import Budget
from assay.training.schedule import batch_tokens_at, rate_at


def test_rates_rise_stay_and_fall_to_nearly_nothing() -> None:
    assert rate_at(0.0, 0, 30) == 1 / 30
    assert rate_at(0.05, 2, 30) == 0.5
    assert rate_at(0.1, 29, 30) == rate_at(0.49, 500, 30) == 1.0
    assert rate_at(0.75, 900, 30) == 0.51
    assert math.isclose(rate_at(1.0, 1000, 30), 0.02)


def test_batches_grow_to_their_full_size() -> None:
    sizes = [batch_tokens_at(progress / 100, 1536) for progress in range(101)]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (645, 1536)


def test_a_budget_of_tokens_never_asks_the_clock() -> None:
    budget = Budget(tokens=1000)
    assert not budget.add(400, 1e9)
    assert budget.progress == 0.4
    budget.add(600, 1.0)
    assert budget.finished


def test_a_budget_of_minutes_becomes_tokens_by_measuring_and_follows_a_machine_that_slows_down() -> None:
    budget = Budget(minutes=1.0)
    estimates = []
    while not budget.finished:
        pace = 1000.0 if budget.spent_s < 20 else 500.0
        if budget.add(100, 100 / pace):
            estimates.append(budget.total)
    assert math.isclose(estimates[0], 60_000, rel_tol=0.01)
    assert math.isclose(budget.seen, 40_000, rel_tol=0.03)
    assert 58 < budget.spent_s < 62


def test_a_budget_of_minutes_can_be_changed_on_the_way() -> None:
    budget = Budget(minutes=10.0)
    for _ in range(100):
        budget.add(100, 0.1)
    before = Budget.from_state(budget.state())
    budget.change(10.0)
    assert budget == before
    budget.change(0.5)
    assert math.isclose(budget.total, 30_000)
    while not budget.finished:
        budget.add(100, 0.1)
    assert 29 < budget.spent_s < 31


def test_a_run_of_few_steps_knows_after_three_how_far_it_is() -> None:
    budget = Budget(minutes=0.2)
    budget.add(100, 5.0)
    progress = []
    while not budget.finished:
        budget.add(100, 0.7)
        progress.append(round(budget.progress, 2))
    assert progress[0] == 0.0
    assert progress[1:] == [round(number / 11, 2) for number in range(3, 12)] + [1.0] * (len(progress) - 10)


def test_slow_first_steps_do_not_end_a_run_before_its_time() -> None:
    budget = Budget(minutes=5.0)
    for seconds in (60.0, 30.0, 30.0):
        budget.add(100, seconds)
    assert budget.progress < 0.5
    while not budget.finished:
        budget.add(100, 0.1)
    assert 285 < budget.spent_s < 301


def test_a_budget_goes_on_from_its_state() -> None:
    budget = Budget(minutes=1.0)
    for _ in range(50):
        budget.add(100, 0.1)
    assert Budget.from_state(budget.state()) == budget

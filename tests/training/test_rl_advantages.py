"""Advantages of groups, worked out by hand."""

from __future__ import annotations

import pytest

from assay.training.rl.advantages import group_advantages, is_settled


def test_reward_minus_the_groups_mean():
    assert group_advantages([1.0, 0.0, 0.0, 0.0]) == [0.75, -0.25, -0.25, -0.25]


def test_divided_by_the_sample_deviation():
    # mean 1/4; squares 9/16 + 3/16 = 3/4; over three: 1/4; its root 1/2
    assert group_advantages([1.0, 0.0, 0.0, 0.0], "std") == pytest.approx([1.4997, -0.4999, -0.4999, -0.4999], abs=1e-4)


def test_accepted_samples_weigh_one_and_the_rest_nothing():
    assert group_advantages([1.0, 0.0, None], "accepted") == [1.0, 0.0, None]
    assert group_advantages([1.0, 1.0], "accepted") == [1.0, 1.0]
    assert group_advantages([0.0, None], "accepted") is None


@pytest.mark.parametrize("rewards", [[0.0] * 4, [1.0] * 4, [1.0, None, None], [None, None], []])
def test_a_group_without_variance_teaches_nothing(rewards):
    assert group_advantages(rewards) is None
    assert group_advantages(rewards, "std") is None
    assert is_settled(rewards)


def test_what_could_not_be_judged_is_no_reward_and_changes_nobody_elses():
    assert group_advantages([1.0, None, 0.0]) == [0.5, None, -0.5]
    assert group_advantages([0.0, None, 0.0]) is None  # were it 0 or 1, the group would look otherwise


def test_advantages_sum_to_zero():
    got = group_advantages([1.0, 0.0, 1.0, 0.3, None])
    assert got is not None and sum(a for a in got if a is not None) == pytest.approx(0.0)


def test_a_scale_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="'rank'"):
        group_advantages([1.0, 0.0], "rank")

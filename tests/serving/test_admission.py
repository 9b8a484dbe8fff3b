"""Bounded work: programs and bytes that may wait, and when to come again."""

from __future__ import annotations

import pytest

from assay.serving.admission import Admission, Full


def test_programs_beyond_the_limit_are_refused_with_a_time() -> None:
    admission = Admission(4, 2)
    with admission.enter(3), pytest.raises(Full) as refused:
        admission.enter(2)
    assert refused.value.retry_after_s is not None and refused.value.retry_after_s >= 1
    with admission.enter(4):
        assert admission.inside == 4
    assert admission.inside == 0


def test_what_can_never_fit_has_no_time() -> None:
    with pytest.raises(Full) as refused:
        Admission(4, 2).enter(5)
    assert refused.value.retry_after_s is None


def test_the_time_grows_with_what_waits_and_what_it_took() -> None:
    admission = Admission(1000, 1)
    for _ in range(200):
        admission.learn(10.0, 1)
    with admission.enter(1000), pytest.raises(Full) as refused:
        admission.enter(1)
    assert refused.value.retry_after_s == 60


def test_bytes_are_bounded_too_but_one_request_always_fits() -> None:
    admission = Admission(4, 2, most_bytes=100)
    with admission.holding(1000), pytest.raises(Full), admission.holding(1):
        pass
    with admission.holding(60), admission.holding(40), pytest.raises(Full), admission.holding(1):
        pass
    assert admission.bytes_inside == 0

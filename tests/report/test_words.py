"""Numbers as people write them."""

from __future__ import annotations

import pytest

from assay.report.words import clock, many


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "0:00"), (59.6, "1:00"), (754, "12:34"), (3723, "1:02:03")])
def test_clock_reads_as_people_write_it(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_one_is_not_many() -> None:
    assert [many(n, "task") for n in (0, 1, 2)] == ["0 tasks", "1 task", "2 tasks"]

"""Windows of contest dates, "2024-08..2025-01-31": LiveCodeBench is reported on problems newer than a model's data."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

from assay.errors import AssayError

_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True)
class Window:
    """Both days belong to it."""

    first: datetime.date = datetime.date.min
    last: datetime.date = datetime.date.max

    def __contains__(self, day: datetime.date) -> bool:
        return self.first <= day <= self.last


def parse_window(text: str) -> Window:
    """The window of "FROM..TO", each a month or a day, or nothing. Raises AssayError for any other text."""
    first, dots, last = text.partition("..")
    try:
        if not dots or not (first or last):
            raise ValueError("there is no ..")
        window = Window(
            _day(first, at_end=False) if first else datetime.date.min,
            _day(last, at_end=True) if last else datetime.date.max,
        )
    except ValueError:
        raise AssayError(f"{text!r} is no window of dates. Write it like 2024-08..2025-01 or 2024-08-15..") from None
    if window.first > window.last:
        raise AssayError(f"The window {text!r} ends before it begins.")
    return window


def _day(text: str, at_end: bool) -> datetime.date:
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month = int(found[1]), int(found[2])
    if found[3]:
        return datetime.date(year, month, int(found[3]))
    datetime.date(year, month, 1)
    return datetime.date(year, month, calendar.monthrange(year, month)[1] if at_end else 1)

"""When a refused or broken request is asked again, and how long to wait before."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

RETRIED = frozenset((408, 409, 425, 429))
TRIES = 6
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0


def is_passing(status: int) -> bool:
    """Whether a request that ended with this HTTP status may succeed later."""
    return status in RETRIED or status >= 500


def backoff_s(failures: int) -> float:
    """Seconds to wait after so many failures of one request, doubling, with jitter so that requests spread."""
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (failures - 1))
    return longest * random.uniform(0.5, 1.0)


def asked_wait_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait, by Retry-After (seconds or a date) or retry-after-ms; None if it does not.

    Source: RFC 9110, section 10.2.3; the milliseconds are OpenAI's.
    """
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        text = headers.get("retry-after", "")
        if text.replace(".", "", 1).isdigit():
            return float(text)
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time()) if text else None
    except (ValueError, OverflowError):
        return None

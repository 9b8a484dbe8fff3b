"""Counts and sizes for Prometheus, in its text format (version 0.0.4)."""

from __future__ import annotations

import bisect
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """For use in one event loop. gauges: name -> (what it is, where to read it)."""

    def __init__(self, gauges: dict[str, tuple[str, Callable[[], float]]]) -> None:
        self._gauges = gauges | {"process_resident_memory_bytes": ("Resident memory of the server.", _resident_bytes)}
        self.requests: Counter[tuple[str, int]] = Counter()
        self.programs: Counter[tuple[str, str]] = Counter()
        self._times: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def answered(self, route: str, status: int, seconds: float) -> None:
        """One request."""
        self.requests[route, status] += 1
        self._times.setdefault(route, [0] * (len(_BUCKETS_S) + 1))[bisect.bisect_left(_BUCKETS_S, seconds)] += 1
        self._sums[route] = self._sums.get(route, 0.0) + seconds

    def ended(self, route: str, how: str) -> None:
        """One program. how: its verdict, or the status it ended with."""
        self.programs[route, how] += 1

    def text(self) -> str:
        """The page that Prometheus reads."""
        lines = _head("assay_requests_total", "counter", "Requests by route and HTTP status.")
        for (route, status), count in sorted(self.requests.items()):
            lines.append(f'assay_requests_total{{route="{route}",status="{status}"}} {count}')
        lines += _head("assay_programs_total", "counter", "Programs by route and how they ended.")
        for (route, how), count in sorted(self.programs.items()):
            lines.append(f'assay_programs_total{{route="{route}",ended="{how}"}} {count}')
        lines += _head("assay_request_seconds", "histogram", "Time from a request to its answer.")
        for route, counts in sorted(self._times.items()):
            below = 0
            for bound, count in zip((*_BUCKETS_S, "+Inf"), counts, strict=True):
                below += count
                lines.append(f'assay_request_seconds_bucket{{route="{route}",le="{bound}"}} {below}')
            lines.append(f'assay_request_seconds_sum{{route="{route}"}} {self._sums[route]:.6f}')
            lines.append(f'assay_request_seconds_count{{route="{route}"}} {below}')
        for name, (what, read) in self._gauges.items():
            lines += [*_head(name, "gauge", what), f"{name} {read():g}"]
        return "\n".join(lines) + "\n"


def _head(name: str, kind: str, what: str) -> list[str]:
    return [f"# HELP {name} {what}", f"# TYPE {name} {kind}"]


def _resident_bytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return float(pages * os.sysconf("SC_PAGE_SIZE"))

"""A line plot as inline SVG, small enough that many fit on a page."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 210
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 8, 22
MOST_POINTS = 240
COLOURS = 8  # --s0 to --s7 of the page's style


@dataclass(frozen=True)
class Line:
    """points: (x, y), x rising. Many are drawn as means of neighbours."""

    name: str
    points: Sequence[tuple[float, float]]


def plot(
    lines: Sequence[Line], title: str, dots: bool = False, low: float | None = None, high: float | None = None
) -> str:
    """The drawing and, of several lines, a legend. low, high: of the y axis, by the values where they are None."""
    drawn = [Line(line.name, thinned(line.points)) for line in lines if line.points]
    if not drawn:
        return ""
    values = [y for line in drawn for _, y in line.points]
    x_high = max(x for line in drawn for x, _ in line.points) or 1.0
    y_low, y_high = min(values) if low is None else low, _high(values) if high is None else high
    if y_high <= y_low:
        y_high = y_low + 1.0
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(title)}">']
    for tick in ticks(y_low, y_high):
        y = _y(tick, y_low, y_high)
        parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{short(tick)}</text>')
    for tick in ticks(0.0, x_high):
        parts.append(f'<text x="{_x(tick, x_high):.1f}" y="{HEIGHT - 5}" text-anchor="middle">{short(tick)}</text>')
    for number, line in enumerate(drawn):
        colour = f"var(--s{number % COLOURS})"
        places = [(_x(x, x_high), _y(min(max(y, y_low), y_high), y_low, y_high)) for x, y in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        last = f"{line.name}: {short(line.points[-1][1])}" if line.name else short(line.points[-1][1])
        parts.append(f'<polyline class="curve" stroke="{colour}" points="{path}"><title>{last}</title></polyline>')
        if dots:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>' for x, y in places]
    parts.append("</svg>")
    if len(drawn) > 1:
        names = (
            f'<span><i style="background: var(--s{number % COLOURS})"></i>{html.escape(line.name)} '
            f"{short(line.points[-1][1])}</span>"
            for number, line in enumerate(drawn)
        )
        parts.append(f'<div class="legend">{"".join(names)}</div>')
    return "".join(parts)


def thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most MOST_POINTS: means of neighbours, so that noise becomes a course and not a choice of points."""
    size = -(-len(points) // MOST_POINTS)
    groups = (points[at : at + size] for at in range(0, len(points), size))
    return [(group[-1][0], sum(y for _, y in group) / len(group)) for group in groups]


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers between the two."""
    rough = (high - low) / about
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def short(value: float) -> str:
    """A number for an axis: 1.5M, 20k, 0.25."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def _high(values: Sequence[float]) -> float:
    """The highest value, but not that of a few first steps that would press all others flat."""
    ordered = sorted(values)
    return max(ordered[int(0.98 * (len(ordered) - 1))] * 1.05, ordered[-1] if len(ordered) < 20 else 0.0)


def _x(x: float, high: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * x / high


def _y(y: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (y - low) / (high - low)

"""The curves of a run of reinforcement learning as one HTML file without a script."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import assay
from assay.report.plot import Line, plot
from assay.report.training_page import page_style

Rows = Sequence[Mapping[str, Any]]
PHASES = ("write", "judge", "learn")
_WINDOW = 5  # steps that a drawn value is the mean of


def write_page(log: Path, page: Path) -> None:
    """Draw the log. The page is replaced as a whole, so a reader never sees half of it."""
    partial = page.with_name(f".{page.name}.partial")
    partial.write_text(learning_page(read_rows(log)), encoding="utf-8")
    partial.replace(page)


def read_rows(log: Path) -> list[dict[str, Any]]:
    """Rows of a log; a last line that was cut off is left out."""
    return [json.loads(line) for line in log.read_bytes().splitlines(True) if line.endswith(b"\n")]


def learning_page(rows: Rows) -> str:
    """The page of a log's rows."""
    title = "Reinforcement learning"
    return "\n".join(
        [
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{title} - Assay</title><style>{page_style()}</style><main><h1>{title}</h1>",
            f'<div class="grid">{"".join(learning_plots(rows)) or "<p>No step yet.</p>"}</div>',
            f'<p class="small dim">Assay {html.escape(assay.__version__)}. Values: log.jsonl beside this page.</p>',
            "</main>",
        ]
    )


def learning_plots(rows: Rows) -> Iterator[str]:
    """The curves as cards, for this page and for the demo's report."""
    steps = [row for row in rows if "reward" in row]
    checks = [row for row in rows if "held_out" in row]
    if not steps:
        return
    yield _card("Reward", "share of samples that pass all their tests", [_line("", steps, "reward")], 0.0)
    depths = sorted({depth for row in steps for depth in row["by_depth"]})
    yield _card(
        "Reward by depth",
        "of the prompts that the curriculum chose",
        [_depth(steps, depth) for depth in depths],
        0.0,
        1.0,
    )
    if checks:
        yield _card("Held out, executed", "greedy pass@1 by depth", _checked(checks), 0.0, 1.0, dots=True)
    groups = [_line("all alike", steps, "settled"), _line("unique programs", steps, "unique")]
    yield _card("Groups", "share of groups that teach nothing; of samples that are different", groups, 0.0, 1.0)
    yield _card("Entropy", "nats a token, where something was written", [_line("", steps, "entropy")], 0.0)
    yield _card("Length", "tokens of a sample", [_line("", steps, "length")], 0.0)
    yield _card("Cut off", "share of samples that did not end", [_line("", steps, "truncated")], 0.0)
    parts = [Line(phase, _smooth([(row["step"], row["time"][phase]) for row in steps])) for phase in PHASES]
    yield _card("Time", "seconds of a step", parts, 0.0)
    yield _card("Gradient", "norm before it is clipped", [_line("", steps, "gradient")], 0.0)
    if any("replay_loss" in row for row in steps):
        yield _card("Replay", "supervised loss, nats a token", [_line("", steps, "replay_loss")])
    audited = _audit(steps)
    if audited:
        yield _card(
            "Rewarded and wrong",
            "share of rewarded programs that fail the audit tests, so far",
            [Line("", audited)],
            0.0,
        )


def _line(name: str, rows: Rows, key: str) -> Line:
    return Line(name, _smooth([(row["step"], row[key]) for row in rows if key in row]))


def _depth(rows: Rows, depth: str) -> Line:
    points = [(row["step"], row["by_depth"][depth]) for row in rows if row["by_depth"].get(depth, (0, 0))[1]]
    return Line(f"depth {depth}", _smooth([(step, passed / tried) for step, (passed, tried) in points]))


def _checked(checks: Rows) -> list[Line]:
    lines = [
        Line("all", [(row["step"], row["held_out"]["passed"] / max(1, row["held_out"]["tried"])) for row in checks])
    ]
    for depth in sorted({depth for row in checks for depth in row["held_out"]["by_depth"]}):
        counts = [(row["step"], row["held_out"]["by_depth"].get(depth)) for row in checks]
        lines.append(Line(f"depth {depth}", [(step, count[0] / count[1]) for step, count in counts if count]))
    return lines


def _audit(steps: Rows) -> list[tuple[float, float]]:
    points, audited, wrong = [], 0, 0
    for row in steps:
        audited, wrong = audited + row.get("audited", 0), wrong + row.get("audit_wrong", 0)
        if audited:
            points.append((row["step"], wrong / audited))
    return points


def _smooth(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Means of a few neighbours: a single step is a small sample."""
    values = [value for _, value in points]
    means = [values[max(0, at - _WINDOW + 1) : at + 1] for at in range(len(values))]
    return [(x, sum(some) / len(some)) for (x, _), some in zip(points, means, strict=True)]


def _card(
    title: str,
    note: str,
    lines: Sequence[Line],
    low: float | None = None,
    high: float | None = None,
    dots: bool = False,
) -> str:
    drawn = plot([line for line in lines if line.points], title, dots=dots, low=low, high=high)
    return f'<section class="card"><h2>{html.escape(title)}</h2><p>{html.escape(note)}</p>{drawn}</section>'

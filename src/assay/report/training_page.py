"""The curves of a training run as one HTML file: drawings inside it, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import assay
from assay.report.plot import Line, plot
from assay.training.log import read_log

Rows = Sequence[Mapping[str, Any]]


def write_page(log: Path, page: Path) -> None:
    """Draw the log. The page is replaced as a whole, so a reader never sees half of it."""
    partial = page.with_name(f".{page.name}.partial")
    partial.write_text(training_page(list(read_log(log))), encoding="utf-8")
    partial.replace(page)


def training_page(rows: Rows) -> str:
    """The page of a log's rows."""
    steps = [row for row in rows if row["kind"] == "step"]
    checks = [row for row in rows if row["kind"] == "check"]
    reads = [row for row in rows if row["kind"] == "held_out"]
    record: Mapping[str, Any] = next((row["record"] for row in reversed(rows) if "record" in row), {})
    settings = record.get("settings", {})
    title = f"{settings.get('scale', '')} {record.get('stage', 'training')}".strip()
    return "\n".join(
        [
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{html.escape(title)} - Assay</title><style>{page_style()}</style><main>",
            f"<h1>{html.escape(title)}</h1>",
            f'<div class="figures">{"".join(_figures(steps, checks, reads, record))}</div>',
            f'<div class="grid">{"".join(training_plots(steps, checks, reads))}</div>'
            if steps
            else "<p>No step yet.</p>",
            _samples(checks),
            _settings(settings),
            f'<p class="small dim">Assay {html.escape(assay.__version__)}. Values: log.jsonl beside this page.</p>',
            "</main>",
        ]
    )


def _figures(steps: Rows, checks: Rows, reads: Rows, record: Mapping[str, Any]) -> Iterable[str]:
    def figure(value: str, what: str) -> str:
        return f"<div><b>{html.escape(value)}</b><span>{html.escape(what)}</span></div>"

    if checks:
        yield figure(f"{checks[-1]['pass@1']:.1%}", f"greedy pass@1, {checks[-1]['tasks']} held-out tasks, executed")
    if reads:
        what = f"bits per byte, {reads[-1]['files']:,} held-out files of {reads[-1]['repositories']:,} repositories"
        yield figure(f"{reads[-1]['bits_per_byte']:.3f}", what)
    if steps:
        last = steps[-max(1, len(steps) // 50) :]
        yield figure(f"{_mean(last, 'bits_per_byte'):.3f}", "bits per byte, last 2 %")
        yield figure(f"{steps[-1]['tokens']:,}", f"tokens in {steps[-1]['step']:,} steps")
        seconds = steps[-1]["seconds"]
        yield figure(f"{seconds / 60:.1f} min", "of training")
        yield figure(f"{steps[-1]['tokens'] / max(seconds, 1e-9):,.0f}", "tokens a second")
    if "model" in record:
        yield figure(f"{record['model']['parameters']:,}", "parameters")


def training_plots(steps: Rows, checks: Rows, reads: Rows = ()) -> Iterable[str]:
    x = [row["tokens"] for row in steps]
    names = list(dict.fromkeys(name for row in steps for name in row.get("tasks", {})))
    yield _card("Bits per byte", "of what is learnt, every step's batch", [_line("", x, steps, "bits_per_byte")])
    tasks = [
        Line(name, [(row["tokens"], row["tasks"][name]) for row in steps if name in row["tasks"]]) for name in names
    ]
    digits = Line("digits", [(row["tokens"], row["digits"]) for row in steps if "digits" in row])
    yield _card("Loss by task", "nats a token; digits apart, since constants are learnt last", [*tasks, digits])
    if checks:
        depths = list(dict.fromkeys(depth for row in checks for depth in row["by_depth"]))
        lines = [Line("all", [(row["tokens"], row["pass@1"]) for row in checks])]
        for depth in depths:
            points = [(row["tokens"], row["by_depth"][depth][0]) for row in checks if depth in row["by_depth"]]
            lines.append(Line(f"depth {depth}", points))
        yield _card("Held out, executed", "greedy pass@1 by depth of the task", lines, dots=True, low=0.0, high=1.0)
    if reads:
        lines = [Line("", [(row["tokens"], row["bits_per_byte"]) for row in reads])]
        yield _card(
            "Held out, read", "bits per byte of files of repositories that are not learnt from", lines, dots=True
        )
    yield _card("Speed", "tokens a second", [_line("", x, steps, "tokens_per_s")], low=0.0)
    yield _card("Gradient", "norm before it is clipped", [_line("", x, steps, "grad_norm")], low=0.0)
    rates = [_line("learning rate, share of its highest", x, steps, "rate"), _line("padding", x, steps, "padding")]
    yield _card("Schedule", "", [*rates, _line("MFU", x, steps, "mfu")], low=0.0)
    if any("experts" in row for row in steps):
        loads = [(row["tokens"], row["experts"]["max_over_mean"]) for row in steps if "experts" in row]
        yield _card("Experts", "load of the busiest over the mean", [Line("", loads)], low=0.0)


def _line(name: str, x: Sequence[float], rows: Rows, key: str) -> Line:
    return Line(name, [(at, row[key]) for at, row in zip(x, rows, strict=True) if key in row])


def _card(
    title: str,
    note: str,
    lines: Sequence[Line],
    dots: bool = False,
    low: float | None = None,
    high: float | None = None,
) -> str:
    drawn = plot([line for line in lines if line.points], title, dots=dots, low=low, high=high)
    return f'<section class="card"><h2>{html.escape(title)}</h2><p>{html.escape(note)}</p>{drawn}</section>'


def _samples(checks: Rows) -> str:
    if not checks:
        return ""
    rows = []
    for row in checks[-3:][::-1]:
        for sample in row["samples"]:
            kind = "ok" if sample["passed"] else "bad"
            rows.append(
                f"<tr><td>{row['step']:,}</td><td>{html.escape(sample['task_id'])}, depth {sample['depth']}</td>"
                f'<td class="{kind}">{html.escape(sample["verdict"])}</td>'
                f"<td><pre>{html.escape(sample['text'])}</pre></td></tr>"
            )
    head = "<tr><th>step</th><th>task</th><th>verdict</th><th>what it wrote</th></tr>"
    return f'<section class="card"><h2>Samples</h2><table>{head}{"".join(rows)}</table></section>'


def _settings(settings: Mapping[str, Any]) -> str:
    cells = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(str(value))}</td></tr>"
        for name, value in settings.items()
        if value not in ("", 0)
    )
    return f'<section class="card"><h2>Settings</h2><table>{cells}</table></section>'


def page_style() -> str:
    """The report's palette and basic type without its layout, and this page's own."""
    style, own = (
        files("assay.report").joinpath("page", name).read_text(encoding="utf-8")
        for name in ("style.css", "training.css")
    )
    return style[: style.index("\nbutton, select, input")] + own


def _mean(rows: Rows, name: str) -> float:
    return float(sum(row[name] for row in rows) / len(rows))

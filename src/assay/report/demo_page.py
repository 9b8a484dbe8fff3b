"""The report of the demonstration: what was learnt, in numbers, curves and real programs. One file, no script.

Every number on it is one of `summary.json`.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import assay
from assay.demo.findings import DEEPER
from assay.report.learning_page import learning_plots, read_rows
from assay.report.training_page import page_style, training_plots
from assay.report.words import clock
from assay.training.log import read_log

PAGE = "report.html"
KIND_WORDS = {
    "write": "write a function from its specification",
    "repair": "repair a faulty function",
    "infill": "fill a hole in a function",
    "tests": "write tests that find a fault and fail no right program",
}
STAGE_WORDS = {
    "tasks": "forging tasks",
    "pretrain": "pre-training",
    "before": "first exam",
    "rl": "reinforcement learning",
    "after": "second exam",
}
_STYLE = """
table { border-collapse: collapse; width: 100%; } td, th { padding: 0.2rem 0.5rem; text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } tr.part td { font-weight: 600; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.pair > div { min-width: 0; } pre { overflow-x: auto; margin: 0.3rem 0; }
.ok { color: var(--pass, #1a7f37); } .bad { color: var(--wrong, #b3261e); } .small { font-size: 0.85em; }
details { margin: 0.6rem 0; } @media (max-width: 800px) { .pair { grid-template-columns: 1fr; } }
"""


def write_report(folder: Path, summary: Mapping[str, Any]) -> Path:
    """Write the page beside the job's other files, as a whole; its path."""
    training = list(read_log(folder / "pretrain" / "log.jsonl"))
    page = folder / PAGE
    partial = page.with_name(f".{PAGE}.partial")
    partial.write_text(demo_page(summary, training, read_rows(folder / "rl" / "log.jsonl")), encoding="utf-8")
    partial.replace(page)
    return page


def demo_page(
    summary: Mapping[str, Any], training: Sequence[Mapping[str, Any]], learning: Sequence[Mapping[str, Any]]
) -> str:
    """The page. training, learning: rows of the two logs."""
    title = "A coding model that learnt from running its programs"
    steps = [row for row in training if row["kind"] == "step"]
    checks = [row for row in training if row["kind"] == "check"]
    return "\n".join(
        [
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{title} - Assay</title><style>{page_style()}{_STYLE}</style><main><h1>{title}</h1>",
            f'<div class="figures">{"".join(_figures(summary))}</div>',
            _card("What it can do", _scores(summary["content"]["scores"])),
            _card("Programs it wrote, and what happened when they ran", _programs(summary["content"]["examples"])),
            "<h2>Pre-training</h2>",
            f'<div class="grid">{"".join(training_plots(steps, checks)) if steps else ""}</div>',
            f'<h2>Learning from execution</h2><div class="grid">{"".join(learning_plots(learning))}</div>',
            _card("How it was made", _made(summary)),
            f'<p class="small dim">Assay {html.escape(assay.__version__)}. Every number is in summary.json beside this '
            "page; curves are of pretrain/log.jsonl and rl/log.jsonl.</p></main>",
        ]
    )


def find(scores: Sequence[Mapping[str, Any]], kind: str, part: str, mode: str, k: int = 1) -> Mapping[str, Any] | None:
    """The row of a measure, if there is one."""
    wanted = (kind, part, mode, k)
    return next((row for row in scores if (row["kind"], row["part"], row["mode"], row["k"]) == wanted), None)


def _figures(summary: Mapping[str, Any]) -> Iterator[str]:
    content = summary["content"]

    def figure(value: str, what: str) -> str:
        return f"<div><b>{html.escape(value)}</b><span>{html.escape(what)}</span></div>"

    for part, words in (("all", "held-out tasks"), (DEEPER, "tasks deeper than any solution it was shown")):
        row = find(content["scores"], "write", part, "sampled")
        if row is not None:
            change = f"{percent(row['before']['rate'])} → {percent(row['after']['rate'])}"
            yield figure(change, f"sampled pass@1, {row['tasks']} {words}, before and after learning from execution")
    learning = content["learning"]
    yield figure(f"{learning['samples']:,}", f"programs written and judged in {learning['steps']} steps")
    if learning["audited"]:
        wrong = f"{learning['audit_wrong']} of {learning['audited']}"
        yield figure(wrong, "rewarded programs that fail a larger set of hidden tests")
    yield figure(f"{content['parameters']:,}", "parameters")
    yield figure(clock(sum(summary["machine"]["seconds"].values())), f"on {summary['machine']['cores']} cores")


def _scores(scores: Sequence[Mapping[str, Any]]) -> str:
    head = (
        "<tr><th>held-out tasks</th><th class=n>tasks</th><th class=n>measure</th><th class=n>before</th>"
        "<th class=n>after</th><th class=n>difference (95 %)</th><th class=n>p</th></tr>"
    )
    body = []
    named = ""
    for row in scores:
        if row["kind"] != named:
            named = row["kind"]
            body.append(f'<tr class="part"><td colspan="7">{html.escape(KIND_WORDS.get(named, named))}</td></tr>')
        measure = f"{row['mode']} pass@{row['k']}"
        change, p = "", ""
        if "difference" in row:
            change = f"{points(row['difference'])} [{points(row['ci95'][0])}, {points(row['ci95'][1])}]"
            p = f"{row['p']:.2g}"
        cells = (_rate(row["before"]), _rate(row["after"]), change, p)
        numbers = "".join(f'<td class="n">{html.escape(cell)}</td>' for cell in (str(row["tasks"]), measure, *cells))
        body.append(f"<tr><td>{html.escape(row['part'])}</td>{numbers}</tr>")
    note = (
        "<p class=small>Before and after reinforcement learning, on the same tasks, none of which occurred in "
        "training; every answer was run in the sandbox against all hidden tests. pass@8: at least one of eight "
        "samples. Brackets: 95 % intervals over tasks; the difference is paired by task.</p>"
    )
    return f"{note}<table>{head}{''.join(body)}</table>"


def _programs(examples: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for number, example in enumerate(examples):
        sides = "".join(
            f"<div><div>{when}: <span class={'ok' if side['verdict'] == 'accepted' else 'bad'}>"
            f"{html.escape(side['verdict'])}</span></div><pre>{html.escape(side['text'])}</pre>"
            f'<div class="small dim">{html.escape(side["detail"])}</div></div>'
            for when, side in (("before", example["before"]), ("after", example["after"]))
        )
        name = f"{example['kind']}, depth {example['depth']}, {example['task_id']}"
        asked = f'<pre class="small">{html.escape(example["asked"])}</pre>' if example.get("asked") else ""
        is_open = " open" if number < 4 else ""
        parts.append(
            f'<details{is_open}><summary>{html.escape(name)}</summary>{asked}<div class="pair">{sides}</div></details>'
        )
    return "".join(parts)


def _made(summary: Mapping[str, Any]) -> str:
    plan, machine = summary["plan"], summary["machine"]
    rows = [(STAGE_WORDS.get(name, name), clock(seconds)) for name, seconds in machine["seconds"].items()]
    spent = machine["learning_seconds"]
    rows += [
        ("of learning: writing, judging, updating", ", ".join(f"{seconds:.0f} s" for seconds in spent.values())),
        ("share of learning that is judging", f"{machine['judging_share']:.1%}"),
    ]
    for name, value in plan.items():
        rows.append((name.replace("_", " "), f"{value:,}" if isinstance(value, int) else str(value)))
    cells = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in rows)
    return f"<table>{cells}</table>"


def _card(title: str, inner: str) -> str:
    return f'<section class="card"><h2>{html.escape(title)}</h2>{inner}</section>'


def _rate(side: Mapping[str, Any]) -> str:
    low, high = side["ci95"]
    return f"{percent(side['rate'])} [{percent(low)}, {percent(high)}]"


def percent(rate: float) -> str:
    """A rate as on the page."""
    return f"{100 * rate:.1f} %"


def points(difference: float) -> str:
    """A difference of rates in percentage points, with its sign."""
    return f"{100 * difference:+.1f}"

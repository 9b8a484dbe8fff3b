"""A `Summary` as tables for people."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from assay.evaluation.record import prompt_style
from assay.evaluation.score import Disagreement, RuleScore, Summary
from assay.judge.verdict import VerdictKind
from assay.report.words import clock, many

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SHARES = {
    "unextracted": "without a program",
    "refused": "refused",
    "truncated": "cut short",
    "flaky": "flaky",
}
SHOWN = 10  # disagreements that are listed one by one
WIDTH = 120  # columns where the output is no terminal


def print_summary(
    summary: Summary,
    *,
    record: Mapping[str, Any],
    elapsed_s: float,
    judged: int,
    folder: Path,
    file: TextIO | None = None,
) -> None:
    """Print the scores, the verdict counts, where rule sets disagree, and what it cost.

    record: `run.json`. elapsed_s, judged: wall seconds of this session and samples judged in it.
    folder: the run folder. file: stdout by default.
    """
    from rich.console import Console
    from rich.markup import escape

    out = file or sys.stdout
    console = Console(file=out, highlight=False, width=None if out.isatty() else WIDTH)
    console.print()
    console.print(f"[bold]{escape(summary.benchmark)}[/], {escape(summary.model)}: {_what(summary)}")
    console.print()
    console.print(_scores(summary))
    console.print(_counts(summary))
    _print_disagreements(console, summary)
    if summary.shares:
        parts = [f"{100 * share:.1f} % {SHARES[name]}" for name, share in summary.shares.items()]
        console.print(f"answers    {', '.join(parts)}")
    cost_s = summary.cpu_s / summary.verdicts if summary.verdicts else 0.0
    rate = f" ({judged * len(summary.scores) / elapsed_s:.1f} verdicts/s)" if judged and elapsed_s > 0 else ""
    isolation = record["isolation"]
    layers = ", ".join(isolation["layers"])
    console.print(f"time       {clock(elapsed_s)} for {many(judged, 'sample')}{rate}; {cost_s:.4f} CPU-s per verdict")
    console.print(f"isolation  {isolation['level']}{f' ({layers})' if layers else ''}", markup=False)
    console.print(f"prompt     {prompt_style(record)}", markup=False)
    if summary.generation:
        console.print(f"answers    {_answers(summary.generation)}", markup=False)
    rules = f"; EvalPlus {summary.rules} rules" if summary.rules else ""
    console.print(f"data       sha256 {summary.data_sha256[:16]}; extraction {summary.extract}{rules}", markup=False)
    console.print(f"rows       {folder / 'verdicts.jsonl'}", markup=False, soft_wrap=True)
    console.print(f"summary    {folder / 'summary.json'}", markup=False, soft_wrap=True)


def _what(summary: Summary) -> str:
    text = f"{many(summary.tasks, 'task')}, {many(summary.samples, 'sample')}"
    return f"{text}; {many(summary.unanswered, 'task')} without a sample left out" if summary.unanswered else text


def _answers(used: Mapping[str, Any]) -> str:
    """How many answers came, how they ended, and what they took."""
    text = f"{used['answered']:,} of {used['asked']:,}, {used['truncated']:,} truncated"
    if "completion_tokens" in used:
        text += f"; {used['prompt_tokens']:,} tokens of prompts, {used['completion_tokens']:,} written"
    if "cost" in used:
        text += f"; cost {used['cost']}"
    if "total_s" in used:
        text += f"; median {used['total_s']['median']:.3g} s an answer"
    return text


def _scores(summary: Summary) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("rules")
    names = list(dict.fromkeys(name for score in summary.scores.values() for name in score.rates))
    headings = ["pass@1", "95 % interval", *(name for name in names if name != "pass@1")]
    for heading in [*headings, "accepted", "tasks", "harness errors"]:
        table.add_column(heading, justify="right")
    for rule_set, score in summary.scores.items():
        cells = [_interval(score) if heading == "95 % interval" else _rate(score, heading) for heading in headings]
        accepted = f"{score.passed} of {score.judged}"
        table.add_row(rule_set, *cells, accepted, str(score.denominator), str(score.harness_errors))
    return table


def _rate(score: RuleScore, name: str) -> str:
    return f"{100 * score.rates[name]:.1f} %" if name in score.rates else "-"


def _interval(score: RuleScore) -> str:
    if "pass@1" not in score.intervals:
        return "-"
    low, high = score.intervals["pass@1"]
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def _counts(summary: Summary) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("verdict")
    for rule_set in summary.scores:
        table.add_column(rule_set, justify="right")
    for kind in VerdictKind:
        counts = [score.counts.get(kind.value, 0) for score in summary.scores.values()]
        if any(counts):
            table.add_row(kind.value, *map(str, counts))
    return table


def _print_disagreements(console: Console, summary: Summary) -> None:
    fooled = [one for one in summary.disagreements if one.official == VerdictKind.accepted]
    stricter = [one for one in summary.disagreements if one.official != VerdictKind.accepted]
    for title, ones in [
        ("accepted by official, not by hardened", fooled),
        ("accepted by hardened, not by official", stricter),
    ]:
        if not ones:
            continue
        console.print(f"{many(len(ones), 'sample')} {title}:")
        for one in ones[:SHOWN]:
            console.print(f"  {_disagreement(one)}", markup=False, no_wrap=True, overflow="ellipsis")
        if len(ones) > SHOWN:
            console.print(f"  and {len(ones) - SHOWN} more")
        console.print()


def _disagreement(one: Disagreement) -> str:
    verdict = one.hardened if one.official == VerdictKind.accepted else one.official
    text = f"{one.task_id} sample {one.sample}  {verdict}  {one.detail}".rstrip()
    # A detail can quote what an untrusted program said: no control characters on the user's terminal.
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)

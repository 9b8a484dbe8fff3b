"""`assay report`: the scores of runs as a table, and one HTML file to look into them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from assay.errors import AssayError

if TYPE_CHECKING:
    from assay.report.leaderboard import Entry

NEEDS_A_LOOK = 3

EPILOG = """\
exit status:
  0    finished
  2    bad input, or a disk that refuses
  3    finished, but prompts, texts or scores are missing in the report; the messages say which and why

examples:
  assay report runs/mine
  assay report 7B=runs/a 7B=runs/b 14B=runs/c --html report.html
  assay report runs/* --csv > scores.csv
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "report",
        usage="assay report [NAME=]RUN ... [options]",
        help="show the scores of runs, and write an HTML report",
        description="Show the scores of runs that assay eval made as a table of models and benchmarks. With --html, "
        "write one self-contained file with scores, plots, every sample and its verdict; it opens offline.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "runs",
        metavar="[NAME=]RUN",
        nargs="+",
        help="a run folder, or a folder of run folders; runs with the same NAME share a row of the table",
    )
    parser.add_argument("--html", metavar="FILE", type=Path, help="write the report to this file")
    text = parser.add_mutually_exclusive_group()
    text.add_argument("--markdown", action="store_true", help="print Markdown instead of tables")
    text.add_argument("--csv", action="store_true", help="print one row for every score instead of tables")
    parser.add_argument("--data", metavar="DIR", type=Path, help="where benchmark files are looked for first")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out. Raises AssayError for what the user has to mend."""
    from assay.report.board import print_leaderboard
    from assay.report.leaderboard import make_leaderboard
    from assay.report.markdown import markdown_report
    from assay.report.spreadsheet import csv_report

    entries = [entry for argument in args.runs for entry in _entries(argument, args.data)]
    if args.html:
        _write_html(args.html, entries)
    if args.markdown:
        print(markdown_report(entries), end="")
    elif args.csv:
        print(csv_report(entries), end="")
    else:
        print_leaderboard(make_leaderboard(entries))
    missing = list(dict.fromkeys(sentence for entry in entries for sentence in entry.reading.missing))
    for sentence in missing:
        _say(sentence)
    if args.html:
        _say(f"The report is {args.html}; it opens in a browser and needs no network.")
    return NEEDS_A_LOOK if missing else 0


def _entries(argument: str, data_dir: Path | None) -> Iterable[Entry]:
    """The runs of one argument, named by its NAME or by how their models were typed."""
    from assay.evaluation.reading import read_with_texts
    from assay.evaluation.stored import find_runs
    from assay.report.leaderboard import Entry

    name, equals, path = argument.partition("=")
    # A folder may have "=" in its name.
    if not equals or not name or Path(argument).exists():
        name, path = "", argument
    for folder in find_runs(Path(path)):
        reading = read_with_texts(folder, data_dir)
        yield Entry(name or _model_name(reading.run.model), reading)


def _model_name(spec: str) -> str:
    """What a model is called that got no NAME: of a recorded one, the file without its folders."""
    kind, _, argument = spec.partition(":")
    if kind == "recorded":
        return f"recorded:{Path(argument).name}"
    return "reference solutions" if spec == "gold" else spec


def _write_html(path: Path, entries: list[Entry]) -> None:
    from assay.report.html import html_report

    spare = path.with_name(f".{path.name}.tmp")
    text = html_report(entries)
    try:
        spare.write_text(text, encoding="utf-8")
        spare.replace(path)
    except OSError as error:
        spare.unlink(missing_ok=True)
        raise AssayError(
            f"The report {path} cannot be written: {error.strerror}. Name a file in a folder that exists with --html."
        ) from None


def _say(sentence: str) -> None:
    print(f"assay: {sentence}", file=sys.stderr)

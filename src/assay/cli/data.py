"""`assay data`: which benchmarks there are, where their files lie, and how to get them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser("data", help="list and download benchmark files")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    show = actions.add_parser("list", help="every benchmark and where its file lies")
    show.add_argument("--data", metavar="DIR", type=Path, help="folder that is looked into first")
    show.set_defaults(run=run_list)
    fetch = actions.add_parser("fetch", help="download a benchmark's file from upstream, checked by its sha256")
    fetch.add_argument("name", metavar="NAME", help="for example humaneval or mbpp+@v0.1.0")
    fetch.add_argument("--base-url", metavar="URL", help="a mirror laid out like the data folder, instead of upstream")
    fetch.add_argument("--data", metavar="DIR", type=Path, help="folder to put it in (default: the user's cache)")
    fetch.set_defaults(run=run_fetch)


def run_list(args: argparse.Namespace) -> int:
    """Print one line per benchmark version: name, tasks, licence, file."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from assay.errors import AssayError
    from assay.tasks.catalog import SOURCES
    from assay.tasks.data import find

    if args.data is not None and not args.data.is_dir():
        raise AssayError(f"The data folder {args.data} does not exist. Create it or leave --data out.")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("benchmark")
    table.add_column("tasks", justify="right")
    table.add_column("licence")
    table.add_column("file", overflow="fold")
    for source in SOURCES:
        try:
            where = str(find(source, args.data)) if source.file else "built in"
        except AssayError:
            how = "get it with" if source.url else "how to get it"
            where = f"missing: {source.file}; {how}: assay data fetch {source.spec}"
        table.add_row(source.spec, str(source.tasks), source.licence, where)
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160).print(table)
    return 0


def run_fetch(args: argparse.Namespace) -> int:
    """Download one file, with a bar on a terminal. Raises AssayError when that fails."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from assay.tasks.fetch import fetch

    console = Console(stderr=True)
    columns = TextColumn("fetching"), BarColumn(bar_width=30), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        row = bar.add_task("fetching", total=None)
        path = fetch(
            args.name,
            lambda done, total: bar.update(row, completed=done, total=total),
            base_url=args.base_url,
            dest=args.data,
        )
    print(path)
    return 0

"""`assay tasks`: which benchmarks there are, what one of their tasks looks like, and tasks of your own."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.cli import own_tasks

if TYPE_CHECKING:
    from assay.tasks.sources import Source


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser("tasks", help="list benchmarks, show their tasks, prove tasks of your own")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every benchmark: kind, languages, licence, and whether it is here")
    listing.set_defaults(run=run_list)
    show = actions.add_parser("show", help="one task: its prompt, its tests and its reference solution")
    show.add_argument(
        "name", metavar="NAME", help="a benchmark, for example humaneval or cruxeval:output, or a folder of your own"
    )
    show.add_argument("task_id", metavar="ID", help="a task of it, for example HumanEval/0 or 0")
    show.set_defaults(run=run_show)
    for action in (listing, show):
        action.add_argument("--data", metavar="DIR", type=Path, help="folder that is looked into first")
        action.add_argument("--json", action="store_true", help="print JSON, and nothing else, to stdout")
    own_tasks.register(actions)


def run_list(args: argparse.Namespace) -> int:
    """Print one line, or one object, per benchmark."""
    from assay.errors import AssayError
    from assay.evaluation.benchmarks import sources

    if args.data is not None and not args.data.is_dir():
        raise AssayError(f"The data folder {args.data} does not exist. Create it or leave --data out.")
    paths = {source: _path(source, args.data) for source in sources()}
    if args.json:
        print(json.dumps([_as_json(source, path) for source, path in paths.items()], indent=2))
    else:
        _print_table(paths)
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print a task. Raises AssayError for a benchmark or a task that is not there."""
    from assay.errors import AssayError
    from assay.evaluation.benchmarks import canonical_task_id, load, resolve
    from assay.report.task import as_json, print_task

    source = resolve(args.name)
    benchmark = load(args.name, args.data)
    task_id = canonical_task_id(benchmark.name, args.task_id)
    task = next((task for task in benchmark.tasks if task.task_id == task_id), None)
    if task is None:
        raise AssayError(
            f"{benchmark.name} has no task {args.task_id!r}. It has {len(benchmark.tasks)}, "
            f"from {benchmark.tasks[0].task_id} to {benchmark.tasks[-1].task_id}."
        )
    if args.json:
        print(json.dumps(as_json(task, benchmark.name, source.kind), indent=2))
    else:
        print_task(task, benchmark.name, source.kind)
    return 0


def _path(source: Source, data_dir: Path | None) -> Path | None:
    from assay.errors import AssayError
    from assay.tasks.data import find

    try:
        return find(source, data_dir) if source.file else None
    except AssayError:
        return None


def _as_json(source: Source, path: Path | None) -> dict[str, Any]:
    return {
        "benchmark": source.spec,
        "kind": source.kind,
        "languages": list(source.languages),
        "tasks": source.tasks,
        "licence": source.licence,
        "origin": source.origin,
        "url": source.url or None,
        "sha256": source.sha256 or None,
        "here": path is not None or not source.file,
        "path": str(path) if path else None,
    }


def _print_table(paths: dict[Source, Path | None]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("benchmark", "kind", "language"):
        table.add_column(heading, no_wrap=True)
    table.add_column("tasks", justify="right")
    for heading in ("licence", "from", "data"):
        table.add_column(heading, overflow="fold")
    for source, path in paths.items():
        data = "here" if path else "missing" if source.file else "built in"
        languages = ", ".join(source.languages)
        table.add_row(source.spec, source.kind, languages, str(source.tasks), source.licence, source.origin, data)
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160).print(table)
    if any(path is None and source.file for source, path in paths.items()):
        print("What is missing comes with: assay data fetch NAME (or name the folder that has it: --data, $ASSAY_DATA)")

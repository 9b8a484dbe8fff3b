"""`assay forge`: make fresh, execution-verified tasks; check a folder of them; look at one."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli.asking import positive

if TYPE_CHECKING:
    from assay.forge.task import ForgeTask

NEEDS_A_LOOK = 3
INTERRUPTED = 130
LINE_EVERY_S = 10.0

EPILOG = """\
examples:
  assay forge --seed 1 --count 1000 --out tasks        1,000 training tasks and 100 for testing
  assay forge --seed 7 --count 500 --depth 2-4 --test 200 --out harder
  assay forge check tasks                              prove that no test task occurs in training
  assay forge show tasks                               a task, its tests, bugs and trace
  assay forge show tasks forge/1/17
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "forge",
        help="make fresh, execution-verified programming tasks",
        description="Make programming tasks that nobody has seen: specification, reference, tests, bugs, trace.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="same seed, same tasks (default: 1)")
    parser.add_argument("--count", metavar="N", type=positive, default=1000, help="training tasks (default: 1000)")
    parser.add_argument("--test", metavar="N", type=_whole, help="test tasks (default: a tenth of --count)")
    parser.add_argument("--depth", metavar="A-B", type=_depths, default=(1, 5), help="operations a task (default: 1-5)")
    parser.add_argument("--languages", metavar="L,L", default="python", help="of the references (default: python)")
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder for the tasks; it must not be there yet")
    parser.add_argument("--jobs", metavar="N", type=positive, help="processes (default: all cores)")
    parser.add_argument("--examples", metavar="N", type=_whole, help="shown to the reader (default: 2; 1 with --brief)")
    parser.add_argument("--tests", metavar="N", type=positive, default=8, help="kept back, of a task (default: 8)")
    parser.add_argument("--brief", action="store_true", help="few words, short programs and values: for small models")
    parser.add_argument("--bugs", metavar="N", type=_whole, default=2, help="faulty variants at most (default: 2)")
    parser.add_argument("--hints", action="store_true", help="types in the signature")
    parser.add_argument(
        "--operations",
        metavar="N",
        type=_whole,
        default=0,
        help="compose programs of the N most usual operations only, for small models (default: 0, all)",
    )
    parser.add_argument(
        "--solution-depth",
        metavar="D",
        type=positive,
        default=3,
        help='training tasks deeper than this are marked held_out "depth": for RL only (default: 3)',
    )
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(title="on a folder of tasks", metavar="ACTION")
    check = actions.add_parser("check", help="prove that no test task occurs in training")
    check.add_argument("folder", metavar="DIR", type=Path)
    check.set_defaults(run=run_check)
    show = actions.add_parser("show", help="look at a task")
    show.add_argument("folder", metavar="DIR", type=Path)
    show.add_argument("task", metavar="ID", nargs="?", help="its id, or the end of it (default: the first test task)")
    show.set_defaults(run=run_show)


def run(args: argparse.Namespace) -> int:
    """Make tasks. Raises AssayError."""
    from assay.errors import AssayError
    from assay.forge import folder
    from assay.forge.options import Options

    if args.out is None:
        raise AssayError("Name a folder for the tasks, for example: assay forge --seed 1 --count 1000 --out tasks")
    kind = Options.small if args.brief else Options
    examples = {} if args.examples is None else {"examples": args.examples}
    options = kind(
        depths=args.depth,
        languages=tuple(name.strip() for name in args.languages.split(",") if name.strip()),
        operations=args.operations,
        solution_depth=args.solution_depth,
        **examples,
        tests=args.tests,
        bugs=args.bugs,
        hints=args.hints,
    )
    test: int = args.count // 10 if args.test is None else args.test
    started = time.monotonic()
    jobs: int = args.jobs or len(os.sched_getaffinity(0))
    try:
        with _progress(args.count + test) as show:
            summary = folder.write(args.out, args.seed, options, args.count, test, jobs, show)
    except KeyboardInterrupt:
        again = shlex.join(args.argv)
        print(f"assay: Interrupted; nothing was written. The same tasks again: assay {again}", file=sys.stderr)
        return INTERRUPTED
    took_s = time.monotonic() - started
    print(
        f"{args.count} training and {test} test tasks in {args.out}, {took_s:.1f} s "
        f"(train.jsonl sha256 {summary['sha256']['train.jsonl'][:12]})."
    )
    print(f"Look at one: assay forge show {args.out}    Prove the split: assay forge check {args.out}")
    return 0


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[int, int], None]]:
    """Something to tell how many tasks there are: a bar on a terminal, a line now and then in a log."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    if sys.stderr.isatty():
        columns = (TextColumn("forging"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            row = bar.add_task("", total=total)
            yield lambda done, drawn: bar.update(row, completed=done)
        return
    due = time.monotonic() + LINE_EVERY_S

    def line(done: int, drawn: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + LINE_EVERY_S
            print(f"assay: {done} of {total} tasks from {drawn} plans", file=sys.stderr)

    yield line


def run_check(args: argparse.Namespace) -> int:
    """Compare the splits of a folder. Raises AssayError."""
    from assay.forge.leaks import check

    report = check(args.folder)
    rows = (
        ("behaviours", "behave like a training task", report.behaviours),
        ("texts", "have the words of a training task", report.texts),
        ("programs", "have the program of a training task", report.programs),
        ("compositions", "are on the wrong side of the held-out compositions", report.compositions),
        ("misfiled", "are marked as of the other split", report.misfiled),
    )
    print(f"{args.folder}: {report.train} training tasks, {report.test} test tasks")
    for _, words, ids in rows:
        print(f"{len(ids):8} {words}{': ' + ', '.join(ids[:5]) if ids else ''}")
    print("No leak." if report.clean else "Leaks: see above.")
    return 0 if report.clean else NEEDS_A_LOOK


def run_show(args: argparse.Namespace) -> int:
    """Print a task. Raises AssayError."""
    from assay.errors import AssayError
    from assay.forge.folder import read

    for split in ("test", "train"):
        for task in read(args.folder, split):
            if args.task is None or task.task_id == args.task or task.task_id.endswith(f"/{args.task}"):
                _show(task)
                return 0
    raise AssayError(f"{args.folder} has no task {args.task or ''}. Ids look like forge/1/17.")


def _show(task: ForgeTask) -> None:
    from rich.console import Console
    from rich.syntax import Syntax

    console = Console(width=None if sys.stdout.isatty() else 110)

    def code(text: str) -> None:
        if console.is_terminal:
            console.print(Syntax(text.rstrip(), "python", background_color="default"))
        else:
            print(text.rstrip())

    held_out = f", held out: {task.held_out}" if task.held_out else ""
    print(f"{task.task_id}  depth {task.depth}  {task.split}{held_out}  behaviour {task.behaviour}")
    print(f"operations: {', '.join(task.operations)}\nsummary: {task.summary}\n")
    code(task.program)
    for language, source in task.references.items():
        print(f"\n--- {language}")
        print(source.rstrip())
    print(f"\n{len(task.tests)} tests kept back, {len(task.audit)} for audit")
    for number, case in enumerate(task.tests):
        print(f"  {number}: {', '.join(map(repr, case.arguments))} -> {case.expected!r}")
    for bug in task.bugs:
        print(f"\nbug ({bug.kind}, line {bug.line}): test {bug.killed_by} {bug.failure}")
        code(bug.body)
    if task.trace:
        print(f"\ntrace of test {task.trace_case}")
        for step in task.trace:
            print(f"  line {step.line}: {', '.join(f'{name} = {value}' for name, value in step.changed)}")


def _depths(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a depth or a range of depths, for example 3 or 1-5")
    return int(found[1]), int(found[2] or found[1])


def _whole(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)

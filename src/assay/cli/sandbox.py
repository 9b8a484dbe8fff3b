"""`assay sandbox check`: run the hostile programs and the canaries of the languages, and say what each did."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from assay.cli import sandbox_serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from assay.evaluation.selfcheck import Record, SelfCheck
    from assay.sandbox.canaries import Report

LEVELS = ("namespaces", "landlock")

EPILOG = """\
exit status:
  0    every program got the right verdict, none had an effect outside, and every language did what it should; what is
       not installed is not run, and listed
  1    at least one did not; the tables say which
  2    bad arguments, or a machine that cannot isolate

examples:
  assay sandbox check
  assay sandbox check --only 21 39c
  assay sandbox check --language java --language cpp
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser("sandbox", help="try the sandbox of this machine, or serve others with it")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check",
        help="run the hostile programs and try every language in the sandbox of this machine",
        description="Run programs that try to cheat, to leave the jail or to starve the machine, and compare what the "
        "judge says with the right verdict. Before and after each, a process, a private file and the shared folders "
        "outside are looked at. Then a program in every language that is installed shows that the language works, is "
        "held to its limits, and reaches neither files nor the network.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument(
        "--only", metavar="NUMBER", nargs="+", action="extend", default=[], help="only these, without the languages"
    )
    check.add_argument(
        "--language", metavar="NAME", nargs="+", action="extend", default=[], help="only these languages"
    )
    check.add_argument("--level", choices=LEVELS, help="isolation to use (default: the strongest of this machine)")
    check.add_argument("--jobs", metavar="N", type=_positive, help="programs run at once (default: all cores)")
    check.add_argument("--json", action="store_true", help="print everything as JSON, and nothing else, to stdout")
    check.set_defaults(run=run_check)
    sandbox_serve.register(actions)


def run_check(args: argparse.Namespace) -> int:
    """Run them all and print the table. Raises AssayError."""
    from assay.evaluation.selfcheck import SelfCheck
    from assay.tasks.hostile import load_programs

    programs = load_programs(args.only, args.language)
    records: list[Record] = []
    with SelfCheck(args.level, args.jobs if programs else 1) as check:
        for record in check.run(programs):
            records.append(record)
            _show_progress(len(records), len(programs), record)
    order = {program.name: index for index, program in enumerate(programs)}
    records.sort(key=lambda record: order[record.name])
    languages = [] if args.only else _try_languages(args)
    if args.json:
        print(json.dumps(_as_json(check, records, languages), indent=2))
    else:
        _print_tables(check, records, languages)
    right = all(record.ok or record.lacks for record in records) and all(one.ok for one in languages)
    return 0 if right else 1


def _try_languages(args: argparse.Namespace) -> list[Report]:
    from assay.sandbox.canaries import check_all
    from assay.sandbox.languages import LANGUAGES

    names = [name for name in LANGUAGES if name in (args.language or LANGUAGES)]
    reports = {}
    for report in check_all(names, args.level, args.jobs):
        reports[report.language] = report
        if not sys.stderr.isatty():
            continue
        end = "\n" if len(reports) == len(names) else ""
        sys.stderr.write(f"\r\x1b[K{len(reports)}/{len(names)} {report.language}{end}")
        sys.stderr.flush()
    return [reports[name] for name in names]


def summary(records: Sequence[Record]) -> str:
    """The last line: how many verdicts were right, and what had an effect outside."""
    records = [record for record in records if not record.lacks]
    right = sum(_is_right(record) for record in records)
    harmful = [record.name for record in records if record.effects]
    outside = f"{len(harmful)} had an effect outside: {', '.join(harmful)}" if harmful else "none had an effect outside"
    return f"{right} of {len(records)} hostile programs got the right verdict; {outside}"


def _is_right(record: Record) -> bool:
    return record.ok or (bool(record.effects) and record.got in record.expected)


def _as_json(check: SelfCheck, records: Sequence[Record], languages: Sequence[Report]) -> dict[str, object]:
    return {
        "schema": 1,
        "isolation": check.isolation.as_json(),
        "programs": [asdict(record) for record in records],
        "right": sum(_is_right(record) for record in records),
        "effects": sum(bool(record.effects) for record in records),
        "total": sum(not record.lacks for record in records),
        "not_run": sum(bool(record.lacks) for record in records),
        "languages": [asdict(one) | {"ok": one.ok} for one in languages],
    }


def _show_progress(done: int, total: int, record: Record) -> None:
    """On a terminal one line that changes; in a log a line for what went wrong and every 50 programs."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r\x1b[K{done}/{total} {record.name}{end}")
    elif not (record.ok or record.lacks) or done % 50 == 0 or done == total:
        sys.stderr.write(f"assay: {done}/{total} {record.name}: {record.got}\n")
    sys.stderr.flush()


def _print_tables(check: SelfCheck, records: Sequence[Record], languages: Sequence[Report]) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)
    if languages:
        _print_languages(console, languages)
    if records:
        _print_programs(console, records)
    layers = ", ".join(check.isolation.layers)
    console.print(f"isolation: {check.isolation.level} ({layers})", soft_wrap=True)
    if languages:
        console.print(languages_summary(languages), soft_wrap=True)
    if records or not languages:
        console.print(summary(records), soft_wrap=True)


def languages_summary(languages: Sequence[Report]) -> str:
    """How many of the installed languages did what they should."""
    tried = [one for one in languages if one.findings]
    missing = [one.language for one in languages if one.lacks]
    return f"{sum(one.ok for one in tried)} of {len(tried)} languages work and are held to their limits" + (
        f"; not installed: {', '.join(missing)}" if missing else ""
    )


def _print_languages(console: Console, languages: Sequence[Report]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("language", "checks", "what happened"):
        table.add_column(heading, overflow="fold")
    for one in languages:
        good = sum(finding.ok for finding in one.findings)
        why = one.unusable or (f"not installed; install it with: {one.lacks}" if one.lacks else "")
        table.add_row(one.language, f"{good} of {len(one.findings)}" if one.findings else "-", why)
        for finding in one.findings:
            if not finding.ok:
                table.add_row("", "✗", _printable(f"{finding.name}: {finding.detail}"))
    console.print(table)


def _print_programs(console: Console, records: Sequence[Record]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("#", no_wrap=True)
    table.add_column("program", no_wrap=True)
    table.add_column("right verdict", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("what happened", no_wrap=True, overflow="ellipsis", ratio=1)  # what the others leave
    for record in records:
        table.add_row(
            record.number,
            _title(record),
            _both("\nor ".join(record.expected), record.official_expected),
            _both(record.got, record.official) + ("" if record.ok or record.lacks else " ✗"),
            _what(record),
        )
    console.print(table)
    for record in records:
        if not record.ok and not record.lacks:
            console.print(f"✗ {record.name}: {_what(record)}\n  {record.why}", soft_wrap=True)
    for language, install in sorted({(record.language, record.lacks) for record in records if record.lacks}):
        count = sum(record.language == language for record in records)
        console.print(f"{language} is not installed: {count} programs not run; install: {install}", soft_wrap=True)


def _title(record: Record) -> str:
    title = record.name.partition("_")[2].replace("_", " ")
    return title if record.language == "python" else f"{record.language}: {title}"


def _both(hardened: str, official: str) -> str:
    return f"{hardened}\nofficial: {official}" if official and official != hardened else hardened


def _what(record: Record) -> str:
    said = [*record.effects, record.detail or ("" if record.effects else record.why)]
    flags = f" [{', '.join(record.flags)}]" if record.flags else ""
    return _printable("; ".join(part for part in said if part) + flags)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number

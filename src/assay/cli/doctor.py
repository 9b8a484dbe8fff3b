"""`assay doctor`: what this machine can isolate and which languages it has."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.sandbox.doctor import LevelReport, Report

EPILOG = """\
exit status:
  0    this machine can isolate untrusted programs
  1    it cannot; the last lines say what to do
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "doctor",
        help="what this machine can isolate and which languages it has",
        description="Try every way to isolate programs on this machine, and look for the languages.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON, and nothing else, to stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine the machine and print what was found."""
    from assay.sandbox.doctor import examine

    report = examine()
    if args.json:
        print(json.dumps(as_json(report), indent=2))
    else:
        _print(report)
    return 0 if report.best else 1


def verdict(report: Report) -> str:
    """The line that counts."""
    best = report.best
    if best is None:
        return "this machine cannot isolate untrusted programs, so Assay refuses to run them"
    return f"this machine can isolate: level {best.name} ({', '.join(best.layers)})"


def as_json(report: Report) -> dict[str, Any]:
    """Everything that was found, and the verdict."""
    row = asdict(report)
    version, limits = report.cgroup
    row["cgroup"] = {"version": version, "limits": list(limits)}
    return {
        "schema": 1,
        "can_isolate": report.best is not None,
        "isolation": report.isolation.as_json(),
        "verdict": verdict(report),
        "advice": report.advice(),
        **row,
    }


def _print(report: Report) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name, text in _facts(report):
        facts.add_row(name, text)
    console.print(facts)
    levels = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("isolation", "works", "layers, or what failed"):
        levels.add_column(heading, overflow="fold")
    for level in report.levels:
        levels.add_row(_name(level), "yes" if level.works else "no", ", ".join(level.layers) or level.why)
    console.print(levels)
    languages = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("language", "version, or how to install it"):
        languages.add_column(heading, overflow="fold")
    for language in report.languages:
        found = [language.version or "missing"]
        if language.lacking:
            found.append(f"{language.lacking}; install it with: {language.install}")
        languages.add_row(language.name, "\n".join(found))
    console.print(languages)
    for line in [verdict(report), *report.advice()]:
        console.print(line, soft_wrap=True)


def _facts(report: Report) -> list[tuple[str, str]]:
    version, limits = report.cgroup
    return [
        ("kernel", f"Linux {report.kernel}, {report.machine}"),
        ("user", "root" if report.uid == 0 else f"ordinary user {report.uid}"),
        ("cores", str(report.cores)),
        ("free disk", f"{report.free_bytes / (1 << 30):.1f} GiB in /tmp"),
        ("seccomp", "yes" if report.seccomp else "no"),
        ("user namespaces", f"no: {report.user_namespaces}" if report.user_namespaces else "yes"),
        ("Landlock", f"version {report.landlock_abi}" if report.landlock_abi else "no"),
        ("cgroup", f"{version}, {', '.join(limits)}" if version else "none is writable"),
    ]


def _name(level: LevelReport) -> str:
    return f"{level.name}, user namespace" if level.user_namespace else level.name

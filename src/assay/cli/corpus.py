"""`assay corpus`: from files to training documents, and a look at what was kept and dropped."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assay.cli import preview


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser("corpus", help="make training documents from code, and look at them")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    build = actions.add_parser("build", help="filter, deduplicate and decontaminate files into Parquet shards")
    build.add_argument(
        "sources", metavar="SRC", nargs="+", help="a folder, a .jsonl or .parquet file, stdlib:, packages:[NAME,...]"
    )
    build.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the corpus; repeat to go on")
    build.add_argument(
        "--allow",
        metavar="LICENCE",
        default="permissive",
        help="licences to keep, with commas: SPDX names, permissive (the default), none (files without one), any",
    )
    build.add_argument("--languages", metavar="NAME,...", default="", help="keep only these (default: all)")
    build.add_argument("--held-out", metavar="SHARE", type=float, default=0.05, help="share of repositories kept back")
    build.add_argument(
        "--held-out-files", metavar="SHARE", type=float, default=0.0, help="share of the files of the others kept back"
    )
    build.add_argument("--max-bytes", metavar="N", type=int, default=1 << 20, help="drop larger files (default 1 MiB)")
    build.add_argument("--data", metavar="DIR", default="", help="folder with benchmark files (default: $ASSAY_DATA)")
    build.add_argument(
        "--commits", metavar="N", type=int, default=0, help="pairs from the newest N commits per git repository"
    )
    build.add_argument(
        "--near", metavar="J", type=float, default=0.7, help="Jaccard similarity of near duplicates (0: off)"
    )
    build.add_argument("--behaviour", action="store_true", help="also run functions, in the jail, against benchmarks")
    build.add_argument("--no-decontaminate", action="store_true", help="keep files with benchmark tasks in them")
    build.add_argument("--workers", metavar="N", type=int, default=0, help="processes (default: one per core)")
    build.set_defaults(run=run_build)
    inspect = actions.add_parser("inspect", help="the funnel, and samples kept and dropped by each rule")
    inspect.add_argument("folder", metavar="DIR", type=Path)
    inspect.add_argument("--rule", metavar="NAME", help="only what this rule dropped")
    inspect.add_argument("--samples", metavar="N", type=int, default=3, help="samples per rule (default 3)")
    inspect.set_defaults(run=run_inspect)
    preview.register(actions)


def run_build(args: argparse.Namespace) -> int:
    """Build, and print the funnel. Raises AssayError for bad arguments and sources."""
    _need_extra("detect_secrets")
    from assay.corpus.build import build
    from assay.corpus.options import Options
    from assay.corpus.progress import watch

    options = Options(
        sources=tuple(args.sources),
        allow=_list(args.allow),
        languages=_list(args.languages),
        held_out=args.held_out,
        held_out_files=args.held_out_files,
        near=args.near,
        decontaminate=not args.no_decontaminate,
        behaviour=args.behaviour,
        data=args.data,
        commits=args.commits,
        most_bytes=args.max_bytes,
    )
    manifest = build(options, args.out, args.workers, watch())
    print_funnel(args.out)
    print_counts(manifest)
    print(f"\nLook at it: assay corpus inspect {args.out}")
    return 0


def run_inspect(args: argparse.Namespace) -> int:
    """Print the funnel, what there is, and samples. Raises AssayError for a folder that is no corpus."""
    _need_extra()
    from assay.corpus import describe
    from assay.corpus.inspection import dropped

    if args.samples < 0:
        from assay.errors import AssayError

        raise AssayError(f"--samples must not be negative, not {args.samples}.")
    manifest = describe(args.folder)
    if not args.rule:
        print_funnel(args.folder)
        print_counts(manifest)
        if args.samples:
            _print_kept(args.folder, args.samples)
    for rule, found in dropped(args.folder, args.samples or 0, args.rule or "").items() if args.samples else ():
        print(f"\n== dropped by: {rule}")
        for each in found:
            print(f"-- {each.repository}/{each.path} ({each.bytes:,} bytes){': ' if each.detail else ''}{each.detail}")
            print(_beginning(each.excerpt))
    return 0


def print_funnel(folder: Path) -> None:
    """The counts of every rule as one table."""
    from assay.corpus.inspection import funnel

    body = funnel(folder)
    rows = [("", "found", "", "", f"{body['files']:,}", f"{body['bytes'] / 1e6:,.1f}")]
    for row in body["rules"]:
        mb, left = f"{row['bytes'] / 1e6:,.1f}", f"{row['bytes_left'] / 1e6:,.1f}"
        rows.append((row["step"], row["rule"], f"{row['files']:,}", mb, f"{row['files_left']:,}", left))
    _print_table(("step", "dropped by", "files", "MB", "files left", "MB left"), rows, words=2)
    if body["replaced"]:
        print("replaced: " + ", ".join(f"{number:,} {kind}" for kind, number in sorted(body["replaced"].items())))


def print_counts(manifest: dict[str, Any]) -> None:
    """What the corpus holds: by kind, split, language and licence."""
    rows = [
        (name, value, f"{both['documents']:,}", f"{both['characters'] / 1e6:,.1f}")
        for name, values in manifest["counts"].items()
        for value, both in list(values.items())[:12]
    ]
    _print_table(("by", "", "documents", "million characters"), rows, words=2)
    if benchmarks := manifest["benchmarks"]:
        missing = f", {len(benchmarks['not here'])} are not here" if benchmarks["not here"] else ""
        print(
            f"decontaminated against {benchmarks['tasks']:,} tasks of {len(benchmarks['used'])} benchmarks{missing} "
            "(assay data list)"
        )


def _print_kept(folder: Path, samples: int) -> None:
    from itertools import islice

    from assay.corpus import KINDS, read

    for kind in KINDS:
        for document in islice(read(folder, split=None, kinds=(kind,)), samples):
            name = f"{document.repository}/{document.path}" if document.path else document.repository
            print(
                f"\n-- kept {kind}: {name} ({document.language}, {document.licence or 'no licence'}, "
                f"weight {document.weight:g}, {document.split})"
            )
            print(_beginning(document.text))


def _beginning(text: str, lines: int = 6) -> str:
    """A few lines, with nothing in them that a terminal would take for a command."""
    shown = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text[:400])
    return "\n".join(f"   | {line[:110]}" for line in shown.split("\n")[:lines])


def _print_table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], words: int) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, heading in enumerate(headings):
        # Licences are long: they wrap, so that numbers need not be cut.
        table.add_column(heading, justify="left" if number < words else "right", no_wrap=number != 1, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 120).print(table)


def _list(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _need_extra(*names: str) -> None:
    from importlib.util import find_spec

    from assay.errors import AssayError

    missing = [name for name in ("pyarrow", "numpy", *names) if find_spec(name) is None]
    if missing:
        raise AssayError(
            f"This needs {' and '.join(missing)}, which is not installed. Install what a corpus needs: "
            "python -m pip install 'assay[corpus]'"
        )

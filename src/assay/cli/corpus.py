"""`assay corpus`: from files to training documents, and a look at what was kept and dropped."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


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
    build.add_argument("--max-bytes", metavar="N", type=int, default=1 << 20, help="drop larger files (default 1 MiB)")
    build.add_argument("--workers", metavar="N", type=int, default=0, help="processes (default: one per core)")
    build.set_defaults(run=run_build)
    inspect = actions.add_parser("inspect", help="the funnel, and samples kept and dropped by each rule")
    inspect.add_argument("folder", metavar="DIR", type=Path)
    inspect.add_argument("--rule", metavar="NAME", help="only what this rule dropped")
    inspect.add_argument("--samples", metavar="N", type=int, default=3, help="samples per rule (default 3)")
    inspect.set_defaults(run=run_inspect)


def run_build(args: argparse.Namespace) -> int:
    """Build, and print the funnel. Raises AssayError for bad arguments and sources."""
    _need_extra()
    from assay.corpus.build import build
    from assay.corpus.options import Options
    from assay.corpus.progress import watch

    options = Options(
        sources=tuple(args.sources),
        allow=_list(args.allow),
        languages=_list(args.languages),
        held_out=args.held_out,
        most_bytes=args.max_bytes,
    )
    manifest = build(options, args.out, args.workers, watch())
    print_funnel(args.out, manifest)
    print(f"\nLook at it: assay corpus inspect {args.out}")
    return 0


def run_inspect(args: argparse.Namespace) -> int:
    """Print the funnel and samples."""
    _need_extra()
    from assay.corpus import describe

    print_funnel(args.folder, describe(args.folder))
    return 0


def print_funnel(folder: Path, manifest: dict[str, Any]) -> None:
    """The counts of every rule as one table."""
    import json

    from rich import box
    from rich.console import Console
    from rich.table import Table

    funnel = json.loads((folder / "funnel.json").read_bytes())
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("step", "dropped by"):
        table.add_column(heading, no_wrap=True)
    for heading in ("files", "MB", "files left", "MB left"):
        table.add_column(heading, justify="right")
    table.add_row("", "found", "", "", f"{funnel['files']:,}", f"{funnel['bytes'] / 1e6:,.1f}")
    for row in funnel["rules"]:
        mb, left = row["bytes"] / 1e6, row["bytes_left"] / 1e6
        table.add_row(
            row["step"], row["rule"], f"{row['files']:,}", f"{mb:,.1f}", f"{row['files_left']:,}", f"{left:,.1f}"
        )
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 120).print(table)


def _list(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _need_extra() -> None:
    from importlib.util import find_spec

    from assay.errors import AssayError

    if find_spec("pyarrow") is None or find_spec("numpy") is None:
        raise AssayError("A corpus needs pyarrow and numpy. Install them: python -m pip install 'assay[corpus]'")

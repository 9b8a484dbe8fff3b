"""`assay sandbox`: run the hostile programs and say what each did."""

from __future__ import annotations

import argparse

from assay.errors import AssayError


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser("sandbox", help="run the hostile programs and say what each did")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    raise AssayError("assay sandbox is not built yet.")

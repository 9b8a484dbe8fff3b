"""`assay demo`: judge the built-in tasks against recorded answers."""

from __future__ import annotations

import argparse

from assay.errors import AssayError


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser("demo", help="judge the built-in tasks against recorded answers")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    raise AssayError("assay demo is not built yet.")

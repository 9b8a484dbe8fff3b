"""`assay exec`: run one file in the sandbox and say what happened."""

from __future__ import annotations

import argparse

from assay.errors import AssayError


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser("exec", help="run one file in the sandbox and say what happened")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    raise AssayError("assay exec is not built yet.")

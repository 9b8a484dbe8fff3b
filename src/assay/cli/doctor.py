"""`assay doctor`: what this machine can isolate and which languages it has."""

from __future__ import annotations

import argparse

from assay.errors import AssayError


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser("doctor", help="what this machine can isolate and which languages it has")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    raise AssayError("assay doctor is not built yet.")

"""`assay confidence`: how well a model knows when it is wrong."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

EPILOG = """\
A run has confidences when its answers carry a mean log-probability (checkpoint models do; a recorded file may, as
"mean_logprob" in its rows) or when it has several samples per task, whose agreement is one.

examples:
  assay confidence runs/mine
  assay confidence runs/mine --json
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "confidence",
        usage="assay confidence RUN_DIR [options]",
        help="show how well a model knows when it is wrong",
        description="Show how right the model of a finished run would be if it answered only where it is sure, and how "
        "often it was surely wrong.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run_folder", metavar="RUN_DIR", type=Path, help="the run folder")
    parser.add_argument(
        "--judge", choices=("hardened", "official"), help="whose verdicts (default: hardened, where the run has them)"
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="where benchmark files are looked for first")
    parser.add_argument("--json", action="store_true", help="print the curves as JSON, and nothing else")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out. Raises AssayError for what the user has to mend."""
    from assay.errors import AssayError
    from assay.evaluation.reading import read_with_texts
    from assay.evaluation.selective import selective_curves
    from assay.report.selective import print_selective

    reading = read_with_texts(args.run_folder, args.data)
    rule_set = args.judge or ("hardened" if "hardened" in reading.run.rule_sets else "official")
    if rule_set not in reading.run.rule_sets:
        raise AssayError(f"The run in {args.run_folder} has no {rule_set} verdicts. Choose others with --judge.")
    if reading.missing:
        raise AssayError(" ".join(reading.missing))
    curves = selective_curves(reading, rule_set)
    if not curves:
        raise AssayError(
            f"The run in {args.run_folder} says nothing about confidence: no answer has a mean_logprob, and no task "
            "has several samples. Ask for several with --samples."
        )
    run = reading.run
    if args.json:
        body = {"schema": 1, "benchmark": run.benchmark, "model": run.model, "rule_set": rule_set}
        print(json.dumps(body | {"curves": [curve.as_json() for curve in curves]}, indent=2))
    else:
        print_selective(f"{run.benchmark}, {run.model}, {rule_set} verdicts", curves)
    return 0

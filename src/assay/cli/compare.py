"""`assay compare`: say which of several runs is better, and how sure that is."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

EPILOG = """\
The first run is A; every other one is compared with it, benchmark by benchmark and task by task. Each RUN is a run
folder, or a folder that holds one run folder for each benchmark.

examples:
  assay compare runs/base runs/tuned
  assay compare runs/base runs/tuned runs/other --json
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "compare",
        usage="assay compare RUN_A RUN_B [RUN ...] [options]",
        help="say which of several runs is better",
        description="Compare finished runs on the tasks that they share: the paired difference with its 95 % interval, "
        "McNemar's exact test, and what can be concluded.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("runs", metavar="RUN", nargs="+", type=Path, help="a run folder, or a folder of run folders")
    parser.add_argument(
        "--judge", choices=("hardened", "official"), help="whose verdicts (default: hardened, where all runs have them)"
    )
    parser.add_argument("--common", action="store_true", help="compare only the tasks that both runs have")
    parser.add_argument("--json", action="store_true", help="print the comparisons as JSON, and nothing else")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out. Raises AssayError for what the user has to mend."""
    from assay.evaluation.compare import compare, load_contestants
    from assay.report.comparison import conclusion, print_comparisons

    comparisons = compare(load_contestants(args.runs), rule_set=args.judge, common=args.common)
    if args.json:
        body = [one.as_json() | {"conclusion": conclusion(one)} for one in comparisons]
        print(json.dumps({"schema": 1, "comparisons": body}, indent=2))
    else:
        print_comparisons(comparisons)
    return 0

"""`assay judge`: judge what a run has stored once more, by other rules and without asking a model."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from assay.cli.session import add_arguments, carry_out

EPILOG = """\
exit status: as of `assay eval`

examples:
  assay judge runs/mine --judge both
  assay judge runs/mine --extract chat --out runs/mine-chat
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "judge",
        usage="assay judge RUN_DIR [options]",
        help="judge the stored answers of a run by other rules",
        description="Judge the answers that a run has stored once more, by other rules or another version of Assay. "
        "No model is asked. The verdicts go into a run folder of their own; that of the run is left as it is.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="RUN_DIR", type=Path, help="the run whose answers are judged")
    parser.add_argument("--data", metavar="DIR", type=Path, help="where benchmark files are looked for first")
    parser.add_argument(
        "--out", metavar="NEW_DIR", type=Path, help="run folder, new or to be continued (default: beside RUN_DIR)"
    )
    parser.add_argument("--judge", choices=("hardened", "official", "both"), help="rule sets (default: as in the run)")
    parser.add_argument(
        "--extract", choices=("auto", "raw", "chat", "base"), help="how a program is found (default: as in the run)"
    )
    parser.add_argument("--rules", choices=("0.2", "0.3"), help="EvalPlus release line (default: that of the run)")
    add_arguments(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out. Raises AssayError for what the user has to mend."""
    from assay.evaluation.again import plan_again
    from assay.evaluation.benchmarks import load
    from assay.evaluation.stored import read_run
    from assay.tasks.whole_programs import in_language

    source = read_run(args.folder, unfinished=True)
    benchmark = load(source.benchmark, args.data, args.rules or source.record["identity"].get("rules"))
    if language := source.record["identity"].get("language"):
        benchmark = in_language(benchmark, language)
    plan = plan_again(source, benchmark, judge=args.judge, extract=args.extract)
    return carry_out(args, plan, args.out or _beside(args.folder))


def _beside(folder: Path) -> Path:
    """RUN_DIR-judged-<date-time>; `carry_out` makes it, under another name where that one is taken."""
    return folder.parent / f"{folder.resolve().name}-judged-{time.strftime('%Y%m%d-%H%M%S')}"

"""`assay export`: a run in the format of another harness or tool."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

NAMES = ("evalplus", "evalplus-results", "bigcode", "inspect", "junit")

EPILOG = """\
formats:
  evalplus          samples.jsonl for `evalplus.evaluate --samples`: the programs that were judged
  evalplus-results  verdicts as EvalPlus stores them (*_eval_results.json)
  bigcode           generations.json for bigcode-evaluation-harness (--load_generations_path)
  inspect           an Inspect AI log; with a folder as FILE it gets a name that `inspect view` lists
  junit             JUnit XML for continuous integration

examples:
  assay export runs/mine --format evalplus --out samples.jsonl
  assay export runs/mine --format inspect --out logs/
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "export",
        usage="assay export RUN_DIR --format FORMAT [--out FILE] [options]",
        help="write a run in the format of another harness or tool",
        description="Write a finished run in the format of another harness or tool.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run_folder", metavar="RUN_DIR", type=Path, help="the run folder")
    parser.add_argument("--format", choices=NAMES, required=True, help="see below")
    parser.add_argument("--out", metavar="FILE", type=Path, help="where to (default: stdout)")
    parser.add_argument(
        "--judge",
        choices=("hardened", "official"),
        help="whose verdicts (default: both where there is room for both; official for evalplus-results)",
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="where benchmark files are looked for first")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out. Raises AssayError for what the user has to mend."""
    from assay.errors import AssayError
    from assay.evaluation.reading import read_with_texts
    from assay.report.export import export, write_file
    from assay.report.export.inspect_log import file_name

    path: Path | None = args.out
    is_folder = args.format == "inspect" and path is not None and path.is_dir()
    if args.format == "inspect" and path is not None and not is_folder and path.suffix != ".json":
        raise AssayError(
            f"Inspect AI tells logs by their names. Name a folder, or a file that ends in .json; {path} is neither."
        )
    reading = read_with_texts(args.run_folder, args.data)
    text = export(reading, args.format, args.judge)
    if path is None:
        sys.stdout.write(text)
    else:
        write_file(path / file_name(reading) if is_folder else path, text)
    return 0

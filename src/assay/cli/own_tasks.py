"""`assay tasks check` and `assay tasks init`: tasks of your own, proven before they are used."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from assay.cli.asking import positive

NOT_PROVEN = 1


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the actions and their arguments."""
    check = actions.add_parser(
        "check",
        help="prove tasks of your own: references pass, empty and faulty answers fail, verdicts repeat",
        epilog="exit status: 0 all are proven, 1 some are not, 2 a task is written wrongly (the message says where)",
    )
    check.add_argument("folder", metavar="DIR", help="a folder of tasks, or of one task")
    check.add_argument(
        "--mutants", metavar="N", type=positive, default=12, help="faults put into each reference (default: 12)"
    )
    check.add_argument(
        "--repeat", metavar="N", type=positive, default=3, help="times a reference is judged (default: 3)"
    )
    check.add_argument("--jobs", metavar="N", type=positive, help="programs judged at once (default: all cores)")
    check.add_argument("--unsafe", action="store_true", help="run programs even where they cannot be isolated")
    check.add_argument("--json", action="store_true", help="print JSON, and nothing else, to stdout")
    check.set_defaults(run=run_check)
    init = actions.add_parser("init", help="write a small example task to begin with")
    init.add_argument("folder", metavar="DIR", type=Path, help="the folder to make; its parent is a benchmark then")
    init.set_defaults(run=run_init)


def run_check(args: argparse.Namespace) -> int:
    """Judge references and their faulty twins. Raises AssayError for a task that is written wrongly."""
    from assay.evaluation.proof import prove
    from assay.judge.pool import JudgePool
    from assay.report.proof import print_proofs
    from assay.tasks import own

    benchmark = own.load(args.folder)
    jobs = args.jobs or len(os.sched_getaffinity(0))
    proofs = prove(
        benchmark.tasks,
        lambda seed: JudgePool(jobs, unsafe=args.unsafe, hash_seed=seed),
        most_mutants=args.mutants,
        repeats=args.repeat,
    )
    if args.json:
        print(json.dumps({"folder": benchmark.source, "tasks": [proof.as_json() for proof in proofs]}, indent=2))
    else:
        print_proofs(proofs)
    return 0 if all(proof.proven for proof in proofs) else NOT_PROVEN


def run_init(args: argparse.Namespace) -> int:
    """Write an example. Raises AssayError where something is there already or cannot be written."""
    from assay.tasks.own.example import write_example

    folder = write_example(args.folder)
    print(f"Wrote {folder}. Prove it with: assay tasks check {folder}")
    return 0

"""`assay demo`: from nothing to a model that learnt from running its programs; or, with --judge, the judge alone.

`--judge` judges recorded answers to the built-in tasks under both rule sets and names the cheats.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from assay.cli.asking import positive
from assay.cli.session import NEEDS_A_LOOK

UNEXPECTED_VERDICTS = 1

INTRODUCTION = """\
Two recorded answers to each of the {tasks} built-in tasks are judged: right, wrong and broken ones (one is
empty on purpose, and a message says so) and {cheats} that cheat. Every answer runs in a jail, once under the
official rules, which judge as upstream harnesses do, and once under the hardened rules. One answer never
ends: stopping it twice takes some seconds.
"""

EPILOG = """\
examples:
  assay demo                       the whole job, into runs/demo-full-1
  assay demo --quick --seed 2      a small one
  assay demo --judge               only the judge, on recorded answers of which some cheat
"""

NEXT = """\
Next: judge a real benchmark by its own reference solutions, then your model's answers to it:
  assay data fetch humaneval
  assay eval humaneval --model gold
  assay eval humaneval --model recorded:samples.jsonl --judge both"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "demo",
        help="the main job in one command: a model learns to program; --judge: the judge alone",
        description="Forge tasks, train a small network from nothing, let it learn from running what it writes, "
        "examine it before and after on held-out tasks, and write a report. Needs no network; the same command goes on "
        "where it was stopped.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder of the job (default: under runs/)")
    parser.add_argument("--quick", action="store_true", help="a smaller job, minutes; learns less")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="same seed, same tasks (default: 1)")
    parser.add_argument("--threads", metavar="N", type=positive, help="that compute (default: all cores)")
    parser.add_argument(
        "--judge",
        nargs="?",
        choices=("both", "hardened"),
        const="both",
        help="only judge recorded answers to the built-in tasks, six of which cheat, and check every verdict; no "
        "training, a few seconds. Exit status 1 means that a verdict is not the expected one",
    )
    parser.add_argument("--unsafe", action="store_true", help="with --judge: run even where nothing can be isolated")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out. Raises AssayError for what the user has to mend."""
    return run_judge(args) if args.judge else run_job(args)


def run_job(args: argparse.Namespace) -> int:
    """The main job."""
    from dataclasses import replace

    from assay.demo.plan import FULL, QUICK
    from assay.errors import AssayError

    try:
        import tokenizers  # noqa: F401
        import torch  # noqa: F401
    except ImportError:
        raise AssayError(
            "The demonstration trains a model and needs PyTorch. Install it: pip install 'assay[train]' (or run: make "
            "demo). Without it, `assay demo --judge` shows the judge alone."
        ) from None
    from assay.demo.job import Job
    from assay.report.demo import DemoDisplay, score_table
    from assay.report.demo_page import write_report
    from assay.report.model_card import model_card
    from assay.training.pretrain import set_threads

    set_threads(args.threads)
    plan = replace(QUICK if args.quick else FULL, seed=args.seed)
    folder: Path = args.out or Path("runs") / f"demo-{plan.name}-{plan.seed}"
    job = Job(folder, plan, DemoDisplay(), model_card)
    summary = job.run()
    page = write_report(folder, summary)
    print("\nBefore and after learning from execution, pass@1 on held-out tasks:\n")
    print(score_table(summary["content"]["scores"]))
    print(f"\nThe report: {page}    its numbers: {folder / 'summary.json'}")
    print(f"The model, a Hugging Face folder: {job.model}")
    print(f"Next: assay sample {job.model} --prompt 'def f(a):'")
    print(f"      assay eval forge:python --model checkpoint:{job.model}")
    return 0


def run_judge(args: argparse.Namespace) -> int:
    """The judge alone, on recorded answers."""
    from assay.cli import eval as evaluate
    from assay.tasks.demo import answers_path

    answers = [json.loads(line) for line in answers_path().read_bytes().splitlines()]
    cheats = [answer for answer in answers if _is_cheat(answer)]
    print(INTRODUCTION.format(tasks=len({answer["task_id"] for answer in answers}), cheats=len(cheats)), flush=True)
    folder: Path = args.out or Path("runs") / time.strftime("demo-%Y%m%d-%H%M%S")
    argv = ["eval", "demo", "--model", f"recorded:{answers_path()}", "--judge", args.judge, "--out", str(folder)]
    status = evaluate.run(_parsed(evaluate, [*argv, "--unsafe"] if args.unsafe else argv))
    if status not in (0, NEEDS_A_LOOK):
        return status
    rows = [json.loads(line) for line in (folder / "verdicts.jsonl").read_bytes().splitlines()]
    verdicts = {(row["task_id"], row["sample"]): row for row in rows}
    print()
    if args.judge == "both":
        _print_cheats(cheats, verdicts)
    unexpected = _unexpected(answers, verdicts)
    for line in unexpected:
        print(line)
    if unexpected:
        print("This machine judges otherwise than it should. See what it can isolate with: assay doctor")
        return UNEXPECTED_VERDICTS
    print(f"All {len(answers)} hardened verdicts are the expected ones.\n")
    print(NEXT)
    return 0


def _parsed(evaluate: Any, argv: list[str]) -> argparse.Namespace:
    """What `assay eval` makes of a command line."""
    parser = argparse.ArgumentParser(prog="assay")
    evaluate.register(parser.add_subparsers(required=True))
    return parser.parse_args(argv, argparse.Namespace(argv=argv, crash_folder=None))


def _is_cheat(answer: dict[str, Any]) -> bool:
    return str(answer["note"]).startswith("cheat: ")


def _print_cheats(cheats: list[dict[str, Any]], verdicts: dict[tuple[str, int], dict[str, Any]]) -> None:
    """Which cheating answers fooled the official rules, and what the hardened rules made of them."""
    fooled = []
    for answer in cheats:
        row = verdicts[answer["task_id"], answer["sample"]]
        if row["official"]["passed"] and not row["hardened"]["passed"]:
            what = answer["note"].removeprefix("cheat: ")
            fooled.append(f"  {answer['task_id']} sample {answer['sample']}  {row['hardened']['verdict']}: {what}")
    print(f"{len(fooled)} of the {len(cheats)} cheating answers were accepted by official and not by hardened:")
    for line in fooled:
        print(line)
    print()


def _unexpected(answers: list[dict[str, Any]], verdicts: dict[tuple[str, int], dict[str, Any]]) -> list[str]:
    """One line per answer whose hardened verdict is not among those that its row expects."""
    lines = []
    for answer in answers:
        found = verdicts[answer["task_id"], answer["sample"]]["hardened"]
        if found["verdict"] not in answer["expect"].split(" | "):
            lines.append(
                f"Unexpected: {answer['task_id']} sample {answer['sample']} ({answer['note']}) is {found['verdict']} "
                f"({found['detail'] or 'no detail'}), not {answer['expect']}."
            )
    return lines

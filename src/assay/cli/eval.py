"""`assay eval`: judge a model's answers to a benchmark and score them."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli import asking
from assay.cli.asking import positive

if TYPE_CHECKING:
    from assay.evaluation.plan import Plan
    from assay.evaluation.score import Summary
    from assay.evaluation.store import RunFolder
    from assay.models.model import Model

NEEDS_A_LOOK = 3
INTERRUPTED = 130

EPILOG = """\
exit status:
  0    finished
  1    unexpected failure (the message says where the stack trace is)
  2    bad input or arguments, or a disk that refuses; nothing already judged is lost
  3    finished and scored, but some rows of the samples file need a look (empty, NUL bytes, very long), some samples
       have no verdict because the harness failed, or the model gave no answer to some; the messages name them
  130  interrupted; the same command with --out RUN_DIR continues

examples:
  assay eval humaneval --model gold
  assay eval humaneval --model openai:qwen2.5-coder --base-url http://127.0.0.1:8000/v1
  assay eval mbpp --model openai:NAME --base-url URL --samples 10 --temperature 0.8 --prompt base
  assay eval humaneval+@v0.1.9 --rules 0.2 --model recorded:samples.jsonl --judge both --out runs/mine
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "eval",
        usage="assay eval BENCHMARK --model SPEC [options]",
        help="judge a model's answers to a benchmark",
        description="Judge a model's answers to a benchmark and score them. What was judged is kept in a run folder; "
        "an interrupted run continues there.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("benchmark", metavar="BENCHMARK", help="humaneval, mbpp+@v0.2.0, ...; see: assay tasks list")
    parser.add_argument(
        "--model",
        metavar="SPEC",
        required=True,
        help="openai:NAME (a model behind a server), recorded:PATH (JSON Lines with task_id and completion), "
        "gold (the reference solutions) or buggy (the wrong programs that some benchmarks store)",
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="where benchmark files are looked for first")
    parser.add_argument(
        "--out", metavar="RUN_DIR", type=Path, help="run folder, new or to be continued (default: under runs/)"
    )
    parser.add_argument("--limit", metavar="N", type=positive, help="only the first N tasks")
    parser.add_argument("--task", metavar="ID", nargs="+", action="extend", default=[], help="only these tasks")
    parser.add_argument("--jobs", metavar="N", type=positive, help="programs judged at once (default: all cores)")
    parser.add_argument(
        "--judge",
        choices=("hardened", "official", "both"),
        default="hardened",
        help="hardened cannot be fooled by the program; official follows upstream, to compare with published numbers",
    )
    parser.add_argument(
        "--extract",
        choices=("auto", "raw", "chat", "base"),
        help="how a program is found in a completion (default: base for a model that continues code, else auto)",
    )
    parser.add_argument("--rules", choices=("0.2", "0.3"), help="EvalPlus release line whose rules apply")
    parser.add_argument("--partial", action="store_true", help="leave tasks without a sample out of the score")
    parser.add_argument("--unsafe", action="store_true", help="run untrusted code even where it cannot be isolated")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON, and nothing else, to stdout")
    asking.add_arguments(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out. Raises AssayError for what the user has to mend."""
    from assay.errors import AssayError
    from assay.evaluation.files import DiskError
    from assay.evaluation.plan import make_plan
    from assay.evaluation.store import RunFolder
    from assay.report.terminal import print_summary
    from assay.report.words import many
    from assay.tasks.catalog import load

    how = asking.make_asking(args)
    plan = make_plan(
        load(args.benchmark, args.data, args.rules),
        args.model,
        judge=args.judge,
        extract=args.extract,
        limit=args.limit,
        task_ids=args.task,
        partial=args.partial,
        asking=how,
    )
    model = asking.open_model(args, plan)
    if args.show_prompt and model is not None:
        asking.show_prompts(plan, model)
        return 0
    path: Path = args.out or _default_folder(plan.benchmark.name, args.model)
    again = shlex.join(args.argv if args.out else [*args.argv, "--out", str(path)])
    started = time.monotonic()
    total = len(plan.samples) + len(plan.questions)
    with RunFolder(path, plan.identity, plan.keys, plan.rule_sets) as folder:
        for warning in plan.warnings:
            _say(warning)
        _say_what_was_found(folder, total)
        before = len(folder.finished)
        try:
            if model is not None and len(folder.completions) < total:
                model.check()
            summary = _judge(args, plan, folder, model)
        except KeyboardInterrupt:
            _say(f"Interrupted: {len(folder.finished)} of {total} samples are judged and kept in {path}.")
            _say(f"Continue with: assay {again}")
            return INTERRUPTED
        except AssayError as error:
            if model is None or not folder.record or isinstance(error, DiskError):
                raise
            kept = f"{many(len(folder.completions), 'answer')} of {total} stored and not asked for again"
            raise AssayError(f"{error} Kept in {path}: {kept}. Continue with: assay {again}") from None
    if args.json:
        print(json.dumps(summary.as_json(), indent=2))
    else:
        print_summary(
            summary,
            isolation=folder.record["isolation"],
            elapsed_s=time.monotonic() - started,
            judged=len(folder.finished) - before,
            folder=path,
        )
    if summary.harness_errors:
        _say(
            f"The harness came to no verdict on {many(summary.harness_errors, 'sample')}, left out of the score. "
            f"Judge again with: assay {again}"
        )
    unanswered = summary.generation["unanswered"] if summary.generation else 0
    if unanswered:
        _say(
            f"The model gave no answer to {many(unanswered, 'sample')}, left out of the score; the reasons are in "
            f"{path / 'failures.jsonl'}. Ask again with: assay {again}"
        )
    if plan.warnings:
        _say(f"Finished, but see the {many(len(plan.warnings), 'message')} above about rows of the samples file.")
    return NEEDS_A_LOOK if plan.warnings or summary.harness_errors or unanswered else 0


def _judge(args: argparse.Namespace, plan: Plan, folder: RunFolder, model: Model | None) -> Summary:
    from assay.evaluation.run import run as judge_and_score
    from assay.judge.pool import JudgePool
    from assay.report.progress import watch

    jobs: int = args.jobs or len(os.sched_getaffinity(0))
    try:
        with watch() as watcher:
            return judge_and_score(
                plan,
                folder,
                lambda: JudgePool(jobs, unsafe=args.unsafe),
                watcher,
                jobs=jobs,
                arguments=_arguments(args),
                model=model,
                price=asking.price(args),
            )
    except Exception:
        # Where main() puts the stack trace, if this is one it has to report.
        args.crash_folder = folder.path if folder.record else None
        raise


def _say_what_was_found(folder: RunFolder, total: int) -> None:
    """Where the verdicts go, and what earlier sessions left there."""
    from assay.evaluation.record import versions
    from assay.report.words import many

    if not folder.record:
        _say(f"The run folder is {folder.path}; an interrupted run continues with --out {folder.path}")
        return
    _say(f"Continuing {folder.path}: {len(folder.finished)} of {total} samples are judged already.")
    if folder.torn:
        _say("The last row was cut short by the interruption; its sample is judged again.")
    if folder.dropped:
        _say(f"{many(folder.dropped, 'sample')} without a verdict because of a harness error: judged again.")
    if folder.record.get("versions") != versions():
        _say("The earlier verdicts were made with other versions of assay, Python or the system; see run.json.")


def _default_folder(benchmark: str, model: str) -> Path:
    """runs/<benchmark>-<model>-<date-time>, not there yet."""
    kind, _, argument = model.partition(":")
    label = re.sub(r"[^\w.+@-]+", "_", Path(argument).name.split(".")[0] if argument else kind)
    stem = f"{benchmark.replace('/', '_')}-{label}-{time.strftime('%Y%m%d-%H%M%S')}"
    path = Path("runs") / stem
    number = 2
    while path.exists():
        path = Path("runs") / f"{stem}-{number}"
        number += 1
    return path


def _arguments(args: argparse.Namespace) -> dict[str, object]:
    """What the user gave, as plain JSON."""
    given = {name: value for name, value in vars(args).items() if name not in ("run", "argv", "crash_folder")}
    return {name: str(value) if isinstance(value, Path) else value for name, value in given.items()}


def _say(sentence: str) -> None:
    print(f"assay: {sentence}", file=sys.stderr)

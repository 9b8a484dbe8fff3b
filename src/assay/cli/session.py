"""One session of a run: open the folder, ask, judge, print; and every way in which that can end."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli.asking import positive

if TYPE_CHECKING:
    from assay.evaluation.plan import Plan
    from assay.evaluation.score import Summary
    from assay.evaluation.store import RunFolder
    from assay.evaluation.usage import Price
    from assay.models.model import Model

NEEDS_A_LOOK = 3
BELOW_GATE = 4
INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `carry_out` reads beside what each command has of its own."""
    parser.add_argument("--jobs", metavar="N", type=positive, help="programs judged at once (default: all cores)")
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="judge on a Ray cluster: auto, HOST:PORT, or local for one on this machine (needs the extra assay[ray])",
    )
    parser.add_argument(
        "--repeat-judging",
        metavar="R",
        type=positive,
        default=1,
        help="judge every answer R times under different hash seeds; what does not always pass is flaky (default: 1)",
    )
    parser.add_argument(
        "--fail-under",
        metavar="RATE",
        type=_rate,
        help="end with status 4 when pass@1 (hardened, unless only official was judged) is lower, for example 0.55",
    )
    parser.add_argument("--junit", metavar="FILE", type=Path, help="also write the verdicts as JUnit XML")
    parser.add_argument("--unsafe", action="store_true", help="run untrusted code even where it cannot be isolated")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON, and nothing else, to stdout")


def carry_out(
    args: argparse.Namespace, plan: Plan, path: Path, model: Model | None = None, price: Price | None = None
) -> int:
    """Carry `plan` out in the run folder `path`, print its scores, and return the exit status of the command.

    path: without --out only how the folder should be called, since another process may have the same idea.
    model: asks the questions of the plan, if it has any. price: of its tokens. Raises AssayError for what the user has
    to mend.
    """
    from assay.errors import AssayError
    from assay.evaluation.files import DiskError
    from assay.evaluation.store import RunFolder, make_folder
    from assay.report.terminal import print_summary
    from assay.report.words import many

    repeats: int = args.repeat_judging
    if args.ray is not None and repeats > 1:
        raise AssayError(
            "--ray and --repeat-judging exclude each other: every repetition would need a cluster of its own."
        )
    plan = replace(plan, identity={**plan.identity, "repeat_judging": repeats if repeats > 1 else None})
    if args.junit is not None and not args.junit.parent.is_dir():
        raise AssayError(f"--junit: the folder {args.junit.parent} does not exist. Make it, or name another file.")
    is_ours = not args.out
    if is_ours:
        path = make_folder(path)
    again = shlex.join([*args.argv, "--out", str(path)] if is_ours else args.argv)
    started = time.monotonic()
    total = len(plan.samples) + len(plan.questions)
    with RunFolder(path, plan.identity, plan.keys, plan.rule_sets, just_made=is_ours) as folder:
        for warning in plan.warnings:
            _say(warning)
        _say_what_was_found(folder, total)
        before = len(folder.finished)
        try:
            if model is not None and len(folder.completions) < total:
                model.check()
            summary = _judge(args, plan, folder, model, price)
        except KeyboardInterrupt:
            stored = f" and {len(folder.completions)} answers stored" if model is not None else ""
            _say(f"Interrupted: {len(folder.finished)} of {total} samples are judged{stored} and kept in {path}.")
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
            record=folder.record,
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
    if unanswered and plan.source is not None:
        _say(
            f"The run has no answer to {many(unanswered, 'sample')}, left out of the score. To ask for them, repeat "
            f"its `assay eval` command with --out {plan.source}"
        )
    elif unanswered:
        _say(
            f"The model gave no answer to {many(unanswered, 'sample')}, left out of the score; the reasons are in "
            f"{path / 'failures.jsonl'}. Ask again with: assay {again}"
        )
    if plan.warnings:
        _say(f"Finished, but see the {many(len(plan.warnings), 'message')} above about rows of the samples file.")
    if args.junit is not None:
        _write_junit(path, args.junit, args.data)
    if args.fail_under is not None and _is_below(summary, args.fail_under):
        return BELOW_GATE
    return NEEDS_A_LOOK if plan.warnings or summary.harness_errors or unanswered else 0


def _is_below(summary: Summary, gate: float) -> bool:
    """Whether the score does not reach --fail-under; says so. A score that cannot be computed does not."""
    rule_set = "hardened" if "hardened" in summary.scores else "official"
    rate = summary.scores[rule_set].rates.get("pass@1")
    if rate is not None and rate >= gate:
        return False
    found = "there is no" if rate is None else f"{rate:.4g} is the"
    _say(f"Below --fail-under {gate:g}: {found} pass@1 under {rule_set} rules.")
    return True


def _write_junit(folder: Path, file: Path, data_dir: Path | None) -> None:
    from assay.evaluation.reading import read_with_texts
    from assay.report.export import export, write_file

    write_file(file, export(read_with_texts(folder, data_dir), "junit"))


def _judge(
    args: argparse.Namespace, plan: Plan, folder: RunFolder, model: Model | None, price: Price | None
) -> Summary:
    from assay.evaluation.run import run as judge_and_score
    from assay.judge.pool import JudgePool
    from assay.judge.ray_pool import RayPool
    from assay.judge.repeated import RepeatedPool
    from assay.report.progress import watch

    jobs: int = args.jobs or len(os.sched_getaffinity(0))
    repeats: int = args.repeat_judging

    def open_pool(hash_seed: int = 0) -> JudgePool | RayPool:
        if args.ray is not None:
            return RayPool(args.ray, args.jobs, unsafe=args.unsafe, hash_seed=hash_seed)
        return JudgePool(jobs, unsafe=args.unsafe, hash_seed=hash_seed)

    try:
        with watch() as watcher:
            return judge_and_score(
                plan,
                folder,
                open_pool if repeats == 1 else lambda: RepeatedPool(open_pool, repeats),
                watcher,
                jobs=jobs,
                arguments=_arguments(args),
                model=model,
                price=price,
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


def default_folder(benchmark: str, model: str) -> Path:
    """runs/<benchmark>-<model>-<date-time>; `carry_out` makes it, under another name where that one is taken."""
    kind, _, argument = model.partition(":")
    label = Path(argument).name if kind != "command" else kind
    label = re.sub(r"[^\w.+@-]+", "_", (label.split(".")[0] if kind == "recorded" else label) or kind)
    stem = f"{benchmark.strip('./~').replace('/', '_') or 'tasks'}-{label}-{time.strftime('%Y%m%d-%H%M%S')}"
    return Path("runs") / stem


def _arguments(args: argparse.Namespace) -> dict[str, object]:
    """What the user gave, as plain JSON."""
    given = {name: value for name, value in vars(args).items() if name not in ("run", "argv", "crash_folder")}
    return {name: str(value) if isinstance(value, Path) else value for name, value in given.items()}


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a rate between 0 and 1 (55 % is 0.55)")
    return value


def _say(sentence: str) -> None:
    print(f"assay: {sentence}", file=sys.stderr)

"""`assay rl`: let a model learn from running what it writes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assay.cli.asking import positive

EPILOG = """\
examples:
  assay rl runs/nano --forge tasks --out runs/rl --minutes 4
  assay rl runs/nano --forge tasks --out runs/rl --minutes 4 --harvest runs/mistakes   failures become examples
  assay rl runs/nano --forge tasks --out runs/exact --steps 50 --threads 1      repeatable to the last bit
  assay rl runs/nano --forge tasks --out runs/gspo --minutes 4 --loss gspo --updates 2

The same command again goes on where the run was stopped. docs/rl.md explains every setting.
"""

# Of the settings that need more than their name.
_WORDS = {
    "minutes": "of writing, judging and learning",
    "steps": "instead of minutes",
    "loss": "plain, grpo, dr_grpo, dapo, gspo, cispo or rft",
    "kl": "weight of the distance to the model at the start",
    "updates": "of the weights on one batch of samples",
    "prompts": "groups in a step",
    "samples": "of each prompt",
    "longest": "tokens of an answer (default: what references need)",
    "tests": "of a task that grade a sample; which ones varies",
    "refills": "how often groups that teach nothing are replaced",
    "depths": "shares of prompts by depth",
    "lowest": "expected pass rate that a prompt should have",
    "highest": "likewise",
    "precision": "auto, bf16 or fp32",
    "replay": "supervised tokens beside every step",
    "replay_weight": "of their loss",
    "checks": "how often held-out tasks are answered",
    "held_out": "tasks that a check asks",
    "control": "shuffled or positives: runs that should learn less",
}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments: every setting of `assay.training.rl.settings.Settings` is one."""
    from dataclasses import fields

    from assay.training.rl.settings import Settings

    parser = subparsers.add_parser(
        "rl",
        help="reinforcement learning: what runs right is rewarded",
        description="The model writes programs for tasks of the forge, the sandbox runs them, and what passes all "
        "tests is rewarded.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("checkpoint", metavar="CHECKPOINT", type=Path, help="a model's folder, or a training run's")
    parser.add_argument("--forge", metavar="DIR", type=Path, required=True, help="tasks that `assay forge` made")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="of the run; the model is in DIR/model")
    parser.add_argument(
        "--harvest", metavar="DIR", type=Path, help="write new examples and pairs made of failures here"
    )
    parser.add_argument("--threads", metavar="N", type=positive, help="that compute (default: all cores)")
    parser.add_argument("--jobs", metavar="N", type=positive, default=0, help="judging processes (default: one a core)")
    parser.add_argument("--device", default="", help="cpu or cuda (default: cuda where there is one)")
    settings = parser.add_argument_group("settings")
    kinds = {"int": int, "float": float, "str": str}
    for field in fields(Settings):
        settings.add_argument(
            f"--{field.name.replace('_', '-')}",
            dest=f"setting_{field.name}",
            metavar=str(field.type).upper(),
            type=kinds[str(field.type)],
            help=f"{_WORDS.get(field.name, '')} (default: {field.default or 'none'})".strip(),
        )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Learn. Raises AssayError."""
    from assay.training.rl.settings import Settings

    asked: dict[str, Any] = {
        name.removeprefix("setting_"): value
        for name, value in vars(args).items()
        if name.startswith("setting_") and value is not None
    }
    settings = Settings(**asked)
    _need_torch()
    from assay.report.learning import watch
    from assay.report.model_card import model_card
    from assay.training.pretrain import set_threads
    from assay.training.rl.folder import check_folders
    from assay.training.rl.run import run_rl

    set_threads(args.threads)
    check_folders(args.checkpoint, args.out, args.harvest)  # before the display, which writes a page into --out
    with watch(args.out, settings.minutes * 60, settings.steps) as display:
        model, harvested = run_rl(
            args.checkpoint,
            args.forge,
            args.out,
            settings,
            harvest=args.harvest,
            device=args.device,
            jobs=args.jobs,
            show=display.row,
            say=display.say,
            card=model_card,
        )
    print(f"The model is {model}; curves: {args.out / 'curves.html'}")
    if harvested is not None:
        print(
            f"Harvested into {args.harvest}: {harvested.tasks} solved tasks with {harvested.bugs} bugs of the model's "
            f"own ({harvested.located} on one line), {harvested.pairs} pairs. Next: assay train dpo "
            f"{args.harvest / 'pairs.jsonl'} --start {model} --out ..."
        )
    print(f"Next: assay sample {model} --prompt 'def f(a):'")
    print(f"      assay eval forge:python --model checkpoint:{model}")
    return 0


def _need_torch() -> None:
    from assay.errors import AssayError

    try:
        import tokenizers  # noqa: F401
        import torch  # noqa: F401
    except ImportError:
        raise AssayError("Reinforcement learning needs PyTorch. Install it: pip install 'assay[train]'") from None

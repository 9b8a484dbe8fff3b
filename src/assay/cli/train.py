"""`assay train`: a code model from nothing, or on from one; conversations; preferences."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assay.cli.asking import positive

STAGES = ("pretrain", "sft", "dpo")

EPILOG = """\
examples:
  assay forge --count 30000 --out tasks
  assay train --forge tasks --scale nano --minutes 5 --out runs/nano   then: assay sample runs/nano/model --prompt ...
  assay train --forge tasks --scale nano --tokens 8000000 --out runs/exact  repeatable to the last bit on one thread
  assay train --settings runs/nano/settings.toml --seed 1 --out runs/other  the settings of a run, one changed
  assay train sft chats.jsonl --start runs/nano --out runs/chat             lines of {"messages": [...]}
  assay train dpo pairs.jsonl --start runs/nano --out runs/better           lines of {"prompt", "chosen", "rejected"}
  torchrun --nproc-per-node 8 -m assay train --forge tasks --scale base --parallel fsdp --out runs/base

The same command again goes on where the run was stopped. docs/training.md explains every setting.
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments: every setting of `assay.training.config.TrainConfig` is one."""
    from assay.training.config import flag, kinds

    parser = subparsers.add_parser(
        "train",
        help="train a code model: one dial, on a laptop or a cluster",
        description="Train a code model. Settings that are left out follow from --scale.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stage", nargs="?", default="pretrain", help="pretrain (default), sft or dpo")
    parser.add_argument("examples", nargs="?", metavar="FILE", help="for sft and dpo: JSON Lines of examples")
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder of the run; the model is in DIR/model")
    parser.add_argument("--settings", metavar="FILE", type=Path, help="TOML; arguments go before it")
    parser.add_argument("--threads", metavar="N", type=positive, help="that compute (default: all cores)")
    parser.add_argument("--tensorboard", action="store_true", help="write event files as well, to DIR/tensorboard")
    settings = parser.add_argument_group("settings")
    for name, kind in kinds().items():
        settings.add_argument(f"--{flag(name)}", dest=f"setting_{name}", metavar=kind.__name__.upper(), type=kind)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train. Raises AssayError."""
    from assay.errors import AssayError
    from assay.training.config import make_config

    if args.stage not in STAGES:
        raise AssayError(f'There is no stage "{args.stage}". Choose from {", ".join(STAGES)}.')
    asked: dict[str, Any] = {
        name.removeprefix("setting_"): value
        for name, value in vars(args).items()
        if name.startswith("setting_") and value is not None
    }
    if args.examples:
        asked["data"] = args.examples
    if args.out is None:
        raise AssayError("Name a folder for the run, for example: assay train --forge tasks --out runs/nano")
    config = make_config(asked, args.settings, args.stage)
    _need_torch()
    if args.tensorboard and find_spec("tensorboard") is None:
        raise AssayError("--tensorboard needs TensorBoard. Install it: pip install tensorboard")
    from assay.report.model_card import model_card
    from assay.report.training import watch
    from assay.training.distributed import leave_torchrun
    from assay.training.pretrain import run_training, set_threads

    set_threads(args.threads)
    run_training(config, args.out, watch(args.out, args.tensorboard), model_card, _stage(args.stage))
    leave_torchrun(0)
    return 0


def _stage(name: str) -> Any:
    if name == "sft":
        from assay.training.sft import SFT

        return SFT
    if name == "dpo":
        from assay.training.dpo import DPO

        return DPO
    from assay.training.pretrain import PRETRAIN

    return PRETRAIN


def _need_torch() -> None:
    from assay.errors import AssayError

    try:
        import torch  # noqa: F401
    except ImportError:
        raise AssayError("Training needs PyTorch. Install it: pip install 'assay[train]'") from None

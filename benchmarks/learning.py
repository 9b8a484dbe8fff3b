"""What learning from execution is worth: RL beside its controls, each for the same minutes from the same models.

    .venv/bin/python benchmarks/learning.py --out runs/learning            everything: three seeds, about 2.5 hours
    .venv/bin/python benchmarks/learning.py --out runs/learning --table    the table of what there is so far

For every seed a network is trained from nothing, and then, from it, once each: reinforcement learning; more supervised
training; rejection-sampling fine-tuning; RL with rewards shuffled within their groups; RL from positive advantages
alone. All are examined on the same held-out tasks, greedily and in eight samples. What is finished is kept: repeated,
the command goes on. Run it on an otherwise idle machine: arms have equal minutes, so a disturbance is an advantage.
Several processes may share one --out when they are given different --seeds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import torch

from assay.demo.exam import Answer, examine, read_answers, write_answers
from assay.demo.questions import questions
from assay.evaluation.interval import rate_interval
from assay.evaluation.paired import difference_interval
from assay.evaluation.passk import pass_at_k
from assay.forge import folder as forge_folder
from assay.forge.options import Options
from assay.judge.pool import JudgePool
from assay.models.network import convert
from assay.training.config import make_config
from assay.training.pretrain import run_training, set_threads
from assay.training.rl.rollout import longest_completion
from assay.training.rl.run import read_tasks, run_rl
from assay.training.rl.settings import Settings
from assay.training.tokenizer import Tokenizer

ARMS = ("rl", "supervised", "rft", "shuffled", "positives")
WORDS = {
    "before": "before",
    "rl": "reinforcement learning",
    "supervised": "more supervised training",
    "rft": "rejection sampling",
    "shuffled": "RL, shuffled rewards",
    "positives": "RL, positives only",
}
SHOWN, DEEP = (1, 2, 3), (4, 5)
SAMPLES = 8
# A network whose learning rate has fallen to nothing goes on best with a part of the first one.
AGAIN = 0.3


def main() -> None:
    args = _arguments()
    out: Path = args.out
    set_threads(args.threads)
    if not args.table:
        _forge(out, args.tasks, args.test)
        for seed in args.seeds:
            base = _base(out, seed, args.tokens)
            _examine(out, seed, "before", base)
            for arm in args.arms:
                _examine(out, seed, arm, _learn(out, seed, arm, base, args.minutes, args.rl))
    print(table(out, args.seeds))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/learning"))
    parser.add_argument("--seeds", type=lambda text: [int(part) for part in text.split(",")], default=[1, 2, 3])
    parser.add_argument("--arms", type=lambda text: text.split(","), default=list(ARMS))
    parser.add_argument("--minutes", type=float, default=4.0, help="of every arm")
    parser.add_argument("--tokens", type=int, default=4_500_000, help="of pre-training")
    parser.add_argument("--tasks", type=int, default=30_000)
    parser.add_argument("--test", type=int, default=1500)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--rl", type=json.loads, default={}, help='settings of all RL arms, {"learning_rate": 5e-4}')
    parser.add_argument("--table", action="store_true", help="print what there is, run nothing")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _forge(out: Path, tasks: int, test: int) -> None:
    if not (out / "tasks" / "train.jsonl").exists():
        _say(f"forging {tasks} + {test} tasks")
        options = Options.small(tests=32)
        forge_folder.write(out / "tasks", 1, options, tasks, test, len(os.sched_getaffinity(0)))


def _base(out: Path, seed: int, tokens: int) -> Path:
    """The network that all arms of a seed begin with. Its tokenizer is that of the first seed."""
    folder = out / f"seed-{seed}" / "base"
    _say(f"seed {seed}: pre-training")
    asked: dict[str, Any] = {"forge": str(out / "tasks"), "tokens": tokens, "seed": seed, "checks": 0}
    return run_training(make_config(asked), folder)


def _learn(out: Path, seed: int, arm: str, base: Path, minutes: float, more: dict[str, Any]) -> Path:
    """One arm; the folder of its model."""
    folder = out / f"seed-{seed}" / arm
    if (folder / "done").exists():
        return folder / "model"
    _say(f"seed {seed}: {WORDS[arm]}, {minutes} minutes")
    begun = time.monotonic()
    if arm == "supervised":
        usual = make_config({"forge": str(out / "tasks"), "tokens": 1})
        asked = {"forge": str(out / "tasks"), "start": str(base), "minutes": minutes, "seed": seed + 1000, "checks": 0}
        rates = {name: AGAIN * getattr(usual, name) for name in ("learning_rate", "matrix_learning_rate")}
        model = run_training(make_config(asked | rates), folder)
    else:
        arms: dict[str, Any] = {"rft": {"loss": "rft"}, "shuffled": {"control": arm}, "positives": {"control": arm}}
        settings = Settings(**{"minutes": minutes, "seed": seed, "checks": 0, **more, **arms.get(arm, {})})
        model, _ = run_rl(base, out / "tasks", folder, settings)
    (folder / "done").write_text(f"{time.monotonic() - begun:.1f}\n")
    return model


def _examine(out: Path, seed: int, arm: str, folder: Path) -> None:
    """Held-out tasks to write, one greedy answer and eight samples each."""
    path = _answers(out, seed, arm)
    if path.exists():
        return
    _say(f"seed {seed}: examining {WORDS[arm]}")
    tokenizer = Tokenizer.load(folder)
    tasks, held_out = read_tasks(out / "tasks")
    asked = questions(held_out, "write", len(held_out))
    with JudgePool(len(os.sched_getaffinity(0))) as pool:
        model = convert.load(folder, dtype=torch.float32)
        longest = longest_completion(tokenizer, tasks)
        write_answers(path, examine(model, tokenizer, asked, pool, SAMPLES, longest, seed=0))


def _answers(out: Path, seed: int, arm: str) -> Path:
    return out / "exam" / f"seed-{seed}-{arm}.jsonl"


# -- the table -------------------------------------------------------------------------------------------------------


def rates(answers: Sequence[Answer], mode: str, depths: Sequence[int], k: int = 1) -> dict[str, float]:
    """Task -> pass@k."""
    tally: dict[str, list[int]] = {}
    for answer in answers:
        if answer.mode == mode and answer.depth in depths and answer.passed is not None:
            count = tally.setdefault(answer.task_id, [0, 0])
            count[0] += answer.passed
            count[1] += 1
    return {task: pass_at_k(tried, passed, k) for task, (passed, tried) in tally.items() if tried >= k}


def gain(
    before: Sequence[dict[str, float]], after: Sequence[dict[str, float]]
) -> tuple[float, float, float, list[float]]:
    """Mean over tasks and seeds, its 95 % interval over tasks (each one's difference averaged over seeds), and each
    seed's own mean.
    """
    tasks = set.intersection(*(set(side) for side in (*before, *after)))
    differences = [
        mean(new[task] - old[task] for old, new in zip(before, after, strict=True)) for task in sorted(tasks)
    ]
    low, high = difference_interval(differences, len(before))
    each = [mean(new[task] - old[task] for task in tasks) for old, new in zip(before, after, strict=True)]
    return mean(differences), low, high, each


def table(out: Path, seeds: Sequence[int]) -> str:
    """Markdown, for docs/LOG.md."""
    everything = (*SHOWN, *DEEP)
    columns = (
        ("greedy, all", "greedy", everything, 1),
        ("greedy, depth 1-3", "greedy", SHOWN, 1),
        ("greedy, depth 4-5", "greedy", DEEP, 1),
        ("sampled pass@1", "sampled", everything, 1),
        ("pass@8", "sampled", everything, 8),
    )
    here = {
        (seed, arm): read_answers(_answers(out, seed, arm))
        for seed in seeds
        for arm in ("before", *ARMS)
        if _answers(out, seed, arm).exists()
    }
    lines = ["| run | seeds | " + " | ".join(name for name, *_ in columns) + " |", "|---|---|" + "---|" * len(columns)]
    for arm in ("before", *ARMS):
        having = [seed for seed in seeds if (seed, arm) in here and (seed, "before") in here]
        if not having:
            continue
        cells = []
        for _, mode, depths, k in columns:
            new = [rates(here[seed, arm], mode, depths, k) for seed in having]
            if arm == "before":
                each = [mean(side.values()) for side in new]
                low, high = rate_interval([mean(side[task] for side in new) for task in new[0]], len(new[0]) * len(new))
                cells.append(f"{mean(each):.3f} [{low:.3f}, {high:.3f}]")
                continue
            old = [rates(here[seed, "before"], mode, depths, k) for seed in having]
            cells.append(_gain_text(*gain(old, new)))
        lines.append(f"| {WORDS[arm]} | {len(having)} | " + " | ".join(cells) + " |")
    lines += ["", *_against(here, seeds), *_costs(out, seeds)]
    return "\n".join(lines)


def _against(here: dict[tuple[int, str], list[Answer]], seeds: Sequence[int]) -> list[str]:
    """RL minus each other arm, where it is said to matter."""
    lines = []
    for other in ARMS[1:]:
        having = [seed for seed in seeds if (seed, "rl") in here and (seed, other) in here]
        if having:
            parts = []
            for name, mode, depths in (
                ("greedy at depth 4-5", "greedy", DEEP),
                ("greedy at depth 1-3", "greedy", SHOWN),
                ("sampled pass@1", "sampled", (*SHOWN, *DEEP)),
            ):
                theirs = [rates(here[seed, other], mode, depths) for seed in having]
                ours = [rates(here[seed, "rl"], mode, depths) for seed in having]
                parts.append(f"{name} {_gain_text(*gain(theirs, ours))}")
            lines.append(f"RL minus {WORDS[other]}: " + "; ".join(parts) + ".")
    return lines


def _costs(out: Path, seeds: Sequence[int]) -> list[str]:
    """Of the RL runs: how much of the time was judging, and how many rewarded programs were wrong."""
    rows = []
    for seed in seeds:
        path = out / f"seed-{seed}" / "rl" / "log.jsonl"
        if path.exists():
            rows += [row for line in path.read_bytes().splitlines() if "reward" in (row := json.loads(line))]
    if not rows:
        return []
    spent = {phase: sum(row["time"][phase] for row in rows) for phase in ("write", "judge", "learn")}
    whole = sum(spent.values())
    audited, wrong = (sum(row[name] for row in rows) for name in ("audited", "audit_wrong"))
    shares = ", ".join(f"{phase} {seconds / whole:.1%}" for phase, seconds in spent.items())
    settled = mean(row["settled"] for row in rows)
    return [
        f"RL: {len(rows)} steps, {whole / len(rows):.2f} s each ({shares}); {wrong} of {audited} rewarded programs "
        f"fail the audit tests; {settled:.0%} of groups all alike."
    ]


def _gain_text(difference: float, low: float, high: float, each: Sequence[float]) -> str:
    seeds = f" ({', '.join(f'{one:+.3f}' for one in each)})" if len(each) > 1 else ""
    return f"{difference:+.3f} [{low:+.3f}, {high:+.3f}]{seeds}"


if __name__ == "__main__":
    main()

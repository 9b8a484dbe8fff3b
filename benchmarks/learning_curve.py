"""What `--scale nano` learns in six minutes: executed scores on held-out tasks, by depth and by kind, on three seeds.

    .venv/bin/assay forge --brief --count 60000 --test 1200 --out tasks
    .venv/bin/python benchmarks/learning_curve.py --forge tasks --out runs/curve

Each seed is `assay train`, then `assay eval` of every kind of question on all test tasks: what a user would type. What
is finished is kept, so the command goes on when it is repeated. Run it on an otherwise idle machine, because minutes
are what is compared.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assay.evaluation.interval import share_interval
from assay.training.evaluate import TEST_FILE, read_tasks
from assay.training.record import read_record

KINDS = ("write", "repair", "infill", "predict", "tests")
STYLES = {"infill": ["--prompt", "fim-qwen"]}
Table = dict[str, tuple[int, int]]  # name -> passed, judged


def train(forge: Path, out: Path, seed: int, minutes: float, more: Sequence[str]) -> None:
    """One run, or the rest of it."""
    budget = [] if "--tokens" in more else ["--minutes", str(minutes)]
    run_assay("train", "--forge", str(forge), "--scale", "nano", *budget, "--seed", str(seed), *more, "--out", str(out))


def examine(forge: Path, run: Path, kinds: Sequence[str] = KINDS) -> Table:
    """Greedy answers to every kind of question about all test tasks, by kind and, for programs, by depth."""
    depth_of = {task.task_id: task.depth for task in read_tasks(forge / TEST_FILE)}
    table: Table = {}
    for kind in kinds:
        out = run / f"eval-{kind}"
        model = f"checkpoint:{run / 'model'}"
        run_assay("eval", f"forge:{forge}:python:{kind}", "--model", model, *STYLES.get(kind, ()), "--out", str(out))
        for line in (out / "verdicts.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            verdict = row["hardened"]
            if verdict["verdict"] == "harness_error":
                continue
            names = [kind] + ([f"depth {depth_of[row['task_id']]}"] if kind == "write" else [])
            for name in names:
                passed, judged = table.get(name, (0, 0))
                table[name] = passed + bool(verdict["passed"]), judged + 1
    return table


def print_tables(tables: Sequence[Table], notes: Sequence[dict[str, Any]]) -> None:
    """Rates of every seed, and their mean and spread."""
    names = list(dict.fromkeys(name for table in tables for name in table))
    seeds = "".join(f"{f'seed {number}':>20}" for number in range(len(tables)))
    print(f"{'':12}{seeds}{'mean':>8}{'spread':>8}")
    for name in sorted(names, key=lambda name: (name.startswith("depth"), name)):
        rates = [passed / judged for passed, judged in (table[name] for table in tables if name in table)]
        cells = []
        for table in tables:
            passed, judged = table.get(name, (0, 0))
            low, high = share_interval(passed / judged, judged) if judged else (0.0, 0.0)
            cells.append(f"{passed / max(1, judged):.1%} [{low:.1%},{high:.1%}]".rjust(20))
        spread = statistics.stdev(rates) if len(rates) > 1 else 0.0
        print(f"{name:12}{''.join(cells)}{statistics.mean(rates):8.1%}{spread:8.1%}")
    for number, note in enumerate(notes):
        print(f"seed {number}: {note['tokens']:,} tokens, {note['steps']:,} steps, {note['seconds']:.0f} s of training")


def run_assay(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "assay", *words], check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"assay {' '.join(words)} ended with {done.returncode}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forge", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=6.0)
    parser.add_argument("--seeds", type=int, default=3)
    args, more = parser.parse_known_args()
    tables, notes = [], []
    for seed in range(args.seeds):
        run = args.out / f"seed-{seed}"
        train(args.forge, run, seed, args.minutes, more)
        tables.append(examine(args.forge, run))
        notes.append(read_record(run / "model"))
    print_tables(tables, notes)


if __name__ == "__main__":
    main()

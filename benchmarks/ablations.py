"""What each part of the recipe is worth: the same run with one part taken out or exchanged, and the table.

    .venv/bin/python benchmarks/ablations.py --forge tasks --out runs/ablations --minutes 3 --seeds 2
    .venv/bin/python benchmarks/ablations.py --forge tasks --out runs/ablations --tokens 4000000 --seeds 2

With --minutes arms have equal wall clock, with --tokens equal tokens (run both for the mixture of experts). Everything
is scored on all test tasks by execution. Finished arms are kept, so the command goes on when it is repeated.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from assay.training.record import read_record
from learning_curve import examine, train

WITHOUT = "complete=56 infill=13 repair=15 predict=6 document=4 tests=6"


def mixture(leave_out: str = "", **more: int) -> str:
    """The usual mixture without one task, or with another."""
    parts = [part for part in WITHOUT.split() if not leave_out or not part.startswith(leave_out)]
    return " ".join([*parts, *(f"{name}={weight}" for name, weight in more.items())])


ARMS: dict[str, list[str]] = {
    "the recipe": [],
    "AdamW for all weights": ["--optimizer", "adamw"],
    "no fill-in-the-middle": ["--mixture", mixture("infill")],
    "no repair": ["--mixture", mixture("repair")],
    "with traces": ["--mixture", mixture(trace=10)],
    "only writing programs": ["--mixture", "complete=1"],
    "prompts not learnt": ["--prompt-weight", "0"],
    "mixture of 8 experts": ["--experts", "8"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forge", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--tokens", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--arms", nargs="*", default=list(ARMS), choices=list(ARMS))
    args = parser.parse_args()
    budget = ["--tokens", str(args.tokens)] if args.tokens else []
    print(f"{'':26}{'write':>8}{'spread':>8}{'repair':>8}{'infill':>8}{'predict':>8}{'tests':>8}{'tokens':>12}")
    for name in args.arms:
        tables, tokens = [], 0
        for seed in range(args.seeds):
            run = args.out / f"{name.replace(' ', '-')}-{seed}"
            train(args.forge, run, seed, args.minutes, [*ARMS[name], *budget])
            tables.append(examine(args.forge, run))
            tokens = read_record(run / "model")["tokens"]
        rates = {
            kind: [passed / judged for passed, judged in (table[kind] for table in tables)]
            for kind in ("write", "repair", "infill", "predict", "tests")
        }
        spread = statistics.stdev(rates["write"]) if args.seeds > 1 else 0.0
        others = "".join(f"{statistics.mean(rates[kind]):8.1%}" for kind in ("repair", "infill", "predict", "tests"))
        print(f"{name:26}{statistics.mean(rates['write']):8.1%}{spread:8.1%}{others}{tokens:12,}", flush=True)


if __name__ == "__main__":
    main()

"""What the mixture costs and how full its rows are, on tasks of the forge.

    python benchmarks/mixture.py TASKS [--tokens 2000000] [--vocab 1024]

TASKS   a folder of `assay forge`.

Tokenising is counted in CPU seconds of its one worker process, sampling in CPU seconds of this process. Exit status 1
when sampling is slower than 60,000 tokens per CPU second, what the fastest training here takes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from assay.training.mixture import FORGE_WEIGHTS, Mixture
from assay.training.packing import MODES
from assay.training.pool import Pool
from assay.training.sources import ForgeSource
from assay.training.texts import Skipped, read_texts
from assay.training.tokenise import open_pools
from assay.training.tokenizer import Tokenizer, train_tokenizer

LENGTHS = (192, 256, 384)
BUDGETS = (640, 1536, 8192, 65536)
LEAST_TOKENS_PER_S = 60_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("--tokens", type=int, default=2_000_000, help="drawn in each row of the table")
    parser.add_argument("--vocab", type=int, default=1024)
    args = parser.parse_args()
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    texts = (text for one in read_texts(args.tasks, Skipped()) if (text := one.text) is not None)
    tokenizer = train_tokenizer(islice(texts, 20_000), args.vocab)
    source = ForgeSource(args.tasks)
    with tempfile.TemporaryDirectory() as cache:
        before = _children_s()
        pools = open_pools([source], tokenizer, FORGE_WEIGHTS, cache=Path(cache), processes=1)
        took_s = _children_s() - before
        tokens = sum(len(pool.tokens_N) for pool in pools)
        print(f"tokenised: {tokens:,} tokens in {took_s:.1f} CPU-s, {tokens / took_s:,.0f} per CPU-s")
        began = time.process_time()
        open_pools([source], tokenizer, FORGE_WEIGHTS, cache=Path(cache))
        print(f"found again in the cache: {time.process_time() - began:.2f} CPU-s")
        return 0 if min(_rows(pools, tokenizer, args.tokens)) >= LEAST_TOKENS_PER_S else 1


def _rows(pools: Sequence[Pool], tokenizer: Tokenizer, tokens: int) -> Iterator[float]:
    """Print a line for every length, way and budget; tokens per CPU second of each."""
    for length in LENGTHS:
        shown = False
        for mode in MODES:
            for budget in BUDGETS:
                mixture = Mixture(pools, FORGE_WEIGHTS, tokenizer, length=length, mode=mode)
                if not shown:
                    dropped = ", ".join(
                        f"{one.name} {one.dropped_tokens / one.tokens:.1%}" for one in mixture.report if one.dropped
                    )
                    print(f"{length}: left out as too long, of tokens: {dropped or 'none'}")
                    shown = True
                began = time.process_time()
                batches = [mixture.next(budget) for _ in range(max(20, tokens // budget))]
                speed = sum(batch.tokens for batch in batches) / (time.process_time() - began)
                filled = 1 - sum(batch.tokens for batch in batches) / sum(batch.tokens_BT.size for batch in batches)
                state = len(json.dumps(mixture.state()))
                print(
                    f"{length} {mode:6} {budget:6,} tokens a batch: {filled:5.1%} filling, "
                    f"{speed / 1e6:.1f} M tokens per CPU-s, state {state:,} bytes",
                    flush=True,
                )
                yield speed


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())

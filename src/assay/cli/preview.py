"""`assay corpus preview`: real training examples of every task, with the parts marked that are learnt."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.report.preview import Stretch
    from assay.training.example import Example
    from assay.training.pool import Pool
    from assay.training.sources import Source
    from assay.training.tokenizer import Tokenizer

_TOKENS = 400_000  # of which figures are made
_PARTS = 16
_BATCHES = 40


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action to those of `assay corpus`."""
    preview = actions.add_parser(
        "preview",
        help="real training examples of every task, what is learnt in them, and how they fill rows",
        description="Prints examples as the training loop gets them: cut into tokens, put together again. What is "
        "learnt is green, or stands between ⟦ and ⟧; the rest is read, with a small weight or none.",
    )
    preview.add_argument("folder", metavar="DIR", type=Path, help="a folder of assay corpus build or of assay forge")
    preview.add_argument("--tokenizer", metavar="DIR", type=Path, required=True, help="folder with a tokenizer.json")
    preview.add_argument("--task", metavar="NAME", action="append", default=[], help="only this task of the mixture")
    preview.add_argument("--samples", metavar="N", type=int, default=1, help="examples of each task (default 1)")
    preview.add_argument("--seed", metavar="N", type=int, default=0, help="of what is chosen (default 0)")
    preview.add_argument("--length", metavar="N", type=int, default=256, help="tokens of a row (default 256)")
    preview.set_defaults(run=run_preview)


def run_preview(args: argparse.Namespace) -> int:
    """Print them. Raises AssayError."""
    _need_extra()
    from rich.console import Console

    from assay.errors import AssayError
    from assay.report.preview import as_text, on_terminal
    from assay.training.example import TASKS
    from assay.training.pool import make_pools
    from assay.training.sources import CorpusSource, source_of
    from assay.training.tokenizer import Tokenizer

    for task in args.task:
        if task not in TASKS:
            raise AssayError(f"The mixture has no task {task!r}. It has: {', '.join(TASKS)}.")
    source = source_of(args.folder)
    if isinstance(source, CorpusSource):
        source = replace(source, max_chars=3 * args.length)  # as training has it
    tokenizer = Tokenizer.load(args.tokenizer)
    names = [task for task in source.tasks if task in (args.task or TASKS)]
    console = Console(highlight=False, markup=False, soft_wrap=True)
    shown = 0
    for example in _chosen(source, names, args.samples, args.seed):
        (pool,) = make_pools(source.name, [example], tokenizer)
        stretches = _stretches(pool, tokenizer)
        learnt = int((pool.table[pool.kinds_N] >= 0.5).sum())
        console.print(
            f"── {example.task} · {example.source} · {len(pool.tokens_N):,} tokens, {learnt:,} of them learnt"
        )
        console.print(on_terminal(stretches) if console.is_terminal else as_text(stretches))
        shown += 1
    if not shown:
        raise AssayError(f"{args.folder} has no example for {', '.join(names) or 'these tasks'}.")
    _print_figures(source, names, tokenizer, args.seed, args.length)
    return 0


def _chosen(source: Source, names: list[str], samples: int, seed: int) -> list[Example]:
    """So many of each task, in the order of the mixture's tasks; the seed says where they are looked for first."""
    found: list[Example] = []
    for name in names:
        parts = ((part + seed) % _PARTS for part in range(_PARTS))
        every = (example for part in parts for example in source.examples(part, _PARTS, [name], seed))
        found += islice(every, samples)
    return found


def _stretches(pool: Pool, tokenizer: Tokenizer) -> list[Stretch]:
    """The first example of a pool as text again, bytes that one token does not hold alone put together first."""
    from assay.report.preview import Stretch

    weights_N = pool.table[pool.kinds_N].tolist()
    tokens = zip(pool.tokens_N.tolist(), weights_N, strict=True)
    stretches = []
    for (weight, special), group in groupby(tokens, key=lambda one: (one[1], one[0] in tokenizer.special_ids)):
        stretches.append(Stretch(tokenizer.decode([number for number, _ in group]), weight, special))
    return stretches


def _print_figures(source: Source, names: list[str], tokenizer: Tokenizer, seed: int, length: int) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from assay.training.mixture import ALL_WEIGHTS, Mixture
    from assay.training.packing import MODES
    from assay.training.tokenise import open_pools

    weights = {name: ALL_WEIGHTS[name] for name in names}
    pools = open_pools([source], tokenizer, weights, tokens=_TOKENS, seed=seed)
    mixture = Mixture(pools, weights, tokenizer, seed, length=length)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("pool", no_wrap=True)
    for heading in ("examples", "tokens", "tokens each", "cut", "dropped", "share"):
        table.add_column(heading, justify="right")
    for one in mixture.report:
        each = f"{one.tokens / max(1, one.examples):.0f}"
        dropped = f"{one.dropped:,} ({one.dropped_tokens / max(1, one.tokens):.1%})"
        table.add_row(
            one.name, f"{one.examples:,}", f"{one.tokens:,}", each, f"{one.cut:,}", dropped, f"{one.share:.1%}"
        )
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 120).print(table)
    print(
        f"Of the first {_TOKENS:,} tokens. cut: longer than {length} tokens, comes in stretches. dropped: longer, and "
        "the answer would be lost (share of tokens)."
    )
    for mode in MODES:
        mixture = Mixture(pools, weights, tokenizer, seed, length=length, mode=mode)
        batches = [mixture.next(8 * length) for _ in range(_BATCHES)]
        filled = 1 - sum(batch.tokens for batch in batches) / sum(batch.tokens_BT.size for batch in batches)
        learnt = sum(batch.learnt_tokens for batch in batches) / sum(batch.tokens for batch in batches)
        print(f"{mode}: {filled:.1%} filling, {learnt:.1%} of tokens learnt, in batches of {8 * length:,} tokens")


def _need_extra() -> None:
    from importlib.util import find_spec

    from assay.errors import AssayError

    if find_spec("tokenizers") is None or find_spec("numpy") is None:
        raise AssayError("A preview needs the train extra. Install it: python -m pip install 'assay[train]'")

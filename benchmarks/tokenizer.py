"""Bytes per token on code that was not trained on: Assay's splits beside plain byte-level BPE and Qwen's.

    python benchmarks/tokenizer.py SRC... [--vocab 1024,4096,16384] [--one-in 3] [--tokenizer DIR]... [--json FILE]

SRC   folders of `assay corpus build` (their held-out repositories are measured on), of `assay forge` (one task in ten
      is), or of code (one file in ten is).

Every split is trained on the same texts to the same size; "plain" is GPT-2's expression, "qwen" Qwen2.5-Coder's, both
as published. --tokenizer measures a vocabulary that you have, as it is.

Every held-out text and 2,000 strings of random bytes must come back from their tokens byte for byte. Exit status 1 when
one does not, or when "code" needs more tokens for Python than "plain" at some size.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from pathlib import Path
from typing import Any

from assay.training.fertility import Fertility, is_held_out, measure
from assay.training.pretokenize import SPLITS
from assay.training.texts import CORPUS, Skipped, Text, read_texts
from assay.training.tokenizer import Tokenizer, train_tokenizer

RANDOM_STRINGS = 2000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", metavar="SRC", nargs="+", type=Path)
    parser.add_argument("--one-in", type=int, default=1, help="train on every so manieth text only, to save time")
    parser.add_argument("--vocab", default="1024,4096,16384")
    parser.add_argument("--tokenizer", type=Path, action="append", default=[])
    parser.add_argument("--json", type=Path, help="write every number here, too")
    args = parser.parse_args()
    skipped = Skipped()
    train: list[Text] = []
    test: list[Text] = []
    for source in args.sources:
        if (source / CORPUS).is_file():
            train += read_texts(source, skipped)
            test += read_texts(source, skipped, split="held_out")
        else:
            for one in read_texts(source, skipped):
                (test if is_held_out(one) else train).append(one)
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    train = train[:: args.one_in]
    print(f"train: {describe(train)}\ntest:  {describe(test)}\nleft out: {skipped or 'nothing'}")
    texts = [text for one in train if (text := one.text) is not None]
    rows: list[dict[str, Any]] = []
    ok = True
    for size in map(int, args.vocab.split(",")):
        found: dict[str, Fertility] = {}
        for split in SPLITS:
            began = time.process_time()
            tokenizer = train_tokenizer(texts, size, split)
            trained_s = time.process_time() - began
            found[split] = row(split, tokenizer, test, trained_s, rows)
        better = found["code"].tokens["python"] < found["plain"].tokens["python"]
        ok = ok and better and all(not one.lost for one in found.values())
    for folder in args.tokenizer:
        row(folder.name, Tokenizer.load(folder), test, 0.0, rows)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=2) + "\n")
    return 0 if ok and not any(one["random_lost"] for one in rows) else 1


def row(name: str, tokenizer: Tokenizer, test: list[Text], trained_s: float, rows: list[dict[str, Any]]) -> Fertility:
    """Measure one, print and keep it."""
    began = time.process_time()
    result = measure(name, tokenizer, test)
    took_s = time.process_time() - began
    rng = random.Random(7)
    strings = [rng.randbytes(rng.randrange(200)) for _ in range(RANDOM_STRINGS)]
    lost = sum(tokenizer.decode_bytes(tokenizer.encode_bytes(data)) != data for data in strings)
    each = {language: result.bytes_per_token(language) for language in result.bytes}
    shown = "  ".join(f"{language} {value:.3f}" for language, value in sorted(each.items()))
    mb_s = result.bytes["all"] / 1e6 / took_s
    print(
        f"{tokenizer.vocab_size:7,} {name:12} {shown}  files lost {result.lost}, random strings lost {lost}, "
        f"{mb_s:.1f} MB per CPU-s both ways, trained in {trained_s:.0f} CPU-s",
        flush=True,
    )
    rows.append(
        {
            "tokenizer": name,
            "vocabulary": tokenizer.vocab_size,
            "bytes_per_token": each,
            "files_lost": result.lost,
            "random_lost": lost,
            "mb_per_cpu_s": mb_s,
            "trained_cpu_s": trained_s,
        }
    )
    return result


def describe(texts: list[Text]) -> str:
    sizes: dict[str, int] = {}
    for text in texts:
        sizes[text.language] = sizes.get(text.language, 0) + len(text.data)
    return f"{len(texts):,} texts, " + ", ".join(f"{language} {size / 1e6:.1f} MB" for language, size in sizes.items())


if __name__ == "__main__":
    raise SystemExit(main())

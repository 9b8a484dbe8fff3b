"""Bytes per token on code of packages that were not trained on: Assay's splits beside plain byte-level BPE and Qwen's.

    python benchmarks/tokenizer.py [--train-mb 20] [--test-mb 6] [--vocab 1024,4096,16384] [--tokenizer DIR]...
                                   [--forge DIR] [--json FILE]

Texts are the running Python's standard library and installed packages, as they lie on this machine. One package in four
is held out whole, chosen by its name. Every split is trained on the same texts to the same size; "plain" is GPT-2's
expression, "qwen" Qwen2.5-Coder's, both published. --tokenizer measures a vocabulary that you have, as it is. --forge
adds tasks of `assay forge`: the tokenizers are then trained and measured on those instead, on tasks held out by content.

Every held-out file, whatever its encoding, and 2,000 strings of random bytes must come back from their tokens byte for
byte. Exit status 1 when one does not, or when "code" needs more tokens for Python than "plain" at some size.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.training.fertility import Fertility, is_held_out, measure
from assay.training.pretokenize import SPLITS
from assay.training.texts import Skipped, Text, read_texts
from assay.training.tokenizer import Tokenizer, train_tokenizer

LANGUAGES = ("python", "cpp", "c", "javascript")
PER_LANGUAGE = {"python": 0.7, "cpp": 0.1, "c": 0.1, "javascript": 0.1}  # of the megabytes
RANDOM_STRINGS = 2000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train-mb", type=float, default=20)
    parser.add_argument("--test-mb", type=float, default=6)
    parser.add_argument("--vocab", default="1024,4096,16384")
    parser.add_argument("--tokenizer", type=Path, action="append", default=[])
    parser.add_argument("--forge", type=Path)
    parser.add_argument("--json", type=Path, help="write every number here, too")
    args = parser.parse_args()
    skipped = Skipped()
    if args.forge:
        everything = list(read_texts(args.forge, skipped))
        train, test = [one for one in everything if not is_held_out(one)], list(filter(is_held_out, everything))
    else:
        train = take(installed(held_out=False, skipped=skipped), args.train_mb)
        test = take(installed(held_out=True, skipped=skipped), args.test_mb)
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    print(f"train: {describe(train)}\ntest:  {describe(test)}\nleft out: {skipped}")
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
    shown = "  ".join(f"{language} {each[language]:.3f}" for language in ("all", *LANGUAGES) if language in each)
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


def installed(held_out: bool, skipped: Skipped) -> Iterator[Text]:
    """Files of the standard library (one package like the others) and of installed packages, package by package."""
    paths = sysconfig.get_paths()
    library, packages = Path(paths["stdlib"]), Path(paths["purelib"])
    folders = sorted((*library.iterdir(), *packages.iterdir()))
    random.Random(1).shuffle(folders)
    for folder in folders:
        if folder.name in ("site-packages", "__pycache__") or folder.name.endswith((".dist-info", ".pth")):
            continue
        if (hashlib.sha256(folder.name.encode()).digest()[0] % 4 == 0) == held_out:
            yield from read_texts(folder, skipped)


def take(texts: Iterator[Text], mb: float) -> list[Text]:
    """So many megabytes, shared among languages; files over 200 kB are data."""
    room = {language: share * mb * 1e6 for language, share in PER_LANGUAGE.items()}
    chosen = []
    for text in texts:
        if text.language in room and len(text.data) <= min(room[text.language], 200_000):
            room[text.language] -= len(text.data)
            chosen.append(text)
        if max(room.values()) < 1000:
            break
    return chosen


def describe(texts: list[Text]) -> str:
    sizes: dict[str, int] = {}
    for text in texts:
        sizes[text.language] = sizes.get(text.language, 0) + len(text.data)
    return f"{len(texts):,} texts, " + ", ".join(f"{language} {size / 1e6:.1f} MB" for language, size in sizes.items())


if __name__ == "__main__":
    raise SystemExit(main())

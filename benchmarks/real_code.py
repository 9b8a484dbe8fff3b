"""What `--scale micro` learns from real code: bits per byte on files of repositories it never saw, and lines filled in.

    .venv/bin/assay corpus build stdlib: packages: --languages python --held-out 0.1 --held-out-files 0.03 --out corpus
    .venv/bin/python benchmarks/real_code.py --corpus corpus --out runs/real-code --minutes 15

Training is `assay train`, which reads files of held-out packages as it goes. Then lines of held-out Python files are
taken out, each of whole statements, and asked for between what stands around them: of held-out modules (new files of
packages that were learnt from) and of held-out packages. A line is right when it is the one that was there, but for
white space at its ends. The model is asked in four ways: with the suffix behind the prefix or before it ("psm", "spm":
the line then follows its prefix), and with a hole from the margin or, as a cursor stands, from behind the indentation.
Beside it stand guesses that need no model:

- the most frequent line of the training files;
- the line that most often follows the line above in the training files;
- a copy: what follows the nearest other place, in the text that the model is shown, where the line above stands too;
  where there is none, the line above itself.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assay.corpus import read
from assay.evaluation.interval import share_interval
from assay.evaluation.paired import difference_interval
from assay.models.network import convert
from assay.models.network.generate import generate
from assay.models.network.model import CodeModel
from assay.training import fim
from assay.training.held_out_text import held_out_files
from assay.training.log import read_log
from assay.training.pretrain import set_threads
from assay.training.tokenizer import Tokenizer
from learning_curve import run_assay

MOST_TOKENS = 48  # of a line; longer ones are not asked for
MOST_FILES, MOST_LINES = 1000, 8  # lines of a file
TRAINING_FILES = 20_000  # that the guesses count lines in


@dataclass(frozen=True)
class Hole:
    """prefix, suffix: what the model is shown, whole lines. line: what stood between them."""

    prefix: str
    line: str
    suffix: str

    @property
    def above(self) -> str:
        """The nearest line above that says something; "" for none."""
        return next((line.strip() for line in reversed(self.prefix.splitlines()) if line.strip()), "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--holes", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=None)
    args, more = parser.parse_known_args()
    threads = ["--threads", str(args.threads)] if args.threads else []
    budget = [] if "--tokens" in more else ["--minutes", str(args.minutes)]
    scale = [] if "--scale" in more else ["--scale", "micro"]
    run_assay("train", "--corpus", str(args.corpus), *scale, *budget, *more, *threads, "--out", str(args.out))
    print("tokens     bits per byte, held out")
    for row in read_log(args.out / "log.jsonl"):
        if row["kind"] == "held_out":
            print(f"{row['tokens']:>10,} {row['bits_per_byte']:.3f}   {row['files']} files, {row['bytes']:,} bytes")
    set_threads(args.threads)
    folder = args.out / "model"
    tokenizer = Tokenizer.load(folder)
    model = convert.load(folder)
    for split, name in (("held_out_file", "held-out modules"), ("held_out", "held-out packages")):
        holes = list(islice(take_out(args.corpus, split, tokenizer, model.config.context), args.holes))
        if holes:
            fill_in(holes, name, args.corpus, model, tokenizer)


def fill_in(holes: Sequence[Hole], where: str, corpus: Path, model: CodeModel, tokenizer: Tokenizer) -> None:
    """Print how many lines the model gets right, and how many the guesses do."""
    asked = {
        f"the model, {order}, from {place}": [prompt(hole, tokenizer, order, indented) for hole in holes]
        for order in fim.ORDERS
        for place, indented in (("the margin", False), ("the indentation", True))
    }
    answers = {
        name: [
            texts[0].text
            for texts in generate(model, tokenizer, each, max_tokens=MOST_TOKENS + 8, temperature=0.0, stops=("\n",))
        ]
        for name, each in asked.items()
    }
    others = guesses(holes, corpus)
    answers |= others
    right = {
        name: [float(text.strip() == hole.line.strip()) for text, hole in zip(texts, holes, strict=True)]
        for name, texts in answers.items()
    }
    print(f"\n{len(holes)} lines of {where}:")
    for name, marks in right.items():
        rate = sum(marks) / len(marks)
        low, high = share_interval(rate, len(marks))
        print(f"{name:40}{rate:7.1%} [{low:.1%}, {high:.1%}]")
    way = list(asked)[-1]
    for other in others:
        differences = [mine - guess for mine, guess in zip(right[way], right[other], strict=True)]
        low, high = difference_interval(differences, 1)
        print(f"{way}, minus {other}: {sum(differences) / len(differences):+.1%} [{low:+.1%}, {high:+.1%}]")
    for hole, text in list(zip(holes, answers[way], strict=True))[:12]:
        mark = "right" if text.strip() == hole.line.strip() else "wrong"
        print(f"  {mark}: {hole.line.strip()!r} <- {text.strip()!r}")


def take_out(corpus: Path, split: str, tokenizer: Tokenizer, context: int) -> Iterator[Hole]:
    """Lines of the Python files of a split, repositories in turn, one a file and turn; the text alone decides which."""
    documents = held_out_files(corpus, MOST_FILES, ("python",), split)
    seen = set()
    for turn in range(MOST_LINES):
        for document in documents:
            hole = _hole(document.text, random.Random(f"{document.sha256} {turn}"), tokenizer, context)
            if hole is not None and hole not in seen:
                seen.add(hole)
                yield hole


def _hole(text: str, rng: random.Random, tokenizer: Tokenizer, context: int) -> Hole | None:
    spans = [
        (begin, end)
        for kind, begin, end in fim.syntax_spans(text)
        if kind == "lines" and text.count("\n", begin, end) == 1
    ]
    if not spans:
        return None
    begin, end = rng.choice(spans)
    line = text[begin:end]
    if len(tokenizer.encode(line)) > MOST_TOKENS:
        return None
    room = context - 2 * MOST_TOKENS
    prefix, suffix = text[:begin], text[end:]
    before = _fitting(reversed(prefix.splitlines(keepends=True)), tokenizer, room * 2 // 3)
    after = _fitting(iter(suffix.splitlines(keepends=True)), tokenizer, room // 3)
    return Hole("".join(reversed(before)), line, "".join(after))


def _fitting(lines: Iterator[str], tokenizer: Tokenizer, room: int) -> list[str]:
    kept = []
    for line in lines:
        room -= len(tokenizer.encode(line))
        if room < 0:
            break
        kept.append(line)
    return kept


def prompt(hole: Hole, tokenizer: Tokenizer, order: str, indented: bool) -> list[int]:
    """Prefix, suffix and the mark behind which the line is to be written, as in training.

    order: one of `fim.ORDERS`. indented: the line's indentation is part of the prefix.
    """
    margin = hole.line[: len(hole.line) - len(hole.line.lstrip())] if indented else ""
    pieces = fim.pieces(fim.Cut(hole.prefix + margin, "", hole.suffix, "lines"), order, 1.0, 1.0)
    return [token for piece in pieces for token in tokenizer.encode(piece.text, special=not piece.plain)]


def guesses(holes: Sequence[Hole], corpus: Path) -> Mapping[str, list[str]]:
    """What can be said without a model."""
    lines: Counter[str] = Counter()
    wanted = {hole.above for hole in holes}
    after: dict[str, Counter[str]] = defaultdict(Counter)
    for document in islice(read(corpus, "train", kinds=("file",), languages=("python",)), TRAINING_FILES):
        said = [line.strip() for line in document.text.splitlines() if line.strip()]
        lines.update(said)
        for above, below in zip(["", *said], said, strict=False):
            if above in wanted:
                after[above][below] += 1
    usual = max(lines, key=lambda line: (lines[line], line))
    return {
        f"the most frequent line ({usual})": [usual for _ in holes],
        "most frequent after the line above": [
            max(after[hole.above], key=lambda line: (after[hole.above][line], line)) if after[hole.above] else usual
            for hole in holes
        ],
        "copied from where the same stands": [_copied(hole) for hole in holes],
    }


def _copied(hole: Hole) -> str:
    before, behind = (
        [line.strip() for line in text.splitlines() if line.strip()] for text in (hole.prefix, hole.suffix)
    )
    for place in range(len(before) - 2, -1, -1):
        if before[place] == hole.above:
            return before[place + 1]
    for place in range(len(behind) - 1):
        if behind[place] == hole.above:
            return behind[place + 1]
    return hole.above


if __name__ == "__main__":
    main()

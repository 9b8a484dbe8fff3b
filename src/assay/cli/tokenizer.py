"""`assay tokenizer`: train one, look at how it cuts, compare it with others."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.training.fertility import Fertility
    from assay.training.texts import Skipped, Text

SIZES = "1024,4096,16384"
CHECKED_MB = 100  # of texts that are read back after training

EPILOG = """\
SRC is a folder or a file with code, a folder of assay corpus build or of assay forge, or a .jsonl file with "text".

examples:
  assay tokenizer train forge/ --vocab 1024 --out tok
  assay tokenizer show src/assay/errors.py --tokenizer tok
  assay tokenizer show 'def f(x): return x + 10' --split code
  assay tokenizer compare src/ --vocab 1024,8192 --tokenizer tok --tokenizer Qwen2.5-Coder-1.5B/
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "tokenizer",
        help="train a tokenizer for code, see how it cuts, compare it",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    train = actions.add_parser("train", help="byte-level BPE from texts, as a Hugging Face folder")
    train.add_argument("sources", metavar="SRC", nargs="+", type=Path, help="where texts are")
    train.add_argument(
        "--vocab", metavar="N", type=int, required=True, help="tokens, the 256 bytes and 9 names included"
    )
    train.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder to write")
    train.add_argument("--split", metavar="NAME", help="how text is cut first (default: code); see docs/tokenizer.md")
    train.add_argument("--max-mb", metavar="N", type=float, default=500, help="read at most so much (default 500)")
    train.set_defaults(run=run_train)

    show = actions.add_parser("show", help="a picture of how a text or a file is cut")
    show.add_argument("text", metavar="TEXT|FILE", help="a file, or the text itself")
    how = show.add_mutually_exclusive_group(required=True)
    how.add_argument("--tokenizer", metavar="DIR", type=Path, help="any folder with a tokenizer.json")
    how.add_argument("--split", metavar="NAME", help="show the units of a split alone, before anything is merged")
    show.add_argument("--special", action="store_true", help="names of special tokens in the text are those tokens")
    show.add_argument("--html", metavar="FILE", type=Path, help="write the picture as a page")
    show.add_argument("--json", action="store_true", help="print ids and bytes as JSON, and nothing else, to stdout")
    show.set_defaults(run=run_show)

    compare = actions.add_parser("compare", help="bytes per token by language, beside other ways to split")
    compare.add_argument("sources", metavar="SRC", nargs="+", type=Path, help="where texts are")
    compare.add_argument(
        "--vocab", metavar="N,...", default=SIZES, help=f"train at these sizes, on 9 texts of 10 (default {SIZES})"
    )
    compare.add_argument(
        "--tokenizer", metavar="DIR", type=Path, action="append", default=[], help="measure this one as well, as it is"
    )
    compare.add_argument("--max-mb", metavar="N", type=float, default=50, help="read at most so much (default 50)")
    compare.add_argument("--json", action="store_true", help="print JSON, and nothing else, to stdout")
    compare.set_defaults(run=run_compare)


def run_train(args: argparse.Namespace) -> int:
    """Train, prove that nothing is lost, save. Raises AssayError."""
    _need_extra()
    from assay.errors import AssayError
    from assay.training.fertility import measure
    from assay.training.pretokenize import DEFAULT
    from assay.training.tokenizer import train_tokenizer

    if args.out.exists() and not args.out.is_dir():
        raise AssayError(f"{args.out} is a file. --out names a folder.")
    texts = _read(args.sources, args.max_mb)
    whole = [text for one in texts if (text := one.text) is not None]
    if not whole:
        raise AssayError(f"There is no text in {', '.join(map(str, args.sources))}.")
    tokenizer = train_tokenizer(whole, args.vocab, args.split or DEFAULT, show_progress=sys.stderr.isatty())
    if tokenizer.vocab_size < args.vocab:
        _tell(
            f"the texts ran out of pairs: the vocabulary has {tokenizer.vocab_size:,} tokens instead of {args.vocab:,}"
        )
    checked = _up_to(texts, CHECKED_MB)
    result = measure(str(args.out), tokenizer, _with_bar(checked, "reading back"))
    if result.lost or tokenizer.decode_bytes(tokenizer.encode_bytes(_all_bytes())) != _all_bytes():
        raise AssayError(f"{result.lost} texts did not come back from their tokens. This is a bug in assay.")
    tokenizer.save(args.out)
    mb = sum(len(text.data) for text in texts) / 1e6
    print(
        f"{args.out}: {tokenizer.vocab_size:,} tokens from {len(texts):,} texts ({mb:,.1f} MB), "
        f"{result.bytes_per_token():.2f} bytes per token. "
        f"{'All' if len(checked) == len(texts) else f'{len(checked):,}'} texts and all bytes come back as they were.\n"
        f"sha256 {tokenizer.sha256}\nLook at it: assay tokenizer show FILE --tokenizer {args.out}"
    )
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print the picture, or write it. Raises AssayError."""
    _need_extra()
    from rich.console import Console

    from assay.errors import AssayError
    from assay.report.tokens import Token, in_words, on_page, on_terminal
    from assay.training.pretokenize import SPLITS, cut
    from assay.training.tokenizer import Tokenizer

    name, data = _text_or_file(args.text)
    if args.split:
        if args.split not in SPLITS:
            raise AssayError(f"There is no way to split named {args.split!r}. Choose one of {', '.join(SPLITS)}.")
        tokens = [Token(-1, unit.encode()) for unit in cut(data.decode("utf-8", "replace"), args.split)]
        how = f"split {args.split!r}"
    else:
        tokenizer = Tokenizer.load(args.tokenizer)
        text = data.decode("utf-8", "replace")
        ids = tokenizer.encode(text, special=True) if args.special else tokenizer.encode_bytes(data)
        tokens = [Token(number, tokenizer.token_bytes[number], number in tokenizer.special_ids) for number in ids]
        how = str(args.tokenizer)
    if args.json:
        print(json.dumps([{"id": token.number, "bytes": token.data.hex(), "text": token.shown} for token in tokens]))
        return 0
    if args.html:
        try:
            args.html.write_text(on_page(tokens, f"{name}, cut by {how}"), encoding="utf-8")
        except OSError as error:
            raise AssayError(f"{args.html} cannot be written: {error.strerror}.") from None
        print(f"{in_words(tokens)}. The picture: {args.html}")
        return 0
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:  # no colours in a file: bars instead
        print("│".join(token.shown for token in tokens))
    else:
        console.print(on_terminal(tokens), soft_wrap=True)
    print(f"\n{in_words(tokens)}, cut by {how}")
    return 0


def run_compare(args: argparse.Namespace) -> int:
    """Train every split at every size and print a table. Raises AssayError."""
    _need_extra()
    from assay.errors import AssayError
    from assay.training.fertility import is_held_out, measure
    from assay.training.pretokenize import SPLITS
    from assay.training.tokenizer import Tokenizer, train_tokenizer

    try:
        sizes = [int(word) for word in args.vocab.split(",") if word.strip()]
    except ValueError:
        raise AssayError(f"--vocab takes sizes with commas between them, as {SIZES}; got {args.vocab!r}.") from None
    loaded = [(str(path), Tokenizer.load(path)) for path in args.tokenizer]
    texts = _read(args.sources, args.max_mb)
    held_out = [text for text in texts if is_held_out(text)]
    learnt = [text for one in texts if not is_held_out(one) and (text := one.text) is not None]
    if not held_out or not learnt:
        raise AssayError(
            f"{len(texts)} texts are too few: one in ten is kept back to measure on. Name a larger source."
        )
    results = []
    for size in sizes:
        for split in SPLITS:
            _tell(f"training {split} at {size:,}")
            results.append(measure(split, train_tokenizer(learnt, size, split), held_out))
    results += [measure(name, tokenizer, held_out) for name, tokenizer in loaded]
    if args.json:
        print(
            json.dumps([vars(result) | {"bytes_per_token": result.bytes_per_token()} for result in results], indent=2)
        )
    else:
        _print_table(results, held_out)
    return 0


def _print_table(results: list[Fertility], held_out: list[Text]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from assay.training.fertility import ALL

    languages = sorted(results[0].bytes, key=lambda name: (name != ALL, -results[0].bytes[name]))[:8]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="bytes per token on held-out texts", title_justify="left")
    table.add_column("tokenizer", overflow="fold")
    for heading in ("vocabulary", *languages, "lost"):
        table.add_column(heading, justify="right", no_wrap=True)
    for result in results:
        values = [f"{result.bytes_per_token(language):.3f}" for language in languages]
        table.add_row(result.tokenizer, f"{result.vocab_size:,}", *values, str(result.lost))
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 140).print(table)
    mb = sum(len(text.data) for text in held_out) / 1e6
    print(f"{len(held_out):,} texts, {mb:,.1f} MB. lost: texts that do not come back from their tokens byte for byte.")


def _read(sources: list[Path], max_mb: float) -> list[Text]:
    """Texts up to a size, with what was left out on stderr."""
    from assay.training.texts import Skipped, read_texts

    skipped: Skipped = Skipped()
    texts: list[Text] = []
    size = 0
    for source in sources:
        for text in read_texts(source, skipped):
            if size + len(text.data) > max_mb * 1e6:
                _tell(f"stopped reading at {size / 1e6:,.0f} MB (--max-mb), within {text.name}")
                break
            texts.append(text)
            size += len(text.data)
    if skipped.counts:
        _tell(f"left out: {skipped}")
    return texts


def _up_to(texts: list[Text], mb: float) -> list[Text]:
    """The first texts that are so large together, at least one."""
    ends = accumulate(len(text.data) for text in texts)
    return [text for text, end in zip(texts, ends, strict=True) if end <= mb * 1e6] or texts[:1]


def _with_bar(texts: list[Text], what: str) -> Iterable[Text]:
    """The texts, with a bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(texts, what, console=console, disable=not console.is_terminal)


def _text_or_file(text: str) -> tuple[str, bytes]:
    from assay.errors import AssayError

    try:
        path = Path(text)
        if path.is_file():
            return text, path.read_bytes()
    except OSError as error:
        if path.exists():
            raise AssayError(f"{text} cannot be read: {error.strerror}.") from None
    except ValueError:  # no path at all
        pass
    return "your text", text.encode("utf-8", "surrogateescape")


def _all_bytes() -> bytes:
    return bytes(range(256)) * 2


def _tell(text: str) -> None:
    print(f"assay: {text}", file=sys.stderr)


def _need_extra() -> None:
    from importlib.util import find_spec

    from assay.errors import AssayError

    if find_spec("tokenizers") is None or find_spec("numpy") is None:
        raise AssayError("A tokenizer needs the train extra. Install it: python -m pip install 'assay[train]'")

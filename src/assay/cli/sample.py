"""`assay sample`: let a checkpoint write, and watch it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli.asking import positive, share, warmth
from assay.errors import AssayError

if TYPE_CHECKING:
    from assay.models.network.generate import See
    from assay.models.request import Request
    from assay.models.tokens import Tokens
    from assay.models.written import Written

EPILOG = """\
examples:
  assay sample runs/nano/model --prompt 'def add(a, b):'
  assay sample runs/nano/model --prompt - --n 4 --temperature 0.8 --seed 1 < prompt.py
  assay sample runs/nano/model --infill $'def add(a, b):\\n    return ' $'\\n\\nprint(add(1, 2))\\n'

What the model writes goes to stdout, everything else to stderr. On a terminal the text appears as it is written, with
the prompt around it.
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "sample",
        help="let a checkpoint write: continue a text, or fill a hole",
        description="Let a checkpoint (a Hugging Face folder) continue a text or fill a hole.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="config.json, weights and tokenizer")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--prompt", metavar="TEXT", help="the text to continue; - reads it from stdin")
    asked.add_argument(
        "--infill", metavar=("PREFIX", "SUFFIX"), nargs=2, help="the text around a hole to fill; one may be empty"
    )
    parser.add_argument("--chat", action="store_true", help="ask the prompt as a message, in the model's own template")
    parser.add_argument("--n", metavar="N", type=positive, default=1, help="how many texts (default: 1)")
    parser.add_argument(
        "--temperature", metavar="T", type=warmth, default=0.0, help="0, the default, takes the likeliest token"
    )
    parser.add_argument("--top-p", metavar="P", type=share, help="only the likeliest tokens that make up this share")
    parser.add_argument("--max-tokens", metavar="M", type=positive, default=256, help="of one text (default: 256)")
    parser.add_argument(
        "--seed", metavar="S", type=int, help="text n is drawn with seed S + n (default: others each time)"
    )
    parser.add_argument(
        "--stop",
        metavar="TEXT",
        action="append",
        default=[],
        help="end before this text (\\\\n is a line end); repeatable",
    )
    parser.add_argument(
        "--device", metavar="DEVICE", default="auto", help="cpu, cuda ... (default: a GPU if there is one)"
    )
    parser.add_argument(
        "--dtype",
        choices=("auto", "float32", "bfloat16", "float16"),
        default="auto",
        help="of the weights (default: as saved)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load, write, print. Raises AssayError."""
    from assay.models.checkpoint import Checkpoint, open_decoder
    from assay.models.engine import Engine
    from assay.models.request import Sampling

    if args.n > 1 and args.temperature == 0:
        raise AssayError(
            f"--n {args.n} with temperature 0 would give the same text {args.n} times. Give --temperature, for example "
            "0.8, or ask for one text."
        )
    if args.chat and args.infill:
        raise AssayError("--chat asks a message and --infill fills a hole. Choose one.")
    sampling = Sampling(args.temperature, args.top_p, args.max_tokens)
    Checkpoint(args.folder, sampling).check()
    requests = _requests(args)
    live = sys.stdout.isatty()
    if live:
        _say(f"loading {args.folder} ...")
    decoder = open_decoder(args.folder, sampling)
    if args.infill and not isinstance(decoder, Engine):
        raise AssayError(
            f"{args.folder} is of an architecture whose way to fill a hole Assay does not know. Write its special "
            "tokens into --prompt."
        )
    decoder.text(requests[0])  # what cannot be asked is said before the weights are loaded
    decoder.load(args.device, args.dtype)
    page = _Page(requests, live)
    page.begin(0)
    if live and isinstance(decoder, Engine):
        written = decoder.write(requests, page.watching(decoder.tokens))
    else:
        written = decoder.write(requests)
    assert written is not None  # nobody stops it
    for number, text in enumerate(written):
        if number:
            page.begin(number)
        page.end(number, text)
    return 0


class _Page:
    """What is printed: the first text as it is written, where somebody watches, and every text whole."""

    def __init__(self, requests: list[Request], live: bool) -> None:
        self._requests, self._live = requests, live
        self._shown = ""  # of the first text
        self._ids: list[int] = []

    def begin(self, number: int) -> None:
        if len(self._requests) > 1:
            _say(f"== {number + 1} of {len(self._requests)}")
        if self._live:
            _dim(self._requests[number].text or self._requests[number].messages[0].content)

    def watching(self, tokens: Tokens) -> See:
        """What the engine calls after every step."""

        def see(grown: list[tuple[int, int, int]]) -> None:
            for prompt, _, token in grown:
                if prompt == 0:
                    self._ids.append(token)
                    self._show(_safe_part(tokens.decode(self._ids), self._requests[0].stops))

        return see

    def _show(self, text: str) -> None:
        if len(text) > len(self._shown) and text.startswith(self._shown):
            _write(text[len(self._shown) :])
            self._shown = text

    def end(self, number: int, written: Written) -> None:
        text = written.text
        if self._live:
            self._show(text) if number == 0 else _write(text)
            _dim(self._requests[number].suffix)
        else:
            sys.stdout.write(text)
        if not text.endswith("\n"):
            sys.stdout.write("\n")
        sys.stdout.flush()
        ended = "ended by itself" if written.ended else "cut at --max-tokens"
        sure = "" if written.mean_logprob is None else f", mean log-probability {written.mean_logprob:.3f}"
        _say(f"{written.tokens} tokens after {written.prompt_tokens}, {ended}{sure}")


def _requests(args: argparse.Namespace) -> list[Request]:
    from assay.models.engine import Hole
    from assay.models.request import Message, Request

    stops = tuple(_unescaped(stop) for stop in args.stop)
    text, suffix = map(_checked, args.infill or (_prompt(args), ""))
    requests: list[Request] = []
    for number in range(args.n):
        seed = None if args.seed is None else args.seed + number
        if args.infill:
            requests.append(Hole(number, text=text, suffix=suffix, stops=stops, seed=seed))
        elif args.chat:
            requests.append(Request(number, messages=(Message("user", text),), stops=stops, seed=seed))
        else:
            requests.append(Request(number, text=text, stops=stops, seed=seed))
    return requests


def _prompt(args: argparse.Namespace) -> str:
    """Raises AssayError for bytes on stdin that are no text."""
    text: str = args.prompt
    if text != "-":
        return text
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise AssayError(
            f"stdin holds bytes that are not {error.encoding.upper()} ({error.reason}), so they are no prompt. Convert "
            "them, for example with iconv."
        ) from None


def _checked(text: str) -> str:
    """A text. Raises AssayError for arguments that were no text: the system hands over bytes."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise AssayError(
            "The prompt holds bytes that are not UTF-8, so it is no text. Convert it, for example with iconv."
        ) from None
    return text


def _safe_part(text: str, stops: tuple[str, ...]) -> str:
    """What of a text that is being written stays as it is: no half character, no beginning of a stop string."""
    found = [at for stop in stops if (at := text.find(stop)) >= 0]
    if found:
        return text[: min(found)]
    text = text.rstrip("\N{REPLACEMENT CHARACTER}")
    longest = max(map(len, stops), default=1)
    for size in range(min(longest - 1, len(text)), 0, -1):
        if any(stop.startswith(text[-size:]) for stop in stops):
            return text[:-size]
    return text


def _unescaped(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\t", "\t")


def _write(text: str) -> None:
    """To the terminal, which must not take what a model writes for commands."""
    sys.stdout.write(
        "".join(each if each.isprintable() or each in "\n\t" else "\N{REPLACEMENT CHARACTER}" for each in text)
    )
    sys.stdout.flush()


def _dim(text: str) -> None:
    if text:
        sys.stdout.write("\x1b[2m")
        _write(text)
        sys.stdout.write("\x1b[0m")
        sys.stdout.flush()


def _say(text: str) -> None:
    sys.stdout.flush()
    print(f"assay: {text}" if not text.startswith("==") else text, file=sys.stderr, flush=True)

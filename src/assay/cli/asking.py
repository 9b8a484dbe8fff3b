"""The arguments of `assay eval` that say how a model is asked."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.evaluation.plan import Plan
    from assay.evaluation.questions import Asking
    from assay.evaluation.usage import Price
    from assay.models.model import Model

# Kinds of --model that are asked. The rest was written before.
ASKED = ("openai", "checkpoint", "command")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add them, in groups of their own."""
    asking = parser.add_argument_group("asking a model")
    asking.add_argument(
        "--prompt",
        choices=("base", "chat", "fim-qwen", "fim-starcoder"),
        help="base: it continues the code; chat: it is told what to write; fim-*: it fills holes by special tokens "
        "(default: base or chat, as suits the model)",
    )
    asking.add_argument("--samples", metavar="N", type=positive, help="answers per task (default: 1)")
    asking.add_argument(
        "--temperature",
        metavar="T",
        type=_temperature,
        help='0 is greedy, the default; "server" leaves it to the server',
    )
    asking.add_argument("--top-p", metavar="P", type=share, help="nucleus sampling (default: not sent)")
    asking.add_argument("--seed", metavar="S", type=int, help="sample n of each task is drawn with seed S + n")
    asking.add_argument("--max-tokens", metavar="M", type=positive, help="of one answer (default: 1024)")
    asking.add_argument("--show-prompt", action="store_true", help="print exactly what would be sent, and send nothing")
    asking.add_argument(
        "--price",
        metavar="IN,OUT",
        type=_price,
        help="of a million tokens read and written, for the cost in the summary",
    )
    server = parser.add_argument_group("openai:NAME, a model behind an OpenAI-compatible server")
    server.add_argument("--base-url", metavar="URL", help="for example http://127.0.0.1:8000/v1 (or $OPENAI_BASE_URL)")
    server.add_argument(
        "--api-key-env", metavar="VARIABLE", help="environment variable that holds the key (default: OPENAI_API_KEY)"
    )
    server.add_argument("--logprobs", action="store_true", help="ask for log-probabilities, as a measure of confidence")
    server.add_argument(
        "--concurrency", metavar="N", type=positive, help="requests at once, also of command: (default: 16)"
    )
    server.add_argument(
        "--timeout", metavar="S", type=_seconds, help="seconds for one whole answer, also of command: (default: 600)"
    )
    checkpoint = parser.add_argument_group("checkpoint:DIR, a Hugging Face folder (needs the extra assay[checkpoint])")
    checkpoint.add_argument("--device", metavar="DEVICE", help="cpu, cuda, cuda:1 ... (default: a GPU if there is one)")
    checkpoint.add_argument(
        "--dtype", choices=("auto", "float32", "bfloat16", "float16"), help="of the weights (default: as saved)"
    )
    checkpoint.add_argument(
        "--batch-size", metavar="N", type=positive, help="texts written at once (default: as memory allows)"
    )


_DEFAULTS: dict[str, object] = {
    "samples": 1,
    "temperature": 0.0,
    "max_tokens": 1024,
    "concurrency": 16,
    "timeout": 600.0,
    "device": "auto",
    "dtype": "auto",
    "batch_size": None,
}
_NAMES = ("prompt", "samples", "temperature", "top_p", "seed", "max_tokens", "show_prompt", "price")
_OF_KIND = {
    "openai": ("base_url", "api_key_env", "logprobs", "concurrency", "timeout"),
    "command": ("concurrency", "timeout"),
    "checkpoint": ("device", "dtype", "batch_size"),
}


def make_asking(args: argparse.Namespace) -> Asking | None:
    """How the model of --model is asked, None when it is not. Raises AssayError for arguments that do not fit it."""
    from assay.errors import AssayError
    from assay.evaluation.questions import Asking
    from assay.models.opening import default_style
    from assay.models.request import Sampling
    from assay.models.style import load_style

    kind, _, argument = args.model.partition(":")
    is_asked = kind in ASKED and bool(argument)
    useful = {*_NAMES, *_OF_KIND[kind]} if is_asked else set()
    for name in dict.fromkeys([*_NAMES, *(name for names in _OF_KIND.values() for name in names)]):
        if name not in useful and getattr(args, name) not in (None, False):
            kinds = [each for each in ASKED if name in _NAMES or name in _OF_KIND[each]]
            raise AssayError(
                f"--{name.replace('_', '-')} is for {', '.join(f'{each}:' for each in kinds)} and not for --model "
                f"{args.model}. Leave it out."
            )
    if not is_asked:
        return None
    samples, temperature = _given(args, "samples"), _given(args, "temperature")
    if samples > 1 and temperature == 0:
        raise AssayError(
            f"--samples {samples} with temperature 0 would give the same answer {samples} times. Give --temperature, "
            "for example 0.8, or ask for one sample."
        )
    sampling = Sampling(
        temperature=None if temperature == "server" else temperature,
        top_p=args.top_p,
        max_tokens=_given(args, "max_tokens"),
        logprobs=args.logprobs,
    )
    return Asking(load_style(args.prompt or default_style(kind, argument)), sampling, samples, args.seed)


def open_model(args: argparse.Namespace, plan: Plan) -> Model | None:
    """The model that is asked, None when none is. Raises AssayError.

    The key is taken out of this process's environment, so that nothing that is started later inherits it.
    """
    from assay.models import opening

    if plan.asking is None:
        return None
    kind, _, argument = args.model.partition(":")
    options = opening.Options(
        base_url=args.base_url,
        key_variable=args.api_key_env,
        concurrency=_given(args, "concurrency"),
        timeout_s=_given(args, "timeout"),
        device=_given(args, "device"),
        dtype=_given(args, "dtype"),
        batch_size=_given(args, "batch_size"),
    )
    model = opening.open_model(kind, argument, plan.asking.sampling, options)
    if kind == "openai":
        from assay.models.server import KEY_VARIABLE

        os.environ.pop(args.api_key_env or KEY_VARIABLE, None)
    return model


def price(args: argparse.Namespace) -> Price | None:
    """What tokens cost, if that was given."""
    from assay.evaluation.usage import Price

    return Price(*args.price) if args.price else None


def show_prompts(plan: Plan, model: Model) -> None:
    """Print what would be sent for the first sample of every task."""
    assert plan.asking is not None
    for question in plan.questions:
        if question.number:
            continue
        print(f"== {question.task.task_id}")
        print(model.show(plan.asking.first(question)))
        if question.task.follow_up is not None:
            print(f"\n== {question.task.task_id}, the second question")
            print(model.show(plan.asking.second(question, "{answer}")))
        print()


def positive(text: str) -> int:
    value = int(text) if text.isdecimal() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return value


def _given(args: argparse.Namespace, name: str) -> Any:
    value = getattr(args, name)
    return _DEFAULTS[name] if value is None else value


def _number(text: str, low: float, high: float, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return value


def warmth(text: str) -> float:
    return _number(text, 0, 100, "a number from 0 up")


def _temperature(text: str) -> float | str:
    return text if text == "server" else _number(text, 0, 100, 'a number from 0 up or "server"')


def share(text: str) -> float:
    return _number(text, 1e-9, 1, "a number above 0 and at most 1")


def _seconds(text: str) -> float:
    return _number(text, 1e-3, 86400, "a number of seconds from 0.001 to 86400")


def _price(text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not two prices, such as 0.15,0.60")
    first, second = (_number(part, 0, 1e9, "a price") for part in parts)
    return first, second

"""From what a user types to a model that can be asked."""

from __future__ import annotations

from dataclasses import dataclass

from assay.models.model import Model
from assay.models.request import Sampling

KINDS = ("openai",)


@dataclass(frozen=True)
class Options:
    """How a model is reached. Each kind uses its own part; None means its default.

    base_url, key_variable: `assay.models.server.find_server`. concurrency: requests at once. timeout_s: for one.
    """

    base_url: str | None = None
    key_variable: str | None = None
    concurrency: int = 16
    timeout_s: float = 600.0


def default_style(kind: str, argument: str) -> str:
    """Whether a model of this kind is talked to ("chat") or continues a text ("base")."""
    return "chat" if kind == "openai" else "base"


def open_model(kind: str, argument: str, sampling: Sampling, options: Options) -> Model:
    """The model KIND:ARGUMENT. Nothing is sent yet. Raises AssayError for options that cannot be right."""
    from assay.models.openai import OpenAI
    from assay.models.server import find_server

    server = find_server(options.base_url, options.key_variable)
    return OpenAI(argument, server, sampling, options.concurrency, options.timeout_s)

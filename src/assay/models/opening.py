"""From what a user types to a model that can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.models.model import Model
from assay.models.request import Sampling


@dataclass(frozen=True)
class Options:
    """How a model is reached. Each kind uses its own part; None means its default.

    base_url, key_variable: `assay.models.server.find_server`. concurrency: requests at once. timeout_s: for one.
    device, dtype, batch_size: `assay.models.checkpoint.Checkpoint`.
    """

    base_url: str | None = None
    key_variable: str | None = None
    concurrency: int = 16
    timeout_s: float = 600.0
    device: str = "auto"
    dtype: str = "auto"
    batch_size: int | None = None


def default_style(kind: str, argument: str) -> str:
    """Whether a model of this kind is talked to ("chat") or continues a text ("base")."""
    if kind == "checkpoint":
        from assay.models.checkpoint import is_talked_to

        return "chat" if is_talked_to(Path(argument)) else "base"
    return "chat" if kind == "openai" else "base"


def fingerprint(kind: str, argument: str) -> str | None:
    """The hash of a model that lies on this machine's disk, None for others. Raises AssayError when it does not."""
    if kind != "checkpoint":
        return None
    from assay.models.checkpoint import fingerprint as of_checkpoint

    return of_checkpoint(Path(argument))


def open_model(kind: str, argument: str, sampling: Sampling, options: Options) -> Model:
    """The model KIND:ARGUMENT. Nothing is sent yet. Raises AssayError for options that cannot be right."""
    if kind == "checkpoint":
        from assay.models.checkpoint import Checkpoint

        return Checkpoint(Path(argument), sampling, options.device, options.dtype, options.batch_size)
    if kind == "command":
        from assay.models.command import Command

        return Command(argument, sampling, options.concurrency, options.timeout_s)
    from assay.models.openai import OpenAI
    from assay.models.server import find_server

    server = find_server(options.base_url, options.key_variable)
    return OpenAI(argument, server, sampling, options.concurrency, options.timeout_s)

"""Fine-tuning on conversations: `assay train sft`. Only what the assistant says is learnt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from assay.errors import AssayError
from assay.models.network.model import CodeModel
from assay.training.config import TrainConfig
from assay.training.data import Data
from assay.training.example import Example, Piece
from assay.training.jsonl import read_objects, text_of
from assay.training.mixture import Mixture
from assay.training.objective import NextToken
from assay.training.pool import make_pools
from assay.training.pretrain import Stage
from assay.training.tokenizer import IM_END, IM_START, Tokenizer
from assay.training.watch import Watch

PASSES = 2  # over the data, where settings do not say how long
ROLES = ("system", "user", "assistant")


def conversation(where: str, messages: object) -> Example:
    """A conversation as the chat template (`assay.training.tokenizer_files`) writes it. Raises AssayError.

    Cut into pieces as the tokenizer would cut the whole text, except after "assistant": there the prompt ends when the
    model is asked, so there it must end in training too.
    """
    if not isinstance(messages, list) or not messages:
        raise AssayError(f'In {where} "messages" must be a list of messages.')
    pieces: list[Piece] = []
    for message in messages:
        role = message.get("role") if isinstance(message, dict) else None
        if role not in ROLES:
            raise AssayError(f"In {where} a message has the role {role!r}. Known: {', '.join(ROLES)}.")
        content = text_of(message, "content", where)
        pieces.append(Piece(IM_START, 0.0))
        if role == "assistant":
            pieces += [Piece("assistant\n", 0.0, plain=True), Piece(content, plain=True), Piece(IM_END)]
        else:
            pieces += [Piece(f"{role}\n{content}", 0.0, plain=True), Piece(IM_END, 0.0)]
        pieces.append(Piece("\n", 0.0, plain=True))
    if not any(piece.weight for piece in pieces):
        raise AssayError(f"In {where} the assistant says nothing, so nothing can be learnt from it.")
    return Example("complete", tuple(pieces), where)


def conversations(path: Path) -> Iterator[Example]:
    """All of a file, {"messages": [{"role": ..., "content": ...}, ...]} a line. Raises AssayError."""
    for where, row in read_objects(path):
        yield conversation(where, row.get("messages"))


def _open(config: TrainConfig, tokenizer: Tokenizer, model: CodeModel, device: str, watch: Watch) -> Data:
    path = Path(config.data)
    if tokenizer.special_id(IM_START) is None or tokenizer.special_id(IM_END) is None:
        raise AssayError(f"The tokenizer of {config.start} has no {IM_START} and {IM_END}, so it cannot mark turns.")
    pools = make_pools("chat", conversations(path), tokenizer)
    if not pools:
        raise AssayError(f"{path} holds no conversation.")
    mode = "length" if device == "cpu" else "pack"
    batches = Mixture(pools, {"complete": 1.0}, tokenizer, config.seed, length=config.context, mode=mode)
    left_out = sum(report.dropped for report in batches.report)
    if left_out:
        watch.say(
            f"{left_out} of {sum(report.examples for report in batches.report)} conversations are left out: they are "
            f"longer than --context {config.context} tokens"
        )
    about = {
        "sources": [{"kind": "conversations", "name": path.name, "path": str(path), "sha256": sha256_of(path)}],
        "pools": [vars(report) for report in batches.report],
        "tokenizer": {"sha256": tokenizer.sha256, "vocabulary": tokenizer.vocab_size},
        "fingerprint": batches.fingerprint,
    }
    kept = sum(report.tokens - report.dropped_tokens for report in batches.report)
    return Data(tokenizer, batches, about, PASSES * kept)


def sha256_of(path: Path) -> str:
    """Of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


SFT = Stage("sft", _open, lambda _, tokenizer, device, precision: NextToken(tokenizer, device, precision))

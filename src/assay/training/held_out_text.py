"""Files that no training sees, read by the model while it learns: bits per byte of code that is new to it."""

from __future__ import annotations

import bisect
import hashlib
import math
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from assay.corpus import Document, read
from assay.models.network.model import CodeModel
from assay.training.tokenizer import Tokenizer

FILES = 64
_TOKENS = 8192  # that go through the network at once


class HeldOutText:
    """A window of each of so many held-out files, as many from every repository as there are.

    Repositories are held out as a whole (`docs/corpus.md`), so no file has a sibling in training, and near duplicates
    across the splits are gone.
    """

    def __init__(self, corpus: Path, tokenizer: Tokenizer, context: int, files: int = FILES) -> None:
        """context: tokens of a window at most. Which files, and which part, depends on their text alone, so a curve and
        a run that is gone on with are of the same bytes. Raises AssayError for a folder that is no corpus.
        """
        chosen = held_out_files(corpus, files)
        self.files, self.repositories = len(chosen), len({document.repository for document in chosen})
        windows = [_window(tokenizer.encode(document.text), document.sha256, context) for document in chosen]
        windows = sorted((ids for ids in windows if len(ids) > 1), key=len)
        rows = max(1, _TOKENS // context)
        self._batches = [windows[at : at + rows] for at in range(0, len(windows), rows)]
        lengths = tokenizer.token_bytes
        self.bytes = sum(len(lengths[token]) for ids in windows for token in ids[1:])

    def read(self, model: CodeModel) -> dict[str, Any]:
        """For the log: bits a byte, and of what. The first token of a window is given, not foretold."""
        nats = 0.0
        device = next(model.parameters()).device
        model.eval()
        with torch.inference_mode():
            for rows in self._batches:
                longest = len(rows[-1])
                tokens_BT = torch.tensor([ids + [0] * (longest - len(ids)) for ids in rows], device=device)
                ends_B1 = torch.tensor([[len(ids) - 1] for ids in rows], device=device)
                is_text_BS = torch.arange(longest - 1, device=device) < ends_B1
                logits_BSV = model(tokens_BT).logits[:, :-1]
                nats_N = F.cross_entropy(logits_BSV[is_text_BS].float(), tokens_BT[:, 1:][is_text_BS], reduction="none")
                nats += float(nats_N.double().sum())
        model.train()
        return {
            "bits_per_byte": round(nats / math.log(2) / max(1, self.bytes), 5),
            "bytes": self.bytes,
            "files": self.files,
            "repositories": self.repositories,
        }


def held_out_files(
    corpus: Path, most: int, languages: Collection[str] | None = None, split: str = "held_out"
) -> list[Document]:
    """So many held-out files, or all there are, from the repositories in turn; which, depends on names and texts alone.

    At most the square of `most` are in memory. Raises AssayError for a folder that is no corpus.
    """
    waiting: dict[bytes, list[tuple[str, Document]]] = {}
    for document in read(corpus, split, ("file",), languages):
        files = waiting.setdefault(hashlib.sha256(document.repository.encode()).digest(), [])
        bisect.insort(files, (document.sha256, document), key=lambda pair: pair[0])
        del files[most:]
        if len(waiting) > most:
            del waiting[max(waiting)]
    in_turn = (files[turn][1] for turn in range(most) for _, files in sorted(waiting.items()) if turn < len(files))
    return list(islice(in_turn, most))


def _window(ids: list[int], sha256: str, context: int) -> list[int]:
    """So many tokens from a place that the text decides."""
    start = int(sha256[:8], 16) % max(1, len(ids) - context + 1)
    return ids[start : start + context]

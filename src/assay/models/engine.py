"""Batches of texts through Assay's own network; the same questions to it as to `assay.models.decoding`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assay.errors import AssayError
from assay.models.network.config import ModelConfig
from assay.models.request import Request, Sampling
from assay.models.tokens import Tokens
from assay.models.written import Ended, Written

if TYPE_CHECKING:
    from assay.models.network.generate import Generated, Prompt, See
    from assay.models.network.model import CodeModel

_CACHE_BYTES = 1 << 30  # of keys and values, from which the number of texts at once follows
_LIKELY_PROMPT = 512
_MOST = 256
_LEAST = 8
_AHEAD = 8


@dataclass(frozen=True)
class Hole(Request):
    """A request for what stands between `text` and `suffix` even where the suffix is empty: a hole at a file's end."""


class Engine:
    """A tokenizer and, once loaded, a network."""

    def __init__(self, folder: Path, config: ModelConfig, sampling: Sampling) -> None:
        """Load the tokenizer. Raises AssayError."""
        self._folder, self._config, self._sampling = folder, config, sampling
        self.tokens = Tokens(folder)
        if self.tokens.count > config.vocab:
            raise AssayError(
                f"The tokenizer in {folder} has {self.tokens.count:,} tokens and the model {config.vocab:,} rows for "
                "them: they are not of one model. Copy the tokenizer that the model was trained with."
            )
        self._model: CodeModel | None = None
        self._stopped = False

    def load(self, device: str, dtype: str) -> None:
        """Load the network. Raises AssayError."""
        import torch

        from assay.models.network import convert
        from assay.models.network.memory import keep_freed_memory

        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if device == "cpu":
            keep_freed_memory()
        kind = None if dtype == "auto" else getattr(torch, dtype)
        model = convert.load(self._folder, dtype=kind)
        try:
            self._model = model.to(device).eval()
        except (RuntimeError, ValueError, AssertionError) as error:
            reason = str(error).splitlines()[0].rstrip(".")
            raise AssayError(f"The model does not go to the device {device!r}: {reason}. Check --device.") from None

    @cached_property
    def batch_size(self) -> int:
        """Texts at once whose keys and values take about a gibibyte."""
        config = self._config
        token_bytes = 4 * 2 * config.layers * config.kv_heads * config.head_dim
        fit = _CACHE_BYTES // (token_bytes * (_LIKELY_PROMPT + self._sampling.max_tokens))
        return max(_LEAST, min(_MOST, fit))

    def taken(self, batch_size: int) -> int:
        """Requests that `write` should be given at once where so many texts are written at once.

        More, since one that ends makes room for the next: a few long texts are waited for once in so many.
        """
        return _AHEAD * batch_size

    def stop(self) -> None:
        """From any thread: end the batch that is under way."""
        self._stopped = True

    def text(self, request: Request) -> str:
        """What is tokenized for this request. Raises AssayError where the model cannot be asked so."""
        if _is_hole(request):
            self._hole(request)
            return f"<|fim_prefix|>{request.text}<|fim_suffix|>{request.suffix}<|fim_middle|>"
        return self.tokens.chat(request.messages) if request.messages else request.text

    def write(
        self,
        requests: Sequence[Request],
        see: See | None = None,
        *,
        ended: Ended = lambda number, written: None,
        rows: int | None = None,
    ) -> list[Written] | None:
        """Write one text for each; None when it was stopped. Raises AssayError when memory is short.

        see: `assay.models.network.generate.See`. ended: told of each text as soon as it is there, with the number of
        its request. rows: texts at once; None: all.
        """
        import torch

        from assay.models.network.generate import write_texts

        assert self._model is not None
        prompts = [self._prompt(request) for request in requests]
        sampling = self._sampling
        done: list[Written | None] = [None] * len(requests)

        def keep(number: int, text: Generated) -> None:
            one = done[number] = Written(
                text=text.text,
                ended=text.finish == "stop",
                prompt_tokens=len(prompts[number].ids),
                tokens=len(text.ids),
                first_token_s=text.first_token_s,
                total_s=text.total_s,
                mean_logprob=sum(text.logprobs) / len(text.logprobs),
            )
            ended(number, one)

        try:
            texts = write_texts(
                self._model,
                self.tokens,
                prompts,
                max_tokens=sampling.max_tokens,
                temperature=1.0 if sampling.temperature is None else sampling.temperature,
                top_p=1.0 if sampling.top_p is None else sampling.top_p,
                rows=rows or len(prompts),
                see=see,
                ended=keep,
                stopped=lambda: self._stopped,
            )
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and "memory" not in str(error):
                raise
            raise AssayError(
                f"The device has not enough memory for {len(requests)} texts at once. Choose a smaller --batch-size or "
                "--max-tokens."
            ) from None
        return None if texts is None else [one for one in done if one is not None]

    def _prompt(self, request: Request) -> Prompt:
        from assay.models.network.generate import Prompt

        if _is_hole(request):
            ids = self._hole(request)
        else:
            # A chat template writes its own special tokens.
            ids = self.tokens.encode(self.text(request), special=not request.messages)
        if not ids:  # nothing to continue: begin a document
            ids = sorted(self.tokens.ends)[:1] or [0]
        return Prompt(ids, request.stops, request.seed, self.tokens.ends_of(ids))

    def _hole(self, request: Request) -> list[int]:
        ids = self.tokens.hole(request.text, request.suffix)
        if ids is None:
            raise AssayError(
                f"The tokenizer in {self._folder} has no tokens for filling a hole (<|fim_prefix|> and its like). "
                "Choose others with --prompt fim-starcoder, ask in words with --prompt chat, or take another model."
            )
        return ids


def _is_hole(request: Request) -> bool:
    return bool(request.suffix) or isinstance(request, Hole)

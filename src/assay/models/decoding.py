"""Batches of texts through transformers, for architectures that Assay's own network does not know."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

from assay.errors import AssayError
from assay.models.request import Request, Sampling
from assay.models.written import Ended, Written

_TAIL_TOKENS = 16  # that are decoded after every step to look for stop strings; longer ones are found at the end
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


class _Stopped(Exception):
    """`Decoder.stop` was called."""


class Decoder:
    """A tokenizer and, once loaded, a model."""

    batch_size = 8

    def __init__(self, folder: Path, sampling: Sampling) -> None:
        """Load the tokenizer. Raises AssayError."""
        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        self._folder, self._sampling = folder, sampling
        self._stopped = False
        self._tokenizer: Any = self._load(transformers.AutoTokenizer, padding_side="left")
        self._model: Any = None
        self._ends: set[int] = set()  # tokens that end a text

    def load(self, device: str, dtype: str) -> None:
        """Load the model. Raises AssayError."""
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = self._load(transformers.AutoModelForCausalLM, dtype=DTYPES.get(dtype, "auto"))
        try:
            self._model = self._model.to(device).eval()
        except (RuntimeError, ValueError, AssertionError) as error:
            raise AssayError(
                f"The model does not go to the device {device!r}: {_line(error)}. Check --device."
            ) from None
        own = self._model.generation_config.eos_token_id
        self._ends = ({own} if isinstance(own, int) else set(own or ())) | {self._tokenizer.eos_token_id} - {None}
        # What a call leaves open, transformers takes from here: a checkpoint's own temperature must not slip in.
        self._model.generation_config = transformers.GenerationConfig()
        if self._tokenizer.pad_token_id is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token or self._tokenizer.convert_ids_to_tokens(0)

    def stop(self) -> None:
        """From any thread: end the batch that is under way."""
        self._stopped = True

    def text(self, request: Request) -> str:
        """What is tokenized for this request. Raises AssayError where the model cannot be asked so."""
        if request.suffix:
            raise AssayError(
                "This benchmark asks to fill a hole, and a checkpoint does so only with special tokens of its own. "
                "Choose them with --prompt fim-qwen or --prompt fim-starcoder, or ask in words with --prompt chat."
            )
        if not request.messages:
            return request.text
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        try:
            made: str = self._tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        except (ValueError, TypeError) as error:
            raise AssayError(f"{self._folder} cannot be talked to: {_line(error)}. Use --prompt base.") from None
        return made

    def taken(self, batch_size: int) -> int:
        """Requests that `write` should be given at once where so many texts are written at once."""
        return batch_size

    def write(
        self, requests: Sequence[Request], *, ended: Ended = lambda number, written: None, rows: int | None = None
    ) -> list[Written] | None:
        """See `assay.models.engine.Engine.write`; all at once here. Raises AssayError when memory is short."""
        try:
            with torch.inference_mode():
                written = self._write(requests)
        except _Stopped:
            return None
        except torch.OutOfMemoryError:
            raise AssayError(
                f"The device has not enough memory for {len(requests)} texts at once. Choose a smaller --batch-size or "
                "--max-tokens."
            ) from None
        for number, one in enumerate(written):
            ended(number, one)
        return written

    def _write(self, requests: Sequence[Request]) -> list[Written]:
        began = time.monotonic()
        # A chat template writes its own special tokens.
        add_special = not requests[0].messages
        texts = [self.text(request) for request in requests]
        inputs = self._tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=add_special)
        inputs = {name: inputs[name].to(self._model.device) for name in ("input_ids", "attention_mask")}
        length = inputs["input_ids"].shape[1]
        seeds = [request.seed for request in requests if request.seed is not None]
        if seeds:
            torch.manual_seed(hash((len(seeds), *seeds)) & 0x7FFFFFFF)
        watch = _Watch(self._tokenizer, [request.stops for request in requests], length, lambda: self._stopped)
        output: Any = self._model.generate(
            **inputs,
            generation_config=self._generation_config(),
            logits_processor=transformers.LogitsProcessorList([watch.see]),
            stopping_criteria=transformers.StoppingCriteriaList([watch]),
        )
        logprobs_TB, total_s = watch.logprobs_TB, time.monotonic() - began
        written = []
        for row, request in enumerate(requests):
            ids = output[row, length:].tolist()
            ended_at = next((at + 1 for at, token in enumerate(ids) if token in self._ends), None)
            count = min(at for at in (ended_at, watch.counts[row], len(ids)) if at is not None)
            text = self._tokenizer.decode([token for token in ids[:count] if token not in self._ends], **_AS_IT_IS)
            cut = [at for stop in request.stops if (at := text.find(stop)) >= 0]
            written.append(
                Written(
                    text=text[: min(cut)] if cut else text,
                    ended=bool(cut) or ended_at is not None or watch.counts[row] is not None,
                    prompt_tokens=int(inputs["attention_mask"][row].sum()),
                    tokens=count,
                    first_token_s=watch.first_token_s,
                    total_s=total_s,
                    mean_logprob=sum(step_B[row] for step_B in logprobs_TB[:count]) / count if count else None,
                )
            )
        return written

    def _generation_config(self) -> transformers.GenerationConfig:
        sampling = self._sampling
        chosen: dict[str, Any] = {"do_sample": False}
        if sampling.temperature is None or sampling.temperature > 0:
            top_p = 1.0 if sampling.top_p is None else sampling.top_p
            temperature = 1.0 if sampling.temperature is None else sampling.temperature
            chosen = {"do_sample": True, "temperature": temperature, "top_p": top_p, "top_k": 0}
        return transformers.GenerationConfig(
            max_new_tokens=sampling.max_tokens,
            eos_token_id=sorted(self._ends) or None,
            pad_token_id=self._tokenizer.pad_token_id,
            **chosen,
        )

    def _load(self, kind: Any, **options: Any) -> Any:
        try:
            return kind.from_pretrained(str(self._folder), local_files_only=True, trust_remote_code=False, **options)
        except Exception as error:  # the libraries below raise errors of many kinds for files that are not right
            raise AssayError(f"{self._folder} cannot be loaded by transformers: {_line(error)}.") from None


_AS_IT_IS = {"skip_special_tokens": True, "clean_up_tokenization_spaces": False}


class _Watch(transformers.StoppingCriteria):  # type: ignore[misc]
    """Looks for stop strings after every token, and at the clock after the first one.

    counts: per text, how many tokens it had when it reached a stop string; None while it has not.
    logprobs_TB: for every step the log-probability of each text's token under the model itself.
    """

    def __init__(
        self, tokenizer: Any, stops: Sequence[tuple[str, ...]], length: int, stopped: Callable[[], bool]
    ) -> None:
        self._tokenizer, self._stops, self._length, self._stopped = tokenizer, stops, length, stopped
        self._began = time.monotonic()
        self.first_token_s = 0.0
        self.counts: list[int | None] = [None] * len(stops)
        self.logprobs_TB: list[list[float]] = []
        self._logits_BV: torch.Tensor | None = None

    def see(self, input_ids: torch.Tensor, logits_BV: torch.Tensor) -> torch.Tensor:
        """Keep the logits of this step, before temperature and the like change them."""
        self._logits_BV = logits_BV
        return logits_BV

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: Any) -> torch.Tensor:
        if self._stopped():
            raise _Stopped
        assert self._logits_BV is not None
        chosen_B1 = torch.log_softmax(self._logits_BV.float(), dim=-1).gather(1, input_ids[:, -1:])
        self.logprobs_TB.append(chosen_B1.squeeze(1).tolist())
        written = input_ids.shape[1] - self._length
        self.first_token_s = self.first_token_s or time.monotonic() - self._began
        if any(self._stops):
            tails = self._tokenizer.batch_decode(input_ids[:, self._length :][:, -_TAIL_TOKENS:], **_AS_IT_IS)
            for row, (tail, stops) in enumerate(zip(tails, self._stops, strict=True)):
                if self.counts[row] is None and any(stop in tail for stop in stops):
                    self.counts[row] = written
        done = [count is not None for count in self.counts]
        return torch.tensor(done, dtype=torch.bool, device=input_ids.device)


def _line(error: BaseException) -> str:
    """The first line of an error, short."""
    text = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__).strip().rstrip(".")
    return text if len(text) <= 300 else f"{text[:300]}..."

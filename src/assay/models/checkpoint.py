"""Completions from a model on this machine's disk, in batches, on the CPU or a GPU.

Assay's own network writes them where it knows the architecture (Qwen2, Qwen3, Qwen3-MoE), transformers for the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.errors import AssayError
from assay.models.completion import Completion
from assay.models.model import Deliver
from assay.models.network.config import ModelConfig
from assay.models.request import Request, Sampling

if TYPE_CHECKING:
    from assay.models.decoding import Decoder
    from assay.models.engine import Engine
    from assay.models.written import Written

INSTALL = "pip install 'assay[checkpoint]'"
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_TOKENIZER = ("tokenizer.json", "tokenizer.model", "vocab.json", "tokenizer_config.json")
_WHOLE_BYTES = 16 << 20  # files up to here are hashed whole
_END_BYTES = 1 << 20


class Checkpoint:
    """A Hugging Face folder. `assay.models.model.Model`, which takes many requests at once.

    device: as torch names it; "auto" is the first GPU, else the CPU. dtype: "float32", "bfloat16", "float16", or
    "auto", that of the weights. batch_size: texts written at once; None: as many as memory is likely to allow.
    """

    def __init__(
        self,
        folder: Path,
        sampling: Sampling,
        device: str = "auto",
        dtype: str = "auto",
        batch_size: int | None = None,
    ) -> None:
        self._folder, self._sampling = folder, sampling
        self._device, self._dtype, self._batch_size = device, dtype, batch_size
        self._stopped = False
        self._loaded: Decoder | Engine | None = None

    def check(self) -> None:
        """Look whether the folder holds a model and the extra is installed. Raises AssayError."""
        check_folder(self._folder)
        for name in ("torch", "transformers"):
            if find_spec(name) is None:
                raise AssayError(f"checkpoint:DIR needs {name}, which is not installed. Run: {INSTALL}")

    def show(self, request: Request) -> str:
        """The text that is tokenized: chats are put into the model's own template."""
        self.check()
        return self._decoder(tokenizer_only=True).text(request)

    def describe(self) -> dict[str, Any]:
        about: dict[str, Any] = {"kind": "checkpoint", "folder": str(self._folder), "batch_size": self._batch_size}
        return about | {"device": self._device, "dtype": self._dtype}

    def stop(self) -> None:
        self._stopped = True
        if self._loaded is not None:
            self._loaded.stop()

    def write(self, requests: Iterator[Request], deliver: Deliver) -> None:
        """See `assay.models.model.Model`. Raises AssayError when the model cannot be loaded or memory is short."""
        decoder = self._decoder()
        size = self._batch_size or decoder.batch_size
        while not self._stopped and (batch := list(islice(requests, decoder.taken(size)))):

            def deliver_one(number: int, one: Written, batch: list[Request] = batch) -> None:
                completion = Completion(
                    text=one.text,
                    finish_reason="stop" if one.ended else "length",
                    prompt_tokens=one.prompt_tokens,
                    completion_tokens=one.tokens,
                    first_token_s=one.first_token_s,
                    total_s=one.total_s,
                    mean_logprob=one.mean_logprob,
                )
                deliver(batch[number], completion)

            if decoder.write(batch, ended=deliver_one, rows=size) is None:  # stopped
                return

    def _decoder(self, tokenizer_only: bool = False) -> Decoder | Engine:
        """The loaded model, once."""
        if self._loaded is not None:
            return self._loaded
        decoder = open_decoder(self._folder, self._sampling)
        if not tokenizer_only:
            decoder.load(self._device, self._dtype)
            self._loaded = decoder
        return decoder


def open_decoder(folder: Path, sampling: Sampling) -> Decoder | Engine:
    """What writes for this folder, with its tokenizer loaded. Raises AssayError."""
    from assay.models.engine import Engine

    config = own_config(folder)
    if config is not None:
        return Engine(folder, config, sampling)
    from assay.models.decoding import Decoder

    return Decoder(folder, sampling)


def own_config(folder: Path) -> ModelConfig | None:
    """The folder's configuration if Assay's own network can be that model and read its files, else None."""
    if not (folder / "tokenizer.json").is_file() or not any(folder.glob("*.safetensors")):
        return None
    try:
        return ModelConfig.from_hf(json.loads((folder / "config.json").read_bytes()))
    except (AssayError, OSError, ValueError, AttributeError):
        return None


def check_folder(folder: Path) -> None:
    """Raise AssayError unless the folder has a configuration, a tokenizer and weights."""
    if not folder.exists():
        raise AssayError(f"The checkpoint folder {folder} does not exist. Check the path.")
    if not folder.is_dir():
        raise AssayError(f"{folder} is a file. Name the folder that holds config.json and the weights.")
    if (folder / "model" / "config.json").is_file():
        raise AssayError(f"{folder} is the folder of a run. Name its model: {folder / 'model'}")
    if not (folder / "config.json").is_file():
        raise AssayError(f"{folder} holds no config.json, so it is no checkpoint in the Hugging Face format.")
    if not any(path for pattern in _WEIGHTS for path in folder.glob(pattern)):
        raise AssayError(f"{folder} holds no weights ({' or '.join(_WEIGHTS)}). Copy them there, or check the path.")
    if not any((folder / name).is_file() for name in _TOKENIZER):
        raise AssayError(f"{folder} holds no tokenizer ({', '.join(_TOKENIZER[:2])}). Save it beside the weights.")


def is_talked_to(folder: Path) -> bool:
    """Whether the model was made to be talked to.

    Tokenizers of Assay bring a chat template, so that one may be learnt, but what Assay trains continues texts
    (docs/mixture.md) unless its record (`assay.json`) says `"style": "chat"`.
    """
    try:
        record = json.loads((folder / "assay.json").read_bytes())
        return isinstance(record, dict) and record.get("style") == "chat"
    except (OSError, ValueError):
        return has_chat_template(folder)


def has_chat_template(folder: Path) -> bool:
    """Whether there is one."""
    if (folder / "chat_template.jinja").is_file() or (folder / "chat_template.json").is_file():
        return True
    try:
        return bool(json.loads((folder / "tokenizer_config.json").read_bytes()).get("chat_template"))
    except (OSError, ValueError, AttributeError):
        return False


def fingerprint(folder: Path) -> str:
    """A hash that changes when the checkpoint does: all of every small file; name, size and both ends of the weights.

    Raises AssayError as `check_folder` does.
    """
    check_folder(folder)
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file() and path.suffix not in (".md", ".lock")):
        size = path.stat().st_size
        digest.update(f"{path.name}\0{size}\0".encode())
        with path.open("rb") as file:
            if size <= _WHOLE_BYTES:
                digest.update(file.read())
            else:
                digest.update(file.read(_END_BYTES))
                file.seek(-_END_BYTES, 2)
                digest.update(file.read())
    return digest.hexdigest()

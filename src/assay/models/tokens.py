"""The tokenizer in a checkpoint's folder, without importing transformers (which takes seconds)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.models.request import Message

# Qwen's: what stands before, after and in place of the hole, and what a model writes when the hole is filled.
PREFIX, SUFFIX, MIDDLE = "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"
AFTER_A_HOLE = (
    *(PREFIX, SUFFIX, MIDDLE, "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"),
    *("<|endoftext|>", "<|im_end|>"),
)


class Tokens:
    """Text to token ids and back."""

    def __init__(self, folder: Path) -> None:
        """Raises AssayError where there is no tokenizer.json that can be read."""
        import tokenizers

        self.folder = folder
        path = folder / "tokenizer.json"
        try:
            self._inner = tokenizers.Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing more special
            reason = "there is none" if not path.exists() else str(error)
            raise AssayError(f"The tokenizer {path} cannot be read: {reason}. Copy the folder again.") from None
        self._inner.no_truncation()
        self._inner.no_padding()
        self._settings = _json(folder / "tokenizer_config.json")
        ends = _ids(_json(folder / "generation_config.json").get("eos_token_id"))
        ends = ends or _ids(_json(folder / "config.json").get("eos_token_id"))
        own = self._settings.get("eos_token")
        named = self._inner.token_to_id(own.get("content", "") if isinstance(own, dict) else own or "")
        self.ends = frozenset(ends | _ids(named))  # tokens that end a text

    def encode(self, text: str, markers: bool = True, special: bool = True) -> list[int]:
        """Token ids. markers: whether names of special tokens in the text are those tokens.

        special: whether those that the tokenizer puts around a text are added. Raises AssayError for what is no text.
        """
        self._inner.encode_special_tokens = not markers
        try:
            ids: list[int] = self._inner.encode(text, add_special_tokens=special).ids
        except (UnicodeEncodeError, TypeError):  # which one depends on the version of the library
            raise AssayError(
                "The text holds bytes that are not UTF-8, or half of a surrogate pair, so it cannot be tokenized. "
                "Convert it, for example with iconv."
            ) from None
        return ids

    def decode(self, ids: list[int]) -> str:
        """The text, without special tokens."""
        text: str = self._inner.decode(ids, skip_special_tokens=True)
        return text

    @cached_property
    def count(self) -> int:
        """Rows of an embedding that it needs: the highest id and one."""
        return 1 + max(self._inner.get_vocab(with_added_tokens=True).values(), default=-1)

    def number(self, name: str) -> int | None:
        """The id of a token, None where there is none of that name."""
        number: int | None = self._inner.token_to_id(name)
        return number

    def hole(self, prefix: str, suffix: str) -> list[int] | None:
        """Token ids that ask for what stands between; None where the tokenizer lacks Qwen's tokens for it."""
        numbers = [self.number(name) for name in (PREFIX, SUFFIX, MIDDLE)]
        before, after, middle = numbers
        if before is None or after is None or middle is None:
            return None
        return [
            before,
            *self.encode(prefix, markers=False, special=False),
            after,
            *self.encode(suffix, markers=False, special=False),
            middle,
        ]

    def ends_of(self, ids: Sequence[int]) -> frozenset[int]:
        """Tokens that end a text which continues these: more of them where a hole is filled."""
        middle = self.number(MIDDLE)
        if middle is None or middle not in ids:
            return self.ends
        return self.ends | {number for name in AFTER_A_HOLE if (number := self.number(name)) is not None}

    def chat(self, messages: Sequence[Message]) -> str:
        """The conversation in the model's own template. Raises AssayError."""
        from transformers import AutoTokenizer

        turns = [{"role": message.role, "content": message.content} for message in messages]
        try:
            whole = AutoTokenizer.from_pretrained(str(self.folder), local_files_only=True, trust_remote_code=False)
            text: str = whole.apply_chat_template(turns, add_generation_prompt=True, tokenize=False)
        except Exception as error:  # the library below raises errors of many kinds
            reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
            raise AssayError(f"{self.folder} cannot be talked to: {reason}. Use --prompt base.") from None
        return text


def _json(path: Path) -> dict[str, Any]:
    """An object from a file, empty where there is none."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _ids(value: Any) -> set[int]:
    """One id, several, or none."""
    values = value if isinstance(value, list) else [value]
    return {each for each in values if isinstance(each, int)}

"""Byte-level BPE: text becomes token ids and back, without loss. Any Hugging Face tokenizer can be loaded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.training.pretokenize import DEFAULT, SPLITS, pre_tokenizer

# Qwen's names and their order (Qwen2.5-Coder, tokenizer_config.json), so that its templates and editors' clients work.
END, IM_START, IM_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
FIM_PREFIX, FIM_MIDDLE, FIM_SUFFIX, FIM_PAD = "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>"
REPO_NAME, FILE_SEP = "<|repo_name|>", "<|file_sep|>"
SPECIAL = (END, IM_START, IM_END, FIM_PREFIX, FIM_MIDDLE, FIM_SUFFIX, FIM_PAD, REPO_NAME, FILE_SEP)

BYTES = 256
_NOT_UTF8 = re.compile("([\udc80-\udcff]+)")


class Tokenizer:
    """What the `tokenizers` library made, with Assay's questions to it.

    folder: where it was loaded from; None for one that was just trained.
    """

    def __init__(self, inner: Any, folder: Path | None = None) -> None:
        self.inner, self.folder = inner, folder
        # Text that only looks like a special token must not become one; `special=True` lets it.
        self.inner.encode_special_tokens = True
        self.inner.no_truncation()
        self.inner.no_padding()

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        """A folder that holds `tokenizer.json`, or that file. Raises AssayError."""
        import tokenizers

        path = Path(path)
        file = path / "tokenizer.json" if path.is_dir() else path
        if not file.is_file():
            raise AssayError(
                f"{file} does not exist. Name a folder with a tokenizer.json, or make one: "
                f"assay tokenizer train SRC --vocab 1024 --out {path}"
            )
        try:
            return cls(tokenizers.Tokenizer.from_file(str(file)), file.parent)
        except Exception as error:  # the library raises nothing more special
            raise AssayError(f"{file} is no tokenizer that can be read: {error}.") from None

    def save(self, folder: Path) -> None:
        """Write what `transformers.AutoTokenizer` loads: the vocabulary, its configuration and a chat template."""
        from assay.training.tokenizer_files import write_files

        write_files(self, folder)

    def encode(self, text: str, special: bool = False) -> list[int]:
        """Token ids. special: whether names of special tokens in the text become those tokens."""
        return self.encode_many([text], special)[0]

    def encode_many(self, texts: Sequence[str], special: bool = False) -> list[list[int]]:
        """`encode` of each, on as many threads as the library uses ($RAYON_NUM_THREADS)."""
        self.inner.encode_special_tokens = not special
        try:
            return [one.ids for one in self.inner.encode_batch_fast(texts, add_special_tokens=False)]
        except (UnicodeEncodeError, TypeError):  # which one depends on the version of the library
            raise ValueError("the text holds half of a surrogate pair; encode its bytes with encode_bytes") from None
        finally:
            self.inner.encode_special_tokens = True

    def encode_bytes(self, data: bytes) -> list[int]:
        """Token ids of any bytes. What is not UTF-8 becomes one token a byte. Raises ValueError if that cannot be."""
        ids: list[int] = []
        for number, part in enumerate(_NOT_UTF8.split(data.decode("utf-8", "surrogateescape"))):
            if number % 2 == 0:
                ids += self.encode(part)
            else:
                ids += [self._byte_id(byte) for byte in part.encode("utf-8", "surrogateescape")]
        return ids

    def decode(self, ids: Iterable[int], special: bool = True) -> str:
        """The text; bytes that are not UTF-8 become U+FFFD. special: whether special tokens are written out."""
        return self.decode_bytes(ids, special).decode("utf-8", "replace")

    def decode_bytes(self, ids: Iterable[int], special: bool = True) -> bytes:
        """The bytes. Raises IndexError for an id that is none."""
        table, hidden = self.token_bytes, () if special else self.special_ids
        return b"".join(table[number] for number in ids if number not in hidden)

    @cached_property
    def vocab_size(self) -> int:
        """Rows that an embedding needs: the highest id + 1."""
        ids: list[int] = list(self.inner.get_vocab(with_added_tokens=True).values())
        return max(ids) + 1

    @cached_property
    def special_ids(self) -> frozenset[int]:
        """Ids of all special tokens, Qwen's or others."""
        return frozenset(number for number, added in self.inner.get_added_tokens_decoder().items() if added.special)

    def special_id(self, name: str) -> int | None:
        """Id of one of SPECIAL; None where the tokenizer lacks it."""
        number: int | None = self.inner.token_to_id(name)
        return number

    @property
    def end_id(self) -> int:
        """Ends every document. Raises AssayError for a tokenizer without it."""
        return self._needed(END)

    @property
    def pad_id(self) -> int:
        """Fills rows. It is the end's id, as Qwen has it: weights say what counts."""
        return self.end_id

    def _needed(self, name: str) -> int:
        number = self.special_id(name)
        if number is None:
            raise AssayError(
                f"The tokenizer in {self.folder or 'memory'} has no token {name}, which training needs. Choose one "
                "that has Qwen's special tokens, or train one: assay tokenizer train SRC --vocab 1024 --out DIR"
            )
        return number

    @cached_property
    def digit_ids(self) -> tuple[int, ...]:
        """Ids of tokens that are digits and nothing else; ten where every digit is a token of its own."""
        return tuple(number for number, data in enumerate(self.token_bytes) if data.isdigit())

    @cached_property
    def token_bytes(self) -> tuple[bytes, ...]:
        """Id -> the bytes it stands for; a special token stands for its name, an unused id for nothing."""
        added = self.inner.get_added_tokens_decoder()
        table = [b""] * self.vocab_size
        for token, number in self.inner.get_vocab(with_added_tokens=True).items():
            table[number] = added[number].content.encode() if number in added else _bytes_of(token)
        return tuple(table)

    @cached_property
    def sha256(self) -> str:
        """Of everything that decides how text is cut."""
        return hashlib.sha256(self.inner.to_str().encode()).hexdigest()

    def _byte_id(self, byte: int) -> int:
        number: int | None = self.inner.token_to_id(_CHARACTERS[byte])
        if number is None:
            raise ValueError(f"this tokenizer has no token for the byte {byte:#04x}: it is not byte-level")
        return number


def train_tokenizer(
    texts: Iterable[str], vocab_size: int, split: str = DEFAULT, min_frequency: int = 2, show_progress: bool = False
) -> Tokenizer:
    """Byte pairs merged by how often they occur. Same texts, same tokenizer.

    vocab_size: with the nine special tokens and the 256 bytes; the result is smaller when the texts run out of pairs.
    split: one of `assay.training.pretokenize.SPLITS`. Raises AssayError.
    """
    from tokenizers import Tokenizer as Inner
    from tokenizers import decoders, models, pre_tokenizers, trainers

    least = BYTES + len(SPECIAL)
    if vocab_size < least:
        raise AssayError(f"A vocabulary of {vocab_size} is too small: bytes and special tokens alone are {least}.")
    if split not in SPLITS:
        raise AssayError(f"There is no way to split named {split!r}. Choose one of {', '.join(SPLITS)}.")
    inner = Inner(models.BPE())
    inner.pre_tokenizer = pre_tokenizer(split)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=min_frequency,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=show_progress,
    )
    inner.train_from_iterator(texts, trainer=trainer)
    return Tokenizer(inner)


def _byte_characters() -> tuple[str, ...]:
    """Byte -> the character that stands for it in a vocabulary (GPT-2's encoder.py, bytes_to_unicode)."""
    printable = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    others = iter(range(BYTES, 2 * BYTES))
    return tuple(chr(byte) if byte in printable else chr(next(others)) for byte in range(BYTES))


_CHARACTERS = _byte_characters()
_BYTE = {character: byte for byte, character in enumerate(_CHARACTERS)}


def _bytes_of(token: str) -> bytes:
    """What a token of a byte-level vocabulary stands for; other vocabularies' tokens stand for themselves."""
    try:
        return bytes(_BYTE[character] for character in token)
    except KeyError:
        return token.replace("▁", " ").encode()

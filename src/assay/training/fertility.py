"""How many bytes a token stands for, by language, and whether anything is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from assay.training.texts import Text
from assay.training.tokenizer import Tokenizer

ALL = "all"
HELD_OUT = 10  # one text in so many is measured on, the others are trained on


@dataclass(frozen=True)
class Fertility:
    """tokenizer: its name. vocab_size: of it. bytes, tokens: language -> how many; "all" is the sum.

    lost: texts that do not come back from their tokens byte for byte.
    """

    tokenizer: str
    vocab_size: int
    bytes: dict[str, int]
    tokens: dict[str, int]
    lost: int

    def bytes_per_token(self, language: str = ALL) -> float:
        return self.bytes[language] / max(1, self.tokens[language])


def is_held_out(text: Text) -> bool:
    """Whether a text is measured on; by its content, so that copies of a file are never on both sides."""
    return int.from_bytes(hashlib.sha256(text.data).digest()[:4], "little") % HELD_OUT == 0


def measure(name: str, tokenizer: Tokenizer, texts: Iterable[Text]) -> Fertility:
    """Encode and decode them all."""
    counts: dict[str, int] = {}
    tokens: dict[str, int] = {}
    lost = 0
    for text, ids in _encoded(tokenizer, texts):
        for language in (text.language, ALL):
            counts[language] = counts.get(language, 0) + len(text.data)
            tokens[language] = tokens.get(language, 0) + len(ids)
        lost += tokenizer.decode_bytes(ids) != text.data
    return Fertility(name, tokenizer.vocab_size, counts, tokens, lost)


def _encoded(tokenizer: Tokenizer, texts: Iterable[Text], together: int = 64) -> Iterator[tuple[Text, list[int]]]:
    rest = iter(texts)
    while chunk := list(islice(rest, together)):
        decoded = [text.text for text in chunk]
        whole = iter(tokenizer.encode_many([text for text in decoded if text is not None]))
        for text, valid in zip(chunk, decoded, strict=True):
            yield text, tokenizer.encode_bytes(text.data) if valid is None else next(whole)

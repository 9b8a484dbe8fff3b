"""Tests as LiveCodeBench stores them: JSON text, or base64 of zlib of a pickle that holds JSON text."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from assay.tasks.livecodebench import pickles

# Far above any row; a packed one cannot fill the memory.
MOST_BYTES = 1 << 30


def unpack(text: str) -> Any:
    """What stored tests hold. Nothing in them is executed. Raises ValueError, in words, for what is damaged."""
    if text[:1] in ("[", "{"):
        return _json(text)
    try:
        packed = base64.b64decode(text, validate=True)
        inflate = zlib.decompressobj()
        data = inflate.decompress(packed, MOST_BYTES)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ValueError(f"the stored tests are damaged ({error})") from None
    if inflate.unconsumed_tail:
        raise ValueError(f"the stored tests unpack to more than {MOST_BYTES >> 20} MiB, which no task has")
    if not inflate.eof:
        raise ValueError("the stored tests are cut short")
    value = pickles.load(data)
    return _json(value) if isinstance(value, str) else value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the stored tests are no JSON ({error})") from None

"""Bytes become text: UTF-8, UTF-16 by its mark, or what a Python coding line says."""

from __future__ import annotations

import codecs
import re

from assay.corpus.rules import Dropped

_CODING = re.compile(rb"\A(?:[ \t\f]*#?.*\r?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes, python: bool = False) -> str:
    """The text of a file with LF line ends and without a byte order mark.

    Raises Dropped for what is empty, binary, or not in the encoding it should be in. Nothing is guessed and no byte is
    replaced: a wrong guess would put nonsense into the corpus.
    """
    mark, encoding = next(((m, name) for m, name in _MARKS if data.startswith(m)), (b"", "utf-8"))
    body = data[len(mark) :]
    if encoding == "utf-8" and b"\0" in body:
        raise Dropped("binary", f"NUL at byte {body.index(0) + 1}")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        text = _declared(body, python, f"byte 0x{body[error.start]:02x} at {error.start + 1} is not {encoding.upper()}")
    if not text.strip():
        raise Dropped("empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared(body: bytes, python: bool, why: str) -> str:
    """By the coding line of a Python file; Dropped with `why` without one."""
    coding = _CODING.match(body[:500]) if python else None
    if coding is None:
        raise Dropped("broken text", why)
    name = coding[1].decode("ascii", "replace")
    try:
        if codecs.lookup(name).name == "utf-8" or not codecs.lookup(name)._is_text_encoding:
            raise Dropped("broken text", why)
        return body.decode(name)
    except (LookupError, UnicodeError) as error:
        raise Dropped("broken text", f"its coding line says {name}: {error}"[:200]) from None

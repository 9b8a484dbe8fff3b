"""Plain data across the jail's wall: a strict, bounded encoding of values.

Only None, bool, int, float, complex, str, bytes, list, tuple, dict, set and frozenset cross. Values travel as JSON in
which whatever JSON has no word for is an object with one key that names the type. Encoding is canonical: equal bytes
mean equal values of equal types (except NaN), so the judge may compare bytes first and decode only when they differ.
The encoder runs inside the jail and is not trusted; the decoder runs outside and trusts nothing.
"""

from __future__ import annotations

import json
from typing import Any

MAX_DEPTH = 200
_SCALARS = frozenset((type(None), bool, int, float, str))
_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False, ensure_ascii=True).encode


class Unserialisable(Exception):
    """The value holds something that is not plain data, or is nested too deeply."""


class BadEncoding(Exception):
    """Bytes that the encoder could not have written."""


def encode(value: Any) -> bytes:
    """Encode a value. Raises Unserialisable with the reason."""
    try:
        return _to_json(_tag(value, 0)).encode("ascii")
    except ValueError:
        # An int beyond the interpreter's limit of decimal digits: only then pay for looking at every number.
        return _to_json(_tag(value, 0, big_ints=True)).encode("ascii")


def _tag(v: Any, depth: int, big_ints: bool = False) -> Any:
    t = type(v)
    if t in _SCALARS:
        return {"n": hex(v)} if big_ints and t is int and v.bit_length() > 10000 else v
    if depth >= MAX_DEPTH:
        raise Unserialisable(f"nested deeper than {MAX_DEPTH} levels, or refers to itself")
    down = depth + 1
    if t is list:
        if not big_ints and _SCALARS.issuperset(map(type, v)):
            return v
        return [_tag(x, down, big_ints) for x in v]
    if t is tuple:
        if not big_ints and _SCALARS.issuperset(map(type, v)):
            return {"t": v}
        return {"t": [_tag(x, down, big_ints) for x in v]}
    if t is dict:
        return {"d": [_tag(x, down, big_ints) for pair in v.items() for x in pair]}
    if t is set or t is frozenset:
        parts = sorted(_to_json(_tag(x, down, big_ints)) for x in v)
        return {"s" if t is set else "f": [json.loads(x) for x in parts]}
    if t is bytes:
        return {"b": v.hex()}
    if t is complex:
        return {"c": [v.real, v.imag]}
    return _tag(_exact(v), depth, big_ints)


def _exact(v: Any) -> Any:
    """The plain value inside an instance of a subclass (Counter, namedtuple, IntEnum, a forged int ...)."""
    if isinstance(v, int):
        return int.__add__(v, 0)
    if isinstance(v, float):
        return float.__pos__(v)
    if isinstance(v, str):
        return str.__str__(v)
    if isinstance(v, list):
        return list.__getitem__(v, slice(None))
    if isinstance(v, tuple):
        return tuple(tuple.__iter__(v))
    if isinstance(v, dict):
        return dict(dict.items(v))
    if isinstance(v, set):
        return set(set.__iter__(v))
    if isinstance(v, frozenset):
        return frozenset(frozenset.__iter__(v))
    if isinstance(v, bytes):
        return bytes.__getitem__(v, slice(None))
    if isinstance(v, complex):
        return complex(v.real, v.imag)
    raise Unserialisable(f"a value of type {type(v).__name__!r} is not plain data")


def decode(data: bytes) -> Any:
    """Decode what `encode` wrote. Raises BadEncoding on anything else."""
    try:
        return json.loads(data, object_hook=_untag)
    except BadEncoding:
        raise
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise BadEncoding(str(error)[:200]) from None


def loads_untagged(data: bytes) -> Any:
    """JSON without reading the tags; for the few records that are no values. Raises BadEncoding."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError, MemoryError) as error:
        raise BadEncoding(str(error)[:200]) from None


def _untag(tagged: dict[str, Any]) -> Any:
    if len(tagged) != 1:
        raise BadEncoding("an object must have exactly one key")
    ((tag, body),) = tagged.items()
    if tag in ("n", "b"):
        if type(body) is not str:
            raise BadEncoding(f"tag {tag!r} needs text")
        return int(body, 16) if tag == "n" else bytes.fromhex(body)
    if type(body) is not list:
        raise BadEncoding(f"tag {tag!r} needs a list")
    if tag == "t":
        return tuple(body)
    if tag == "d":
        if len(body) % 2:
            raise BadEncoding("a dict needs pairs")
        return dict(zip(body[::2], body[1::2], strict=True))
    if tag == "s":
        return set(body)
    if tag == "f":
        return frozenset(body)
    if tag == "c" and len(body) == 2 and type(body[0]) is type(body[1]) is float:
        return complex(body[0], body[1])
    raise BadEncoding(f"unknown tag {tag!r}")

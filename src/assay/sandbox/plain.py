"""Plain data across the jail's wall: a strict, bounded encoding of values.

Only None, bool, int, float, complex, str, bytes, list, tuple, dict, set and frozenset cross. Values travel as JSON in
which whatever JSON has no word for is an object with one key that names the type. Encoding is canonical: equal bytes
mean equal values of equal types (except NaN), so the judge may compare bytes first and decode only when they differ.
The encoder runs inside the jail and is not trusted; the decoder runs outside and trusts nothing.
"""

from __future__ import annotations

import json
import json.encoder

# The encoder shares a process with the candidate, which may replace what builtins names; these it does not reach.
from builtins import (  # noqa: UP029
    bool,
    bytes,
    complex,
    dict,
    float,
    frozenset,
    hex,
    int,
    isinstance,
    len,
    list,
    map,
    set,
    sorted,
    str,
    tuple,
    type,
)
from typing import Any

MAX_DEPTH = 200
MAX_ITEMS = 5_000_000
# What looking into a container costs besides its items, in items. Without it, counting small lists up to the limit
# took longer on a busy machine than a program may compute, and the verdict was time_limit.
_CONTAINER_COST = 8
_SCALARS = frozenset((type(None), bool, int, float, str))
_FAST_INT = 1 << 62


_CONTAINERS = frozenset((list, tuple, dict, set, frozenset))


def _no_default(value: Any) -> Any:
    raise Unserialisable(f"a value of type {type(value).__name__!r} is not plain data")


def _make_encoder() -> Any:
    """The json module's C encoder, made once: its Python wrapper looks up builtins at every call."""
    make = json.encoder.c_make_encoder  # type: ignore[attr-defined]
    if make is None:  # an interpreter without the accelerator
        slow = json.JSONEncoder(separators=(",", ":"), check_circular=False)
        return lambda value, _indent: [slow.encode(value)]
    escape = json.encoder.encode_basestring_ascii
    return make(None, _no_default, escape, None, ":", ",", False, False, True)


_encoder = _make_encoder()
_join = "".join


def _to_json(value: Any) -> str:
    return _join(_encoder(value, 0))


class Unserialisable(Exception):
    """The value holds something that is not plain data, or is nested too deeply."""


class BadEncoding(Exception):
    """Bytes that the encoder could not have written."""


def encode(value: Any, max_items: int = MAX_ITEMS) -> bytes:
    """Encode a value of at most so many items in all, of which each container in it counts as eight more.

    Raises Unserialisable with the reason.
    """
    t = type(value)
    if t is bool:  # these two are most answers, and would take four times as long below
        return b"true" if value else b"false"
    if t is int and -_FAST_INT < value < _FAST_INT:
        return b"%d" % value
    try:
        return _to_json(_tag(value, 0, [max_items + _CONTAINER_COST], False)).encode("ascii")
    except ValueError:
        # An int beyond the interpreter's limit of decimal digits: only then pay for looking at every number.
        return _to_json(_tag(value, 0, [max_items + _CONTAINER_COST], True)).encode("ascii")


def _tag(v: Any, depth: int, left: list[int], big_ints: bool) -> Any:
    """The value in JSON's own terms. left: how many items may still be encoded."""
    t = type(v)
    if t in _SCALARS:
        return {"n": hex(v)} if big_ints and t is int and v.bit_length() > 10000 else v
    if t is bytes:
        return {"b": v.hex()}
    if t is complex:
        return {"c": [v.real, v.imag]}
    if t not in _CONTAINERS:
        return _tag(_exact(v), depth, left, big_ints)
    left[0] -= len(v) + _CONTAINER_COST
    if left[0] < 0:
        raise Unserialisable("more items than the judge reads")
    if depth >= MAX_DEPTH:
        raise Unserialisable(f"nested deeper than {MAX_DEPTH} levels, or refers to itself")
    down = depth + 1
    if t is dict:
        return {"d": [_tag(x, down, left, big_ints) for pair in v.items() for x in pair]}
    if t is set or t is frozenset:
        items = [_tag(x, down, left, big_ints) for x in v]
        return {"s" if t is set else "f": sorted(items, key=_to_json)}
    if not big_ints and _SCALARS.issuperset(map(type, v)):
        return v if t is list else {"t": v}
    tagged = [_tag(x, down, left, big_ints) for x in v]
    return tagged if t is list else {"t": tagged}


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
        return _DECODER.decode(data.decode("ascii"))
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


_DECODER = json.JSONDecoder(object_hook=_untag)  # made once: `json.loads` would make one for every answer

"""Plain data crosses the wall unchanged; everything else is refused, and hostile bytes harm nobody."""

from __future__ import annotations

import enum
import json
import math
from collections import Counter, OrderedDict, defaultdict, namedtuple
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.sandbox import plain

HASHABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=4),
    max_leaves=6,
)
VALUES = st.recursive(
    HASHABLE,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(HASHABLE, inner) | st.sets(HASHABLE, max_size=5)
    ),
    max_leaves=25,
)


def text(value: Any) -> str:
    """As repr, but the same for equal sets."""
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__}{sorted(map(text, value))}"
    return f"{type(value).__name__}{list(map(text, value))}" if isinstance(value, tuple) else repr(value)


def same(a: Any, b: Any) -> bool:
    """Equal in value and in every type."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a.items(), b.items(), strict=True))
    if isinstance(a, (set, frozenset)):
        return text(a) == text(b)
    if isinstance(a, float):
        return a == b and math.copysign(1, a) == math.copysign(1, b)
    return bool(a == b)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_values_come_back_as_they_were(value: Any) -> None:
    assert same(plain.decode(plain.encode(value)), value)


@given(VALUES)
@settings(max_examples=200, deadline=None)
def test_the_encoding_is_canonical(value: Any) -> None:
    data = plain.encode(value)
    assert plain.encode(plain.decode(data)) == data
    assert b"\n" not in data
    assert data.isascii()


@given(st.sets(st.integers() | st.text(), max_size=20), st.randoms())
@settings(deadline=None)
def test_equal_sets_have_equal_encodings_whatever_their_order(value: set[Any], random: Any) -> None:
    items = list(value)
    random.shuffle(items)
    assert plain.encode(set(items)) == plain.encode(value)


@pytest.mark.parametrize("one, other", [(1, True), (1, 1.0), (0.0, -0.0), ([1], (1,)), ({1}, frozenset({1})), ("1", 1)])
def test_values_that_python_calls_equal_but_are_not_the_same_differ(one: Any, other: Any) -> None:
    assert plain.encode(one) != plain.encode(other)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, complex(math.inf, -0.0), [math.nan], {1: math.nan}])
def test_numbers_that_json_lacks(value: Any) -> None:
    assert repr(plain.decode(plain.encode(value))) == repr(value)


@pytest.mark.parametrize("digits", [4000, 4300, 5000, 100_000])
def test_large_ints_cross_whatever_the_interpreter_s_limit_of_digits(digits: int) -> None:
    value = -(1 << int(digits * 3.33))
    assert plain.decode(plain.encode([value, 7, "x"])) == [value, 7, "x"]


def test_text_that_is_no_unicode_crosses() -> None:
    assert plain.decode(plain.encode("\ud83d")) == "\ud83d"


class Colour(enum.IntEnum):
    RED = 1


class AlwaysEqual(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __add__(self, other: int) -> int:
        return 99

    def __index__(self) -> int:
        return 99

    __hash__ = int.__hash__


class Text(str):
    def __str__(self) -> str:
        return "lie"


class Row(list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        return iter([9])

    def __getitem__(self, key: Any) -> Any:
        return [9]


Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    "value, stored",
    [
        (Colour.RED, 1),
        (AlwaysEqual(5), 5),
        (Text("truth"), "truth"),
        (Row([1, 2]), [1, 2]),
        (Pair(1, 2), (1, 2)),
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(int, {1: 2}), {1: 2}),
    ],
)
def test_subclasses_cross_as_the_plain_value_they_store(value: Any, stored: Any) -> None:
    assert same(plain.decode(plain.encode(value)), stored)


@pytest.mark.parametrize(
    "value", [object(), iter([]), range(3), {}.keys(), map(str, []), len, int, ValueError(), bytearray(), [object()]]
)
def test_other_types_are_refused_by_name(value: Any) -> None:
    with pytest.raises(plain.Unserialisable, match="is not plain data"):
        plain.encode(value)


def test_depth_is_bounded() -> None:
    value: list[Any] = []
    for _ in range(plain.MAX_DEPTH - 1):
        value = [value]
    assert plain.decode(plain.encode(value)) == value
    with pytest.raises(plain.Unserialisable, match="deeper"):
        plain.encode([[value]])
    value = []
    value.append(value)
    with pytest.raises(plain.Unserialisable, match="refers to itself"):
        plain.encode(value)


def test_the_number_of_items_is_bounded_even_where_they_are_shared() -> None:
    value: list[Any] = [1]
    for _ in range(60):
        value = [value, value]
    with pytest.raises(plain.Unserialisable, match="more"):
        plain.encode(value, 10_000)
    with pytest.raises(plain.Unserialisable, match="more"):
        plain.encode([0] * 10_001, 10_000)
    assert plain.encode([0] * 10_000, 10_000)
    assert plain.encode([[0]] * 1_000, 10_000)
    with pytest.raises(plain.Unserialisable, match="more"):
        plain.encode([[0]] * 1_001, 10_000)  # each costs as much as ten numbers


@given(st.binary(max_size=200))
@settings(max_examples=500, deadline=None)
def test_arbitrary_bytes_raise_nothing_but_bad_encoding(data: bytes) -> None:
    try:
        plain.decode(data)
    except plain.BadEncoding:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*"nbtdsfcxhu", "", "tt"]), inner, max_size=2)
    ),
    max_leaves=15,
)


@given(JSON)
@settings(max_examples=500, deadline=None)
def test_any_json_raises_nothing_but_bad_encoding(document: Any) -> None:
    try:
        plain.decode(json.dumps(document).encode())
    except plain.BadEncoding:
        return


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[",
        b"[" * 100_000,
        b'{"t":' * 50_000,
        b'{"d":[1]}',
        b'{"d":[[],1]}',
        b'{"s":[[]]}',
        b'{"f":[{"s":[]}]}',
        b'{"n":"zz"}',
        b'{"n":5}',
        b'{"b":"0"}',
        b'{"c":[1,2]}',
        b'{"c":[1.0]}',
        b'{"t":1,"d":[]}',
        b"{}",
        b'{"x":[]}',
        b"1" * 100_000,
        b'"\\ud83d',
        b"\xff\xfe",
        b"[1] [2]",
        b"\x80\x04K\x05.",
    ],
)
def test_bytes_that_the_encoder_never_writes(data: bytes) -> None:
    with pytest.raises(plain.BadEncoding):
        plain.decode(data)


@given(VALUES, st.integers(min_value=0), st.integers(min_value=0, max_value=255))
@settings(max_examples=300, deadline=None)
def test_one_changed_byte_gives_a_value_or_bad_encoding(value: Any, where: int, byte: int) -> None:
    data = bytearray(plain.encode(value))
    data[where % len(data)] = byte
    try:
        plain.decode(bytes(data))
    except plain.BadEncoding:
        return

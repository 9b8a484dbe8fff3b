"""Pickles from the outside world: plain data is read, nothing is executed, nothing grows without bound."""

from __future__ import annotations

import base64
import collections
import fractions
import os
import pickle
import pickletools
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.tasks.livecodebench import packed, pickles

PLAIN = [
    None,
    True,
    "text",
    "\ud83d\ude00 non-ASCII é".encode("utf-16", "surrogatepass").decode("utf-16"),
    b"bytes",
    0,
    -1,
    255,
    65536,
    2**40,
    -(2**70),
    1.5,
    [],
    {},
    (),
    (1,),
    (1, 2, 3, 4),
    [1, [2, [3]]],
    {"input_output": '{"inputs": ["1"]}', "more": [1, {"a": None}]},
    ["twice", "twice", {"twice": "twice"}],
]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_data_is_read_as_python_reads_it(value: Any, protocol: int) -> None:
    if isinstance(value, bytes) and protocol < 3:
        pytest.skip("such protocols build bytes by a call")
    data = pickle.dumps(value, protocol)
    assert pickles.load(data) == value == pickle.loads(data)
    assert type(pickles.load(data)) is type(value)


class System:
    """Runs a command when Python's unpickler reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.path}",)


class Popen(System):
    def __reduce__(self) -> Any:
        return subprocess.Popen, (["touch", str(self.path)],)


class Eval(System):
    def __reduce__(self) -> Any:
        return eval, (f"open({str(self.path)!r}, 'w')",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("hostile", [System, Popen, Eval])
def test_nothing_in_a_pickle_is_executed(tmp_path: Path, hostile: type[System], protocol: int) -> None:
    mark = tmp_path / "executed"
    for value in (hostile(mark), [hostile(mark)], {"input_output": hostile(mark)}):
        with pytest.raises(ValueError, match=r"wants more than plain data \(opcode (STACK_)?GLOBAL\)"):
            pickles.load(pickle.dumps(value, protocol))
    assert not mark.exists()
    pickle.loads(pickle.dumps(Eval(mark)))
    assert mark.exists()  # this is what was avoided


@pytest.mark.parametrize(
    "value", [collections.Counter("a"), fractions.Fraction(1, 3), {1, 2}, print, os, bytearray(b"x"), ValueError("x")]
)
def test_anything_but_plain_data_is_refused(value: Any) -> None:
    try:
        data = pickle.dumps(value)
    except TypeError:
        return  # not even Python writes it
    with pytest.raises(ValueError, match="this pickle"):
        pickles.load(data)


def nested(depth: int, opening: bytes, closing: bytes) -> bytes:
    return b"\x80\x04" + opening * depth + closing * depth + b"."


ALIASED = [1]
DEEP: Any = []
for _ in range(100):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "exhausted before seeing STOP|damaged"),
        (b"\x80\x04", "exhausted before seeing STOP"),
        (b"\x80\x04.", "damaged"),
        (b"\x80\x04NN.", "damaged|too many"),
        (b"\x80\x04(N.", "damaged|too many"),
        (b"\x80\x04e.", "damaged"),
        (b"\x80\x04]Na", "exhausted"),
        (b"\x80\x04\x85.", "damaged"),
        (b"\x80\x04N(\x86.", "damaged"),
        (b"\x80\x04h\x05.", "damaged"),
        (b"\x80\x04}NNs.", "keys that are no text"),
        (b"\x80\x04}(\x8c\x01au.", "keys that are no text|damaged"),
        (b"\xff\xff\xff", "opcode b'\\\\xff' unknown"),
        (b"\x80\x04\x8c\xffabc.", "expected 255 bytes"),
        (b"\x80\x04X\xff\xff\xff\xffabc.", "expected|bytes"),
        (b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fabc.", "expected|bytes"),
        (b"\x80\x04\x8b\xff\xff\xff\x7f0.", "not enough data"),
        (b"I" + b"9" * 10_000 + b"\n.", "limit"),
        (b"\x80\x04\x8c\x02\xff\xfe.", "utf-8|decode"),
        (pickle.dumps([ALIASED, ALIASED]), "uses a list or dict twice"),
        (pickle.dumps(DEEP), "nests deeper than 32"),
        (nested(100_000, b"]", b"a"), "nests deeper than 32"),
        (nested(100_000, b"(", b"t"), "nests deeper than 32"),
        (nested(100_000, b"N", b"\x85"), "nests deeper than 32|damaged"),
        (b"\x80\x04" + b"N" * 10_000_100 + b".", "more than 10,000,000 values"),
        (b"\x80\x04\x82\x01.", "opcode EXT1"),
        (b"\x80\x04NNR.", "opcode REDUCE"),
        (b"\x80\x04Nb.", "opcode BUILD"),
        (b"\x80\x04NQ.", "opcode BINPERSID"),
        (b"Pid\n.", "opcode PERSID"),
        (b"cos\nsystem\n.", "opcode GLOBAL"),
        (b"(ios\nsystem\n.", "opcode INST"),
        (b"\x80\x04N2.", "opcode DUP"),
        (b"\x80\x05\x97.", "opcode NEXT_BUFFER"),
    ],
    ids=lambda value: value[:24].hex() if isinstance(value, bytes) else None,
)
def test_damaged_and_hostile_pickles_are_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        pickles.load(data)


def test_a_memo_of_a_huge_number_takes_no_memory() -> None:
    data = b"\x80\x04\x8c\x04textr\xff\xff\xff\xff."  # LONG_BINPUT 4294967295, for which CPython makes a table
    assert pickles.load(data) == "text"
    assert b"LONG_BINPUT" in b" ".join(op.name.encode() for op, _, _ in pickletools.genops(data))


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_any_bytes_are_a_value_or_a_sentence(data: bytes) -> None:
    try:
        pickles.load(data)
    except ValueError as error:
        assert str(error)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_python_pickles_is_read_or_refused_but_never_changed(value: Any) -> None:
    data = pickle.dumps(value)
    try:
        found = pickles.load(data)
    except ValueError:
        return
    assert found == value


# -- the packing around it --------------------------------------------------------------------------------------------


def pack(value: Any) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(value))).decode()


def test_packed_tests_are_json_in_a_pickle_or_plain_json() -> None:
    assert packed.unpack(pack('[{"input": "1"}]')) == [{"input": "1"}]
    assert packed.unpack('[{"input": "1"}]') == [{"input": "1"}]
    assert packed.unpack(pack({"input_output": "{}"})) == {"input_output": "{}"}


def test_a_compressed_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_BYTES", 1 << 20)
    bomb = base64.b64encode(zlib.compress(b"\0" * (64 << 20), 9)).decode()
    assert len(bomb) < 100_000
    with pytest.raises(ValueError, match="unpack to more than 1 MiB, which no task has"):
        packed.unpack(bomb)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "damaged|cut short"),
        ("%%%", "damaged"),
        ("aGVsbG8=", "damaged"),
        (pack("[]")[:-8], "damaged|cut short"),
        (pack("no JSON"), "no JSON"),
        (pack("[" * 100_000), "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[1", "no JSON"),
        (base64.b64encode(zlib.compress(b"\x80\x04cos\nsystem\n.")).decode(), "more than plain data"),
        (base64.b64encode(zlib.compress(struct.pack("<BB", 0x80, 200))).decode(), "exhausted|damaged"),
    ],
)
def test_damaged_packing_is_told_in_words(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        packed.unpack(text)

"""Where benchmark files are found, and what is said about files that are missing or damaged."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.tasks import data
from assay.tasks.catalog import resolve
from assay.tasks.data import find, load_rows, rows_sha256

SOURCE = resolve("humaneval")
FIELDS = {"task_id": str}
ROWS = b'{"task_id": "a"}\n{"task_id": "b"}\n'


@pytest.fixture(autouse=True)
def no_data_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ASSAY_DATA", raising=False)
    monkeypatch.setattr(data, "cache_dir", lambda: tmp_path / "cache")


def put(folder: Path, content: bytes = ROWS, name: str = "HumanEval.jsonl") -> Path:
    path = folder / "humaneval" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_the_given_folder_is_looked_into_before_the_environment_and_that_before_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_cache = put(tmp_path / "cache")
    assert find(SOURCE) == in_cache
    in_environment = put(tmp_path / "environment")
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path / "environment"))
    assert find(SOURCE) == in_environment
    given = put(tmp_path / "given")
    assert find(SOURCE, tmp_path / "given") == given
    given.unlink()
    assert find(SOURCE, tmp_path / "given") == in_environment


def test_an_empty_environment_variable_is_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSAY_DATA", "")
    assert data.places() == [tmp_path / "cache"]


def test_a_missing_file_is_named_with_the_places_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(AssayError) as caught:
        load_rows(resolve("mbpp+@v0.1.0"), tmp_path, FIELDS)
    message = str(caught.value)
    assert "mbpp_plus/MbppPlus-v0.1.0.jsonl.gz" in message
    assert f"{tmp_path}, {tmp_path / 'cache'}" in message
    assert "assay data fetch mbpp+@v0.1.0" in message


def test_a_data_folder_that_does_not_exist_is_an_error_of_its_own(tmp_path: Path) -> None:
    put(tmp_path / "cache")
    with pytest.raises(AssayError, match=r"data folder .*/nowhere does not exist"):
        find(SOURCE, tmp_path / "nowhere")


@pytest.mark.parametrize("packed", [True, False])
def test_the_hash_is_that_of_the_unpacked_bytes(tmp_path: Path, packed: bool) -> None:
    put(tmp_path, gzip.compress(ROWS) if packed else ROWS, "HumanEval.jsonl.gz" if packed else "HumanEval.jsonl")
    rows = load_rows(SOURCE, tmp_path, FIELDS)
    assert rows.sha256 == hashlib.sha256(ROWS).hexdigest()
    assert [row["task_id"] for row in rows.rows] == ["a", "b"]


def test_line_separators_inside_text_do_not_split_a_row(tmp_path: Path) -> None:
    row = {"task_id": "a\u2028b\x0bc\x85d"}
    put(tmp_path, json.dumps(row, ensure_ascii=False).encode())
    assert load_rows(SOURCE, tmp_path, FIELDS).rows == (row,)


LONG = gzip.compress(json.dumps({"task_id": hashlib.sha256(b"x").hexdigest() * 50}).encode(), mtime=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LONG[:-20], "is cut short"),
        (LONG[:-4] + b"\0\0\0\0", "is damaged gzip data"),
        (b"\x1f\x8bnot gzip at all", "is damaged gzip data"),
        (b'{"task_id": "a"}\n{"task_id": ', "line 2: this is not JSON"),
        (b'{"task_id": "a"}\n\n["b"]\n', "line 3: a row must be a JSON object, this is list"),
        (b'{"task_id": 7}\n', "line 1: 'task_id' has the wrong type (int)"),
        (b'{"id": "a"}\n', "line 1: the row has no 'task_id'"),
        (b'{"task_id": "\xff"}\n', "line 1: the text is not UTF-8"),
        (b'[\n{"task_id": "a"},\n{"task_id" "b"}]', "line 3: this is not JSON"),
        (b'[{"task_id": "a"}, 3]', "line 2: a row must be a JSON object"),
        (b'{"a":' * 100_000, "line 1: this JSON cannot be read"),
        (b"\n\n", "has no rows"),
        (b"", "has no rows"),
    ],
)
def test_a_damaged_file_is_named_with_the_line_and_the_command(tmp_path: Path, content: bytes, message: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(AssayError, match=re.escape(message)) as caught:
        load_rows(SOURCE, tmp_path, FIELDS)
    assert str(path) in str(caught.value)
    assert "assay data fetch humaneval" in str(caught.value)


def test_a_packed_file_cannot_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MAX_UNPACKED_BYTES", 1000)
    put(tmp_path, gzip.compress(b" " * 1001))
    with pytest.raises(AssayError, match="unpacks to more than"):
        load_rows(SOURCE, tmp_path, FIELDS)


def test_the_checksum_of_rows_does_not_depend_on_how_they_are_written() -> None:
    as_lines = b'{"a": 1, "b": "\xc3\xa9"}\r\n\r\n{"a": 2}\r\n'
    as_list = b'[{"b": "\\u00e9", "a": 1},\n {"a": 2}]'
    assert rows_sha256(as_lines, "x") == rows_sha256(as_list, "y")
    assert rows_sha256(as_lines, "x") != rows_sha256(b'[{"b": "e", "a": 1}, {"a": 2}]', "y")

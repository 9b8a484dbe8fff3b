"""Samples files: what is read, what is refused, what is only remarked on."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import AssayError
from assay.models import recorded
from assay.models.recorded import load_recorded


def write(folder: Path, *rows: Any, name: str = "samples.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows))
    return path


def row(task_id: str | int = "T/0", text: str = "x", **more: Any) -> dict[str, Any]:
    return {"task_id": task_id, "completion": text, **more}


def test_rows_are_read_in_order_with_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path, row("T/1", "a"), b"", row("T/0", "b"), b"  \t", {"task_id": "T/2", "solution": "c"})
    samples, warnings = load_recorded(path)
    assert [(s.task_id, s.text, s.is_solution, s.sample, s.line) for s in samples] == [
        ("T/1", "a", False, 0, 1),
        ("T/0", "b", False, 0, 3),
        ("T/2", "c", True, 0, 5),
    ]
    assert {s.file for s in samples} == {str(path)}
    assert warnings == ()


def test_gzip_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    packed = tmp_path / "samples.jsonl"
    packed.write_bytes(gzip.compress(json.dumps(row()).encode()))
    plain = write(tmp_path, row(), name="samples.jsonl.gz")
    assert load_recorded(packed).samples[0].text == load_recorded(plain).samples[0].text == "x"


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(row()).encode() + b"\r\n" + json.dumps(row("T/1")).encode() + b"\r\n")
    assert [s.task_id for s in load_recorded(path).samples] == ["T/0", "T/1"]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_byte_order_mark_may_stand_before_one_value_over_many_lines(tmp_path: Path, line_end: bytes) -> None:
    path = tmp_path / "generations.json"
    text = json.dumps({"T/0": ["a", "b"]}, indent=1).encode()
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", line_end))
    assert [s.text for s in load_recorded(path).samples] == ["a", "b"]


def test_what_else_is_known_of_an_answer_is_kept_where_it_is_of_its_type(tmp_path: Path) -> None:
    good = row("T/0", mean_logprob=-0.5, finish_reason="stop", truncated=False)
    (sample,) = load_recorded(write(tmp_path, good)).samples
    assert sample.about == {"mean_logprob": -0.5, "finish_reason": "stop", "truncated": False}


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "true", "1" + "0" * 400, '"-0.5"', "null", "[]"])
def test_a_mean_logprob_that_is_no_finite_number_is_left_out(tmp_path: Path, value: str) -> None:
    line = f'{{"task_id": "T/0", "completion": "x", "mean_logprob": {value}, "truncated": 1, "finish_reason": 2}}'
    (sample,) = load_recorded(write(tmp_path, line.encode())).samples
    assert sample.about == {}


def test_a_row_with_both_keys_is_its_solution(tmp_path: Path) -> None:
    (sample,) = load_recorded(write(tmp_path, row(solution="whole"))).samples
    assert (sample.text, sample.is_solution) == ("whole", True)


def test_samples_of_a_task_are_counted_in_file_order(tmp_path: Path) -> None:
    path = write(tmp_path, row("A", "1"), row("B", "1"), row("A", "2"), row("B", "2"), row("A", "3"))
    assert [(s.task_id, s.sample) for s in load_recorded(path).samples] == [
        ("A", 0),
        ("B", 0),
        ("A", 1),
        ("B", 1),
        ("A", 2),
    ]


def test_numbers_of_the_rows_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, row("A", sample=3), row("A", sample=1), row("B", sample=0))
    assert [s.sample for s in load_recorded(path).samples] == [3, 1, 0]


def test_task_ids_are_spelt_by_the_benchmark_before_anything_is_counted(tmp_path: Path) -> None:
    path = write(tmp_path, row(7, "a"), row("t/7", "b"))
    samples = load_recorded(path, lambda raw: f"T/{str(raw).rpartition('/')[2]}").samples
    assert [(s.task_id, s.sample) for s in samples] == [("T/7", 0), ("T/7", 1)]


def test_equal_samples_count_if_every_task_has_the_same_number(tmp_path: Path) -> None:
    path = write(tmp_path, row("A", "same"), row("A", "same"), row("B", "1"), row("B", "2"))
    assert [s.sample for s in load_recorded(path).samples] == [0, 1, 0, 1]


def test_an_equal_row_is_an_accident_if_the_numbers_differ(tmp_path: Path) -> None:
    path = write(tmp_path, row("A", "same"), row("B", "1"), row("A", "same"))
    with pytest.raises(
        AssayError, match=r"line 3: this row of A repeats line 1 exactly.*Remove it, or number all rows"
    ):
        load_recorded(path)


def test_equal_text_as_completion_and_as_solution_is_no_repeat(tmp_path: Path) -> None:
    path = write(tmp_path, row("A", "same"), row("B", "1"), {"task_id": "A", "solution": "same"})
    assert len(load_recorded(path).samples) == 3


def test_numbered_equal_rows_are_no_accident(tmp_path: Path) -> None:
    path = write(tmp_path, row("A", "same", sample=0), row("B", sample=0), row("A", "same", sample=1))
    assert len(load_recorded(path).samples) == 3


def test_the_same_number_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    path = write(tmp_path, row("A", "1", sample=2), row("B", sample=2), row("A", "2", sample=2))
    with pytest.raises(AssayError, match="line 3: sample 2 of A stands in line 1 already"):
        load_recorded(path)


def test_numbering_only_some_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r'line 2: some rows have a "sample" number .* Number all rows or none'):
        load_recorded(write(tmp_path, row("A", sample=0), row("B")))


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b"{'task_id': 1}", "this is not JSON"),
        (b'{"task_id": "A", "comp', "this is not JSON"),
        (b'{"a":' * 100_000, "this is not JSON"),
        (b'{"task_id": "A", "completion": "\xe9"}', "the text is not UTF-8 (byte 33)"),
        ("text".encode("utf-16"), "the text is not UTF-8"),
        (["A", "x"], "JSON, but no object"),
        ("A", "JSON, but no object"),
        (None, "JSON, but no object"),
        ({"completion": "x"}, 'the row has no "task_id"'),
        (row(""), 'the row has no "task_id"'),
        ({"task_id": None, "completion": "x"}, 'the row has no "task_id"'),
        ({"task_id": True, "completion": "x"}, 'the row has no usable "task_id"'),
        ({"task_id": ["A"], "completion": "x"}, 'the row has no usable "task_id"'),
        ({"task_id": "A", "text": "x"}, 'neither "completion" nor "solution"'),
        ({"task_id": "A", "completion": None}, '"completion" is null, not text'),
        ({"task_id": "A", "completion": ["x", "y"]}, '"completion" is list, not text. Write one row for each sample'),
        ({"task_id": "A", "solution": 3}, '"solution" is int, not text'),
        (row(sample="1"), '"sample" must be a whole number from 0 up, not "1"'),
        (row(sample=-1), '"sample" must be a whole number'),
        (row(sample=True), '"sample" must be a whole number'),
        (row(sample=1.0), '"sample" must be a whole number'),
    ],
)
def test_a_bad_row_is_named_with_file_and_line(tmp_path: Path, bad: Any, message: str) -> None:
    first = row("Z", sample=0) if isinstance(bad, dict) and "sample" in bad else row("Z")
    path = write(tmp_path, first, b"", bad)
    with pytest.raises(AssayError, match=re.escape(f"{path}, line 3: ") + ".*" + re.escape(message)) as caught:
        load_recorded(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_a_folder_and_an_empty_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r"samples file .*/nowhere\.jsonl does not exist"):
        load_recorded(tmp_path / "nowhere.jsonl")
    with pytest.raises(AssayError, match="is a folder"):
        load_recorded(tmp_path)
    with pytest.raises(AssayError, match="has no samples"):
        load_recorded(write(tmp_path, b"", b" "))
    inside = write(tmp_path, row()) / "more"
    with pytest.raises(AssayError, match="cannot be read: Not a directory"):
        load_recorded(inside)


@pytest.mark.parametrize("keep", [3, 10, 0.5, -10, -3])
def test_truncated_gzip_is_named_with_the_line(tmp_path: Path, keep: float) -> None:
    lines = [json.dumps(row(f"T/{i}", f"text {i * i}")) for i in range(5000)]
    data = gzip.compress("\n".join(lines).encode())
    path = tmp_path / "samples.jsonl.gz"
    path.write_bytes(data[: int(len(data) * keep) if isinstance(keep, float) else keep])
    with pytest.raises(AssayError, match=r"is cut short: its gzip data ends in line \d+\. Copy it again|, line \d+: "):
        load_recorded(path)


def test_damaged_gzip_is_named(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(json.dumps(row()).encode()))
    data[-8] ^= 0xFF
    path = tmp_path / "samples.jsonl.gz"
    path.write_bytes(data)
    with pytest.raises(AssayError, match="is damaged gzip data"):
        load_recorded(path)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "MAX_LINE_BYTES", 1000)
    path = tmp_path / "samples.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(row()).encode() + b"\n" + b"x" * 2000))
    with pytest.raises(AssayError, match="line 2: the line is longer than"):
        load_recorded(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the completion of T/1 is empty"),
        (" \n\t", "the completion of T/1 is empty"),
        ("a\0b", "the completion of T/1 holds NUL bytes"),
        ("a\ud800b", "the completion of T/1 holds half of a surrogate pair"),
        ("é" * (1 << 20), "the completion of T/1 is 2.0 MiB long"),
    ],
)
def test_unusual_text_is_kept_and_remarked_on(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, row("T/0"), row("T/1", text))
    samples, warnings = load_recorded(path)
    assert samples[1].text == text
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{path}, line 2: {message}")


def test_a_ten_megabyte_program_is_read(tmp_path: Path) -> None:
    samples, warnings = load_recorded(write(tmp_path, row("T/0", "x" * 10_000_000)))
    assert len(samples[0].text) == 10_000_000
    assert "9.5 MiB" in warnings[0]


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_that_json_can_write_comes_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = write(tmp_path_factory.mktemp("samples"), *(row("T/0", text) for text in texts))
    assert [s.text for s in load_recorded(path).samples] == texts


@pytest.mark.parametrize("indent", [None, 1])
def test_an_object_of_lists_is_read_as_one_sample_per_text(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "generations.json"
    path.write_text(json.dumps({"sample_1": ["a", "a"], "sample_0": ["b", "c", "c"]}, indent=indent))
    samples, warnings = load_recorded(path)
    assert [(s.task_id, s.text, s.sample, s.is_solution) for s in samples] == [
        ("sample_1", "a", 0, False),
        ("sample_1", "a", 1, False),
        ("sample_0", "b", 0, False),
        ("sample_0", "c", 1, False),
        ("sample_0", "c", 2, False),
    ]
    assert warnings == ()


def test_an_object_of_lists_may_hold_nothing_but_text(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="the list of 'sample_1' holds something that is not text"):
        load_recorded(write(tmp_path, {"sample_1": ["a", 3]}))

"""Samples that were written earlier: JSON Lines with `task_id` and `completion` or `solution`, gzip or not.

Other layouts (`assay.models.layouts`) are told by their content and turned into such rows.
"""

from __future__ import annotations

import codecs
import gzip
import json
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import UnionType
from typing import IO, Any, NamedTuple

from assay.errors import AssayError
from assay.models.completion import TRUNCATED
from assay.models.layouts import flat_rows

MAX_LINE_BYTES = 256 << 20
LONG_TEXT_BYTES = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"
# What may be known of an answer that others recorded, with its type.
KNOWN: dict[str, type | UnionType] = {"mean_logprob": int | float, "finish_reason": str, "truncated": bool}
_KEYS = ("solution", "completion", "generation")  # the last is what Qwen's MultiPL-E files call a completion
_ROW = '{"task_id": "...", "completion": "..."}'


@dataclass(frozen=True)
class RecordedSample:
    """One row of a samples file.

    task_id: in the benchmark's own spelling where it has one, else as written in the file.
    text: the completion, or the whole program when `is_solution`.
    sample: number of the sample among those of its task: the row's own, else counted from 0 in file order.
    file, line: where it stands, for messages.
    about: what else the row says of the answer, in the words of `completions.jsonl` (see KNOWN).
    """

    task_id: str
    text: str
    is_solution: bool
    sample: int
    file: str
    line: int
    about: Mapping[str, Any] = field(default_factory=dict, hash=False)


class Recorded(NamedTuple):
    """All samples of a file in its order. warnings: sentences on rows that are judged but are unusual."""

    samples: tuple[RecordedSample, ...]
    warnings: tuple[str, ...]


def load_recorded(
    path: Path, canonical: Callable[[str | int], str] = str, orders: Sequence[Sequence[str]] = ()
) -> Recorded:
    """Read a samples file.

    canonical: turns a task id of the file into the benchmark's spelling; rows whose ids come out equal are samples of
        one task. orders: task ids that a list of lists without ids may stand for.

    Blank lines are skipped. A row that has both keys is its `solution`; `generation` is another word for `completion`.
    Rows may carry their own number as "sample"; then all must. Without numbers an exact repeat of a row is a sample of
    its own only if every task has the same number of samples; otherwise it is taken for an accident. In other layouts
    the place in the list is the number.

    Raises AssayError, naming file and line and what to do, for a file that is missing, a folder, cut short or not
    UTF-8, for a row that is not a JSON object with the keys above, and for repeated rows or numbers.
    """
    samples = []
    numbered: list[bool] = []
    for line, row in flat_rows(_rows(path), str(path), orders):
        sample, has_number = _sample(row, canonical, str(path), line)
        if numbered and has_number != numbered[0]:
            raise AssayError(
                f'{path}, line {line}: some rows have a "sample" number and some have none. Number all rows or none.'
            )
        samples.append(sample)
        numbered.append(has_number)
    if not samples:
        raise AssayError(f"{path} has no samples. Each line must be a row like {_ROW}.")
    if numbered[0]:
        _refuse_repeated_numbers(samples)
    else:
        _refuse_accidental_repeats(samples)
        samples = _counted(samples)
    return Recorded(tuple(samples), tuple(warning for sample in samples for warning in _warnings(sample)))


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    number = 0
    try:
        with path.open("rb") as file:
            packed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            file.seek(0)
            stream: IO[bytes] = gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[assignment]
            while line := stream.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise AssayError(f"{path}, line {number}: the line is longer than {MAX_LINE_BYTES >> 20} MiB.")
                if number == 1:
                    line = line.removeprefix(codecs.BOM_UTF8)
                if line.strip() in (b"{", b"["):  # one value over many lines
                    line += stream.read(MAX_LINE_BYTES + 1 - len(line))
                    if len(line) > MAX_LINE_BYTES:
                        raise AssayError(f"{path}: the file is larger than {MAX_LINE_BYTES >> 20} MiB.")
                if line.strip():
                    yield number, _parsed(line, f"{path}, line {number}")
    except FileNotFoundError:
        raise AssayError(f"The samples file {path} does not exist. Check the path after 'recorded:'.") from None
    except IsADirectoryError:
        raise AssayError(f"{path} is a folder. Name one samples file in it.") from None
    except EOFError:
        raise AssayError(f"{path} is cut short: its gzip data ends in line {number + 1}. Copy it again.") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise AssayError(f"{path} is damaged gzip data, from line {number + 1} on ({error}). Copy it again.") from None
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror or error}.") from None


def _parsed(line: bytes, where: str) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise AssayError(f"{where}: the text is not UTF-8 (byte {error.start + 1}). Save the file as UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise AssayError(f"{where}: this is not JSON ({error}). Each line must be a row like {_ROW}.") from None


def _sample(row: Any, canonical: Callable[[str | int], str], file: str, line: int) -> tuple[RecordedSample, bool]:
    where = f"{file}, line {line}"
    if not isinstance(row, dict):
        raise AssayError(f"{where}: this is JSON, but no object. Each line must be a row like {_ROW}.")
    task_id = row.get("task_id")
    if isinstance(task_id, bool) or not isinstance(task_id, str | int) or task_id == "":
        what = "the row has no" if task_id in (None, "") else "the row has no usable"
        raise AssayError(f'{where}: {what} "task_id". It must be text such as "HumanEval/0".')
    key = next((key for key in _KEYS if key in row), "")
    if not key:
        raise AssayError(f'{where}: the row has neither "completion" nor "solution". Add the text the model wrote.')
    text = row[key]
    if not isinstance(text, str):
        kind = "null" if text is None else type(text).__name__
        raise AssayError(f'{where}: "{key}" is {kind}, not text. Write one row for each sample, with text in it.')
    number = row.get("sample", 0)
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise AssayError(f'{where}: "sample" must be a whole number from 0 up, not {json.dumps(number)[:40]}.')
    about = {name: row[name] for name in KNOWN if _is_known(name, row.get(name))}
    if "finish_reason" in about:
        about.setdefault("truncated", about["finish_reason"] in TRUNCATED)
    return RecordedSample(canonical(task_id), text, key == "solution", number, file, line, about), "sample" in row


def _is_known(name: str, value: Any) -> bool:
    """Whether a row's value is of its type. NaN and infinity are no numbers in JSON, though Python reads them."""
    if isinstance(value, bool):
        return KNOWN[name] is bool
    if isinstance(value, int | float) and not abs(value) <= sys.float_info.max:
        return False
    return isinstance(value, KNOWN[name])


def _refuse_repeated_numbers(samples: list[RecordedSample]) -> None:
    lines: dict[tuple[str, int], int] = {}
    for one in samples:
        first = lines.setdefault((one.task_id, one.sample), one.line)
        if first != one.line:
            raise AssayError(
                f"{one.file}, line {one.line}: sample {one.sample} of {one.task_id} stands in line {first} already. "
                "Remove one of the two rows or give it another number."
            )


def _refuse_accidental_repeats(samples: list[RecordedSample]) -> None:
    counts = Counter(sample.task_id for sample in samples)
    if len(set(counts.values())) == 1:
        return  # sampling can repeat itself; with equal counts nothing says that a row was added by mistake
    lines: dict[tuple[str, str, bool], int] = {}
    for one in samples:
        first = lines.setdefault((one.task_id, one.text, one.is_solution), one.line)
        if first != one.line:
            raise AssayError(
                f"{one.file}, line {one.line}: this row of {one.task_id} repeats line {first} exactly, and not all "
                'tasks have the same number of samples. Remove it, or number all rows with "sample".'
            )


def _counted(samples: list[RecordedSample]) -> list[RecordedSample]:
    seen: defaultdict[str, int] = defaultdict(int)
    counted = []
    for one in samples:
        counted.append(replace(one, sample=seen[one.task_id]))
        seen[one.task_id] += 1
    return counted


def _warnings(sample: RecordedSample) -> Iterator[str]:
    where = f"{sample.file}, line {sample.line}"
    what = "solution" if sample.is_solution else "completion"
    if not sample.text.strip():
        yield f"{where}: the {what} of {sample.task_id} is empty."
    if "\0" in sample.text:
        yield f"{where}: the {what} of {sample.task_id} holds NUL bytes, which Python source cannot."
    try:
        size = len(sample.text.encode("utf-8"))
    except UnicodeEncodeError:
        size = len(sample.text.encode("utf-8", "surrogatepass"))
        yield f"{where}: the {what} of {sample.task_id} holds half of a surrogate pair, which Python source cannot."
    if size > LONG_TEXT_BYTES:
        yield f"{where}: the {what} of {sample.task_id} is {size / (1 << 20):.1f} MiB long."

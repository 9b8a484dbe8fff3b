"""Rows of LiveCodeBench, read again when their tests are needed: all together they are gigabytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.judge.contest import CallTest, StdioTest
from assay.tasks.livecodebench.packed import unpack


@dataclass(frozen=True)
class StoredRow:
    """Where a row lies in a file of JSON Lines: offset and size in bytes; or, of a file that is packed, the row itself.

    where: for messages, file and line.
    """

    where: str
    path: str = ""
    offset: int = 0
    size: int = 0
    line: bytes = b""

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Input and output of every test, public ones first. Raises OSError, and ValueError naming the row."""
        try:
            yield from _pairs(json.loads(self.line or self._read()))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"{self.where}: the tests cannot be read: {error}") from None

    def _read(self) -> bytes:
        with Path(self.path).open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)


def _pairs(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "test" in row:  # SandboxFusion's form
        stored = input_output(row)
        inputs, outputs = stored["inputs"], stored["outputs"]
        if len(inputs) != len(outputs):
            raise ValueError(f"{len(inputs)} inputs and {len(outputs)} outputs")
        yield from zip(map(_text, inputs), map(_text, outputs), strict=True)
    else:
        for test in [*json.loads(row["public_test_cases"]), *unpack(row["private_test_cases"])]:
            yield _text(test["input"]), _text(test["output"])


def input_output(row: dict[str, Any]) -> dict[str, Any]:
    """The object with inputs, outputs and fn_name in a row of SandboxFusion's form. Raises ValueError and TypeError."""
    stored = unpack(row["test"])["input_output"]
    value = json.loads(stored) if isinstance(stored, str) else stored
    if not isinstance(value, dict):
        raise TypeError("input_output is no object")
    return value


def _text(value: Any) -> str:
    """Upstream joins lists of lines."""
    return "\n".join(value) if isinstance(value, list) else str.__str__(value)


@dataclass(frozen=True)
class StoredStdio:
    """Tests of a whole program."""

    row: StoredRow

    def read(self) -> tuple[StdioTest, ...]:
        """The tests. Raises OSError and ValueError."""
        return tuple(StdioTest(stdin.encode(), expected.encode()) for stdin, expected in self.row.pairs())


@dataclass(frozen=True)
class StoredCalls:
    """Tests of a function: each line of the input is an argument in JSON, the output is JSON."""

    row: StoredRow

    def read(self) -> tuple[CallTest, ...]:
        """The tests. Raises OSError and ValueError."""
        tests = []
        for number, (arguments, expected) in enumerate(self.row.pairs(), 1):
            try:
                args = tuple(json.loads(line) for line in arguments.split("\n"))
                tests.append(CallTest(args, json.loads(expected)))
            except (ValueError, RecursionError) as error:
                raise ValueError(f"{self.row.where}: test {number} is no JSON ({error})") from None
        return tuple(tests)

"""The cases of a stdin/stdout task: files NAME.in and NAME.out in a folder, and [[case]] tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.contest import StdioTest
from assay.tasks.own.manifest import MOST_BYTES, Manifest

_KEYS = frozenset(("stdin", "expected"))


def read_cases(manifest: Manifest) -> tuple[StdioTest, ...]:
    """All cases: those in task.toml first, then the files by name. Raises AssayError where one is incomplete."""
    cases = [_inline(manifest, number, case) for number, case in enumerate(manifest.tables("case"), 1)]
    folder = manifest.subfolder("cases", "cases")
    if folder.is_dir():
        cases += _files(manifest, folder)
    elif "cases" in manifest:
        raise manifest.mistake(
            "cases", f"'cases' is {manifest.text('cases')!r}, but {manifest.folder} holds no such folder."
        )
    if not cases:
        raise AssayError(
            f"{manifest.path}: there are no cases; add [[case]] tables, or files NAME.in and NAME.out in {folder}."
        )
    return tuple(cases)


def _inline(manifest: Manifest, number: int, case: dict[str, Any]) -> StdioTest:
    if case.keys() != _KEYS or not all(isinstance(text, str) for text in case.values()):
        raise manifest.mistake(
            "case", f"[[case]] number {number} must have the texts 'stdin' and 'expected', nothing else."
        )
    return StdioTest(case["stdin"].encode(), case["expected"].encode())


def _files(manifest: Manifest, folder: Path) -> list[StdioTest]:
    inputs = {path.stem: path for path in folder.glob("*.in")}
    outputs = {path.stem: path for path in folder.glob("*.out")}
    for stem in sorted(inputs.keys() ^ outputs.keys()):
        there, lacking = (f"{stem}.in", f"{stem}.out") if stem in inputs else (f"{stem}.out", f"{stem}.in")
        raise AssayError(f"{folder / there} is there, but {lacking} is not; a case needs both.")
    manifest.read.update(inputs.values(), outputs.values())
    return [StdioTest(_read(inputs[stem]), _read(outputs[stem])) for stem in sorted(inputs)]


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AssayError(f"{path} has more than {MOST_BYTES >> 20} MiB, which no case needs.")
        return path.read_bytes()
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from None

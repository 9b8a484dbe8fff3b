"""Assay's own endpoints: POST /v1/judge, programs with their tests to verdicts; POST /v1/run, programs to outcomes."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from typing import Any

from assay.errors import AssayError
from assay.judge.source_name import source_name
from assay.rewards.columns import COLUMNS
from assay.rewards.reward import NoSuchTests
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import MIB, Limits, Outcome, Program
from assay.serving.fields import BadRequest, Fields
from assay.serving.workshop import Workshop
from assay.tasks.languages import canonical_language
from assay.tasks.task import Task

MOST_CPU_S, MOST_MEMORY_MIB = 600.0, 16384.0
_KEPT_BYTES = MIB
_LONGEST_NAME = 255  # bytes, of Linux's file systems


def read_judge(body: Any, workshop: Workshop) -> tuple[list[tuple[str, Task, bool]], str]:
    """(answers with their tasks, the rules). Raises BadRequest."""
    fields = Fields(body)
    answers = []
    for number, value in enumerate(fields.items("items")):
        item = Fields(value, f"items[{number}].")
        whole = "program" in item.values
        text = item.text("program" if whole else "completion")
        row = {name: given for name, given in item.values.items() if name in COLUMNS}
        try:
            answers.append((text, workshop.task(row), whole))
        except AssayError as error:
            raise BadRequest(f"items[{number}]: {error}") from None
    return answers, fields.text("rules", "hardened")


async def judge(answers: list[tuple[str, Task, bool]], rules: str, workshop: Workshop) -> dict[str, Any]:
    """The answer to POST /v1/judge: one verdict per item, in order; reward is null where the harness failed.

    Raises BadRequest for rules that are not there, AssayError when the judge ends before.
    """
    try:
        graded = await workshop.judge(answers, rules)
    except NoSuchTests as error:
        raise BadRequest(str(error)) from None
    rows = [
        {**one.verdict.as_json(), "reward": one.reward, "cached": one.cached, "program": one.program} for one in graded
    ]
    return {"schema": 1, "rules": rules, "verdicts": rows}


def read_run(body: Any) -> tuple[Program, Limits, tuple[str, ...]]:
    """(the program, its limits, the files to take out). Raises BadRequest."""
    fields = Fields(body)
    language = canonical_language(fields.text("language", "python"))
    if language not in LANGUAGES:
        raise BadRequest(f"language {language!r} is not known. Known: {', '.join(LANGUAGES)}.")
    files = decoded_files(fields.mapping("files", {}))
    if "code" in fields.values:
        code = fields.text("code")
        entry = fields.text("entry", source_name(language, code))
        files = {entry: encoded(code), **files}
    else:
        entry = fields.text("entry")
    limits = Limits(
        cpu_s=fields.number("cpu_s", 10.0, MOST_CPU_S),
        memory_bytes=whole_mib(fields.number("memory_mib", 1024, MOST_MEMORY_MIB)),
        kept_bytes=_KEPT_BYTES,
    )
    program = checked_program(language, files, entry, tuple(fields.texts("argv")), encoded(fields.text("stdin", "")))
    return program, limits, tuple(fields.texts("keep"))


async def run(program: Program, limits: Limits, keep: tuple[str, ...], workshop: Workshop) -> dict[str, Any]:
    """The answer to POST /v1/run."""
    done = await workshop.run(program, limits, keep)
    return {
        "schema": 1,
        **as_json(done.outcome),
        "compiler": as_json(done.compiled) if done.compiled else None,
        "files": {name: base64.b64encode(data).decode() for name, data in done.files.items()},
    }


def as_json(outcome: Outcome) -> dict[str, Any]:
    """What is known of one process; bytes that are not UTF-8 are replaced."""
    return {
        "phase": outcome.phase,
        "status": outcome.status.value,
        "exit_code": outcome.exit_code,
        "signal": outcome.signal,
        "stdout": outcome.stdout.decode(errors="replace"),
        "stderr": outcome.stderr.decode(errors="replace"),
        "truncated": outcome.truncated,
        "cpu_s": round(outcome.cpu_s, 6),
        "wall_s": round(outcome.wall_s, 6),
        "peak_bytes": outcome.peak_bytes,
        "detail": outcome.detail,
    }


def checked_program(
    language: str, files: dict[str, bytes], entry: str, argv: tuple[str, ...] = (), stdin: bytes = b""
) -> Program:
    """The program. Raises BadRequest for names of files that leave its folder or that no file can have."""
    for name in files:
        if max(len(encoded(part)) for part in name.split("/")) > _LONGEST_NAME or not _is_text(name):
            raise BadRequest(f"No file can have the name {name[:40]!a}: it is too long, or half a surrogate pair.")
    try:
        return Program(language, files, entry, argv, stdin)
    except ValueError as error:
        raise BadRequest(f"{error}.") from None


def _is_text(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def decoded_files(files: Mapping[str, Any]) -> dict[str, bytes]:
    """Files as they were encoded, name -> base64; null is no file. Raises BadRequest."""
    decoded = {}
    for name, content in files.items():
        if content is None:
            continue
        plain = "/".join(part for part in name.split("/") if part != ".") if not name.startswith("/") else name
        try:
            decoded[plain] = base64.b64decode(content, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise BadRequest(f"The file {name!r} is not base64.") from None
    return decoded


def whole_mib(mib: float) -> int:
    """Bytes of some MiB, rounded up to whole ones: a limit of none would be no limit that can be kept to."""
    return math.ceil(mib) * MIB


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

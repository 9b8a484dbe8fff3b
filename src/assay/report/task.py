"""A `Task` for people and as JSON: what is asked, what is checked, and the reference solution."""

from __future__ import annotations

import dataclasses
import textwrap
from typing import Any

from assay.judge.checks import CANDIDATE, TOKEN, Inputs
from assay.tasks.task import Task

LONGEST_VALUE = 400  # characters of a value that is no text, where people read it
MOST_TESTS = 5

# How a check is printed: fields of these names only say where results are kept.
_HIDDEN = frozenset(("key",))


def as_json(task: Task, benchmark: str, kind: str) -> dict[str, Any]:
    """Everything about the task. Values that JSON does not know (sets, complex numbers) stand as Python writes them."""
    body = {"benchmark": benchmark, "kind": kind}
    body.update((field.name, _plain(getattr(task, field.name))) for field in dataclasses.fields(task))
    return body


def print_task(task: Task, benchmark: str, kind: str) -> None:
    """Print it to stdout, one titled block after the other."""
    print(f"{task.task_id} of {benchmark} ({kind}, {task.language})")
    if task.entry_point:
        print(f"The tests call {task.entry_point}.")
    _print_block("prompt", task.prompt)
    for rules, check in task.checks.items():
        _print_block(f"{rules}: {type(check).__name__}", "\n".join(_fields(check, task.reference)))
    _print_block("reference", task.reference)
    if task.suffix:
        _print_block("suffix (follows the answer)", task.suffix)
    if task.buggy:
        _print_block("wrong answer that the benchmark stores", task.buggy)
    if task.follow_up:
        _print_block("second question, which holds the answer to the first", task.follow_up.prompt)


def _print_block(title: str, text: str) -> None:
    shown = "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)
    print(f"\n== {title}\n{shown.rstrip() or '(none)'}")


def _fields(check: Any, reference: str) -> list[str]:
    lines = []
    for field in dataclasses.fields(check):
        value = getattr(check, field.name)
        if field.name in _HIDDEN or value in ("", (), None):
            continue
        if field.name == "files":
            lines += [
                f"file {_shown_file(name)}:\n{textwrap.indent(_shown_file(text), '    ')}" for name, text in value
            ]
        elif field.name == "tests" and not isinstance(value, str):
            lines += _tests(value)
        elif isinstance(value, str) and value == reference:
            lines.append(f"{field.name}: the reference solution")
        elif isinstance(value, str) and "\n" in value:
            lines.append(f"{field.name}:\n{textwrap.indent(value.rstrip(), '    ')}")
        elif isinstance(value, dict):
            lines += [f"{field.name} {name} ({len(each)}): {_cut(_rows(each))}" for name, each in value.items()]
        else:
            lines.append(f"{field.name}: {_cut(value)}")
    return lines


def _tests(value: Any) -> list[str]:
    """How many there are, and the first of them; those that are stored elsewhere are read."""
    try:
        tests = value if isinstance(value, tuple) else value.read()
    except (OSError, ValueError) as error:
        return [f"tests: {error}"]
    shown = [f"    {_cut(test if isinstance(test, str) else _values(test))}" for test in tests[:MOST_TESTS]]
    more = [f"    and {len(tests) - MOST_TESTS} more"] if len(tests) > MOST_TESTS else []
    return [f"tests ({len(tests)}):", *shown, *more]


def _values(test: Any) -> str:
    values = ((field.name, getattr(test, field.name)) for field in dataclasses.fields(test))
    return ", ".join(f"{name} {_readable(value)!r}" for name, value in values)


def _shown_file(text: str) -> str:
    return text.replace(CANDIDATE, "(the answer)").replace(TOKEN, "TOKEN").rstrip()


def _readable(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _rows(value: Any) -> Any:
    return value.rows if isinstance(value, Inputs) else value


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} ..."


def _plain(value: Any) -> Any:
    value = _rows(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"record": type(value).__name__, **fields}
    if isinstance(value, dict):
        return {key if isinstance(key, str) else repr(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    value = _readable(value)
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)

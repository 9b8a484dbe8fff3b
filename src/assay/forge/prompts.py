"""The words around code in every question about it: one place, for training, for rewards and for evaluation.

Short on purpose: a small model pays for every token of them. `comment` is what begins a comment in the language.
Each function gives what a model continues; what it should write next is said in its docstring.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def call(entry_point: str, arguments: Iterable[Any]) -> str:
    """A call in Python."""
    return f"{entry_point}({', '.join(map(repr, arguments))})"


def assertion(called: str, value: str) -> str:
    """A test, as one line."""
    return f"assert {called} == {value}\n"


def repair(faulty: str, called: str, expected: str, failure: str, head: str, comment: str = "#") -> str:
    """Continued by: the right body, and nothing else.

    faulty: the program with its specification. called: the first call that it fails. failure: "returned 3", "raised
    IndexError", "ran out of time", or "" where nothing is known. head: what stands before the body in the answer.
    """
    return f"{faulty.rstrip()}\n{_fault(called, expected, failure, comment)} Without the fault:\n{head}"


def locate(faulty: str, called: str, expected: str, failure: str, comment: str = "#") -> str:
    """Continued by: " 2: return x\\n", the number of the faulty line in the body from 1, and the line."""
    return f"{faulty.rstrip()}\n{_fault(called, expected, failure, comment)} The faulty line is"


def located(number: int, line: str) -> str:
    """The answer to `locate`."""
    return f" {number}: {line.strip()}\n"


def predict(code: str, called: str) -> str:
    """Continued by: " 3\\n", the value that the call returns."""
    return f"{code.rstrip()}\n\nassert {called} =="


def tests(code: str, known: str, comment: str = "#") -> str:
    """Continued by: assertions, a line each, of the form of `known`, an assertion that holds."""
    return f"{code.rstrip()}\n\n{comment} Tests:\n{known}"


def trace(code: str, called: str, comment: str = "#") -> str:
    """Continued by: the lines of `traced`."""
    return f"{code.rstrip()}\n\n{comment} Trace of {called}:\n"


def traced(steps: Iterable[tuple[int, Iterable[tuple[str, str]]]], result: str, comment: str = "#") -> str:
    """A line for every event: the line of the body that ran and what it changed; then the result, if none said it."""
    steps = [(number, tuple(changed)) for number, changed in steps]
    lines = [
        f"{comment} {number}:" + "".join(f" {name} = {value};" for name, value in changed).removesuffix(";")
        for number, changed in steps
    ]
    said = bool(steps) and any(name == "return" for name, _ in steps[-1][1])
    return "\n".join([*lines, *([] if said else [f"{comment} return = {result}"]), ""])


def summarise(code: str, comment: str = "#") -> str:
    """Continued by: one line of English."""
    return f"{code.rstrip()}\n{comment} In short:"


def document(code: str, head: str, comment: str = "#") -> str:
    """Continued by: the text of a docstring, indented, and the quotes that end it. Python's form of documentation."""
    return f'{code.rstrip()}\n{comment} With its docstring:\n{head}    """'


def documented(docstring: str) -> str:
    """The answer to `document`."""
    lines = docstring.strip().splitlines()
    return "\n".join([*(f"    {line}".rstrip() for line in lines), '    """', ""]).lstrip()


def change(before: str, message: str, comment: str = "#") -> str:
    """Continued by: the code as it is after the change."""
    said = "".join(f"{comment} {line}".rstrip() + "\n" for line in message.strip().splitlines())
    return f"{before.rstrip()}\n\n{comment} Change:\n{said}"


def _fault(called: str, expected: str, failure: str, comment: str) -> str:
    return f"{comment} {called} {failure or 'is wrong'}, should be {expected}."

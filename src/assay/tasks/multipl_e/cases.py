"""The tests of a row, one by one: what is called, and with what the result is compared.

MultiPL-E's tests are written by its translators, so in each language all of them have the same few shapes. They are
taken apart here as text, brackets and strings respected, never by guessing at lines: some strings hold line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLOSERS = {"(": ")", "[": "]", "{": "}"}


class UnknownTests(Exception):
    """A row's tests do not look as its translator writes them. The message says where."""


@dataclass(frozen=True)
class Case:
    """One test.

    call: the expression that calls the candidate. rest: what follows it and makes the comparison, for example
    ".equals((7l))", "== (7)" or the expected value alone. decoy: the same with another value, which must not hold
    where `rest` does; "" where none could be made.
    """

    call: str
    rest: str
    decoy: str = ""

    @property
    def shown(self) -> str:
        """For people, on one line."""
        return " ".join(f"{self.call} {self.rest}".split())


_NAMED = (
    r"\bcandidate (?:=|:=|<-) (?:method\(:|\\&)?(?P<name>[\w.]+)",
    r"\(\( candidate (?P<name>[^\s()]+)\)\)",
    r"candidate\(\) \{\s+(?P<name>\S+) ",
    r"return (?P<name>\w+)\(\.\.\.\$args\)",
    r"\b(?:Debug\.A|a)ssert\((?P<name>\w+)\(",
)


def function_of(tests: str) -> str:
    """The name of the function that the tests call. Raises UnknownTests."""
    for pattern in _NAMED:
        if found := re.search(pattern, tests):
            return found["name"]
    raise UnknownTests("no line names the candidate")


def closing(text: str, start: int) -> int:
    """Where the bracket at `start` is closed. Raises UnknownTests."""
    depth = [_CLOSERS[text[start]]]
    at = start + 1
    while at < len(text):
        char = text[at]
        if char in "\"'":
            at = _after_string(text, at)
            continue
        if char in _CLOSERS:
            depth.append(_CLOSERS[char])
        elif char in ")]}":
            if char != depth.pop():
                break
            if not depth:
                return at
        at += 1
    raise UnknownTests(f"a bracket is not closed: {text[start : start + 60]!r}")


def _after_string(text: str, start: int) -> int:
    at = start + 1
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == text[start]:
            return at + 1
        at += 1
    raise UnknownTests(f"a string is not closed: {text[start : start + 60]!r}")


def arguments(tests: str, function: str) -> Iterator[str]:
    """What stands between the brackets of every call of `function` ("assert", "lu.assertEquals") in the tests."""
    at = 0
    opening = re.compile(r"(?<![\w.])" + re.escape(function) + r"\s*\(")
    while found := opening.search(tests, at):
        at = closing(tests, found.end() - 1)
        yield tests[found.end() : at]


def split_call(text: str) -> tuple[str, str]:
    """("f(a)(b)", " == c") of "f(a)(b) == c". Raises UnknownTests."""
    bracket = text.find("(")
    if bracket < 0:
        raise UnknownTests(f"nothing is called: {text[:60]!r}")
    end = closing(text, bracket) + 1
    while text[end : end + 1] == "(":
        end = closing(text, end) + 1
    return text[:end].strip(), text[end:].strip()


def with_decoys(cases: list[tuple[str, str]]) -> tuple[Case, ...]:
    """The tests of a task, each with a comparison that must not hold, made from its own or another's expected value.

    Raises UnknownTests if there is no test, or no decoy for any.
    """
    rests = [rest for _, rest in cases]
    made = tuple(Case(call, rest, decoy(rest) or _another(rest, rests)) for call, rest in cases)
    if not any(case.decoy for case in made):
        raise UnknownTests("no test to be found, or none of which a wrong one could be made")
    return made


# Strings, numbers that are no part of a name, and names.
_TOKEN = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\d+(?:\.\d+)?", re.S)
_OPPOSITES = {
    a: b
    for pair in (("true", "false"), ("TRUE", "FALSE"), ("True", "False"), ("t", "f"))
    for a, b in (pair, pair[::-1])
}
_LONGEST_NUMBER = 8  # digits; a longer number might grow out of its type


def decoy(rest: str) -> str:
    """The comparison with one value in it changed: the largest number, else the last string, else a truth value."""
    tokens = list(_TOKEN.finditer(rest))
    numbers = [token for token in tokens if token[0][0].isdigit()]
    if numbers:
        largest = max(numbers, key=lambda token: float(token[0]))
        return _replaced(rest, largest, _another_number(largest[0]))
    strings = [token for token in tokens if token[0][0] in "\"'"]
    if strings:
        quote = strings[-1][0][0]
        return _replaced(rest, strings[-1], f"{strings[-1][0][:-1]}~{quote}")
    for token in reversed(tokens):
        if token[0] in _OPPOSITES and (len(token[0]) > 1 or rest[token.start() - 1] == "#"):
            return _replaced(rest, token, _OPPOSITES[token[0]])
    return ""


def _another_number(number: str) -> str:
    """Larger than every number beside it where that is possible, and never nearly the same."""
    if len(number.partition(".")[0]) <= _LONGEST_NUMBER:
        return f"1{number}"
    first = int(number[0])
    return f"{first + 1 if first < 9 else 8}{number[1:]}"


def _another(rest: str, rests: list[str]) -> str:
    """For a value without any literal in it (nothing, an empty list, a list of such): that of another test.

    Of one that has a literal, or of one with more elements or fewer.
    """
    return next((other for other in rests if decoy(other) or _parts(other) != _parts(rest)), "")


def _parts(text: str) -> int:
    return len(_TOKEN.findall(text)) + text.count(",")


def _replaced(text: str, token: re.Match[str], by: str) -> str:
    return text[: token.start()] + by + text[token.end() :]

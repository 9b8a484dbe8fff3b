"""Functions that are called with stored arguments in the jail, their answers compared outside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assay.judge.contest import CallCheck, CallTest
from assay.judge.failure import Failure, Shown, from_exception, from_load, from_outcome, one_line, with_resources
from assay.judge.token import token_for
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.session import CallSession, Ended, Tampered, encode_call
from assay.sandbox.warm import Zygote

_FUTURE = re.compile(r"^from[ \t]+__future__[ \t]+import[ \t]+[\w, \t]+$", re.MULTILINE)
_FUNCTION = """
if {name!r} in globals():
    {adapter} = {name}
"""
_METHOD = """
if not isinstance(globals().get({owner!r}), type):
    {adapter} = globals().get({name!r})
elif hasattr({owner}, {name!r}):
    def {adapter}(*arguments, make={make}):
        return getattr(make(), {name!r})(*arguments)
"""
_SENT_AT_ONCE = 64 * 1024  # bytes of calls
_short = Shown()
_short.maxlevel, _short.maxstring, _short.maxlong = 3, 60, 60
_short.maxlist = _short.maxtuple = _short.maxdict = 8


def judge_calls(zygote: Zygote, check: CallCheck, program: str) -> Verdict:
    """Call the answer with the arguments of one test after the other until one fails. Raises ZygoteDied."""
    try:
        tests = check.tests if isinstance(check.tests, tuple) else check.tests.read()
    except (OSError, ValueError) as error:
        return Verdict(VerdictKind.harness_error, one_line(str(error)))
    adapter = f"call_{token_for(program)}"
    limits = check.limits.with_cpu_s(check.limits.cpu_s * max(1, len(tests)))
    per_call = [check.limits.cpu_s] * len(tests)
    source, foreseen = _source(check, program, adapter), _foreseen(tests, adapter)
    with CallSession(zygote, source, limits, foreseen, per_call=per_call) as session:
        failure = None
        for number, test in enumerate(tests, 1):
            failure = _failure(check, session, adapter, test)
            if failure is not None:
                detail = f"test {number} of {len(tests)}: {failure.detail} (arguments {_short.repr(test.args)})"
                failure = Failure(failure.kind, one_line(detail), failure.flags)
                break
        session.close()
        return with_resources(failure, session.outcome)


def _foreseen(tests: Sequence[CallTest], adapter: str) -> list[bytes]:
    """All calls, to be sent at once where they are small: candidate and judge then need not take turns at every one."""
    try:
        calls = [encode_call(adapter, list(test.args), {}) for test in tests]
    except ValueError:
        return []  # the call itself will say what is no plain data
    return calls if sum(map(len, calls)) <= _SENT_AT_ONCE else []


def _source(check: CallCheck, program: str, adapter: str) -> str:
    """Preamble, answer, and a function under a fixed name that makes the call."""
    first = "; ".join(line for line in check.preamble.splitlines() if line)
    if first and not check.official:
        # Such imports must come first; upstream's join makes them a syntax error.
        first = "; ".join([*_FUTURE.findall(program), first])
        program = _FUTURE.sub("", program)
    owner, _, name = check.entry_point.rpartition(".")
    make = f"(lambda it={owner}(): it)" if check.official else owner
    template = _METHOD if owner else _FUNCTION
    calling = template.format(owner=owner, name=name, adapter=adapter, make=make)
    return f"{first}\n{program}\n{calling}" if first else f"{program}\n{calling}"


def _failure(check: CallCheck, session: CallSession, adapter: str, test: CallTest) -> Failure | None:
    try:
        reply = session.call(adapter, list(test.args), {})
    except Ended as end:
        return from_outcome(end.outcome)
    except Tampered as error:
        return Failure(VerdictKind.tampered, str(error))
    except ValueError as error:
        return Failure(VerdictKind.harness_error, f"the arguments are no plain data: {error}")
    if reply.kind == "value":
        if any(_is_right(reply.body, right, check.official) for right in (test.expected, *test.also)):
            return None
        return Failure(
            VerdictKind.wrong_answer, f"expected {_short.repr(test.expected)}, got {_short.repr(reply.body)}"
        )
    if reply.kind == "raised":
        return from_exception(reply.body)
    if reply.kind == "missing":
        return Failure(VerdictKind.no_code, f"the program does not define {check.entry_point}")
    if reply.kind == "unserialisable":
        return Failure(VerdictKind.wrong_answer, f"unserialisable answer: {one_line(reply.body)}")
    return from_load(reply.kind, reply.body)


def _is_right(got: Any, expected: Any, official: bool) -> bool:
    if official:
        return bool((list(got) if isinstance(got, tuple) else got) == expected)
    return same_value(got, expected)


def same_value(got: Any, expected: Any) -> bool:
    """Values of one kind, with 1e-6 for floats and no difference between tuples and lists."""
    if isinstance(expected, list | tuple):
        return (
            isinstance(got, list | tuple)
            and len(got) == len(expected)
            and all(same_value(g, e) for g, e in zip(got, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and got.keys() == expected.keys()
            and all(same_value(got[key], value) for key, value in expected.items())
        )
    if isinstance(got, float) and isinstance(expected, float):
        return got == expected or abs(got - expected) <= 1e-6 * max(1.0, abs(expected))
    if isinstance(got, bool) or isinstance(expected, bool):
        return got is expected
    if isinstance(got, int | float) and isinstance(expected, int | float):
        return got == expected
    return type(got) is type(expected) and bool(got == expected)

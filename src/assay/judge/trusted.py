"""Run a task's own tests outside the jail, against stubs that call into it."""

from __future__ import annotations

import builtins
import random
import signal
import types
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from assay.judge.checks import StubCheck
from assay.judge.failure import (
    Failure,
    from_exception,
    from_load,
    from_outcome,
    message_of,
    one_line,
    with_resources,
)
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.session import CallSession, Diverged, Ended, Tampered
from assay.sandbox.warm import Zygote, ZygoteDied

_TESTS = "<tests>"


class _Abort(BaseException):
    """Leaves the tests past any `except Exception` in them."""

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self.failure = failure


class _HarnessFailed(BaseException):
    """Takes a failure of the harness past the tests, which may catch any Exception, and past what is made of theirs."""

    def __init__(self, error: ZygoteDied | OSError) -> None:
        super().__init__()
        self.error = error


@lru_cache(maxsize=2048)
def _compiled(check: StubCheck) -> tuple[types.CodeType, types.CodeType]:
    context = compile(check.context, "<context>", "exec", dont_inherit=True)
    return context, compile(check.tests, _TESTS, "exec", dont_inherit=True)


# The calls that tests make of a right answer, learnt from the first one. They are the same for every answer unless the
# tests make one call depend on the outcome of another.
_learnt: dict[StubCheck, tuple[bytes, ...]] = {}
_MOST_LEARNT = 4096
_LONGEST_LEARNT = 512  # calls
_LATER_S = 0.05  # when the clock of the tests has rung at a bad moment


def judge_with_stubs(zygote: Zygote, check: StubCheck, program: str) -> Verdict:
    """Judge one sample. Raises ZygoteDied, OSError.

    One budget holds for the whole check: the CPU seconds of the jail, and outside, where only the tests themselves run,
    a wall clock as long as the jail's backstop.
    """
    foreseen = _learnt.get(check, ())
    with CallSession(zygote, program, check.limits, foreseen) as session:
        try:
            failure = _run(check, session)
        except Diverged:
            _learnt[check] = ()  # the calls depend on the answers, so from now on they are made one by one
        else:
            if failure is None and check not in _learnt:
                _learn(check, session.made)
            return _verdict(failure, session)
    with CallSession(zygote, program, check.limits) as session:
        return _verdict(_run(check, session), session)


def _learn(check: StubCheck, made: list[bytes]) -> None:
    if len(made) <= _LONGEST_LEARNT and len(_learnt) < _MOST_LEARNT:
        _learnt[check] = tuple(made)


def _verdict(failure: Failure | None, session: CallSession) -> Verdict:
    session.close()
    return with_resources(failure, session.outcome)


def _run(check: StubCheck, session: CallSession) -> Failure | None:
    """Run the tests once. Raises Diverged, ZygoteDied, OSError."""
    space: dict[str, Any] = {"__name__": "tests", "__builtins__": builtins}
    context, tests = _compiled(check)
    random.seed(check.tests)  # tests that draw inputs draw the same ones for every sample

    def stub(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return _ask(session, name, list(args), kwargs)

        return call

    try:
        with _patience(check.limits.wall_backstop_s + 1.0, session):
            exec(context, space)
            space.update((name, stub(name)) for name in check.stubs)
            exec(tests, space)
    except _Abort as abort:
        return abort.failure
    except _HarnessFailed as failed:
        raise failed.error from None
    except BaseException as error:
        description = getattr(error, "candidate_description", None)
        if description is not None:
            return from_exception(description, _failing_call(check, error))
        if isinstance(error, AssertionError):
            return Failure(VerdictKind.wrong_answer, _failing_statement(check, error))
        if isinstance(error, (KeyboardInterrupt, Diverged)):
            raise
        reason = f"{type(error).__name__}: {message_of(error)}"
        return Failure(VerdictKind.wrong_answer, f"{_failing_statement(check, error)} — {one_line(reason, 150)}")
    if not session.made:
        return Failure(VerdictKind.harness_error, "the tests of this task never call the candidate")
    return None


class _patience:
    """Raise _Abort in the tests when they take too long, for example because an answer made them loop.

    Not while the session starts or ends its process, which it does within the limits of the jail: a report that is left
    unread would be taken for that of the next program.
    """

    def __init__(self, wall_s: float, session: CallSession) -> None:
        self._wall_s, self._session = wall_s, session

    def __enter__(self) -> None:
        def ring(_number: int, _frame: object) -> None:
            if self._session.in_transition:
                signal.setitimer(signal.ITIMER_REAL, _LATER_S)
                return
            raise _Abort(Failure(VerdictKind.time_limit, "the tests did not end with these answers", ("wall",)))

        self._before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, self._wall_s)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._before)


def _ask(session: CallSession, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Call the candidate and behave, for the tests, as the candidate did."""
    try:
        reply = session.call(name, args, kwargs)
    except Ended as end:
        raise _Abort(from_outcome(end.outcome)) from None
    except (ZygoteDied, OSError) as error:
        raise _HarnessFailed(error) from None
    except Tampered as error:
        raise _Abort(Failure(VerdictKind.tampered, str(error))) from None
    except ValueError as error:
        raise _Abort(
            Failure(VerdictKind.harness_error, f"the tests pass {name} something that is no plain data: {error}")
        ) from None
    if reply.changed is not None and len(reply.changed) == len(args):
        for old, new in zip(args, reply.changed, strict=True):
            _assign(old, new)
    if reply.kind == "value":
        return reply.body
    if reply.kind == "raised":
        raise _exception(reply.body)
    if reply.kind == "missing":
        raise _Abort(Failure(VerdictKind.no_code, f"the program does not define {name}"))
    if reply.kind == "unserialisable":
        raise _Abort(Failure(VerdictKind.wrong_answer, f"unserialisable answer of {name}: {one_line(reply.body)}"))
    raise _Abort(from_load(reply.kind, reply.body))


def _assign(old: Any, new: Any) -> None:
    """Make a mutable argument of the tests what the call left behind."""
    if type(old) is not type(new):
        return
    if isinstance(old, list):
        old[:] = new
    elif isinstance(old, (dict, set)):
        old.clear()
        old.update(new)


def _exception(description: list[Any]) -> BaseException:
    """The candidate's exception, as the tests would have seen it if they shared its process."""
    kind = getattr(builtins, description[0], None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = RuntimeError
    try:
        error = kind(description[1])
    except TypeError:  # UnicodeDecodeError and others want more arguments than a message
        error = RuntimeError(description[1])
    error.candidate_description = description  # type: ignore[attr-defined]
    return error


def _line(error: BaseException) -> int:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _TESTS:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _failing_statement(check: StubCheck, error: BaseException) -> str:
    """The text of the innermost statement of the tests that an exception passed through."""
    import ast

    line = _line(error)
    best: ast.stmt | None = None
    for node in ast.walk(ast.parse(check.tests)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            best = node if best is None or node.lineno >= best.lineno else best
    text = ast.get_source_segment(check.tests, best) if best is not None else None
    return one_line(text or f"line {line} of the tests")


def _failing_call(check: StubCheck, error: BaseException) -> str:
    return f"{_failing_statement(check, error)} — "

"""Answers that are an expression: what a known function returns, or a call of it that returns a known value.

`official` puts the answer's text into an assertion, as upstream does. `hardened` never runs the answer and the
comparison in one place: values are read as literals, and compared outside the jail.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from assay.judge.checks import PredictionCheck, ScriptCheck
from assay.judge.failure import Failure, from_exception, from_load, from_outcome, one_line, with_resources
from assay.judge.in_process import FLAG as IN_PROCESS
from assay.judge.in_process import judge_script
from assay.judge.verdict import SKIPPED, Verdict, VerdictKind
from assay.sandbox.program import Limits
from assay.sandbox.session import CallSession, Ended, Reply, Tampered
from assay.sandbox.warm import Zygote

Arguments = tuple[list[Any], dict[str, Any]]  # by position, by name

MAX_CHARS = 64 * 1024  # of an answer; the right ones have a few hundred


def judge_prediction(zygote: Zygote, check: PredictionCheck, answer: str) -> Verdict:
    """Judge one answer. Raises ZygoteDied."""
    if check.official:
        return _judge_as_upstream(zygote, check, answer)
    try:
        expected = ast.literal_eval(check.output)
        if check.predicts == "output":
            return _compared(_literal(answer), expected, "the answer")
        call = _parsed_call(answer, check.function)
        if check.in_process:
            verdict = _judge_in_one_process(zygote, check, call, expected)
        else:
            verdict = _judge_call(zygote, check, call, expected)
    except Failure as failure:
        return with_resources(failure, None)
    except RecursionError:
        return Verdict(VerdictKind.compile_error, "the answer is nested too deeply")
    return verdict


def _judge_as_upstream(zygote: Zygote, check: PredictionCheck, answer: str) -> Verdict:
    name = check.function
    if check.predicts == "input" and f"{name}(" not in answer:
        return Verdict(VerdictKind.wrong_answer, f"the answer does not call {name}", flags=(SKIPPED,))
    if check.predicts == "output" and f"{name}({check.input})" in answer:
        return Verdict(VerdictKind.wrong_answer, "the answer repeats the question", flags=(SKIPPED,))
    return judge_script(zygote, ScriptCheck(f"assert {check.output} == {answer}", check.limits), check.code)


def _literal(text: str) -> Any:
    """The value of a literal. Raises Failure for anything else."""
    if len(text) > MAX_CHARS:
        raise Failure(VerdictKind.wrong_answer, f"the answer has more than {MAX_CHARS} characters")
    try:
        return ast.literal_eval(text.strip())
    except SyntaxError as error:
        raise Failure(VerdictKind.compile_error, one_line(f"SyntaxError: {error.msg}")) from None
    except (ValueError, TypeError, MemoryError, RecursionError):
        raise Failure(VerdictKind.wrong_answer, f"the answer is no literal: {one_line(text, 150)}") from None


def _parsed_call(text: str, function: str) -> ast.Call:
    """The answer as a call of the function with arguments that do not call it again. Raises Failure."""
    if len(text) > MAX_CHARS:
        raise Failure(VerdictKind.wrong_answer, f"the answer has more than {MAX_CHARS} characters")
    try:
        call = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise Failure(VerdictKind.compile_error, one_line(f"SyntaxError: {error.msg}")) from None
    except (ValueError, MemoryError, RecursionError):
        raise Failure(VerdictKind.compile_error, "the answer is no Python") from None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == function):
        raise Failure(VerdictKind.wrong_answer, f"the answer is no call of {function}: {one_line(text, 150)}")
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if any(isinstance(node, ast.Name) and node.id == function for each in arguments for node in ast.walk(each)):
        raise Failure(VerdictKind.wrong_answer, f"the arguments use {function} themselves: {one_line(text, 150)}")
    return call


def _judge_call(zygote: Zygote, check: PredictionCheck, call: ast.Call, expected: Any) -> Verdict:
    """Call the known function with the answer's arguments, which the jail gets as plain values."""
    before = Verdict(VerdictKind.accepted)
    arguments = _literal_arguments(call)
    if arguments is None:
        # Expressions such as 'a' * 20 are worked out first, in a process that does not know the function.
        source = f"def arguments():\n    return (lambda *args, **named: [list(args), named])({_inside(call)})"
        reply, before = _call(zygote, source, "arguments", ([], {}), check.limits)
        if reply is None:
            return before
        if not _are_arguments(reply.body):
            return replace(before, kind=VerdictKind.tampered, detail="arguments of a kind that does not exist")
        arguments = (reply.body[0], reply.body[1])
    reply, verdict = _call(zygote, check.code, check.function, arguments, check.limits)
    if reply is not None:
        said = _compared(reply.body, expected, check.function)
        verdict = replace(verdict, kind=said.kind, detail=said.detail)
    return replace(verdict, cpu_s=before.cpu_s + verdict.cpu_s, wall_s=before.wall_s + verdict.wall_s)


def _judge_in_one_process(zygote: Zygote, check: PredictionCheck, call: ast.Call, expected: Any) -> Verdict:
    """For arguments that cannot cross the jail's wall, such as functions. Only the result is compared outside."""
    source = f"{check.code}\n\ndef predicted():\n    return {ast.unparse(call)}\n"
    reply, verdict = _call(zygote, source, "predicted", ([], {}), check.limits)
    if reply is not None:
        said = _compared(reply.body, expected, check.function)
        verdict = replace(verdict, kind=said.kind, detail=said.detail)
    return replace(verdict, flags=(*verdict.flags, IN_PROCESS))


def _inside(call: ast.Call) -> str:
    """The arguments of a call as source."""
    return ast.unparse(ast.Call(ast.Name("x"), call.args, call.keywords))[2:-1]


def _literal_arguments(call: ast.Call) -> Arguments | None:
    try:
        args = [ast.literal_eval(each) for each in call.args]
        named = {each.arg: ast.literal_eval(each.value) for each in call.keywords if each.arg is not None}
    except (ValueError, TypeError, MemoryError, RecursionError):
        return None
    return (args, named) if len(named) == len(call.keywords) else None


def _are_arguments(body: Any) -> bool:
    return (
        type(body) is list
        and [type(each) for each in body] == [list, dict]
        and all(type(name) is str for name in body[1])
    )


def _call(zygote: Zygote, source: str, name: str, arguments: Arguments, limits: Limits) -> tuple[Reply | None, Verdict]:
    """(the reply with a value, the verdict so far), or (None, why there is no value)."""
    reply: Reply | None = None
    failure: Failure | None = None
    with CallSession(zygote, source, limits) as session:
        try:
            reply = session.call(name, *arguments)
        except Ended as end:
            failure = from_outcome(end.outcome)
        except Tampered as error:
            failure = Failure(VerdictKind.tampered, str(error))
    if reply is not None:
        failure = _failed(reply)
    return (reply if failure is None else None), with_resources(failure, session.outcome)


def _failed(reply: Reply) -> Failure | None:
    if reply.kind == "value":
        return None
    if reply.kind == "raised":
        return from_exception(reply.body)
    if reply.kind == "unserialisable":
        return Failure(VerdictKind.wrong_answer, f"unserialisable value: {one_line(reply.body)}")
    if reply.kind == "missing":
        return Failure(VerdictKind.tampered, "the function is gone")
    return from_load(reply.kind, reply.body)


def _compared(value: Any, expected: Any, what: str) -> Verdict:
    try:
        same = value == expected
    except RecursionError:
        same = False
    if same:
        return Verdict(VerdictKind.accepted)
    return Verdict(VerdictKind.wrong_answer, one_line(f"{what} is {_shown(value)}, not {_shown(expected)}"))


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except (ValueError, RecursionError):  # an int with very many digits, or very deep nesting
        return f"a large {type(value).__name__}"

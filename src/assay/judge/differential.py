"""EvalPlus: every input of a task given to candidate and reference, and their answers compared."""

from __future__ import annotations

import marshal
import os
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Any

from assay.judge.checks import DifferentialCheck
from assay.judge.failure import Failure, from_exception, from_load, from_outcome, one_line, output_end
from assay.judge.oracle import Comparison
from assay.judge.references import LARGEST, Expected, oracle_code, reduces, references
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox import plain
from assay.sandbox.agent import LARGE, PASS
from assay.sandbox.program import Outcome, Status
from assay.sandbox.session import Tampered, one_shot
from assay.sandbox.warm import MAX_RESULTS, Zygote

_DIGEST = b'{"h":'


@dataclass(frozen=True)
class _InputSet:
    """One input set of a task, ready to be sent."""

    name: str
    inputs: tuple[Any, ...]
    marshalled: bytes
    expected: Expected


class Differential:
    """Judges DifferentialChecks with one zygote; keeps the last few tasks' inputs and reference answers at hand."""

    def __init__(self) -> None:
        self._prepared: OrderedDict[int, tuple[DifferentialCheck, list[_InputSet]]] = OrderedDict()

    def _prepare(self, zygote: Zygote, check: DifferentialCheck) -> list[_InputSet]:
        # The two rule sets of a task hold the same inputs object, so they share what is prepared.
        key = id(check.inputs)
        found = self._prepared.get(key)
        if found is None or found[0].inputs is not check.inputs:
            marshalled = {name: marshal.dumps(list(rows), 2) for name, rows in check.inputs.items()}
            expected = references(zygote, check, marshalled)
            sets = [_InputSet(name, rows, marshalled[name], expected[name]) for name, rows in check.inputs.items()]
            found = self._prepared[key] = (check, sets)
            if len(self._prepared) > 4:
                for old in self._prepared.popitem(last=False)[1][1]:
                    old.expected.close()
        return found[1]

    def judge(self, zygote: Zygote, check: DifferentialCheck, program: str) -> Verdict:
        """Judge one sample: each input set in a process of its own, as upstream does.

        Raises ZygoteDied, ReferenceFailed.
        """
        failures: dict[str, Failure | None] = {}
        outcomes = []
        output = ""
        for part in self._prepare(zygote, check):
            failures[part.name], outcome = _judge_set(zygote, check, part, program)
            outcomes.append(outcome)
            failure = failures[part.name]
            if failure is not None:
                output = output or output_end(outcome)
            if failure is not None and failure.kind in (VerdictKind.compile_error, VerdictKind.no_code):
                failures = dict.fromkeys(check.inputs, failure)  # no input can change that
                break
        first = next(((name, failure) for name, failure in failures.items() if failure is not None), None)
        return Verdict(
            first[1].kind if first else VerdictKind.accepted,
            f"{first[0]} {first[1].detail}" if first else "",
            sum(outcome.cpu_s for outcome in outcomes),
            sum(outcome.wall_s for outcome in outcomes),
            max(outcome.peak_bytes for outcome in outcomes),
            first[1].flags if first else (),
            tuple((name, failure.kind if failure else VerdictKind.accepted) for name, failure in failures.items()),
            output,
        )


def _judge_set(
    zygote: Zygote, check: DifferentialCheck, part: _InputSet, program: str
) -> tuple[Failure | None, Outcome]:
    """Give one candidate the inputs of one set; stop at the first wrong answer."""
    expected, official = part.expected, check.official
    per_input = expected.seconds(check.min_time_s, check.time_factor)
    cap_s = min(check.task_cap_s, sum(per_input)) + 1.0
    results = os.memfd_create("results", os.MFD_CLOEXEC)
    answers = _Answers(check, part, results)
    try:
        frame, outcome = one_shot(
            zygote,
            "batch",
            program,
            check.limits.with_cpu_s(cap_s),
            fds=(results, expected.descriptor) if official else (results,),
            enough=answers.has_mismatch,
            per_input=per_input,
            entry_point=check.entry_point,
            inputs=part.marshalled,
            table=expected.table if official else (),
            compare=oracle_code() if official else None,
            oracle=(check.oracle.rules, check.oracle.special, check.oracle.atol),
            largest=LARGEST,
            reduce=reduces(check) and not official,
            timed=False,
        )
        if answers.has_mismatch() or answers.large:
            mismatch = _first_large_mismatch(zygote, check, part, program, answers.large) or answers.mismatch
            if mismatch is not None:
                return mismatch, outcome
        failure = _whole_failure(frame, outcome, check.entry_point)
        if failure is None and answers.count < len(expected):
            failure = Failure(VerdictKind.tampered, "some answers are missing")
        if failure is not None and answers.count:
            failure = Failure(failure.kind, f"input {answers.count}: {failure.detail}", failure.flags)
        return failure, outcome
    except Tampered as error:
        return Failure(VerdictKind.tampered, str(error)), Outcome(Status.exited)
    finally:
        os.close(results)


def _first_large_mismatch(
    zygote: Zygote, check: DifferentialCheck, part: _InputSet, program: str, indices: list[int]
) -> Failure | None:
    """Compare whole answers that are too long to be kept: candidate and reference once more, on one input at a time.

    What the machine did to one of them is the failure, too; its kind or its flag says so.
    """
    oracle = check.oracle
    for index in indices:
        values = []
        for source in (program, check.reference):
            line, outcome = _answer_whole(zygote, check, source, part.inputs[index])
            if outcome.status in (Status.harness_error, Status.time_limit_wall):
                return from_outcome(outcome)
            try:
                values.append(plain.decode(line))
            except plain.BadEncoding:
                return Failure(VerdictKind.wrong_answer, f"input {index}: a different answer than the reference's")
        # whole float lists are compared with a tolerance whatever came before, which is all that order decides
        comparison = Comparison((oracle.rules, oracle.special, oracle.atol), partial(_constant, values[1]))
        if not comparison.passes(0, part.inputs[index], values[0]):
            return Failure(VerdictKind.wrong_answer, f"input {index}: a different answer than the reference's")
    return None


def _constant(value: Any, _index: int) -> Any:
    return value


def _answer_whole(zygote: Zygote, check: DifferentialCheck, source: str, args: Any) -> tuple[bytes, Outcome]:
    results = os.memfd_create("answer", os.MFD_CLOEXEC)
    try:
        _, outcome = one_shot(
            zygote,
            "batch",
            source,
            check.limits.with_cpu_s(check.task_cap_s),
            fds=(results,),
            entry_point=check.entry_point,
            inputs=marshal.dumps([args], 2),
            table=(),
            compare=None,
            oracle=None,
            largest=MAX_RESULTS,
            reduce=False,
            timed=False,
        )
        return os.pread(results, MAX_RESULTS, 0).rstrip(b"\n"), outcome
    except Tampered:
        return b"", Outcome(Status.exited)
    finally:
        os.close(results)


class _Answers:
    """The answers of one process as they come in, held against what is expected.

    large: inputs whose answers are known only by digests that differ.
    """

    def __init__(self, check: DifferentialCheck, part: _InputSet, results: int) -> None:
        oracle = check.oracle
        self._check, self._part, self._results = check, part, results
        self._comparison = Comparison((oracle.rules, oracle.special, oracle.atol), part.expected.value)
        self._offset = 0
        self._rest = b""
        self.count = 0
        self.mismatch: Failure | None = None
        self.large: list[int] = []

    def has_mismatch(self) -> bool:
        """Compare what has come in since, up to the first answer that does not pass."""
        size = min(os.fstat(self._results).st_size, MAX_RESULTS)
        if self.mismatch is None and size > self._offset:
            data = self._rest + os.pread(self._results, size - self._offset, self._offset)
            self._offset = size
            if self._as_expected(data):
                return False
            lines = data.split(b"\n")
            self._rest = lines.pop()
            for line in lines[: len(self._part.expected) - self.count]:
                why = self._failure(line)
                if why is not None:
                    self.mismatch = Failure(why.kind, f"input {self.count}: {why.detail}", why.flags)
                    break
                self.count += 1
        return self.mismatch is not None

    def _as_expected(self, data: bytes) -> bool:
        """Whether these are whole lines, each the reference's own: then they need not be looked at one by one."""
        count = data.count(b"\n")
        wanted = self._part.expected.lines[self.count : self.count + count]
        if self._check.official or b"NaN" in data or data != b"\n".join([*wanted, b""]):
            return False
        self.count += count
        self._rest = b""
        return True

    def _failure(self, line: bytes) -> Failure | None:
        """Why an answer does not pass. Equal bytes are equal values, so only others are decoded and compared."""
        index = self.count
        if line.startswith((b'{"x":', b'{"u":')):
            return _not_an_answer(line)
        if self._check.official:
            if line == LARGE:
                self.large.append(index)
            if line in (PASS, LARGE):
                return None
            return Failure(VerdictKind.wrong_answer, "a different answer than the reference's")
        expected = self._part.expected.lines[index]
        if line == expected and b"NaN" not in line:
            return None
        if line.startswith(_DIGEST) or expected.startswith(_DIGEST):
            self.large.append(index)
            return None
        try:
            answer = plain.decode(line)
        except plain.BadEncoding as error:
            return Failure(VerdictKind.tampered, f"bytes that are no answer ({error})")
        args = self._part.inputs[index]
        if self._comparison.passes(index, args, answer):
            return None
        wanted = _short(self._part.expected.value(index))
        return Failure(VerdictKind.wrong_answer, f"{_short(tuple(args))} gave {_short(answer)}, expected {wanted}")


def _not_an_answer(line: bytes) -> Failure:
    """The agent's record of an exception, or of a value that is no plain data."""
    try:
        ((tag, body),) = plain.loads_untagged(line).items()
    except (plain.BadEncoding, ValueError, AttributeError):
        return Failure(VerdictKind.tampered, "bytes that are no answer")
    if tag == "x" and type(body) is list and [type(x) for x in body] == [str, str, int, int]:
        return from_exception(body)
    if tag == "u" and type(body) is str:
        return Failure(VerdictKind.wrong_answer, f"unserialisable: {one_line(body)}")
    return Failure(VerdictKind.tampered, "bytes that are no answer")


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an int with more digits than Python prints
        text = f"a {type(value).__name__}"
    return one_line(text, 80)


def _whole_failure(frame: Any, outcome: Outcome, entry_point: str) -> Failure | None:
    """Why the process did not get through all inputs; None where it did."""
    if outcome.status is Status.output_limit or frame is None:
        return from_outcome(outcome)
    if frame[0] == "done":
        return None
    if frame == ["missing"]:
        return Failure(VerdictKind.no_code, f"the program does not define {entry_point}")
    if len(frame) == 5 and frame[0] in ("compile", "load") and [type(x) for x in frame[1:]] == [str, str, int, int]:
        return from_load(frame[0], frame[1:])
    return Failure(VerdictKind.tampered, "a report of a kind that does not exist")

"""EvalPlus: every input of a task given to candidate and reference, and their answers compared."""

from __future__ import annotations

import marshal
import os
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from assay.judge.checks import DifferentialCheck, Inputs
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
_PAUSE = 8  # answers that are looked at before the rest are computed


@dataclass(frozen=True)
class _InputSet:
    """One input set of a task, ready to be sent."""

    name: str
    inputs: Inputs
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
            expected = references(zygote, check)
            sets = [_InputSet(name, inputs, expected[name]) for name, inputs in check.inputs.items()]
            found = self._prepared[key] = (check, sets)
            if len(self._prepared) > 4:
                for old in self._prepared.popitem(last=False)[1][1]:
                    old.expected.close()
        return found[1]

    def judge(self, zygote: Zygote, check: DifferentialCheck, program: str) -> Verdict:
        """Judge one sample: each input set in a process of its own, as upstream does, which is forked from one that
        has loaded the program; what that leaves in doubt is judged by itself.

        Raises ZygoteDied, ReferenceFailed.
        """
        parts = self._prepare(zygote, check)
        found, outcome = _judge_sets(zygote, check, parts, program)
        outcomes = [outcome]
        output = output_end(outcome) if any(found.values()) else ""
        for part in parts:
            if part.name not in found:
                alone, outcome = _judge_sets(zygote, check, [part], program)
                found |= alone
                outcomes.append(outcome)
                output = output or (output_end(outcome) if alone[part.name] else "")
        failures = {part.name: found[part.name] for part in parts}
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


def _judge_sets(
    zygote: Zygote, check: DifferentialCheck, parts: Sequence[_InputSet], program: str
) -> tuple[dict[str, Failure | None], Outcome]:
    """Give one candidate the inputs of these sets; of each, what it failed at, up to the first wrong answer.

    Sets about which the end of the process says nothing certain are missing, which a single one never is.
    """
    per_input = [part.expected.seconds(check.min_time_s, check.time_factor) for part in parts]
    caps_s = [min(check.task_cap_s, sum(seconds)) + 1.0 for seconds in per_input]
    limits = check.limits.with_cpu_s(sum(caps_s))
    with ExitStack() as stack:
        results = [os.memfd_create("results", os.MFD_CLOEXEC) for _ in parts]
        for fd in results:
            stack.callback(os.close, fd)
        answers = [_Answers(check, part, fd) for part, fd in zip(parts, results, strict=True)]
        try:
            frame, outcome = one_shot(
                zygote,
                "batch",
                program,
                replace(limits, processes=limits.processes + len(parts) - 1),
                fds=(*results, *(part.expected.descriptor for part in parts if check.official)),
                enough=_Enough(answers),
                per_input=[seconds for each in per_input for seconds in each],
                entry_point=check.entry_point,
                sets=[
                    (len(part.inputs), part.inputs.marshalled, part.expected.table if check.official else ())
                    for part in parts
                ],
                compare=oracle_code() if check.official else None,
                oracle=(check.oracle.rules, check.oracle.special, check.oracle.atol),
                largest=LARGEST,
                reduce=reduces(check) and not check.official,
                timed=False,
                pause=0 if check.official else _PAUSE,
            )
            failures: dict[str, Failure | None] = {}
            if len(parts) > 1:
                if frame == ["alone"] or outcome.cpu_s >= min(caps_s):  # the limit of all is not that of each
                    return failures, outcome
                loading = _load_failure(frame, check.entry_point)
                if loading is not None:
                    return dict.fromkeys(check.inputs, loading), outcome
            for part, one in zip(parts, answers, strict=True):
                if one.has_mismatch() or one.large:
                    mismatch = _first_large_mismatch(zygote, check, part, program, one.large) or one.mismatch
                    if mismatch is not None:
                        failures[part.name] = mismatch
                        continue
                if part is not parts[-1]:
                    if one.count < len(part.expected):
                        if outcome.status is Status.time_limit_cpu:
                            failures[part.name] = _at_input(one.count, from_outcome(outcome))
                        return failures, outcome
                    failures[part.name] = None
                elif outcome.status is not Status.killed or len(parts) == 1:
                    failure = _whole_failure(frame, outcome, check.entry_point)
                    if failure is None and one.count < len(part.expected):
                        failure = Failure(VerdictKind.tampered, "some answers are missing")
                    failures[part.name] = _at_input(one.count, failure) if failure else None
            return failures, outcome
        except Tampered as error:
            failure = Failure(VerdictKind.tampered, str(error))
            return {part.name: failure for part in parts}, Outcome(Status.exited)


def _at_input(number: int, failure: Failure) -> Failure:
    """The failure with the input at which it happened, if it was not before the first."""
    return Failure(failure.kind, f"input {number}: {failure.detail}", failure.flags) if number else failure


class _Enough:
    """Whether what is known of some sets suffices: the last has a wrong answer, or another has one and is stuck."""

    def __init__(self, answers: Sequence[_Answers]) -> None:
        self._answers = answers
        self._sizes: list[int] = []

    def __call__(self) -> bool:
        before, self._sizes = self._sizes, [one.size() for one in self._answers]
        wrong = [one.has_mismatch() for one in self._answers]
        return wrong[-1] or (any(wrong) and self._sizes == before)


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
            line, outcome = _answer_whole(zygote, check, source, part.inputs.rows[index])
            if outcome.status in (Status.harness_error, Status.time_limit_wall):
                return from_outcome(outcome)
            try:
                values.append(plain.decode(line))
            except plain.BadEncoding:
                return Failure(VerdictKind.wrong_answer, f"input {index}: a different answer than the reference's")
        # whole float lists are compared with a tolerance whatever came before, which is all that order decides
        comparison = Comparison((oracle.rules, oracle.special, oracle.atol), partial(_constant, values[1]))
        if not comparison.passes(0, part.inputs.rows[index], values[0]):
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
            sets=((1, marshal.dumps([args], 2), ()),),
            compare=None,
            oracle=None,
            largest=MAX_RESULTS,
            reduce=False,
            timed=False,
            pause=0,
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

    def size(self) -> int:
        """Bytes that have come in."""
        return min(os.fstat(self._results).st_size, MAX_RESULTS)

    def has_mismatch(self) -> bool:
        """Compare what has come in since, up to the first answer that does not pass."""
        size = self.size()
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
        args = self._part.inputs.rows[index]
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


def _load_failure(frame: Any, entry_point: str) -> Failure | None:
    """Why the candidate could not be asked anything."""
    if frame == ["missing"]:
        return Failure(VerdictKind.no_code, f"the program does not define {entry_point}")
    if frame and frame[0] in ("compile", "load") and [type(x) for x in frame[1:]] == [str, str, int, int]:
        return from_load(frame[0], frame[1:])
    return None


def _whole_failure(frame: Any, outcome: Outcome, entry_point: str) -> Failure | None:
    """Why the process did not get through all inputs; None where it did."""
    if outcome.status is Status.output_limit or frame is None:
        return from_outcome(outcome)
    if frame[0] == "done":
        return None
    unfit = Failure(VerdictKind.tampered, "a report of a kind that does not exist")
    return _load_failure(frame, entry_point) or unfit

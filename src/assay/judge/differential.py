"""EvalPlus: every input of a task given to candidate and reference, and their answers compared."""

from __future__ import annotations

import marshal
import os
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from assay.judge import oracle
from assay.judge.checks import DifferentialCheck
from assay.judge.failure import Failure, from_exception, from_load, from_outcome, one_line
from assay.judge.references import Expected, oracle_source, read_results, reduces, references
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox import plain
from assay.sandbox.program import Outcome, Status
from assay.sandbox.session import Tampered, TooLarge, one_shot
from assay.sandbox.warm import Zygote


@dataclass(frozen=True)
class _Prepared:
    """What does not change between the samples of a task."""

    inputs: dict[str, bytes]
    expected: dict[str, Expected]
    limits_s: dict[str, tuple[float, ...]]


class Differential:
    """Judges DifferentialChecks with one zygote; keeps the last few tasks' inputs and reference answers at hand."""

    def __init__(self) -> None:
        self._prepared: OrderedDict[int, tuple[DifferentialCheck, _Prepared]] = OrderedDict()

    def _prepare(self, zygote: Zygote, check: DifferentialCheck) -> _Prepared:
        # The two rule sets of a task hold the same inputs object, so they share what is prepared.
        key = id(check.inputs)
        found = self._prepared.get(key)
        if found is None or found[0].inputs is not check.inputs:
            inputs = {name: marshal.dumps(list(rows), 2) for name, rows in check.inputs.items()}
            expected = references(zygote, check, inputs)
            limits = {
                name: tuple(max(check.min_time_s, check.time_factor * t) for t in part.cpu_s)
                for name, part in expected.items()
            }
            found = self._prepared[key] = (check, _Prepared(inputs, expected, limits))
            if len(self._prepared) > 8:
                self._prepared.popitem(last=False)
        return found[1]

    def judge(self, zygote: Zygote, check: DifferentialCheck, program: str, seed: str) -> Verdict:
        """Judge one sample. The sets run in one process after another; a set that a crash kept from running gets a
        process of its own. Raises ZygoteDied, ReferenceFailed.
        """
        prepared = self._prepare(zygote, check)
        failures: dict[str, Failure | None] = {}
        cpu_s = wall_s = 0.0
        peak_bytes = 0
        names = list(check.inputs)
        while names:
            found, outcome = self._run(zygote, check, prepared, names, program, seed)
            failures.update(found)
            names = names[len(found) :]
            cpu_s, wall_s = cpu_s + outcome.cpu_s, wall_s + outcome.wall_s
            peak_bytes = max(peak_bytes, outcome.peak_bytes)
        first = next(((name, failure) for name, failure in failures.items() if failure is not None), None)
        return Verdict(
            first[1].kind if first else VerdictKind.accepted,
            f"{first[0]} {first[1].detail}" if first else "",
            cpu_s,
            wall_s,
            peak_bytes,
            first[1].flags if first else (),
            tuple((name, failure.kind if failure else VerdictKind.accepted) for name, failure in failures.items()),
        )

    def _run(
        self, zygote: Zygote, check: DifferentialCheck, prepared: _Prepared, names: list[str], program: str, seed: str
    ) -> tuple[dict[str, Failure | None], Outcome]:
        """Run these sets in one process: a result for each set that was begun, at least for the first."""
        per_input = [limit for name in names for limit in prepared.limits_s[name]]
        cap = sum(min(check.task_cap_s, sum(prepared.limits_s[name])) + 1.0 for name in names)
        limits = check.limits.with_cpu_s(cap)
        official = check.official
        results = os.memfd_create("results", os.MFD_CLOEXEC)
        frame: Any = None
        failure: Failure | None = None
        try:
            try:
                frame, outcome = one_shot(
                    zygote,
                    "batch",
                    program,
                    limits,
                    seed,
                    results_fd=results,
                    per_input=per_input,
                    entry_point=check.entry_point,
                    sets=[
                        (
                            prepared.inputs[name],
                            len(prepared.expected[name].lines),
                            prepared.expected[name].marshalled if official else None,
                        )
                        for name in names
                    ],
                    compare=oracle_source() if official else None,
                    oracle=(check.oracle.rules, check.oracle.special, check.oracle.atol),
                    reduce=reduces(check) and not official,
                    timed=False,
                )
            except (Tampered, TooLarge) as error:
                outcome = Outcome(Status.exited)
                failure = Failure(VerdictKind.tampered, str(error))
            lines = read_results(results).split(b"\n")[:-1]
        finally:
            os.close(results)
        if failure is None:
            failure = _whole_failure(frame, outcome, check.entry_point)
        if failure is not None and not lines:
            return {name: failure for name in (names if frame is not None or len(names) == 1 else names[:1])}, outcome
        return self._compare_sets(check, prepared, names, lines, failure), outcome

    def _compare_sets(
        self,
        check: DifferentialCheck,
        prepared: _Prepared,
        names: list[str],
        lines: list[bytes],
        failure: Failure | None,
    ) -> dict[str, Failure | None]:
        found: dict[str, Failure | None] = {}
        start = 0
        for name in names:
            expected = prepared.expected[name]
            part = lines[start : start + len(expected.lines)]
            if check.official:
                stop = next((i for i, line in enumerate(part) if line != b"true"), None)
                if stop is not None:
                    part = part[: stop + 1]
                mismatch = None if stop is None else (stop, self._explain(part[stop]))
            else:
                mismatch = self._first_mismatch(check, expected, part, name)
            start += len(part)
            if mismatch is not None:
                index, why = mismatch
                found[name] = Failure(why.kind, f"input {index}: {why.detail}", why.flags)
            elif len(part) == len(expected.lines):
                found[name] = None
            else:
                ended = failure or Failure(VerdictKind.tampered, "some answers are missing")
                found[name] = Failure(ended.kind, f"input {len(part)}: {ended.detail}", ended.flags)
                break  # the sets after it were never begun
        return found

    @staticmethod
    def _explain(line: bytes) -> Failure:
        """Why one answer, as the agent wrote it, is no right answer."""
        if line == b"false":
            return Failure(VerdictKind.wrong_answer, "a different answer than the reference's")
        try:
            tagged = plain.loads_untagged(line)
        except plain.BadEncoding as error:
            return Failure(VerdictKind.tampered, f"bytes that are no answer ({error})")
        if type(tagged) is dict and len(tagged) == 1:
            description = tagged.get("x")
            if type(description) is list and [type(x) for x in description] == [str, str, int, int]:
                return from_exception(description)
            if type(tagged.get("u")) is str:
                return Failure(VerdictKind.wrong_answer, f"unserialisable: {one_line(tagged['u'])}")
        return Failure(VerdictKind.tampered, "an answer of a kind that does not exist")

    def _first_mismatch(
        self, check: DifferentialCheck, expected: Expected, lines: list[bytes], name: str
    ) -> tuple[int, Failure] | None:
        """Equal bytes are equal values; only the others are decoded and put to the oracle."""
        if not expected.has_nan and tuple(lines) == expected.lines[: len(lines)]:
            return None
        rules, special, stored = check.oracle.rules, check.oracle.special, check.oracle.atol
        in_force = oracle.tolerances(expected.values, rules, stored)
        for index, line in enumerate(lines):
            if line == expected.lines[index] and b"NaN" not in line:
                continue
            if line.startswith((b'{"x":', b'{"u":')):
                return index, self._explain(line)
            try:
                answer = plain.decode(line)
            except plain.BadEncoding as error:
                return index, Failure(VerdictKind.tampered, f"bytes that are no answer ({error})")
            args, value = check.inputs[name][index], expected.values[index]
            try:
                right = oracle.equal(rules, special, stored, in_force[index], args, answer, value)
            except Exception as error:  # upstream counts an exception in its comparison as a failure
                return index, Failure(VerdictKind.wrong_answer, f"cannot be compared: {one_line(str(error), 100)}")
            if not right:
                shown = f"{_short(args)} gave {_short(answer)}, expected {_short(value)}"
                return index, Failure(VerdictKind.wrong_answer, shown)
        return None


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

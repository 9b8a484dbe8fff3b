"""The closed set of verdicts and the record that carries one. `docs/verdicts.md` is the table for people."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class VerdictKind(enum.StrEnum):
    """Everything that can be said of one sample. Only `accepted` is a pass; `harness_error` is never a wrong answer."""

    accepted = "accepted"
    wrong_answer = "wrong_answer"
    runtime_error = "runtime_error"
    signalled = "signalled"
    time_limit = "time_limit"
    memory_limit = "memory_limit"
    output_limit = "output_limit"
    process_limit = "process_limit"
    disk_limit = "disk_limit"
    compile_error = "compile_error"
    early_exit = "early_exit"
    no_code = "no_code"
    forbidden = "forbidden"
    tampered = "tampered"
    flaky = "flaky"
    harness_error = "harness_error"


# Upstream leaves this answer out of the number of samples if any other answer to the task passes (CRUXEval).
SKIPPED = "skipped"


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one sample under one rule set.

    detail: one line for people; names the first failing test where there is one.
    flags: "in_process" (the tests had to share the candidate's process), "lingering" (threads or processes were still
        alive after the answer), "idle", "wall" (which clock ended it), "retried", "skipped" (see SKIPPED).
    parts: verdicts of named subsets of the tests, in order (EvalPlus: "base", "plus").
    output: the end of what a program that did not pass had printed, at most 2,000 characters: its standard error, or
        its standard output where that is empty (in a session of calls both are one). Of what an Outcome keeps, so of a
        very long output not the very end. Untrusted text with whatever control characters it has.
    """

    kind: VerdictKind
    detail: str = ""
    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_bytes: int = 0
    flags: tuple[str, ...] = ()
    parts: tuple[tuple[str, VerdictKind], ...] = ()
    output: str = ""

    @property
    def passed(self) -> bool:
        return self.kind is VerdictKind.accepted

    def as_json(self) -> dict[str, Any]:
        """The object stored under a rule set in `verdicts.jsonl`."""
        row: dict[str, Any] = {"verdict": self.kind.value, "passed": self.passed, "detail": self.detail}
        row.update((name, kind.value) for name, kind in self.parts)
        row.update(cpu_s=round(self.cpu_s, 6), wall_s=round(self.wall_s, 6), peak_bytes=self.peak_bytes)
        if self.flags:
            row["flags"] = list(self.flags)
        if self.output:
            row["output"] = self.output
        return row

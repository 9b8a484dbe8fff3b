"""From verdicts to numbers: all tests passed or not, or a ladder."""

from __future__ import annotations

from dataclasses import dataclass

from assay.judge.verdict import Verdict, VerdictKind

# What never got as far as running, or tried to be judged by something else than its answers.
_FIRST_RUNG = frozenset(
    (
        VerdictKind.no_code,
        VerdictKind.compile_error,
        VerdictKind.tampered,
        VerdictKind.forbidden,
        VerdictKind.early_exit,
    )
)
_THIRD_RUNG = frozenset((VerdictKind.wrong_answer, VerdictKind.flaky))


@dataclass(frozen=True)
class Scale:
    """The number for each kind of end: compile < runtime < wrong < passed.

    compile: no program, one that does not compile, or one that cheats. runtime: it crashed or reached a limit.
    wrong: it ran, and a test failed. passed: all tests passed.
    """

    compile: float = 0.0
    runtime: float = 0.0
    wrong: float = 0.0
    passed: float = 1.0

    def __post_init__(self) -> None:
        if not self.compile <= self.runtime <= self.wrong < self.passed:
            raise ValueError(
                f"a scale must not fall from compile to runtime to wrong, and passed must be above them all, got {self}"
            )

    def number(self, verdict: Verdict) -> float | None:
        """The reward; None where the harness failed, of which nothing follows for the program."""
        kind = verdict.kind
        if kind is VerdictKind.harness_error:
            return None
        if kind is VerdictKind.accepted:
            return self.passed
        if kind in _FIRST_RUNG:
            return self.compile
        return self.wrong if kind in _THIRD_RUNG else self.runtime


# All tests passed, or nothing. Partial credit invites programs that collect it.
BINARY = Scale()
# The steps of CodeRL (arXiv 2207.01780, section 3.2). For the first steps of a weak model, and for ranking failures.
LADDER = Scale(compile=-1.0, runtime=-0.6, wrong=-0.3, passed=1.0)

"""The kinds of check a task can ask for. Plain frozen records; `assay.judge.judge` carries them out.

Every check is given the candidate's whole program text and a name for its source (shown in tracebacks).
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assay.judge.contest import CallCheck, StdioCheck
from assay.sandbox.program import Limits


@dataclass(frozen=True)
class ScriptCheck:
    """`official` HumanEval and MBPP: candidate and tests are one program in one jailed process.

    The program is candidate + "\\n" + tests, executed in fresh globals; it passes when it runs to its end without an
    exception. Source: openai/human-eval `execution.py`.
    static_methods: first mark methods that name neither self nor cls as static, as ClassEval's harness does.
    """

    tests: str
    limits: Limits = Limits()
    static_methods: bool = False


@dataclass(frozen=True)
class StubCheck:
    """`hardened` HumanEval and MBPP: the tests run outside the jail against stubs that call into it.

    context: trusted source executed first, outside (the task's own helpers and imports).
    tests: trusted source executed next, outside. The text of the first statement that fails becomes the detail.
    stubs: names in `tests` that stand for functions of the candidate.
    """

    context: str
    tests: str
    stubs: tuple[str, ...]
    limits: Limits = Limits()


@dataclass(frozen=True)
class InProcessCheck:
    """Tests that truly need the candidate's process; run under a nonce with exact counts, flagged `in_process`.

    setup: statements executed after the candidate and before the tests.
    tests: single statements (asserts), counted one by one; empty when `unittest_source` is used.
    unittest_source: source that defines unittest.TestCase classes; every test method counts.
    expected_tests: how many tests must have run.
    """

    setup: str = ""
    tests: tuple[str, ...] = ()
    unittest_source: str = ""
    expected_tests: int = 0
    limits: Limits = Limits()


@dataclass(frozen=True)
class Oracle:
    """How EvalPlus compares an answer with the reference's (`assay.judge.oracle` holds the rules).

    rules: "0.2" or "0.3", the EvalPlus release line whose semantics apply.
    special: name of a special oracle ("" for none), see `assay.judge.oracle.SPECIAL`.
    atol: absolute tolerance stored with the task.
    """

    rules: str
    special: str = ""
    atol: float = 0.0


@dataclass(frozen=True)
class Inputs:
    """One set of inputs, kept as it is sent to a candidate: most sets are never looked at on the way.

    marshalled: the list of argument lists. count: of them.
    """

    marshalled: bytes
    count: int

    @classmethod
    def of(cls, rows: Iterable[Any]) -> Inputs:
        """Raises ValueError for what is no plain data."""
        listed = list(rows)
        return cls(marshal.dumps(listed, 2), len(listed))

    def __len__(self) -> int:
        return self.count

    @cached_property
    def rows(self) -> list[Any]:
        return list(marshal.loads(self.marshalled))


@dataclass(frozen=True)
class DifferentialCheck:
    """EvalPlus: call the entry point with every input and compare with what the reference returned.

    inputs: named input sets in order, for example {"base": Inputs.of(...), "plus": Inputs.of(...)}.
    reference: the reference program; its outputs are computed once in the jail and cached.
    The first set decides `base`; all sets together decide the verdict. Stop at the first failing input of a set.
    min_time_s, time_factor, task_cap_s: limit per input = max(min_time_s, time_factor x reference CPU time), and
    min(task_cap_s, sum over inputs) + 1 for a whole set.
    official: compare inside the candidate's process as upstream does; otherwise outside.
    key: names the reference outputs in the cache (data hash and task id).
    """

    entry_point: str
    reference: str
    inputs: dict[str, Inputs] = field(hash=False)
    oracle: Oracle = Oracle("0.3")
    min_time_s: float = 1.0
    time_factor: float = 4.0
    task_cap_s: float = 60.0
    official: bool = False
    key: str = ""
    limits: Limits = Limits(memory_bytes=4 << 30)


@dataclass(frozen=True)
class UnavailableCheck:
    """Tests that cannot be run here, whatever the answer: every one ends as harness_error, with `reason`."""

    reason: str
    limits: Limits = Limits()


@dataclass(frozen=True)
class PredictionCheck:
    """CRUXEval: what is judged is no program but an expression; the program is the task's own.

    predicts: "output", then the answer is what `function` returns for `input`; or "input", then it is a call of
    `function` that returns `output`.
    code: trusted source that defines `function`. input, output: source of its arguments and of its value.
    official: put the answer's text into an assertion, as upstream does; otherwise values are compared outside the jail.
    in_process: the arguments cannot cross the jail's wall, so the hardened call is made beside the answer, and flagged.
    """

    predicts: str
    code: str
    input: str
    output: str
    function: str = "f"
    official: bool = False
    in_process: bool = False
    limits: Limits = Limits()


@dataclass(frozen=True)
class SuiteCheck:
    """The answer is tests for a known function: the right program must pass all of them, and each wrong one fail one.

    The answer is never run. What it calls `function` with and what it expects are read as literals, the programs are
    called with them in the jail, and values are compared outside. The verdict's part "base" is accepted where the right
    program passes and at least one wrong one fails.
    reference: the right program. bugs: the wrong ones, each with the same function.
    most_tests: how many tests of an answer are looked at.
    limits: of one call.
    """

    function: str
    reference: str
    bugs: tuple[str, ...]
    most_tests: int = 50
    limits: Limits = Limits(cpu_s=2.0)


# What stands in the files of the next two checks for the candidate's text, and for a word that no candidate can know:
# the same for one program every time, so that what is compiled can be found again.
CANDIDATE = "\0candidate\0"
TOKEN = "\0token\0"


@dataclass(frozen=True)
class PassRule:
    """When a run counts as passed under upstream's rules, besides keeping to its limits.

    exit_zero: it must end with status 0. silent: nothing on stdout and stderr. stderr_empty: nothing on stderr.
    stdout_lacks, stderr_lacks: texts that must not occur.
    """

    exit_zero: bool = True
    silent: bool = False
    stderr_empty: bool = False
    stdout_lacks: tuple[str, ...] = ()
    stderr_lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProgramCheck:
    """`official` tests of other languages: candidate and tests are one program, and how it ends is the verdict.

    language: a name from `assay.sandbox.languages`. files: (name, text) with CANDIDATE where the candidate's text
    belongs; the first is the entry. flags: for the compiler; several sets are tried in turn until one compiles.
    """

    language: str
    files: tuple[tuple[str, str], ...]
    rule: PassRule = PassRule()
    flags: tuple[tuple[str, ...], ...] = ((),)
    limits: Limits = Limits(cpu_s=15.0)


@dataclass(frozen=True)
class HarnessCheck:
    """`hardened` tests of other languages, which share the candidate's process: run under a nonce with exact counts.

    The harness in `files` reads one line, the nonce, from stdin before it calls the candidate, and prints to stdout,
    each on a line of its own: "NONCE failed N TEXT" when test N fails, "NONCE tampered TEXT" when an assertion that
    must fail does not, and "NONCE passed N" after the last of N tests and the assertions that must fail. A pass needs
    the last line with N = expected_tests, and exit status 0. Whatever else is printed decides nothing. In the first two
    the first half of the nonce is enough, so that the whole never leaves a harness whose tests did not pass.
    files: as in ProgramCheck, and TOKEN in names that the candidate must not guess. flags: for the compiler.
    """

    language: str
    files: tuple[tuple[str, str], ...]
    expected_tests: int
    flags: tuple[str, ...] = ()
    limits: Limits = Limits(cpu_s=15.0)


Check = (
    ScriptCheck
    | StubCheck
    | InProcessCheck
    | DifferentialCheck
    | PredictionCheck
    | SuiteCheck
    | UnavailableCheck
    | ProgramCheck
    | HarnessCheck
    | StdioCheck
    | CallCheck
)

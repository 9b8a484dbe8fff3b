"""The kinds of check a task can ask for. Plain frozen records; `assay.judge.judge` carries them out.

Every check is given the candidate's whole program text and a name for its source (shown in tracebacks).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assay.sandbox.program import Limits


@dataclass(frozen=True)
class ScriptCheck:
    """`official` HumanEval and MBPP: candidate and tests are one program in one jailed process.

    The program is candidate + "\\n" + tests, executed in fresh globals; it passes when it runs to its end without an
    exception. Source: openai/human-eval `execution.py`.
    """

    tests: str
    limits: Limits = Limits()


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
class DifferentialCheck:
    """EvalPlus: call the entry point with every input and compare with what the reference returned.

    inputs: named input sets in order, each a tuple of argument lists, for example {"base": (...), "plus": (...)}.
    reference: the reference program; its outputs are computed once in the jail and cached.
    The first set decides `base`; all sets together decide the verdict. Stop at the first failing input of a set.
    min_time_s, time_factor, task_cap_s: limit per input = max(min_time_s, time_factor x reference CPU time), and
    min(task_cap_s, sum over inputs) + 1 for a whole set.
    official: compare inside the candidate's process as upstream does; otherwise outside.
    key: names the reference outputs in the cache (data hash and task id).
    """

    entry_point: str
    reference: str
    inputs: dict[str, tuple[Any, ...]] = field(hash=False)
    oracle: Oracle = Oracle("0.3")
    min_time_s: float = 1.0
    time_factor: float = 4.0
    task_cap_s: float = 60.0
    official: bool = False
    key: str = ""
    limits: Limits = Limits(memory_bytes=4 << 30)


Check = ScriptCheck | StubCheck | InProcessCheck | DifferentialCheck

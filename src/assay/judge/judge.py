"""One sample, one check, one verdict."""

from __future__ import annotations

import threading
import traceback
from pathlib import Path

from assay.judge.calls import judge_calls
from assay.judge.checks import (
    Check,
    DifferentialCheck,
    HarnessCheck,
    InProcessCheck,
    PredictionCheck,
    ProgramCheck,
    ScriptCheck,
    StubCheck,
    SuiteCheck,
    UnavailableCheck,
)
from assay.judge.contest import CallCheck, StdioCheck
from assay.judge.differential import Differential
from assay.judge.failure import message_of, one_line
from assay.judge.harness import judge_harness
from assay.judge.in_process import judge_in_process, judge_script
from assay.judge.prediction import judge_prediction
from assay.judge.program import judge_program
from assay.judge.references import ReferenceFailed
from assay.judge.stdio import judge_stdio
from assay.judge.suite import judge_suite
from assay.judge.trusted import judge_with_stubs
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.warm import Zygote, ZygoteDied, open_zygote


class Judge:
    """Judges samples one after another in a warm interpreter of its own; replaces the interpreter when it dies.

    Use as a context manager. hash_seed: PYTHONHASHSEED of everything that runs.
    """

    def __init__(self, hash_seed: int = 0, unsafe: bool = False) -> None:
        """Raises SandboxUnavailable when this machine cannot isolate and `unsafe` is not given."""
        self._hash_seed, self._unsafe = hash_seed, unsafe
        self._zygote: Zygote | None = open_zygote(hash_seed, unsafe)
        self.isolation = self._zygote.isolation
        self._closing = threading.Lock()
        self._differential = Differential()

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the warm interpreter. Threads that do so at once all wait until it has ended."""
        with self._closing:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

    def judge(self, check: Check, program: str = "", language: str = "") -> Verdict:
        """Judge one program. Whatever goes wrong in the harness is a harness_error, never a wrong answer.

        language: what it is written in, for checks that leave this to the answer.
        """
        try:
            if self._zygote is None:
                self._zygote = open_zygote(self._hash_seed, self._unsafe)
            return self._judge(self._zygote, check, program, language)
        except ZygoteDied as error:
            self.close()
            return Verdict(VerdictKind.harness_error, f"the warm interpreter ended: {error}")
        except (ReferenceFailed, OSError) as error:
            # The conversation may have stopped half-way, so this interpreter cannot be trusted with the next sample.
            self.close()
            return Verdict(VerdictKind.harness_error, str(error))
        except Exception as error:
            # A mistake of the judge's own. It costs one verdict and not the process, and its reason is kept.
            self.close()
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {message_of(error)} ({Path(where.filename).name}, line {where.lineno})"
            return Verdict(VerdictKind.harness_error, one_line(reason))

    def _judge(self, zygote: Zygote, check: Check, program: str, language: str) -> Verdict:
        if isinstance(check, StubCheck):
            return judge_with_stubs(zygote, check, program)
        if isinstance(check, ScriptCheck):
            return judge_script(zygote, check, program)
        if isinstance(check, InProcessCheck):
            return judge_in_process(zygote, check, program)
        if isinstance(check, DifferentialCheck):
            return self._differential.judge(zygote, check, program)
        if isinstance(check, PredictionCheck):
            return judge_prediction(zygote, check, program)
        if isinstance(check, SuiteCheck):
            return judge_suite(zygote, check, program)
        if isinstance(check, UnavailableCheck):
            return Verdict(VerdictKind.harness_error, check.reason)
        if isinstance(check, ProgramCheck):
            return judge_program(zygote, check, program)
        if isinstance(check, HarnessCheck):
            return judge_harness(zygote, check, program)
        if isinstance(check, StdioCheck):
            return judge_stdio(zygote, check, program, language)
        if isinstance(check, CallCheck):
            return judge_calls(zygote, check, program)
        raise TypeError(f"no judge for {type(check).__name__}")

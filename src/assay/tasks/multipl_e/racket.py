"""MultiPL-E in Racket: `(check-within (candidate …) … 0.001)` of RackUnit, which reports on stderr and exits with 0."""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, PassRule, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, closing, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=15.0)
_HARNESS = """\
#lang racket/base
(require rackunit)
(define nonce (read-line))
(define out (current-output-port))
(delete-file "harness.rkt")
(define (report digits words)
  (write-string (string-append "\\n" (substring nonce 0 digits) " " words "\\n") out)
  (flush-output out))
(define (same? result expected)
  (with-handlers ([exn:test:check? (lambda (_) #f)])
    (parameterize ([current-check-around (lambda (check) (check))])
      (check-within result expected 0.001)
      #t)))
(define (check test text result right wrong decoy?)
  (define wrong-first? (odd? (char->integer (string-ref nonce (modulo test 32)))))
  (define before (and decoy? wrong-first? (same? result wrong)))
  (define holds? (same? result right))
  (define tampered? (if wrong-first? before (and decoy? (same? result wrong))))
  (unless (and holds? (not tampered?))
    (report 16
            (if holds?
                "tampered a comparison holds that must fail"
                (string-append "failed " (number->string test) " " text)))
    (exit-now 1)))
(define exit-now (exit-handler))
(define candidate (dynamic-require (build-path (current-directory) "x.rkt") 'call-{token}))
{tests}
(report 32 "passed {count}")
"""
_UNIT = """\
{candidate}
(require rackunit)
(provide (rename-out [{function} call-{token}]))
"""


def official(row: Row) -> ProgramCheck:
    files = (("x.rkt", f"{CANDIDATE}\n{row['tests']}"),)
    return ProgramCheck("racket", files, PassRule(stderr_empty=True), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The candidate is a module of its own, which the harness loads after it has read the nonce."""
    cases = _cases(row["tests"])
    tests = "\n".join(_test(n, case) for n, case in enumerate(cases, 1))
    unit = _UNIT.format(candidate=CANDIDATE, function=function_of(row["tests"]), token=TOKEN)
    harness = _HARNESS.format(tests=tests, count=len(cases), token=TOKEN)
    return HarnessCheck("racket", (("harness.rkt", harness), ("x.rkt", unit)), len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    found = []
    for start in re.finditer(r"\(check-within (?=\(candidate )", tests):
        inner = tests[start.end() : closing(tests, start.start())]
        call, rest = split_call(inner)
        found.append((call, rest.removesuffix("0.001").strip()))
    return with_decoys(found)


def _test(number: int, case: Case) -> str:
    text = case.shown.replace("\\", "\\\\").replace('"', '\\"')
    decoy = f"{case.decoy} #t" if case.decoy else "#f #f"
    return f'(check {number} "{text}" {case.call} {case.rest} {decoy})'


LANGUAGE = Language(
    name="racket",
    suffix="rkt",
    counts=(161, 397),
    sha256=(
        "2b4dedcce10ab36abb83048eded14f55c86162c2b674e87ab9f393d124f72418",
        "6723d3b6ca5f8c3da721e8e4581a3f8b30e9377963063f45bcf8ce7964e60a76",
    ),
    official=official,
    hardened=hardened,
)

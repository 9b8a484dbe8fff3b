"""MultiPL-E in Swift: `assert(name(…) == …)` as statements of the program."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=5.0)
_HARNESS = """\
{imports}
{helpers}
func runTests(_ nonce: String) {{
    func report(_ digits: Int, _ words: String) {{
        let line = "\\n\\(nonce.prefix(digits)) \\(words)\\n"
        _ = line.withCString {{ write(1, $0, strlen($0)) }}
    }}
    func check<T>(_ test: Int, _ text: String, _ result: T, _ right: (T) -> Bool, _ wrong: (T) -> Bool) {{
        let wrongFirst = Array(nonce.utf8)[test % 32] & 1 == 1
        var tampered = wrongFirst && wrong(result)
        let holds = right(result)
        if !wrongFirst {{ tampered = wrong(result) }}
        if holds && !tampered {{ return }}
        report(16, holds ? "tampered a comparison holds that must fail" : "failed \\(test) \\(text)")
        _exit(1)
    }}
{tests}
    report(32, "passed {count}")
}}
runTests(readLine() ?? "")
"""
_IMPORTS = """\
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("swift", (("x.swift", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """Candidate and tests in two files; the rows' own `==` for lists of pairs is the tests'."""
    helpers, _, body = row["tests"].partition("\nassert(")
    cases = with_decoys([split_call(text) for text in arguments(f"\nassert({body}", "assert")])
    tests = "\n".join(_test(n, case) for n, case in enumerate(cases, 1))
    harness = _HARNESS.format(
        imports=_IMPORTS, helpers=helpers.partition("}")[2].strip(), tests=tests, count=len(cases)
    )
    files = (("main.swift", harness), ("x.swift", f"{CANDIDATE}\n}}\n"))
    return HarnessCheck("swift", files, len(cases), limits=LIMITS)


def _test(number: int, case: Case) -> str:
    wrong = f"$0 {case.decoy}" if case.decoy else "_ in false"
    return f"    check({number}, {quoted(case.shown)}, {case.call}, {{ $0 {case.rest} }}, {{ {wrong} }})"


LANGUAGE = Language(
    name="swift",
    suffix="swift",
    counts=(158, 396),
    sha256=(
        "f74250ff35376c8751b41184472c3124de50c9f613b823b22ed6a959ce50b722",
        "fd0102b5dc9a4623407ae4ee5817bc08585cfd93b756d5b9e322c892f29ea002",
    ),
    official=official,
    hardened=hardened,
    closing="}",
)

"""MultiPL-E in Julia: `@test(candidate(…) == …)`."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=5.0, memory_bytes=2 << 30)
# One expression: it goes on with the methods that there were when it began, so that a comparison which the candidate
# redefines is not the one that decides.
_HARNESS = """\
let
    nonce = readline(stdin)
    out = fdio(1)
    rm("harness.jl")
    report = (digits, words) -> (write(out, "\\n$(nonce[1:digits]) $words\\n"); flush(out))
    check = (test, text, result, right, wrong) -> begin
        wrong_first = isodd(codeunit(nonce, test % 32 + 1))
        tampered = wrong_first && wrong(result) === true
        holds = right(result) === true
        wrong_first || (tampered = wrong(result) === true)
        holds && !tampered && return
        report(16, holds ? "tampered a comparison holds that must fail" : "failed $test $text")
        ccall(:_exit, Cvoid, (Cint,), 1)
    end
    Base.include(Main, abspath("x.jl"))
    candidate = (arguments...) -> Base.invokelatest(Base.invokelatest(getfield, Main, :{function}), arguments...)
{tests}
    report(32, "passed {count}")
end
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("julia", (("x.jl", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The harness is loaded first, the candidate into the module Main."""
    cases = _cases(row["tests"])
    tests = "\n".join(_test(n, case) for n, case in enumerate(cases, 1))
    harness = _HARNESS.format(function=function_of(row["tests"]), tests=tests, count=len(cases))
    return HarnessCheck("julia", (("harness.jl", harness), ("x.jl", f"{CANDIDATE}\n")), len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    return with_decoys([split_call(text) for text in arguments(tests, "@test")])


def _test(number: int, case: Case) -> str:
    text = case.shown.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    wrong = f"result {case.decoy}" if case.decoy else "false"
    return f'    check({number}, "{text}", {case.call}, result -> result {case.rest}, result -> {wrong})'


LANGUAGE = Language(
    name="julia",
    suffix="jl",
    counts=(159, 390),
    sha256=(
        "4739270d3e79e4c87d35ef5354eeec29444990147ce51917382bf90c10205455",
        "b5b978caea4bd2c0d9151d4c0f5bb02b94b11f8d3d69a8cd13e3ec963435c3d6",
    ),
    official=official,
    hardened=hardened,
)

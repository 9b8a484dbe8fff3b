"""MultiPL-E in R: `stopifnot(isTRUE(all.equal(candidate(…), …)))`."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=5.0, memory_bytes=2 << 30)
# Evaluated where only the base package is known, so that no function of the candidate's takes the place of one of it.
_HARNESS = """\
local({{
  input <- file("stdin", "r")
  nonce <- readLines(input, n = 1)
  close(input)
  unlink("harness.r")
  report <- function(digits, words) {{
    while (sink.number() > 0) sink()
    writeLines(c("", paste(substr(nonce, 1, digits), words)), stdout())
  }}
  same <- function(result, expected) isTRUE(all.equal(result, expected))
  check <- function(test, text, result, right, wrong, decoy) {{
    force(result)
    wrong_first <- utf8ToInt(substr(nonce, test %% 32 + 1, test %% 32 + 1)) %% 2 == 1
    tampered <- decoy && wrong_first && same(result, wrong)
    holds <- same(result, right)
    if (!wrong_first) tampered <- decoy && same(result, wrong)
    if (holds && !tampered) return(invisible())
    report(16, if (holds) "tampered a comparison holds that must fail" else paste("failed", test, text))
    quit(save = "no", status = 1, runLast = FALSE)
  }}
  source("x.r", local = globalenv())
  candidate <- get("{function}", envir = globalenv())
{tests}
  report(32, "passed {count}")
}}, envir = new.env(parent = baseenv()))
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("r", (("x.r", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The harness is loaded first, the candidate into the global environment."""
    cases = _cases(row["tests"])
    tests = "\n".join(_test(n, case) for n, case in enumerate(cases, 1))
    harness = _HARNESS.format(function=function_of(row["tests"]), tests=tests, count=len(cases))
    return HarnessCheck("r", (("harness.r", harness), ("x.r", f"{CANDIDATE}\n")), len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    calls = (split_call(text) for text in arguments(tests, "all.equal"))
    return with_decoys([(call, rest.removeprefix(",").strip()) for call, rest in calls])


def _test(number: int, case: Case) -> str:
    text = case.shown.replace("\\", "\\\\").replace("'", "\\'")
    decoy = f"{case.decoy}, TRUE" if case.decoy else "NULL, FALSE"
    return f"  check({number}, '{text}', {case.call}, {case.rest}, {decoy})"


LANGUAGE = Language(
    name="r",
    suffix="r",
    counts=(161, 397),
    sha256=(
        "190d8f3c74998b708d5d4cd2eaec77fb7277fbb7a41983e121ce8270133ea61a",
        "a4246644541a322982d1524c2f4aacedf42403b64e60f707af36d0a0cf33abd6",
    ),
    official=official,
    hardened=hardened,
)

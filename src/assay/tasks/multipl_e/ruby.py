"""MultiPL-E in Ruby: `assert_equal(…, candidate.call(…))` of test/unit."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, function_of, with_decoys
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=5.0)
# The classes that a report goes through cannot be changed afterwards. Whoever changes `==` is found out by comparisons
# that must fail.
_HARNESS = """\
-> {{
  nonce = STDIN.read.chomp
  out = IO.for_fd(1, autoclose: false)
  out.sync = true
  half = nonce[0, 16]
  File.delete(__FILE__)
  [IO, Proc, Method, UnboundMethod].each(&:freeze)
  fail = ->(words) {{ out.syswrite("\\n" + half + " " + words + "\\n"); exit!(1) }}
  check = ->(test, text, result, right, wrong) {{
    wrong_first = nonce.getbyte(test % 32).odd?
    tampered = wrong_first && wrong.(result)
    holds = right.(result)
    tampered = wrong.(result) unless wrong_first
    fail.('failed ' + test.to_s + ' ' + text) unless holds
    fail.('tampered a comparison holds that must fail') if tampered
  }}
  load './x.rb'
  candidate = method(:{function})
{tests}
  out.syswrite("\\n" + nonce + " passed {count}\\n")
}}.call
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("ruby", (("x.rb", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The harness is loaded first and compares as `assert_equal` does: the expected value is asked."""
    cases = _cases(row["tests"])
    tests = "\n".join(_test(n, case) for n, case in enumerate(cases, 1))
    harness = _HARNESS.format(function=function_of(row["tests"]), tests=tests, count=len(cases))
    return HarnessCheck("ruby", (("harness.rb", harness), ("x.rb", f"{CANDIDATE}\n")), len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    found = []
    for text in arguments(tests, "assert_equal"):
        expected, call = text.rsplit(", candidate.call(", 1)
        found.append((f"candidate.call({call}", expected))
    return with_decoys(found)


def _test(number: int, case: Case) -> str:
    text = case.shown.replace("\\", "\\\\").replace("'", "\\'")
    wrong = f"{case.decoy} == result" if case.decoy else "false"
    return (
        f"  check.({number}, '{text}', {case.call}, ->(result) {{ {case.rest} == result }}, ->(result) {{ {wrong} }})"
    )


LANGUAGE = Language(
    name="ruby",
    suffix="rb",
    counts=(161, 397),
    sha256=(
        "8520451dc64f4b22ef86a73793ff7275065a2b607c35e65359d165fd6a26642b",
        "9f95b7e577be85a6a9b9232bc5fe8542f2f5eceea4dae957e38782c46313fd50",
    ),
    official=official,
    hardened=hardened,
)

"""MultiPL-E in Bash: `[[ $(candidate "…") = "…" ]]` under `set -e`."""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, UnknownTests
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=15.0)
# The candidate's process: it knows no nonce and no expected value. It is given the number of a test and gives back what
# the call printed, as the tests' command substitutions take it.
_UNIT = """\
{candidate}
}}
set -e
while IFS= builtin read -r -u 3 n_{token}; do
  out_{token}=
  case $n_{token} in
{calls}
  esac
  builtin printf '%s\\0' "$out_{token}" >&4
done
"""
# The tests' process: it compares, and reports. It ends quietly where the other one left without an answer.
_HARNESS = """\
IFS= read -r nonce
coproc CANDIDATE {{ read -r go; exec bash x.sh 3<&0 4>&1 </dev/null >&2; }}
exec 5<&${{CANDIDATE[0]}} 6>&${{CANDIDATE[1]}}
candidate=$CANDIDATE_PID
rm harness.sh
echo go >&6
ask() {{
  {{ printf '%s\\n' "$1" >&6; }} 2>/dev/null || leave
  IFS= read -r -d '' -u 5 said || leave
}}
leave() {{ wait "$candidate"; exit; }}
failed() {{ printf '\\n%s failed %s %s\\n' "${{nonce:0:16}}" "$1" "$2"; exit 1; }}
trap '' PIPE
{tests}
printf '\\n%s passed {count}\\n' "$nonce"
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("bash", (("x.sh", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def published(row: Row) -> ProgramCheck:
    return ProgramCheck("bash", (("x.sh", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS.with_cpu_s(10.0))


def hardened(row: Row) -> HarnessCheck:
    """Candidate and tests in two processes. What a program prints between two tests goes to stderr."""
    cases = _cases(row["tests"])
    calls = "\n".join(f"    {n}) out_{TOKEN}=$({case.call}) || : ;;" for n, case in enumerate(cases, 1))
    functions = row["tests"].partition("\nset -e\n")[0].partition("}\n")[2].strip()
    candidate = _UNIT.format(candidate=f"{CANDIDATE}", calls=calls, token=TOKEN).replace(
        "\nset -e\n", f"\n{functions}\nset -e\n", 1
    )
    tests = "\n".join(
        f"ask {n}\n[[ $said = {case.rest} ]] || failed {n} {_single_quoted(case.shown)}"
        for n, case in enumerate(cases, 1)
    )
    harness = _HARNESS.format(tests=tests, count=len(cases))
    return HarnessCheck("bash", (("harness.sh", harness), ("x.sh", candidate)), len(cases), limits=LIMITS)


_TEST = re.compile(r'\[\[ \$\((candidate(?: "(?:[^"\\]|\\.)*")*)\) = ("(?:[^"\\]|\\.)*") \]\]', re.S)


def _cases(tests: str) -> tuple[Case, ...]:
    """Nothing can change what `[[` does, so no comparison needs one that must fail beside it."""
    cases = tuple(Case(found[1], found[2]) for found in _TEST.finditer(tests))
    if not cases:
        raise UnknownTests("no test to be found")
    return cases


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


LANGUAGE = Language(
    name="bash",
    suffix="sh",
    counts=(158, 382),
    sha256=(
        "e8011c564d071b500d58610f185a0dd2a509bdcc5ce2457c57cb98d395ccc02e",
        "f90c0d1f7488356cc32829fdc09c6c25fbd240bb3beab7fffb60899ddcee1d4a",
    ),
    official=official,
    hardened=hardened,
    published=published,
    closing="}",
)

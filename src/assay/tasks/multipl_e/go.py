"""MultiPL-E in Go: a table of `{ actual: candidate(…), expected: … }`, compared as text by a test function."""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, PassRule, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, UnknownTests, closing, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=30.0)
# One package, since the rows' package is one of tests, which no other can import; the names of this file cannot be
# guessed. Its variables are set before those of the candidate's file, which comes after it. `TestMain` runs in place of
# the tests, and there can be only one.
_HARNESS = """\
package {package}

import (
	fmt_{token} "fmt"
	os_{token} "os"
	testing_{token} "testing"
)

var out_{token} = os_{token}.NewFile(1, "stdout")

var nonce_{token} = func() string {{
	line := make([]byte, 64)
	size := 0
	for size < len(line) {{
		count, err := os_{token}.Stdin.Read(line[size : size+1])
		if err != nil || count == 0 || line[size] == '\\n' {{
			break
		}}
		size += count
	}}
	return string(line[:size])
}}()

func check_{token}(test int, text string, actual interface{{}}, expected interface{{}}, decoy interface{{}}) {{
	result := fmt_{token}.Sprintf("%v", actual)
	holds := result == fmt_{token}.Sprintf("%v", expected)
	if holds && result != fmt_{token}.Sprintf("%v", decoy) {{
		return
	}}
	if holds {{
		report_{token}("tampered a comparison holds that must fail", 16)
	}} else {{
		report_{token}(fmt_{token}.Sprint("failed ", test, " ", text), 16)
	}}
	os_{token}.Exit(1)
}}

func report_{token}(words string, digits int) {{
	out_{token}.WriteString("\\n" + nonce_{token}[:digits] + " " + words + "\\n")
}}

func TestMain(_ *testing_{token}.M) {{
	candidate := {function}
{tests}
	report_{token}("passed {count}", 32)
	os_{token}.Exit(0)
}}
"""
# The test function's place is taken, and what the prompt imports is used, as the tests do.
_UNIT = """\
{candidate}
{head}
	_, _ = candidate, fmt.Sprintf
}}
"""


def official(row: Row) -> ProgramCheck:
    """By `go test`, whose word FAIL decides, not its exit status."""
    rule = PassRule(exit_zero=False, stdout_lacks=("FAIL",))
    return ProgramCheck("go", (("x_test.go", f"{CANDIDATE}\n{row['tests']}"),), rule, limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The tests in a file of their own, compared as text as upstream does."""
    package = re.match(r"package (\w+)", row["prompt"])
    head, _, _ = row["tests"].partition("\ttype test struct")
    if package is None:
        raise UnknownTests("the prompt names no package")
    cases = _cases(row["tests"])
    harness = _HARNESS.format(
        package=package[1],
        function=function_of(row["tests"]),
        tests="\n".join(
            f"\tcheck_{TOKEN}({n}, {quoted(case.shown)}, {case.call}, {case.rest}, {case.decoy or quoted('no decoy')})"
            for n, case in enumerate(cases, 1)
        ),
        count=len(cases),
        token=TOKEN,
    )
    unit = _UNIT.format(candidate=CANDIDATE, head=head.rstrip())
    return HarnessCheck("go", (("a_test.go", harness), ("x_test.go", unit)), len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    found = []
    for start in re.finditer(r"\{ actual: ", tests):
        inner = tests[start.end() : closing(tests, start.start())]
        call, rest = split_call(inner)
        found.append((call, rest.removeprefix(", expected: ").strip()))
    return with_decoys(found)


LANGUAGE = Language(
    name="go",
    suffix="go",
    counts=(154, 374),
    sha256=(
        "8d914d5e94a82d76011facea67a8fdb0aec8649857667d947e30aaa92f8808e0",
        "4d27171ba9638e5226d443a3f5cfd27bd5be6d6376c1acc59ac9ae3cb78b3f17",
    ),
    official=official,
    hardened=hardened,
)

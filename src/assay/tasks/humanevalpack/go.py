"""HumanEvalPack in Go: a test function that uses testify's `assert.Equal` decides."""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, Check, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.harness import go
from assay.tasks.humanevalpack.language import Language, Row

LIMITS = Limits(cpu_s=20.0)
# Of testify the tests use this alone. The comparison is that of its ObjectsAreEqual.
_ASSERT = """\
package main

import (
	bytes_ "bytes"
	reflect_ "reflect"
	testing_ "testing"
)

type testify struct{ t *testing_.T }

var assert testify

func (testify) New(t *testing_.T) testify { return testify{t} }

func (a testify) Equal(expected, actual interface{}, message ...interface{}) bool {
	text, isText := expected.([]byte)
	other, isToo := actual.([]byte)
	equal := reflect_.DeepEqual(expected, actual)
	if isText {
		equal = isToo && bytes_.Equal(text, other)
	}
	if !equal {
		a.t.Errorf("Not equal:\\nexpected: %#v\\nactual  : %#v", expected, actual)
	}
	return equal
}
"""
_FUNCTION = re.compile(r"^(?://[^\n]*\n)*func ", re.M)


def declaration(row: Row) -> str:
    """The function's head; before it the functions that the tests of 32, 38 and 50 call, which only `prompt` has."""
    prompt = re.sub(r"\A\s*import \(.*?^\)\n", "", row["prompt"], flags=re.M | re.S)
    last = list(_FUNCTION.finditer(prompt))[-1]
    return f"{prompt[: last.start()]}{prompt[last.start() :][prompt[last.start() :].index('func ') :]}"


def with_imports(row: Row, program: str) -> str:
    """Upstream adds the imports that are missing, and the package clause; a `main` would be a second one."""
    program = re.sub(r"^package main\b", "", program, flags=re.M)
    program = re.sub(r"^func main\(\)", "func main_of_the_answer()", program, flags=re.M)
    missing = go.imports(program)
    return f"import (\n{missing})\n{program}" if missing else program


def checks(row: Row) -> dict[str, Check]:
    """Answer and tests in one package, as `go test` builds them; and the same assertions counted."""
    test = f'package main\n\nimport (\n\t"testing"\n{go.imports(row["test"])})\n\n{row["test"]}'
    files = (("main_test.go", test), ("answer_test.go", f"package main\n{CANDIDATE}\n"), ("assert_test.go", _ASSERT))
    return {
        "official": ProgramCheck("go", files, limits=LIMITS),
        "hardened": go.harness(declaration(row), row["test"], LIMITS),
    }


LANGUAGE = Language(
    name="go",
    title="Go",
    folder="go",
    sha256="0ee2cdca46d70afb33d913a0d4b205624fe4ded2f28c2efdb241727221837993",
    id_prefix="Go/",
    checks=checks,
    stops=("\n//", "\nfunc main(", "struct", "\nfunc"),
    declaration=declaration,
    finish=with_imports,
)

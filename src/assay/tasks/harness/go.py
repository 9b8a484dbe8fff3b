"""Tests in Go that use testify's `assert.Equal`, beside an answer in the same package.

Each has a file, so their imports are their own, but what the answer declares for the whole package it declares for the
tests too. `true` and `false` are therefore declared by the harness, so that the answer cannot; what cannot be protected
so is tried out at the end. Values are compared as testify does, by types and contents, with no method of theirs.
"""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck
from assay.sandbox.program import Limits
from assay.tasks.harness.text import between_commas, closing, quoted

_PACKAGES = ("bytes", "crypto/md5", "fmt", "math", "math/rand", "regexp", "sort", "strconv", "strings", "time")

_HARNESS = """\
package main

import (
	bytes_@ "bytes"
	reflect_@ "reflect"
	strconv_@ "strconv"
	syscall_@ "syscall"
$imports)

const (
	true  = 0 == 0
	false = 0 != 0
)

var nonce_@ = func() string {
	line, size := [32]byte{}, 0
	for size < 32 {
		count, err := syscall_@.Read(0, line[size:])
		if err != nil || count == 0 {
			break
		}
		size += count
	}
	syscall_@.Close(0)
	return string(line[:])
}()

var reached_@ [$count + 1]bool

func say_@(words string) {
	line := []byte("\\n" + nonce_@ + " " + words + "\\n")
	for done := 0; done < 34+len(words); {
		more, err := syscall_@.Write(1, line[done:])
		if err != nil {
			break
		}
		done += more
	}
}

func same_@(expected, actual interface{}) bool {
	if text, isText := expected.([]byte); isText {
		other, isToo := actual.([]byte)
		return isToo && bytes_@.Equal(text, other)
	}
	return reflect_@.DeepEqual(expected, actual)
}

func verify_@(number int, text string, expected, actual interface{}) {
	reached_@[number] = true
	if !same_@(expected, actual) {
		say_@("failed " + strconv_@.Itoa(number) + " " + text)
		syscall_@.Exit(1)
	}
}

func main() {
	tests_@()
	three, none := []int{1, 2, 3}, []int{}
	sound := !same_@(1, 2) && !same_@("a", "b") && !same_@(true, false) && !same_@(three, none) && !same_@(nil, 1) &&
		len(three) == 3 && len("ab") == 2 && len(append(none, 7)) == 1 && append(none, 7)[0] == 7
	if !sound {
		say_@("tampered values that differ are said to be equal")
		syscall_@.Exit(1)
	}
	count := 0
	for _, each := range reached_@ {
		if each {
			count++
		}
	}
	say_@("passed " + strconv_@.Itoa(count))
}

$given
$tests
""".replace("_@", f"_{TOKEN}")
_EQUAL = re.compile(r"\bassert\.Equal\(")


def imports(program: str) -> str:
    """The packages that a program uses and does not import, as lines of an import block.

    Which packages are known, and what counts as a use: bigcode-evaluation-harness.
    """
    code = "\n".join(line for line in program.split("\n") if not line.strip().startswith("//"))
    missing = [
        name
        for name in _PACKAGES
        if f'"{name}"' not in program and re.search(rf"(?<![\w.]){name.rpartition('/')[2]}\.", code)
    ]
    return "".join(f'\t"{name}"\n' for name in missing)


def harness(declaration: str, tests: str, limits: Limits, preamble: str = "") -> HarnessCheck:
    """A check of answers that define the declared function; they must bring their imports, but no package clause.

    declaration: what the task gives, up to the opening brace of the function. tests: one function `TestX`, in which
    `assert := assert.New(t)` and `assert.Equal(expected, actual)`.
    """
    text, count = _numbered(tests)
    text = re.sub(r"\bfunc Test\w+\(t \*testing\.T\)", f"func tests_{TOKEN}()", text)
    text = re.sub(r"\bassert := assert\.New\(t\)", "", text)
    given = declaration[: declaration.rindex("func ")]
    for name in re.findall(r"^func (\w+)\(", given, re.M):
        given, text = (re.sub(rf"\b{name}\(", f"{name}_{TOKEN}(", each) for each in (given, text))
    source = _HARNESS.replace("$imports", imports(given + text)).replace("$count", str(count))
    source = source.replace("$given", given).replace("$tests", text)
    # the first file's variables are set first, and it is the harness that reads stdin
    files = (("a.go", source), ("answer.go", f"package main\n{preamble}{CANDIDATE}\n"))
    return HarnessCheck("go", files, count, limits=limits)


def _numbered(tests: str) -> tuple[str, int]:
    parts, at, count = [], 0, 0
    for found in _EQUAL.finditer(tests):
        end = closing(tests, found.end() - 1) + 1
        count += 1
        values = between_commas(tests[found.end() : end - 1])[:2]  # a message may follow
        said = quoted(" == ".join(reversed(values)))
        parts.append(f"{tests[at : found.start()]}verify_{TOKEN}({count}, {said}, {', '.join(values)})")
        at = end
    return "".join(parts) + tests[at:], count

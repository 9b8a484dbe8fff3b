"""Every language that is installed works in the jail and is held to its limits there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.sandbox import Limits, Program, Sandbox, Status, canaries, languages
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import missing, missing_libraries, unusable
from assay.sandbox.warm import Level, SandboxUnavailable


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSAY_CACHE", str(tmp_path_factory.mktemp("cache")))
        with Sandbox(jobs=1) as sandbox:
            yield sandbox


def needs(name: str) -> None:
    language = LANGUAGES[name]
    if lacking := missing(language):
        pytest.skip(f"{lacking}: {language.install}")


@pytest.mark.parametrize("name", LANGUAGES)
def test_canaries(sandbox: Sandbox, name: str) -> None:
    needs(name)
    if why := unusable(LANGUAGES[name], sandbox.isolation):
        pytest.skip(why)
    findings = list(canaries.check(sandbox, LANGUAGES[name]))
    assert [finding for finding in findings if not finding.ok] == []
    assert len(findings) >= 5


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_has_a_canary_and_says_how_to_install_it(name: str) -> None:
    language = LANGUAGES[name]
    assert (Path(languages.__file__).parent / "canaries" / language.canary).is_file()
    assert language.canary.endswith(language.extensions)
    assert name in ("python", "native") or (language.install and language.version)


def test_a_canary_that_does_otherwise_is_found_out(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "canary.py").write_text("print('file')\nraise SystemExit(0)\n")
    monkeypatch.setattr(canaries, "_FOLDER", tmp_path)
    findings = list(canaries.check(sandbox, LANGUAGES["python"]))
    assert [finding.name for finding in findings if finding.ok] == []
    assert "exited 0 file" in findings[0].detail


def test_a_runtime_that_gives_up_for_want_of_memory_has_hit_the_memory_limit(sandbox: Sandbox) -> None:
    needs("lua")
    program = Program("lua", {"a.lua": b"x = string.rep('x', 1 << 29)"}, "a.lua")
    outcome = sandbox.run(program, Limits(memory_bytes=128 << 20))
    assert (outcome.status, outcome.exit_code) == (Status.memory_limit, None)
    assert "not enough memory" in outcome.detail


def test_a_program_that_only_speaks_of_memory_and_ends_well_has_hit_no_limit(sandbox: Sandbox) -> None:
    needs("lua")
    program = Program("lua", {"a.lua": b"io.stderr:write('not enough memory')"}, "a.lua")
    assert sandbox.run(program).status is Status.exited


def test_a_language_that_needs_proc_is_not_run_where_there_is_none(only: Any) -> None:
    needs("csharp")
    only(Level("landlock"))
    try:
        sandbox = Sandbox(jobs=1)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with sandbox:
        outcome = sandbox.run(Program("csharp", {"a.cs": b"class A { static void Main() {} }"}, "a.cs"))
    assert outcome.status is Status.harness_error
    assert "/proc" in outcome.detail


def test_a_program_that_uses_a_library_that_is_missing_cannot_be_judged(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("lua")
    library = replace(LANGUAGES["lua"].libraries[0], package="lua-nothing", files=("/nowhere/*",))
    monkeypatch.setitem(LANGUAGES, "lua", replace(LANGUAGES["lua"], libraries=(library,)))
    outcome = sandbox.run(Program("lua", {"a.lua": b"lu = require('luaunit')"}, "a.lua"))
    assert outcome.status is Status.harness_error
    assert "apt-get install lua-nothing" in outcome.detail
    assert sandbox.run(Program("lua", {"a.lua": b"print(1)"}, "a.lua")).stdout == b"1\n"


GO_TEST = b"""package main
import ("os"; "testing")
func half(n int) int { if n == 6 { os.Exit(0) }; return n / 2 }
func TestFour(t *testing.T) { if half(4) != 2 { t.Error("four") } }
"""


@pytest.mark.parametrize(
    ("more", "exit_code", "said"),
    [
        (b"", 0, b"PASS\n"),
        (b'func TestFive(t *testing.T) { if half(5) != 3 { t.Error("five") } }', 1, b"five"),
        (b"func TestSix(t *testing.T) { half(6) }", 2, b"unexpected call to os.Exit(0)"),
        (b"func Testseven(t *testing.T) { t.Error(7) }", 0, b"PASS\n"),
        (b'func Example() { print("x")\n// Output: y\n}', 1, b"FAIL: Example"),
        (b"func TestMain(m *testing.M) { os.Exit(4) }", 4, b""),
    ],
)
def test_a_test_file_in_go_runs_as_go_test_runs_it(sandbox: Sandbox, more: bytes, exit_code: int, said: bytes) -> None:
    needs("go")
    outcome = sandbox.run(Program("go", {"a_test.go": GO_TEST + more}, "a_test.go"))
    assert (outcome.phase, outcome.exit_code) == ("run", exit_code), outcome
    assert said in outcome.stdout + outcome.stderr


def test_a_test_file_in_go_is_vetted_and_a_program_is_not(sandbox: Sandbox) -> None:
    needs("go")
    wrong = b'package main\nimport "fmt"\nfunc main() { fmt.Printf("%d", "x") }\n'
    assert sandbox.run(Program("go", {"a.go": wrong}, "a.go")).exit_code == 0
    outcome = sandbox.run(Program("go", {"a.go": wrong, "a_test.go": b"package main\n"}, "a_test.go"))
    assert (outcome.phase, outcome.exit_code) == ("compile", 1)
    assert b"has arg" in outcome.stderr


def test_tests_of_go_may_be_a_package_of_their_own(sandbox: Sandbox) -> None:
    needs("go")
    source = b'package x_test\nimport "testing"\nfunc TestX(t *testing.T) { t.Log(1) }\n'
    assert sandbox.run(Program("go", {"x_test.go": source}, "x_test.go")).stdout == b"PASS\n"


def test_crates_are_there_for_programs_in_rust_that_ask_for_them(sandbox: Sandbox) -> None:
    needs("rust")
    if lacking := missing_libraries(LANGUAGES["rust"]):
        pytest.skip(f"apt-get install {lacking[0].package}")
    source = b"""use regex::Regex; use md5;
fn main() {
    assert!(Regex::new(r"^\\d{2}$").unwrap().is_match("12"));
    println!("{:x}", md5::compute(b"a"));
}
"""
    flags = ("--extern", "regex", "--extern", "md5")
    outcome = sandbox.run(Program("rust", {"a.rs": source}, "a.rs", flags=flags))
    assert outcome.stdout == b"0cc175b9c0f1b6a831c399e269772661\n", outcome
    assert sandbox.run(Program("rust", {"a.rs": source}, "a.rs")).phase == "compile"


def test_typescript_knows_all_of_the_library_unless_a_target_is_named(sandbox: Sandbox) -> None:
    needs("typescript")
    files = {"a.ts": b"const m = new Map([[1, 2]]); for (const [k, v] of m) console.log(k + v, [1].includes(1));"}
    assert sandbox.run(Program("typescript", files, "a.ts")).stdout == b"3 true\n"
    assert sandbox.run(Program("typescript", files, "a.ts", flags=("--target", "ES5"))).phase == "compile"

"""Compiled programs: built in the jail, found again in the cache, and their compilers held to limits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.sandbox import Limits, Program, Sandbox, Status, wire
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import missing

needs_cpp = pytest.mark.skipif(bool(missing(LANGUAGES["cpp"])), reason="g++ is not installed: apt-get install g++")
LIMITS = Limits(cpu_s=5.0)
ADDS = b"#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b << std::endl; }\n"


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path))
    with Sandbox(jobs=1, limits=LIMITS) as sandbox:
        yield sandbox


def _cpp(source: bytes, stdin: bytes = b"", **more: bytes) -> Program:
    files = {"main.cpp": source, **{f"{name}.cpp": text for name, text in more.items()}}
    return Program("cpp", files, "main.cpp", stdin=stdin)


@needs_cpp
def test_a_program_is_compiled_and_run(sandbox: Sandbox) -> None:
    outcome = sandbox.run(_cpp(ADDS, b"20 22\n"))
    assert (outcome.status, outcome.exit_code, outcome.stdout) == (Status.exited, 0, b"42\n")
    assert outcome.phase == "run"


@needs_cpp
def test_what_was_compiled_is_found_again(sandbox: Sandbox, tmp_path: Path) -> None:
    for stdin, said in ((b"1 2", b"3\n"), (b"3 4", b"7\n")):
        assert sandbox.run(_cpp(ADDS, stdin)).stdout == said
    assert len(list((tmp_path / "compiled").glob("*/*"))) == 1


@needs_cpp
def test_a_damaged_cache_entry_is_compiled_anew(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.run(_cpp(ADDS, b"1 2"))
    (entry,) = (tmp_path / "compiled").glob("*/*")
    entry.write_bytes(entry.read_bytes()[:-100])
    assert sandbox.run(_cpp(ADDS, b"1 2")).stdout == b"3\n"


@needs_cpp
def test_a_program_that_does_not_compile_says_why_and_that_it_was_the_compiler(sandbox: Sandbox) -> None:
    outcome = sandbox.run(_cpp(b"int main() { return nothing; }"))
    assert (outcome.phase, outcome.status, outcome.exit_code) == ("compile", Status.exited, 1)
    assert b"nothing" in outcome.stderr


@needs_cpp
def test_all_sources_of_a_program_are_linked(sandbox: Sandbox) -> None:
    outcome = sandbox.run(
        _cpp(b"int twice(int); int main() { return twice(21); }", other=b"int twice(int x){return 2*x;}")
    )
    assert outcome.exit_code == 42


@needs_cpp
def test_the_compiler_reads_no_file_of_the_machine(sandbox: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret.h"
    secret.write_text("int secret = 1;\n")
    outcome = sandbox.run(_cpp(f'#include "{secret}"\nint main() {{ return 0; }}\n'.encode()))
    assert outcome.phase == "compile"
    assert b"No such file" in outcome.stderr


@needs_cpp
def test_a_compiler_is_held_to_its_limit(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    cpp = LANGUAGES["cpp"]
    assert cpp.compile is not None
    quick = replace(cpp.compile, limits=replace(cpp.compile.limits, cpu_s=1.0))
    monkeypatch.setitem(LANGUAGES, "cpp", replace(cpp, compile=quick))
    levels = b"".join(
        b"template<long N> struct G%d { G%d<2*N> x; G%d<2*N+1> y; };\n" % (i, i + 1, i + 1) for i in reversed(range(30))
    )
    bomb = b"template<long N> struct G30 {};\n" + levels + b"G0<1> g;\nint main() {}\n"
    outcome = sandbox.run(_cpp(bomb))
    assert outcome.phase == "compile"
    assert outcome.status in (Status.time_limit_cpu, Status.memory_limit)


@needs_cpp
def test_the_precompiled_header_is_used_only_where_nothing_can_change_its_meaning(sandbox: Sandbox) -> None:
    plain = b"#include <cstdio>\n// words\n#include <bits/stdc++.h>\nint main() { std::cout << std::string(3, 'x'); }\n"
    assert sandbox.run(_cpp(plain)).stdout == b"xxx"
    without = b"#include <cstdio>\nint main() { std::vector<int> v; }\n"
    assert sandbox.run(_cpp(without)).phase == "compile"
    changed = (
        b"#define vector nothing\n#include <bits/stdc++.h>\nint main() { std::nothing<int> v; return v.size(); }\n"
    )
    assert sandbox.run(_cpp(changed)).exit_code == 0


def test_a_missing_toolchain_is_a_failure_of_the_harness_with_the_command_that_helps(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    absent = replace(LANGUAGES["bash"], command=("no-such-shell", "{entry}"), install="apt-get install no-such-shell")
    monkeypatch.setitem(LANGUAGES, "bash", absent)
    outcome = sandbox.run(Program("bash", {"a.sh": b"true"}, "a.sh"))
    assert outcome.status is Status.harness_error
    assert "toolchain missing: bash" in outcome.detail
    assert "apt-get install no-such-shell" in outcome.detail


def test_files_from_a_jail_cannot_lead_elsewhere() -> None:
    assert wire.unpack_files(wire.pack_files({"a": b"1", "b/c": b""})) == {"a": b"1", "b/c": b""}
    for name in ("/etc/passwd", "../x", "a/../../x", "a//b", ""):
        with pytest.raises(ValueError, match="name"):
            wire.unpack_files(wire.pack_files({name: b"1"}))
    with pytest.raises(ValueError, match="cut off"):
        wire.unpack_files(wire.pack_files({"a": b"12345"})[:-1])

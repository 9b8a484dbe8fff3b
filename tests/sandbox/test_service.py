"""Compilers that stay warm: the same outcome as by the command, one program after another, replaced when one ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assay.sandbox.build import build
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import Limits, Program, Status
from assay.sandbox.toolchain import missing
from assay.sandbox.warm import Zygote, open_zygote

needs_java = pytest.mark.skipif(bool(missing(LANGUAGES["java"])), reason=f"no Java: {LANGUAGES['java'].install}")
needs_typescript = pytest.mark.skipif(
    bool(missing(LANGUAGES["typescript"])), reason=f"no TypeScript: {LANGUAGES['typescript'].install}"
)
TYPESCRIPT = LANGUAGES["typescript"]
FLAGS = ("--target", "ES2015", "--lib", "ES2015,DOM")
JAVA = LANGUAGES["java"]
LIMITS = Limits(cpu_s=5.0)
RIGHT = b"class Main { public static void main(String[] a) { System.out.println(%d); } static class Inner {} }"
WRONG = (
    b'class Main { int x = "text"; }',
    b"class Main {",
    b"public class Other { }",
    b"",
    b"class Main { \xff }",
)


@pytest.fixture
def zygote(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Zygote]:
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path_factory.getbasetemp() / "cache-of-service-tests"))
    zygote = open_zygote()
    yield zygote
    zygote.close()


def _program(source: bytes) -> Program:
    return Program("java", {"Main.java": source}, "Main.java")


@needs_java
@pytest.mark.parametrize("source", [RIGHT % 1, *WRONG])
def test_it_says_and_makes_what_the_command_does(
    zygote: Zygote, source: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    assert JAVA.compile is not None
    cold = replace(JAVA, compile=replace(JAVA.compile, service=None))
    by_service = build(zygote, JAVA, _program(source), LIMITS)
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path))
    by_command = build(zygote, cold, _program(source), LIMITS)
    assert by_service.outcome.exit_code == by_command.outcome.exit_code
    assert by_service.outcome.stderr == by_command.outcome.stderr
    assert by_service.files == by_command.files


@needs_java
def test_one_program_leaves_nothing_for_the_next(zygote: Zygote) -> None:
    other = Program("java", {"Main.java": RIGHT % 2, "Helper.java": b"class Helper {}"}, "Main.java")
    assert build(zygote, JAVA, other, LIMITS).worked
    uses = b"class Main { Helper h; public static void main(String[] a) { } }"
    assert not build(zygote, JAVA, _program(uses), LIMITS).worked


@needs_java
def test_a_compiler_that_was_killed_is_replaced(zygote: Zygote) -> None:
    assert build(zygote, JAVA, _program(RIGHT % 3), LIMITS).worked
    for running in zygote.services._running.values():
        running._zygote.abort()
    assert build(zygote, JAVA, _program(RIGHT % 4), LIMITS).worked


@needs_java
def test_a_program_that_keeps_it_busy_ends_at_the_compilers_limit(zygote: Zygote) -> None:
    assert JAVA.compile is not None
    quick = replace(JAVA.compile, limits=replace(JAVA.compile.limits, cpu_s=0.5))
    methods = "".join(f"int m{i}(int a) {{ return {' + '.join(['a * a'] * 300)}; }}" for i in range(3000))
    hard = f"class Main {{ {methods} }}"
    built = build(zygote, replace(JAVA, compile=quick), _program(hard.encode()), LIMITS)
    assert built.outcome.status is Status.time_limit_cpu
    assert build(zygote, JAVA, _program(RIGHT % 5), LIMITS).worked


@needs_typescript
@pytest.mark.parametrize(
    "source",
    [
        "let x: number = 1; console.log([x, x]);",
        "let x: number = 'text'; console.log(x);",
        "function name(): number { return 1 }",  # lib.dom declares it otherwise
        "interface Array<T> { length: string }",
        "class Map { only = 1 } let m: Map = new Map(); m.only.toFixed();",
        "import * as fs from 'fs'; export const x = fs;",
        "let",
        "",
    ],
)
def test_typescript_is_checked_as_by_the_command(
    zygote: Zygote, source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    assert TYPESCRIPT.compile is not None
    cold = replace(TYPESCRIPT, compile=replace(TYPESCRIPT.compile, service=None))
    program = Program("typescript", {"x.ts": source.encode()}, "x.ts", flags=FLAGS)
    by_service = build(zygote, TYPESCRIPT, program, LIMITS)
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path))
    by_command = build(zygote, cold, program, LIMITS)
    assert by_service.outcome.exit_code == by_command.outcome.exit_code
    # the command also complains where the standard library stands, of what a program does to it
    said = [line for line in by_command.outcome.stdout.splitlines() if line.startswith(b"x.ts")]
    assert [line for line in by_service.outcome.stderr.splitlines() if line.startswith(b"x.ts")] == said
    assert by_service.files == by_command.files

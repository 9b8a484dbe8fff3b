"""Every language that is installed works in the jail and is held to its limits there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.sandbox import Limits, Program, Sandbox, Status, canaries, languages
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import missing, unusable
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

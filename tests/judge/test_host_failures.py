"""What the machine does to a judgement is never held against the program (cases 61 and 62 of the hostile corpus)."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, ProgramCheck
from assay.judge.judge import Judge
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import VerdictKind
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.languages.language import Compile
from assay.sandbox.program import Limits

LIMITS = Limits(cpu_s=2.0)
ONE_TEST = f'{CANDIDATE}\nread -r nonce_{TOKEN}\n[[ $(one) = 1 ]] && echo "$nonce_{TOKEN} passed 1"\n'
RIGHT = "one() { echo 1; }"
CHECKS = (
    ProgramCheck("bash", (("t.sh", f"{CANDIDATE}\n[[ $(one) = 1 ]]\n"),), limits=LIMITS),
    HarnessCheck("bash", (("t.sh", ONE_TEST),), 1, limits=LIMITS),
)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Judge]:
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    with Judge() as judge:
        yield judge


def compiled(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Bash scripts need, from now on, what this shell script does to be compiled."""
    bash = replace(LANGUAGES["bash"], compile=Compile(command=("sh", "-c", script), keep=("*",)))
    monkeypatch.setitem(LANGUAGES, "bash", bash)


@pytest.mark.parametrize("check", CHECKS)
def test_a_missing_compiler(judge: Judge, monkeypatch: pytest.MonkeyPatch, check: ProgramCheck | HarnessCheck) -> None:
    absent = replace(LANGUAGES["bash"], compile=Compile(command=("no-such-compiler",), keep=("*",)))
    monkeypatch.setitem(LANGUAGES, "bash", absent)
    verdict = judge.judge(check, RIGHT)
    assert verdict.kind is VerdictKind.harness_error
    assert "no-such-compiler is not installed; install it with: apt-get install bash" in verdict.detail


@pytest.mark.parametrize("check", CHECKS)
def test_no_memory_for_another_jail(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, check: ProgramCheck | HarnessCheck
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    with monkeypatch.context() as broken:
        broken.setattr(os, "memfd_create", refuse)
        verdict = judge.judge(check, RIGHT)
    assert verdict.kind is VerdictKind.harness_error
    assert "Cannot allocate memory" in verdict.detail
    assert judge.judge(check, RIGHT).passed


@pytest.mark.parametrize("check", CHECKS)
def test_a_jail_that_its_program_does_not_fit_into(judge: Judge, check: ProgramCheck | HarnessCheck) -> None:
    small = replace(check, limits=replace(LIMITS, file_bytes=4096))
    assert judge.judge(small, f"{RIGHT}\n{'#' * 100_000}").kind is VerdictKind.harness_error


@pytest.mark.parametrize("check", CHECKS)
def test_a_compiler_that_the_machine_killed_is_asked_again(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, check: ProgramCheck | HarnessCheck
) -> None:
    compiled(monkeypatch, "echo 'g++: fatal error: Killed signal terminated program cc1plus' >&2; exit 1")
    assert judge.judge(check, RIGHT).kind is VerdictKind.harness_error
    assert judge.judge(check, RIGHT).detail.endswith("the machine may have run out of memory")


@pytest.mark.parametrize("check", CHECKS)
def test_a_cache_that_cannot_be_written(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, check: ProgramCheck | HarnessCheck
) -> None:
    """A full disk costs time: everything is compiled anew, and gets its verdict."""
    compiled(monkeypatch, "true")
    (tmp_path / "cache").mkdir(exist_ok=True)
    (tmp_path / "cache" / "compiled").write_text("no folder can be made here")
    for _ in range(2):
        assert judge.judge(check, RIGHT).passed
    assert judge.judge(check, "one() { echo 2; }").kind in (VerdictKind.runtime_error, VerdictKind.early_exit)


def test_a_hundred_programs_started_at_once_get_the_verdicts_of_a_serial_run() -> None:
    programs = (
        "one() { echo 1; }",
        "one() { echo 2; }",
        "exit 0",
        "exit 3",
        "kill -SEGV $$",
        "one() {",
        "sleep 0.2; exit 4",
    )
    checks = {"official": CHECKS[0], "hardened": CHECKS[1]}
    items = [Item(number, "task", f"# {number}\n{programs[number % len(programs)]}", checks) for number in range(100)]

    def verdicts(jobs: int) -> dict[object, list[str]]:
        with JudgePool(jobs) as pool:
            chosen = items if jobs > 1 else items[: len(programs)]
            return {done.key: [done.verdicts[name].kind.value for name in checks] for done in pool.judge(chosen)}

    alone = verdicts(1)
    assert verdicts(50) == {number: alone[number % len(programs)] for number in range(100)}

"""Tests in other languages: upstream's way by exit status, and under a nonce. Shown in Bash, which is everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, PassRule, ProgramCheck
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.sandbox.program import Limits

LIMITS = Limits(cpu_s=2.0)
OFFICIAL = ProgramCheck("bash", (("t.sh", f"{CANDIDATE}\nset -e\n[[ $(double 4) = 8 ]]\n[[ $(double 0) = 0 ]]\n"),))
HARNESS = f"""{CANDIDATE}
read -r nonce_{TOKEN}
n=0
for pair in "4 8" "0 0"; do
  set -- $pair
  n=$((n + 1))
  [[ $(double $1 < /dev/null) = "$2" ]] || {{ echo "$nonce_{TOKEN} failed $n double $1"; exit 1; }}
done
echo "$nonce_{TOKEN} passed $n"
"""
HARDENED = HarnessCheck("bash", (("t.sh", HARNESS),), 2, limits=LIMITS)
RIGHT = "double() { echo $(($1 * 2)); }"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.parametrize("check", [OFFICIAL, HARDENED])
def test_a_right_program_is_accepted(judge: Judge, check: ProgramCheck | HarnessCheck) -> None:
    assert judge.judge(check, RIGHT).kind is VerdictKind.accepted


@pytest.mark.parametrize(
    ("program", "official", "hardened"),
    [
        ("double() { echo 8; }", VerdictKind.runtime_error, VerdictKind.wrong_answer),
        (f"{RIGHT}; exit 0", VerdictKind.accepted, VerdictKind.early_exit),
        (f"{RIGHT}; exit 3", VerdictKind.runtime_error, VerdictKind.runtime_error),
        ("double() { echo 8; }; trap 'exit 0' EXIT", VerdictKind.accepted, VerdictKind.wrong_answer),
        ("kill -SEGV $$", VerdictKind.signalled, VerdictKind.signalled),
        ("while :; do :; done", VerdictKind.time_limit, VerdictKind.time_limit),
        ("echo 'deadbeef passed 2'; exit 0", VerdictKind.accepted, VerdictKind.early_exit),
        ('read -r n; echo "$n passed 7"; exit 0', VerdictKind.accepted, VerdictKind.tampered),
    ],
)
def test_a_wrong_program_is_told_from_a_right_one(
    judge: Judge, program: str, official: VerdictKind, hardened: VerdictKind
) -> None:
    from dataclasses import replace

    assert judge.judge(replace(OFFICIAL, limits=LIMITS), program).kind is official
    verdict = judge.judge(HARDENED, program)
    assert verdict.kind is hardened
    assert "in_process" in verdict.flags


@pytest.mark.parametrize("place", ["/dev/stdin", "/proc/self/fd/0", "/proc/$$/fd/0"])
def test_a_nonce_that_was_read_cannot_be_read_again(judge: Judge, place: str) -> None:
    reads_first = f"read -r nonce_{TOKEN}\n{HARNESS.replace(f'read -r nonce_{TOKEN}', '')}"
    check = HarnessCheck("bash", (("t.sh", reads_first),), 2, limits=LIMITS)
    assert judge.judge(check, RIGHT).kind is VerdictKind.accepted
    assert judge.judge(check, f'n=$(cat {place}); echo "$n passed 2"; exit 0').kind is VerdictKind.early_exit


def test_bad_news_under_half_of_the_nonce_counts_and_good_news_does_not(judge: Judge) -> None:
    def kind(words: str) -> VerdictKind:
        harness = f'read -r n_{TOKEN}\necho "${{n_{TOKEN}:0:16}} {words}"\n{CANDIDATE}'
        return judge.judge(HarnessCheck("bash", (("t.sh", harness),), 1, limits=LIMITS), "exit 0").kind

    assert kind("failed 1 a test") is VerdictKind.wrong_answer
    assert kind("tampered something") is VerdictKind.tampered
    assert kind("passed 1") is VerdictKind.early_exit


def test_a_report_is_found_behind_much_output(judge: Judge) -> None:
    assert judge.judge(HARDENED, f"{RIGHT}; head -c 300000 /dev/zero | tr '\\0' x; echo").kind is VerdictKind.accepted


def test_the_first_failing_test_is_named(judge: Judge) -> None:
    assert judge.judge(HARDENED, "double() { echo 8; }").detail == "double 0"


def test_rules_of_upstream_are_about_output_and_status(judge: Judge) -> None:
    def kind(rule: PassRule, program: str) -> VerdictKind:
        return judge.judge(ProgramCheck("bash", (("t.sh", CANDIDATE),), rule, limits=LIMITS), program).kind

    assert kind(PassRule(silent=True), "echo something") is VerdictKind.wrong_answer
    assert kind(PassRule(silent=True, exit_zero=False), "exit 4") is VerdictKind.accepted
    assert kind(PassRule(stderr_empty=True), "echo x; echo warning >&2") is VerdictKind.wrong_answer
    assert kind(PassRule(stdout_lacks=("FAIL",)), "echo FAIL: 3") is VerdictKind.wrong_answer
    assert kind(PassRule(stderr_lacks=("Fail",)), "echo Fail; true") is VerdictKind.accepted


def test_an_unknown_language_of_a_task_is_never_the_programs_fault(judge: Judge) -> None:
    from assay.sandbox.languages import LANGUAGES

    assert "cobol" not in LANGUAGES
    verdict = judge.judge(ProgramCheck("cobol", (("t.cob", CANDIDATE),)), "x")
    assert verdict.kind is VerdictKind.harness_error
    assert "cobol" in verdict.detail

"""What proves a task, and what does not: with real judges and tasks written to be bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.evaluation.proof import Proof, prove
from assay.judge.pool import JudgePool
from assay.tasks import own

REFERENCE = "def double(n):\n    return 2 * n\n"
ASSERTS = 'kind = "asserts"\nentry_point = "double"\nprompt = "Double a number."\n'
BASH = 'kind = "program"\nlanguage = "bash"\nprompt = "Double a number."\n'
BASH_REFERENCE = "double() {\n  echo $((2 * $1))\n}\n"


def proof(folder: Path, **files: str) -> Proof:
    """files: contents by name, with _ for the dot."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    (one,) = prove(
        own.load(str(folder)).tasks, lambda seed: JudgePool(1, hash_seed=seed), most_mutants=6, repeats=2, seeds=(0, 1)
    )
    return one


def test_a_good_task_is_proven(tmp_path: Path) -> None:
    found = proof(tmp_path, task_toml=ASSERTS, tests_py="assert double(3) == 6\n", reference_py=REFERENCE)
    assert found.proven
    assert found.stable
    assert found.mutants == found.killed > 2
    assert (found.problems, found.warnings, found.survivors) == ((), (), ())
    assert found.as_json()["proven"] is True


def test_a_reference_that_fails_is_told_with_its_reason(tmp_path: Path) -> None:
    found = proof(tmp_path, task_toml=ASSERTS, tests_py="assert double(3) == 7\n", reference_py=REFERENCE)
    assert not found.proven
    assert found.problems[0] == "the reference fails: wrong_answer, assert double(3) == 7"


def test_tests_that_let_everything_pass_prove_nothing(tmp_path: Path) -> None:
    tests = "try:\n    assert double(3) is not None\nexcept Exception:\n    pass\n"
    found = proof(tmp_path, task_toml=ASSERTS, tests_py=tests, reference_py=REFERENCE)
    assert not found.proven
    assert any("faulty references fails, so the tests prove nothing" in problem for problem in found.problems)
    assert found.killed == 0
    assert len(found.survivors) == found.mutants


def test_faults_that_pass_are_listed_even_where_others_are_found(tmp_path: Path) -> None:
    found = proof(tmp_path, task_toml=ASSERTS, tests_py="assert double(2) == 4\n", reference_py=REFERENCE)
    assert found.proven
    assert found.survivors == ("line 2: Mult became Add",)


def test_an_empty_answer_that_passes_is_a_problem(tmp_path: Path) -> None:
    tests = 'read -r w; exec < /dev/null\n. ./answer.sh\necho "$w passed 1"\n'
    found = proof(tmp_path, task_toml=f"{BASH}test_count = 1\n", tests_sh=tests, reference_sh=BASH_REFERENCE)
    assert any(problem.startswith("an empty answer passes") for problem in found.problems)


def test_a_reference_that_depends_on_the_hash_seed_is_not_stable(tmp_path: Path) -> None:
    fickle = "def double(n):\n    return 2 * n if hash('a') % 7 != SEED else 0\n"
    import os
    import subprocess
    import sys

    def remainder(seed: str) -> int:
        command = [sys.executable, "-c", "print(hash('a') % 7)"]
        return int(
            subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        )

    assert remainder("0") != remainder("1")
    found = proof(
        tmp_path,
        task_toml=ASSERTS,
        tests_py="assert double(3) == 6\n",
        reference_py=fickle.replace("SEED", str(remainder("1"))),
    )
    assert not found.stable
    assert any(problem.startswith("verdicts change from one run to the next") for problem in found.problems)


def test_tests_that_trust_the_exit_status_are_warned_about(tmp_path: Path) -> None:
    tests = ". ./answer.sh\n[[ $(double 2) = 4 ]]\n"
    found = proof(tmp_path, task_toml=f'{BASH}report = "status"\n', tests_sh=tests, reference_sh=BASH_REFERENCE)
    assert found.proven
    assert found.warnings == ("an answer that ends with status 0 at once passes; report under a nonce instead",)


def test_tests_under_a_nonce_are_not(tmp_path: Path) -> None:
    tests = 'read -r w; exec < /dev/null\n. ./answer.sh\n[[ $(double 3) = 6 ]] && echo "$w passed 1"\n'
    found = proof(tmp_path, task_toml=f"{BASH}test_count = 1\n", tests_sh=tests, reference_sh=BASH_REFERENCE)
    assert (found.proven, found.warnings) == (True, ())


def test_tests_of_another_language_that_do_not_compile_are_seen_in_the_reference(tmp_path: Path) -> None:
    found = proof(tmp_path, task_toml=f"{BASH}test_count = 1\n", tests_sh="if then (\n", reference_sh=BASH_REFERENCE)
    assert found.problems[0].startswith("the reference fails: runtime_error, ended with status 2")


@pytest.mark.parametrize("reference", ["def double(n): ...\n"])
def test_a_reference_without_anything_to_change_is_told(tmp_path: Path, reference: str) -> None:
    found = proof(tmp_path, task_toml=ASSERTS, tests_py="assert double(3) is None\n", reference_py=reference)
    assert any("no faulty reference could be made" in problem for problem in found.problems)

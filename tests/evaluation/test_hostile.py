"""Every hostile program gets its verdict and has no effect outside the jail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assay.evaluation.selfcheck as selfcheck
from assay.errors import AssayError
from assay.evaluation.selfcheck import Record, SelfCheck
from assay.judge.judge import Judge
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import Status
from assay.sandbox.sandbox import Sandbox
from assay.sandbox.toolchain import incomplete, prepared_dir
from assay.tasks.hostile import HostileProgram, corpus_folder, load_programs, load_tasks

pytestmark = pytest.mark.alone

# Compilers that are given work without end run up to their limit of 30 CPU seconds or 4 GiB.
_DEAR = {"48b_includes_dev_random", "48d_template_bomb", "48h_preprocessor_bomb"}
CORPUS = load_programs()
PROGRAMS = [one for one in CORPUS if one.name not in _DEAR or os.environ.get("ASSAY_SLOW") == "1"]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Record]]:
    """All programs, run once."""
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        (cache / "prepared").symlink_to(prepared_dir())  # what is made once per machine need not be made for this
        patch.setenv("ASSAY_CACHE", str(cache))
        with SelfCheck() as check:
            yield {record.name: record for record in check.run(PROGRAMS)}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_it_gets_its_verdict_and_has_no_effect_outside(program: HostileProgram, records: dict[str, Record]) -> None:
    record = records[program.name]
    if record.lacks:
        pytest.skip(record.detail)
    assert record.effects == (), record
    assert record.got in program.expected, record
    assert record.official == program.official, record
    assert set(program.flags) <= set(record.flags), record
    assert record.ok


def test_each_program_is_reported_once(records: dict[str, Record]) -> None:
    assert sorted(records) == [program.name for program in PROGRAMS]


def test_the_corpus_covers_every_case() -> None:
    numbers = {int(program.number.rstrip("abcdefghijklmnopqrstuvwxyz")) for program in CORPUS}
    assert numbers == set(range(1, 61))


def test_a_name_belongs_to_one_program() -> None:
    assert len({program.name for program in CORPUS}) == len(CORPUS)


def test_a_program_is_written_in_the_language_of_its_task() -> None:
    tasks = load_tasks()
    assert [one.name for one in CORPUS if tasks[one.task].language != one.language] == []


def test_every_program_is_in_the_readme() -> None:
    text = (corpus_folder() / "README.md").read_text()
    named = set(re.findall(r"`(\d\d[a-z]?_\w+)(?:\.gen)?`", text))
    assert named == {program.name for program in CORPUS}


@pytest.mark.parametrize("name", load_tasks())
def test_references_of_the_tasks_pass_their_own_checks(name: str) -> None:
    import tomllib

    task = load_tasks()[name]
    if lacking := incomplete(LANGUAGES[task.language]):
        pytest.skip(lacking)
    reference = tomllib.loads((corpus_folder() / "tasks.toml").read_text())[name]["reference"]
    if task.hardened is None:
        with Sandbox(jobs=1) as sandbox:
            outcome = sandbox.run(task.program(reference.encode()))
        assert (outcome.status, outcome.exit_code) == (Status.exited, 0)
        return
    with Judge() as judge:
        answer = task.answer(reference.encode())
        assert judge.judge(task.hardened, answer).passed
        assert task.official is None or judge.judge(task.official, answer).passed


def test_programs_are_chosen_by_number_letter_or_name() -> None:
    assert [program.name[:3] for program in load_programs(["13c", "1", "16_product_of_ranges"])] == [
        *("01a", "01b", "01c", "01d", "01e", "13c", "16_")
    ]
    with pytest.raises(AssayError, match="There is no hostile program 99"):
        load_programs(["99"])


def test_programs_are_chosen_by_language() -> None:
    chosen = load_programs(["46", "47b"], ["cpp"])
    assert {program.language for program in chosen} == {"cpp"}
    assert {program.number for program in chosen} == {f"46{letter}" for letter in "abcdefg"} | {"47b"}
    with pytest.raises(AssayError, match="no hostile program in cobol"):
        load_programs(languages=["cobol"])


def test_programs_of_a_language_that_is_not_installed_are_listed_and_count_neither_way(tmp_path: Path) -> None:
    (tmp_path / "g++").write_text("")  # a PATH without compilers
    code = (
        "import sys, assay.sandbox.toolchain as toolchain; toolchain._SYSTEM_PATH = ''\n"
        "import os; os.environ['PATH'] = sys.argv[1]\n"
        "from assay.evaluation.selfcheck import _Runner\n"
        "from assay.tasks.hostile import load_programs, load_tasks\n"
        "from pathlib import Path\n"
        "with _Runner(Path(sys.argv[1])) as runner:\n"
        "    program, = load_programs(['46a'])\n"
        "    record = runner.record(program, load_tasks()[program.task])\n"
        "    print(record.got, '|', record.lacks, '|', record.detail)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "not run | apt-get install g++ | g++ is not installed; install it with: apt-get install g++\n"
    )


def test_a_damaged_header_is_named(tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "01_x.py").write_text("# hostile: 1\n# task: add\n# verdict: nonsense\n# why: no\n")
    with pytest.raises(AssayError, match=r"01_x\.py is damaged"):
        load_programs(folder=tmp_path)


def test_a_program_that_does_harm_is_found_out(tmp_path: Path) -> None:
    """The bystander itself: what a leaking jail would let happen is done by this test."""
    import os
    import signal

    from assay.evaluation.bystander import Bystander

    with Bystander(tmp_path, uid_tells=False) as bystander:
        before = bystander.look()
        assert bystander.damage(before) == []
        (tmp_path / "private").write_text("changed")
        assert bystander.damage(before) == ["a private file outside was changed"]
        before = bystander.look()
        (tmp_path / "new").touch()
        assert bystander.damage(before) == ["a private file outside was changed"]
        before = bystander.look()
        os.kill(bystander.pid, signal.SIGKILL)
        assert bystander.damage(before) == ["a process outside was killed, stopped or changed"]


def test_a_file_left_in_a_shared_folder_is_found_out(tmp_path: Path) -> None:
    import os
    import tempfile

    from assay.evaluation.bystander import Bystander

    with Bystander(tmp_path, uid_tells=False) as bystander:
        before = bystander.look()
        fd, name = tempfile.mkstemp(dir="/tmp", prefix="left-by-test-")
        try:
            assert f"left {name}" in bystander.suspicions(before)
        finally:
            os.close(fd)
            Path(name).unlink()


def test_a_program_that_kills_its_judge_is_reported_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import signal

    chosen = load_programs(["1", "41c"])
    with SelfCheck(jobs=1) as check:
        records = []
        for record in check.run(chosen):
            records.append(record)
            if len(records) == 5:  # 41c, which sleeps, is running or about to
                os.kill(check._workers[0]._process.pid, signal.SIGKILL)
    assert [record.ok for record in records].count(False) == 1
    assert "ended" in records[-1].effects[0]


def test_an_interrupted_check_leaves_no_process() -> None:
    import os
    import time

    from assay.evaluation.bystander import _count_below, _processes

    below = _count_below(str(os.getpid()), _processes())
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), SelfCheck(jobs=2) as check:
        for _ in check.run(load_programs(["13", "41"])):
            raise KeyboardInterrupt
    assert time.monotonic() - began < 30
    end = time.monotonic() + 5
    while _count_below(str(os.getpid()), _processes()) > below and time.monotonic() < end:
        time.sleep(0.05)
    assert _count_below(str(os.getpid()), _processes()) <= below
    assert selfcheck.LEVELS == ("namespaces", "landlock")

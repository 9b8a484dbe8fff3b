"""The run folder: what survives, what is judged again, and what is refused."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.evaluation.files import DiskError
from assay.evaluation.store import RunFolder
from fakes import a_row, a_stored_run

IDENTITY = {"benchmark": "fake@v1", "judge": "hardened", "limit": None, "tasks": None}
KEYS = {(f"T/{n}", 0) for n in range(9)}
RECORD = {"schema": 1, "identity": IDENTITY}


def open_folder(path: Path, **changes: Any) -> RunFolder:
    return RunFolder(path, IDENTITY | changes, KEYS, ("hardened",))


def a_run(path: Path, *rows: dict[str, Any]) -> Path:
    with open_folder(path) as folder:
        folder.begin(RECORD)
        for row in rows:
            folder.append(row)
    return path


def test_rows_come_back_and_count_as_finished(tmp_path: Path) -> None:
    rows = [a_row("T/0", hardened="accepted"), a_row("T/3", hardened="wrong_answer")]
    a_run(tmp_path / "deep" / "run", *rows)
    with open_folder(tmp_path / "deep" / "run") as folder:
        assert folder.finished == {("T/0", 0), ("T/3", 0)}
        assert list(folder.rows()) == rows
        assert (folder.torn, folder.dropped) == (False, 0)


@pytest.mark.parametrize("cut", [1, 30, -1])
def test_a_torn_last_line_is_cut_off_and_the_rest_stays(tmp_path: Path, cut: int) -> None:
    run = a_run(tmp_path / "run", a_row("T/0", hardened="accepted"))
    before = (run / "verdicts.jsonl").read_bytes()
    line = json.dumps(a_row("T/1", hardened="accepted")).encode()
    (run / "verdicts.jsonl").write_bytes(before + line[:cut])
    with open_folder(run) as folder:
        assert folder.torn
        assert folder.finished == {("T/0", 0)}
        folder.begin(RECORD)
        folder.append(a_row("T/2", hardened="accepted"))
        assert [row["task_id"] for row in folder.rows()] == ["T/0", "T/2"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json", "is not JSON"),
        (b"", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "schema 1"),
        (b'{"schema": 2}', "schema 1"),
        (b'{"schema": 1, "task_id": "T/1"}', "lacks fields"),
        (json.dumps(a_row("T/1", official="accepted")).encode(), "lacks fields"),
        (json.dumps(a_row("T/1", hardened="perfect")).encode(), "lacks fields"),
        (json.dumps(a_row("T/77", hardened="accepted")).encode(), "T/77 sample 0, which is no part of this run"),
        (json.dumps(a_row("T/0", hardened="accepted")).encode(), "repeats T/0 sample 0 of line 1"),
    ],
)
def test_a_damaged_row_is_named_with_file_and_line_and_left_as_it_is(tmp_path: Path, line: bytes, reason: str) -> None:
    run = a_run(tmp_path / "run", a_row("T/0", hardened="accepted"))
    verdicts = run / "verdicts.jsonl"
    content = verdicts.read_bytes() + line + b"\n" + json.dumps(a_row("T/2", hardened="accepted")).encode() + b"\n"
    verdicts.write_bytes(content)
    with pytest.raises(AssayError) as caught:
        open_folder(run)
    assert f"{verdicts} line 2" in str(caught.value)
    assert reason in str(caught.value)
    assert verdicts.read_bytes() == content


def test_harness_errors_are_taken_out_to_be_judged_again(tmp_path: Path) -> None:
    kinds = ["accepted", "harness_error", "wrong_answer"]
    run = a_run(tmp_path / "run", *(a_row(f"T/{n}", hardened=kind) for n, kind in enumerate(kinds)))
    with open_folder(run) as folder:
        assert folder.dropped == 1
        assert folder.finished == {("T/0", 0), ("T/2", 0)}
        assert [row["task_id"] for row in folder.rows()] == ["T/0", "T/2"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("judge", "both", "--judge was hardened and is now both"),
        ("benchmark", "other", "BENCHMARK was fake@v1 and is now other"),
        ("limit", 3, "--limit was not given and is now 3"),
        ("tasks", ["T/1", "T/2"], "--task was not given and is now T/1 T/2"),
        ("data_sha256", "ff", "the benchmark's data (--data, by its sha256) was not given and is now ff"),
    ],
)
def test_other_arguments_are_refused_by_name_with_both_values(
    tmp_path: Path, name: str, value: Any, sentence: str
) -> None:
    run = a_run(tmp_path / "run", a_row("T/0", hardened="accepted"))
    with pytest.raises(AssayError) as caught:
        open_folder(run, **{name: value})
    assert sentence in str(caught.value)
    assert "--out" in str(caught.value)


def test_a_folder_with_other_things_in_it_is_not_taken_for_a_run(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(AssayError, match=r"thesis\.tex but no run\.json"):
        open_folder(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["thesis.tex"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 1}', '{"identity": 3}'])
def test_a_foreign_run_json_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(AssayError, match=r"run\.json"):
        open_folder(tmp_path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.write_text("")
    with pytest.raises(AssayError, match="it is a file"):
        open_folder(path)
    with pytest.raises(AssayError, match="cannot be written"):
        open_folder(path / "below")


def test_a_folder_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(AssayError, match="cannot be written"):
        open_folder(Path("/proc/assay/run"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(AssayError, match="cannot be written"):
        open_folder(tmp_path)


def test_two_processes_do_not_mix_in_one_folder(tmp_path: Path) -> None:
    with open_folder(tmp_path / "run"), pytest.raises(AssayError, match=rf"in use by process {os.getpid()}"):
        open_folder(tmp_path / "run")
    with open_folder(tmp_path / "run"):
        pass


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from assay.evaluation.lock import FolderLock\n"
        "FolderLock(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert (tmp_path / ".lock").exists()
    open_folder(tmp_path).close()


def test_nothing_but_its_four_files_is_left(tmp_path: Path) -> None:
    with open_folder(tmp_path / "run") as folder:
        folder.begin(RECORD)
        folder.append(a_row("T/0", hardened="accepted"))
        folder.finish({"schema": 1})
    assert sorted(entry.name for entry in (tmp_path / "run").iterdir()) == [
        "completions.jsonl",
        "run.json",
        "summary.json",
        "verdicts.jsonl",
    ]


def test_a_folder_in_which_nothing_began_is_not_left_behind(tmp_path: Path) -> None:
    open_folder(tmp_path / "run").close()
    assert not (tmp_path / "run").exists()


def test_what_a_kill_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    run = a_run(tmp_path / "run", a_row("T/0", hardened="accepted"))
    (run / ".verdicts.jsonl.tmp").write_text("half")
    (run / ".run.json.tmp").write_text("half")
    open_folder(run).close()
    assert {entry.name for entry in run.iterdir()} == {
        "completions.jsonl",
        "run.json",
        "verdicts.jsonl",
    }


def test_an_older_summary_goes_when_judging_goes_on(tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    (run / "summary.json").write_text("{}")
    with open_folder(run) as folder:
        folder.begin(RECORD)
    assert not (run / "summary.json").exists()


def test_a_write_that_stops_half_way_leaves_no_part_of_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    with open_folder(tmp_path / "run") as folder:
        folder.begin(RECORD)
        folder.append(a_row("T/0", hardened="accepted"))
        calls = []

        def full(fd: int, data: bytes) -> int:
            calls.append(data)
            if len(calls) > 1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(fd, data[:20])

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(DiskError, match=r"No space left on device\. Nothing already written is lost"):
            folder.append(a_row("T/1", hardened="accepted"))
        monkeypatch.undo()
        assert folder.finished == {("T/0", 0)}
        assert [row["task_id"] for row in folder.rows()] == ["T/0"]
        folder.append(a_row("T/1", hardened="accepted"))
        assert [row["task_id"] for row in folder.rows()] == ["T/0", "T/1"]


def test_a_run_of_a_later_version_is_not_continued(tmp_path: Path) -> None:
    folder = a_stored_run(tmp_path / "run", ["accepted"])
    record = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(record | {"schema": 99}))
    with pytest.raises(AssayError, match=r"run\.json has schema 99, which is newer than this Assay reads"):
        RunFolder(folder, record["identity"], {("T/0", 0)}, ("hardened",))

"""The command as a whole: quick, plain-spoken, and no stack traces for people."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assay import __version__
from assay.cli import main as cli
from assay.errors import AssayError


def a_command(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    """Make `assay probe` a command."""
    module = ModuleType("assay.cli.probe")
    module.register = lambda subparsers: subparsers.add_parser("probe").set_defaults(run=run)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "assay.cli.probe", module)
    monkeypatch.setattr(cli, "COMMANDS", ("probe",))


def test_help_needs_under_0_3_cpu_seconds_and_lists_every_command() -> None:
    times = []  # CPU seconds, which a busy machine hardly changes
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-m", "assay", "--help"], capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    for name in ("eval", "exec", "doctor", "sandbox", "data", "demo"):
        assert f"\n    {name} " in done.stdout
    assert min(times) < 0.3


def test_commands_are_light_to_import() -> None:
    code = "import sys; import assay.cli.main as m; m._parser(m.COMMANDS); print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("'rich'", "'asyncio'", "'assay.evaluation.run'", "'assay.judge.pool'", "'assay.tasks.catalog'"):
        assert heavy not in loaded


def test_version_is_the_package_version() -> None:
    done = subprocess.run([sys.executable, "-m", "assay", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"assay {__version__}\n"


@pytest.mark.parametrize("argv", [[], ["nosuch"], ["eval"], ["eval", "humaneval", "--model", "gold", "--jobs", "0"]])
def test_wrong_arguments_exit_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.main(argv)
    assert leaving.value.code == 2
    assert "usage: assay" in capsys.readouterr().err


def test_a_users_mistake_is_one_sentence_without_a_stack_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(args: object) -> int:
        raise AssayError("The file x is missing. Look for it.")

    a_command(monkeypatch, run)
    assert cli.main(["probe"]) == 2
    assert capsys.readouterr().err == "assay: The file x is missing. Look for it.\n"


def test_ctrl_c_exits_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def run(args: object) -> int:
        raise KeyboardInterrupt

    a_command(monkeypatch, run)
    assert cli.main(["probe"]) == 130
    assert capsys.readouterr().err == "assay: interrupted.\n"


def test_a_bug_is_one_sentence_and_its_stack_trace_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def run(args: Any) -> int:
        args.crash_folder = tmp_path
        raise ZeroDivisionError("one over nothing")

    a_command(monkeypatch, run)
    assert cli.main(["probe"]) == 1
    err = capsys.readouterr().err
    (file,) = tmp_path.iterdir()
    assert err.count("\n") == 1
    assert "ZeroDivisionError: one over nothing" in err
    assert str(file) in err
    assert "Traceback" in file.read_text()


def test_a_bug_with_nowhere_to_write_still_shows_its_stack_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def run(args: Any) -> int:
        args.crash_folder = tmp_path / "gone"
        raise ZeroDivisionError

    a_command(monkeypatch, run)
    assert cli.main(["probe"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_left_ends_the_command_quietly(tmp_path: Path) -> None:
    code = (
        "import sys, types; m = types.ModuleType('assay.cli.probe')\n"
        "m.register = lambda s: s.add_parser('probe').set_defaults(run=lambda a: print('x' * 10_000_000) or 0)\n"
        "sys.modules['assay.cli.probe'] = m; import assay.cli.main as c; c.COMMANDS = ('probe',)\n"
        "sys.exit(c.main(['probe']))"
    )
    reading, writing = os.pipe()
    process = subprocess.Popen([sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    os.read(reading, 10)
    os.close(reading)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (1, "")


def test_a_full_disk_under_stdout_is_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "assay", "data", "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr

"""`assay exec`: a file in, its output and exit status out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assay.cli.main import main
from assay.sandbox import warm
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import missing


def run(*argv: str | Path) -> tuple[int, bytes, str]:
    """The command as a process: exit status, stdout, stderr."""
    done = subprocess.run([sys.executable, "-m", "assay", "exec", *map(str, argv)], capture_output=True, timeout=120)
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def write(tmp_path: Path):
    def write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_output_passes_as_it_is_and_one_line_says_how_it_ended(write) -> None:
    source = "import sys\nsys.stdout.buffer.write(b'\\xff\\x00out')\nsys.stderr.write('err\\n')\nsys.exit(7)"
    status, out, err = run(write("a.py", source))
    assert (status, out) == (7, b"\xff\x00out")
    first, last = err.splitlines()
    assert first == "err"
    assert last.startswith("assay: exited with status 7; ")
    assert "isolation " in last


@pytest.mark.skipif(bool(missing(LANGUAGES["java"])), reason="java is missing: apt-get install default-jdk-headless")
def test_a_file_in_java_may_have_any_name(write) -> None:
    source = 'public class Greeting { public static void main(String[] a) { System.out.println("hi " + a[0]); } }'
    assert run(write("first try.java", source), "you")[:2] == (0, b"hi you\n")


@pytest.mark.skipif(bool(missing(LANGUAGES["c"])), reason="gcc is missing: apt-get install gcc")
def test_a_compiled_file_needs_no_ending_when_its_language_is_said(write) -> None:
    assert run(write("answer", "int main(void) { return 5; }"), "--language", "c")[0] == 5


def test_arguments_and_stdin(write) -> None:
    file = write("a.py", "import sys; print(sys.argv[1:], sys.stdin.read())")
    status, out, _ = run(file, "one", "two", "--stdin", write("in.txt", "typed"))
    assert (status, out) == (0, b"['one', 'two'] typed\n")
    status, out, _ = run("--cpu", "2", file, "--", "-x", "--json")
    assert out == b"['-x', '--json'] \n"


def test_the_language_follows_the_name_or_the_option(write) -> None:
    assert run(write("a.sh", "echo shell $1"), "x")[1] == b"shell x\n"
    assert run(write("noname.txt", "print('py')"), "--language", "python")[1] == b"py\n"
    assert run(write("prog", "#!/bin/sh\necho started\n"))[1] == b"started\n"


@pytest.mark.parametrize(
    "source, options, expected, word",
    [
        ("while True: pass", ("--cpu", "0.3"), 124, "time_limit_cpu"),
        ("import time; time.sleep(60)", ("--cpu", "0.3"), 124, "time_limit_idle"),
        ("import ctypes; ctypes.string_at(0)", (), 128 + 11, "SIGSEGV"),
        ("x = bytearray(1 << 30)", ("--memory", "100"), 1, "memory_limit"),
        ("while True: print('x' * 100000)", (), 1, "output_limit"),
        ("1 / 0", (), 1, "exited with status 1"),
    ],
)
def test_exit_statuses(write, source: str, options: tuple[str, ...], expected: int, word: str) -> None:
    status, _, err = run(write("a.py", source), *options)
    assert status == expected
    assert word in err.splitlines()[-1]


def test_json_tells_everything_and_nothing_else(write) -> None:
    status, out, err = run(write("a.py", "import sys; print('é'); sys.stdout.buffer.write(b'\\xff')"), "--json")
    said = json.loads(out)
    assert (status, err) == (0, "")
    assert (said["schema"], said["status"], said["exit_code"], said["signal"]) == (1, "exited", 0, None)
    assert sorted(said["stdout"]) == sorted("é\n\ufffd")
    assert said["isolation"]["level"] in ("namespaces", "landlock")
    assert {"stderr", "truncated", "cpu_s", "wall_s", "peak_bytes", "lingering", "detail"} <= set(said)


def test_much_output_is_cut_and_that_is_said(write) -> None:
    status, out, err = run(write("a.py", "print('x' * 3_000_000)"))
    assert status == 0
    assert len(out) == 1 << 20
    assert "more output than" in err.splitlines()[-1]


def refused(*argv: str | Path, capsys: pytest.CaptureFixture[str]) -> str:
    """One sentence on stderr and status 2."""
    assert main(["exec", *map(str, argv)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("assay: ")
    assert err.count("\n") == 1
    return err


def test_files_that_cannot_be_run_are_refused_in_one_sentence(
    write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There is no file" in refused(tmp_path / "missing.py", capsys=capsys)
    (tmp_path / "folder.py").mkdir()
    assert "is a folder" in refused(tmp_path / "folder.py", capsys=capsys)
    assert "--language" in refused(write("a.xyz", ""), capsys=capsys)
    assert "no language 'cobol'" in refused(write("a.py", ""), "--language", "cobol", capsys=capsys)
    assert "There is no file" in refused(write("a.py", ""), "--stdin", tmp_path / "none", capsys=capsys)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_refused(write, capsys: pytest.CaptureFixture[str]) -> None:
    file = write("a.py", "")
    file.chmod(0)
    assert "cannot be read" in refused(file, capsys=capsys)


@pytest.mark.parametrize(
    "option", [("--cpu", "0"), ("--cpu", "x"), ("--wall", "-1"), ("--memory", "0"), ("--cpu", "nan")]
)
def test_limits_that_make_no_sense_are_refused(write, option: tuple[str, str]) -> None:
    status, _, err = run(write("a.py", ""), *option)
    assert status == 2
    assert "Traceback" not in err


def test_a_machine_that_cannot_isolate_refuses_and_names_the_way_out(
    write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(warm, "LEVELS", ())
    monkeypatch.setattr(warm, "_works", None)
    said = refused(write("a.py", "print(1)"), capsys=capsys)
    assert "assay doctor" in said
    assert "--unsafe" in said


def test_with_unsafe_it_runs_even_there(write, monkeypatch: pytest.MonkeyPatch, capfdbinary) -> None:
    monkeypatch.setattr(warm, "LEVELS", ())
    monkeypatch.setattr(warm, "_works", None)
    assert main(["exec", str(write("a.py", "print(1)")), "--unsafe"]) == 0
    assert b"isolation none" in capfdbinary.readouterr().err


def test_a_missing_toolchain_is_named_with_its_command(
    write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = replace(LANGUAGES["bash"], command=("no-such-shell", "{entry}"))
    monkeypatch.setitem(LANGUAGES, "bash", absent)
    said = refused(write("a.sh", "echo"), capsys=capsys)
    assert "no-such-shell is not installed" in said
    assert "apt-get install bash" in said

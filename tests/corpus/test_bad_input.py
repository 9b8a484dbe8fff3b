"""Broken, huge, looping and unreadable input is named, counted and skipped; a killed build loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the corpus extra is not installed")

from assay.corpus import read
from assay.corpus.build import build
from assay.corpus.options import Options
from assay.corpus.table import rows
from assay.errors import AssayError
from material import MIT, module


def _dropped(corpus: Path) -> dict[str, dict[str, Any]]:
    return {row["path"]: row for path in sorted(corpus.glob("dropped-*.parquet")) for row in rows(path)}


def test_what_cannot_be_read_is_named_and_counted_and_the_rest_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    inner = folder / "inner"
    inner.mkdir(parents=True)
    (folder / "LICENSE").write_text(MIT)
    (folder / "good.py").write_text(module("good"))
    (folder / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\n" + module("latin").encode() + b"NAME = '\xe9'\n")
    (folder / "broken.py").write_bytes(module("broken").encode() + b"# \xff\xfe\n")
    (folder / "lying.py").write_bytes(b"# coding: no-such-code\nx = '\xff'\n")
    (folder / "nul.py").write_bytes(module("nul").encode() + b"\0")
    (folder / "empty.py").write_text(" \n\n")
    (folder / "old.py").write_text(module("old") + "\nprint 'Python 2'\n")
    (folder / "deep.py").write_text("x = " + "(\n" * 300 + ")\n" * 300 + module("deep"))
    with (folder / "huge.py").open("wb") as file:
        file.truncate(2 << 30)
    os.mkfifo(folder / "pipe.py")
    (inner / "up").symlink_to(folder)
    (inner / "self").symlink_to(inner / "self")
    (inner / "gone.py").symlink_to("/nowhere/at/all.py")
    (folder / os.fsdecode(b"name-\xff.py")).write_text(module("named"))

    build(Options((str(folder),), held_out=0, data=str(tmp_path)), tmp_path / "out", cores=1)
    dropped = _dropped(tmp_path / "out")
    assert {path: row["rule"] for path, row in dropped.items()} == {
        "LICENSE": "unknown language",
        "broken.py": "broken text",
        "lying.py": "broken text",
        "nul.py": "binary",
        "empty.py": "empty",
        "old.py": "syntax error",
        "deep.py": "syntax error",
        "huge.py": "too large",
        "pipe.py": "not a file",
        "inner/up": "link",
        "inner/self": "link",
        "inner/gone.py": "link",
    }
    assert "byte 0xff" in dropped["broken.py"]["detail"]
    assert dropped["huge.py"]["detail"] == "2,147,483,648 bytes"
    files = {document.path: document for document in read(tmp_path / "out", kinds=("file",))}
    assert sorted(files) == ["good.py", "latin.py", "name-\\xff.py"]
    assert files["latin.py"].text.endswith("NAME = 'é'\n")
    funnel = json.loads((tmp_path / "out" / "funnel.json").read_text())
    assert funnel["files"] == len(dropped) + len(files)


def test_an_unreadable_file_and_folder_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root nothing is unreadable, so the two calls refuse here what the system would refuse an ordinary user."""
    folder = tmp_path / "locked"
    (folder / "private").mkdir(parents=True)
    (folder / "LICENSE").write_text(MIT)
    (folder / "good.py").write_text(module("good"))
    (folder / "secret.py").write_text(module("secret"))
    real_open, real_scan = os.open, os.scandir

    def refuse(path: Any) -> None:
        if str(path).endswith(("secret.py", "private")):
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", lambda path, *rest, **named: (refuse(path), real_open(path, *rest, **named))[1])
    monkeypatch.setattr(os, "scandir", lambda path: (refuse(path), real_scan(path))[1])
    build(Options((str(folder),), held_out=0, data=str(tmp_path)), tmp_path / "out", cores=1)
    dropped = _dropped(tmp_path / "out")
    assert {path: dropped[path]["rule"] for path in ("secret.py", "private")} == dict.fromkeys(
        ("secret.py", "private"), "unreadable"
    )
    assert dropped["secret.py"]["detail"] == "Permission denied"
    assert [document.path for document in read(tmp_path / "out", kinds=("file",))] == ["good.py"]


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        (("nowhere",), "does not exist"),
        (("pacakges:",), "Known: a folder"),
        (("packages:no-such-package",), "No package 'no-such-package' is installed"),
        (("stdlib:", "stdlib:"), "named twice"),
        ((), "Nothing to build from"),
    ],
)
def test_a_wrong_source_is_one_sentence_before_anything_is_written(
    sources: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    with pytest.raises(AssayError, match=says):
        build(Options(sources), tmp_path / "out", cores=1)
    assert not (tmp_path / "out").exists()


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"no table")
    with pytest.raises(AssayError, match="no Parquet file"):
        build(Options((str(tmp_path / "x.parquet"),)), tmp_path / "out", cores=1)


def _shards(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def test_a_build_that_is_killed_again_and_again_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(12):
        inner = folder / f"part{number}"
        inner.mkdir(parents=True)
        for each in range(4):
            (inner / f"f{each}.py").write_text(module(f"name{number}x{each}"))
    (folder / "LICENSE").write_text(MIT)
    script = (
        "import sys; from pathlib import Path; from assay.corpus import plan; from assay.corpus.build import build\n"
        "from assay.corpus.options import Options\n"
        "plan.PIECE_FILES = 4\n"
        f"build(Options(({str(folder)!r},), held_out=0, decontaminate=False), Path(sys.argv[1]), cores=1)\n"
    )
    command = [sys.executable, "-c", script]
    subprocess.run([*command, tmp_path / "whole"], check=True)
    killed = tmp_path / "killed"
    kills = 0
    for parts in (1, 7):
        process = subprocess.Popen([*command, killed])
        done = killed / ".work" / "parts"
        while process.poll() is None and len(list(done.glob("0*")) if done.exists() else ()) < parts:
            time.sleep(0.005)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
        with pytest.raises(AssayError, match="was interrupted: repeat the command"):
            read(killed)
    assert kills == 2
    subprocess.run([*command, killed], check=True)
    assert _shards(killed) == _shards(tmp_path / "whole")
    assert not (killed / ".work").exists()
    assert json.loads((killed / "funnel.json").read_text()) == json.loads(
        (tmp_path / "whole" / "funnel.json").read_text()
    )


def test_an_interrupted_build_does_not_go_on_with_other_arguments(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "a.py").write_text(module("one"))
    (tmp_path / "out" / ".work").mkdir(parents=True)
    (tmp_path / "out" / ".work" / "options.json").write_text(json.dumps({"sources": ["elsewhere"]}))
    with pytest.raises(AssayError, match="interrupted build with other arguments"):
        build(Options((str(folder),)), tmp_path / "out", cores=1)


def test_two_workers_write_what_one_writes(tmp_path: Path) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    for each in range(3):
        (folder / f"f{each}.py").write_text(module(f"name{each}"))
    (folder / "LICENSE").write_text(MIT)
    for cores in (1, 2):
        build(Options((str(folder),), held_out=0, decontaminate=False), tmp_path / f"out{cores}", cores=cores)
    assert _shards(tmp_path / "out1") == _shards(tmp_path / "out2")

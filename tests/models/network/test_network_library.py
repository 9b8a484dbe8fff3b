"""What is in C is compiled once, for its user alone, and done without where it cannot be."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed; run: make toolchains")
_LOADED = "from assay.models.network.native import library; print(library.load() is not None)"


def loaded(folder: Path, **environment: str) -> bool:
    """Whether a new process, with its cache in a folder, has the library."""
    variables = {key: value for key, value in os.environ.items() if key != "ASSAY_NATIVE"}
    variables |= {"ASSAY_CACHE": str(folder), **environment}
    done = subprocess.run([sys.executable, "-c", _LOADED], env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout == "True\n"


@needs_gcc
def test_it_is_compiled_once_and_for_its_user_alone(tmp_path: Path) -> None:
    old = os.umask(0o002)  # as where users have groups of their own
    try:
        assert loaded(tmp_path)
    finally:
        os.umask(old)
    (file,) = (tmp_path / "native").iterdir()
    made = file.stat()
    assert stat.S_IMODE(made.st_mode) == 0o700
    assert loaded(tmp_path)
    assert loaded(tmp_path, PATH=f"{Path(shutil.which('gcc') or '').parent}")
    assert [path.stat().st_mtime_ns for path in (tmp_path / "native").iterdir()] == [made.st_mtime_ns]


@needs_gcc
def test_a_file_that_others_may_write_to_is_not_loaded(tmp_path: Path) -> None:
    assert loaded(tmp_path)
    (file,) = (tmp_path / "native").iterdir()
    file.write_bytes(b"no library")
    assert not loaded(tmp_path)
    file.chmod(0o777)
    assert loaded(tmp_path)  # made anew
    assert file.stat().st_size > 1000 and stat.S_IMODE(file.stat().st_mode) == 0o700
    (tmp_path / "native").chmod(0o777)
    assert not loaded(tmp_path)


def test_without_a_compiler_or_where_it_is_not_wanted_torch_does_it(tmp_path: Path) -> None:
    assert not loaded(tmp_path, PATH=str(tmp_path))
    assert not loaded(tmp_path, ASSAY_NATIVE="0")
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "gcc").write_text("#!/bin/sh\nexit 1\n")
    (broken / "gcc").chmod(0o755)
    assert not loaded(tmp_path, PATH=f"{broken}:{os.environ['PATH']}")
    (tmp_path / "file").write_text("no folder")
    assert not loaded(tmp_path / "file")

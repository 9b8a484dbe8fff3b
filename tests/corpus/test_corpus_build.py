"""A real folder becomes a corpus, and the reader gives it back."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the corpus extra is not installed")

from assay.corpus import describe, read
from assay.corpus.build import build
from assay.corpus.options import Options
from assay.errors import AssayError
from material import MIT, SUMS


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "LICENSE").write_text(MIT)
    (folder / "sums.py").write_text(SUMS)
    return folder


def test_a_file_comes_back_with_its_licence_and_figures(project: Path, tmp_path: Path) -> None:
    build(Options((str(project),), held_out=0), tmp_path / "out", cores=1)
    (document,) = read(tmp_path / "out", kinds=("file",))
    assert document.text == SUMS
    assert (document.language, document.repository, document.path) == ("python", "project", "sums.py")
    assert (document.licence, document.licence_from, document.weight) == ("MIT", "LICENSE", 2.0)
    assert document.signals["lines"] == 8
    assert list(read(tmp_path / "out", split="held_out")) == []


def test_a_finished_corpus_is_left_as_it_is_and_other_arguments_are_refused(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build(Options((str(project),)), out, cores=1)
    assert build(Options((str(project),)), out, cores=1) == first == describe(out)
    with pytest.raises(AssayError, match="other arguments"):
        build(Options((str(project),), held_out=0.5), out, cores=1)


def test_a_folder_with_other_things_in_it_is_refused(project: Path) -> None:
    with pytest.raises(AssayError, match="is not empty"):
        build(Options((str(project),)), project, cores=1)


def test_what_is_no_corpus_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="no finished corpus"):
        describe(tmp_path)

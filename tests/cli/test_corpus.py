"""`assay corpus`: build prints the funnel, inspect shows what was kept and dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the corpus extra is not installed")

from commandline import Assay

MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    monkeypatch.delenv("ASSAY_DATA", raising=False)  # reading every benchmark would take longer than the test
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "LICENSE").write_text(MIT)
    body = '    """Return what {0} is for."""\n    found = [{0}, first, second]\n    return sorted(found)[0]\n'
    (folder / "one.py").write_text("".join(f"def one{n}(first, second):\n{body.format(n)}\n" for n in range(5)))
    (folder / "broken.py").write_text(
        "def broken(:\n    this is no program at all, it is only words\n    and more of them\n"
    )
    return folder


def test_build_prints_the_funnel_and_inspect_shows_samples(project: Path, tmp_path: Path, assay: Assay) -> None:
    status, out, err = assay("corpus", "build", project, "--out", tmp_path / "out", "--workers", "1", "--held-out", "0")
    assert status == 0, err
    assert "syntax error" in out and f"assay corpus inspect {tmp_path / 'out'}" in out
    assert "reading and filtering (3 files)" in err
    status, out, _ = assay("corpus", "inspect", tmp_path / "out")
    assert status == 0
    assert "-- kept file: project/one.py (python, MIT, weight 2, train)" in out
    assert "== dropped by: syntax error\n-- project/broken.py" in out
    status, out, _ = assay("corpus", "inspect", tmp_path / "out", "--rule", "syntax error")
    assert out.startswith("\n== dropped by: syntax error")


def test_mistakes_are_sentences(project: Path, tmp_path: Path, assay: Assay) -> None:
    status, _, err = assay("corpus", "inspect", tmp_path)
    assert (status, "no finished corpus" in err) == (2, True)
    status, _, err = assay("corpus", "build", project, "--out", tmp_path / "out", "--held-out", "2")
    assert (status, "between 0 and 1" in err) == (2, True)
    assay("corpus", "build", project, "--out", tmp_path / "out", "--workers", "1")
    status, _, err = assay("corpus", "inspect", tmp_path / "out", "--rule", "taste")
    assert (status, "There is no rule 'taste'" in err) == (2, True)

"""`assay sandbox check`: the hostile programs, what each did, and a last line that counts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assay.cli.main import main
from assay.cli.sandbox import summary
from assay.evaluation import selfcheck
from assay.evaluation.selfcheck import Record
from assay.sandbox import canaries
from assay.sandbox.languages import LANGUAGES

pytestmark = pytest.mark.alone


def test_a_table_and_a_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "check", "--only", "1", "39c"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[-1] == "6 of 6 hostile programs got the right verdict; none had an effect outside"
    assert any("01a" in line and "always equal" in line and "wrong_answer" in line for line in lines)
    assert "official: accepted" in out
    assert "assay: 6/6" in err


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "check", "--only", "2", "--json", "--jobs", "1"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["right"], said["effects"], said["total"]) == (1, 3, 0, 3)
    first = said["programs"][0]
    assert (first["number"], first["got"], first["official"], first["ok"]) == ("02a", "wrong_answer", "accepted", True)
    assert said["isolation"]["level"] in ("namespaces", "landlock")


def test_a_level_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["sandbox", "check", "--only", "1", "--level", "landlock", "--json"])
    out, err = capsys.readouterr()
    if status == 2:
        assert "cannot isolate" in err
        pytest.skip("this machine has no Landlock")
    said = json.loads(out)
    assert said["isolation"]["level"] == "landlock"
    assert status == 0, said


def test_languages_are_tried_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "check", "--language", "bash", "native", "--json"]) == 0
    bash, native = json.loads(capsys.readouterr().out)["languages"]
    assert (bash["language"], bash["ok"], native["language"], native["ok"]) == ("bash", True, "native", True)
    assert [finding["name"] for finding in bash["findings"]] == [
        "reads, prints and leaves with its status",
        "fails",
        "loops without end",
        "takes memory without end",
        "reaches neither files nor network",
    ]


def test_a_language_that_is_missing_is_listed_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = replace(LANGUAGES["native"], command=("no-such-thing",), install="apt-get install no-such-thing")
    monkeypatch.setitem(LANGUAGES, "native", absent)
    assert main(["sandbox", "check", "--language", "native"]) == 0
    out = capsys.readouterr().out
    assert "install it with: apt-get install no-such-thing" in out
    assert out.splitlines()[-1] == "0 of 0 languages work and are held to their limits; not installed: native"


def test_a_language_that_does_not_do_what_it_should_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "canary.sh").write_text("#!/bin/sh\necho other\n")
    monkeypatch.setattr(canaries, "_FOLDER", tmp_path)
    assert main(["sandbox", "check", "--language", "native"]) == 1
    out = capsys.readouterr().out
    assert "0 of 5" in out
    assert "reads, prints and leaves with its status: run: exited 0 other" in out
    assert out.splitlines()[-1].startswith("0 of 1 languages")


def test_an_unknown_number_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "check", "--only", "99"]) == 2
    assert "There is no hostile program 99" in capsys.readouterr().err


def test_a_wrong_verdict_fails_the_check_and_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    folder = tmp_path / "hostile"
    (folder / "python").mkdir(parents=True)
    (folder / "tasks.toml").write_text((selfcheck_folder() / "tasks.toml").read_text())
    source = "# hostile: 1\n# task: add\n# verdict: wrong_answer\n# why: it is right\n\n\ndef add(a, b): return a + b\n"
    (folder / "python" / "01_right.py").write_text(source)
    # the worker is a process of its own, so it is told by its environment
    (tmp_path / "sitecustomize.py").write_text(
        "import assay.tasks.hostile as hostile, pathlib\n"
        f"hostile.corpus_folder = lambda: pathlib.Path({str(folder)!r})\n"
    )
    from pathlib import Path

    import assay
    import assay.tasks.hostile as hostile

    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(assay.__file__).parents[1]}")
    monkeypatch.setattr(hostile, "corpus_folder", lambda: folder)
    assert main(["sandbox", "check", "--language", "python"]) == 1
    out, err = capsys.readouterr()
    assert "✗ 01_right" in out
    assert "it is right" in out
    assert out.splitlines()[-1].startswith("0 of 1 hostile programs got the right verdict")
    assert "01_right: accepted" in err


def selfcheck_folder():
    from assay.tasks.hostile import corpus_folder

    return corpus_folder()


def test_the_last_line_counts_verdicts_and_effects_apart() -> None:
    fine = Record("01_a", "01", ("wrong_answer",), "wrong_answer", ok=True)
    wrong = Record("02_b", "02", ("wrong_answer",), "accepted")
    harmful = Record("03_c", "03", ("wrong_answer",), "wrong_answer", effects=("left /tmp/x",))
    assert summary([fine, fine]) == "2 of 2 hostile programs got the right verdict; none had an effect outside"
    assert summary([fine, wrong, harmful]).startswith("2 of 3")
    assert summary([fine, wrong, harmful]).endswith("1 had an effect outside: 03_c")
    assert selfcheck.LEVELS == ("namespaces", "landlock")

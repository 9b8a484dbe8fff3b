"""`assay doctor`: what this machine offers, found by trying."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from assay.cli.main import main
from assay.sandbox import warm
from assay.sandbox.doctor import LevelReport, Report, examine
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.warm import open_zygote


def test_it_says_what_programs_will_get(capsys: pytest.CaptureFixture[str]) -> None:
    zygote = open_zygote()
    zygote.close()
    assert main(["doctor", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["schema"] == 1
    assert said["can_isolate"] is True
    assert said["isolation"] == zygote.isolation.as_json()
    assert (said["uid"], said["cores"]) == (os.geteuid(), len(os.sched_getaffinity(0)))
    assert [level["name"] for level in said["levels"]] == ["namespaces", "namespaces", "landlock"]
    for level in said["levels"]:
        assert bool(level["layers"]) is level["works"] is not bool(level["why"])
    languages = {language["name"]: language["version"] for language in said["languages"]}
    assert languages["python"].startswith("Python 3.")


def test_the_table_ends_in_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "this machine can isolate: level " in text
    for word in ("kernel", "seccomp", "Landlock", "cgroup", "user namespaces", "python", "bash"):
        assert word in text


def test_below_the_floor_it_fails_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(warm, "LEVELS", ())
    assert main(["doctor"]) == 1
    text = capsys.readouterr().out
    assert "cannot isolate" in text
    assert "user namespaces" in text
    assert "--unsafe" in text


def test_a_level_that_fails_says_which_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "LEVELS", (warm.Level("nonsense"),))
    monkeypatch.setattr(warm, "jail_python", lambda: "/bin/false")
    (level,) = examine().levels
    assert not level.works
    assert level.why


def test_a_missing_language_comes_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LANGUAGES, "bash", replace(LANGUAGES["bash"], command=("no-such-shell", "{entry}")))
    bash = next(language for language in examine().languages if language.name == "bash")
    assert (bash.version, bash.install) == ("", "apt-get install bash")


def a_report(*levels: LevelReport, landlock_abi: int = 0, free_bytes: int = 1 << 40) -> Report:
    return Report("6.1", "x86_64", 1000, 4, free_bytes, True, "", landlock_abi, ("", ()), levels, ())


def test_advice_fits_what_is_missing() -> None:
    namespaces = LevelReport("namespaces", True, True, ("cgroup-memory", "pid"))
    assert a_report(namespaces).advice() == []
    polled = LevelReport("namespaces", True, True, ("pid",))
    assert "No cgroup is writable" in a_report(polled).advice()[0]
    landlock = LevelReport("landlock", False, True, ("landlock-3",))
    assert "user namespaces" in a_report(landlock, landlock_abi=3).advice()[0]
    nothing = a_report(LevelReport("landlock", False, False, why="this kernel has no Landlock"))
    assert any("5.13" in line for line in nothing.advice())
    assert nothing.best is None
    assert "make room" in a_report(namespaces, free_bytes=1).advice()[-1]


def test_it_leaves_nothing_running() -> None:
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))
    from jailed import eventually, groups_of, processes_below

    before = set(processes_below(os.getpid()))
    examine()
    assert eventually(lambda: set(processes_below(os.getpid())) <= before)
    assert groups_of(os.getpid()) == []

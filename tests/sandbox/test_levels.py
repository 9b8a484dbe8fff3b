"""Each isolation level runs programs and names its layers; below the floor nothing runs."""

from __future__ import annotations

import os
from typing import Any

import pytest

from assay.judge.checks import StubCheck
from assay.judge.judge import Judge
from assay.sandbox import landlock, warm
from assay.sandbox.program import Status
from assay.sandbox.sandbox import Sandbox
from assay.sandbox.warm import Level, SandboxUnavailable, Zygote, open_zygote
from jailed import SMALL, processes_below, python

LEVELS = {
    "user namespace": Level("namespaces", True),
    "namespaces as root": Level("namespaces", False),
    "landlock": Level("landlock"),
    "none": Level("none"),
}
NEEDED = {
    "user namespace": {"user", "pid", "net", "mount", "ipc", "uts", "read-only-root", "uid"},
    "namespaces as root": {"pid", "net", "mount", "ipc", "uts", "read-only-root", "uid"},
    "landlock": {f"landlock-{landlock.abi()}"},
    "none": set(),
}


def skip_unless_possible(name: str) -> None:
    try:
        Zygote(LEVELS[name]).close()
    except SandboxUnavailable as error:
        if name == "namespaces as root" and os.geteuid() == 0:
            raise
        pytest.skip(f"this machine does not permit it: {error}")


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest, only: Any) -> str:
    """A level that this machine permits; nothing stronger is known."""
    skip_unless_possible(request.param)
    only(LEVELS[request.param])
    return str(request.param)


def test_it_runs_programs_and_names_its_layers(level: str) -> None:
    with Sandbox(jobs=1) as sandbox:
        outcome = sandbox.run(python("import sys; print('in', sys.argv[1])", "here"), SMALL)
        assert (outcome.status, outcome.stdout) == (Status.exited, b"in here\n")
        assert outcome.isolation.level == LEVELS[level].name
        assert set(outcome.isolation.layers) >= NEEDED[level] | {"no_new_privs", "rlimits", "seccomp"}
        assert ("user" in outcome.isolation.layers) == LEVELS[level].user_namespace
        if level == "none":
            assert not any(layer.startswith("landlock") for layer in outcome.isolation.layers)


def test_it_judges(level: str) -> None:
    check = StubCheck("", "assert add(2, 3) == 5", ("add",), SMALL)
    with Judge() as judge:
        assert judge.judge(check, "def add(a, b): return a + b").passed
        assert judge.judge(check, "def add(a, b): return a - b").kind.value == "wrong_answer"


def test_limits_hold(level: str) -> None:
    with Sandbox(jobs=1) as sandbox:
        assert sandbox.run(python("while True: pass"), SMALL.with_cpu_s(0.5)).status is Status.time_limit_cpu
        assert sandbox.run(python("bytearray(4 << 30)"), SMALL).status is Status.memory_limit
        assert sandbox.run(python("while True: print('x' * 1000)"), SMALL).status is Status.output_limit
        assert sandbox.run(python("print('fine')"), SMALL).stdout == b"fine\n"


def test_files_can_be_written_in_the_working_and_the_temporary_folder(level: str) -> None:
    source = """
        import os, tempfile
        open("here", "w").write("x")
        with tempfile.TemporaryDirectory() as folder:
            open(folder + "/there", "w").write("x")
        print(sorted(os.listdir(".")))
    """
    with Sandbox(jobs=1) as sandbox:
        outcome = sandbox.run(python(source), SMALL)
        assert b"'here', 'main.py'" in outcome.stdout, outcome.stderr.decode()
        assert b"here" not in sandbox.run(python("import os; print(os.listdir('.'))"), SMALL).stdout


def test_processes_end_with_their_program(level: str) -> None:
    source = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(3600)\nprint(1)"
    from jailed import eventually, processes_below

    with Sandbox(jobs=1) as sandbox:
        sandbox.run(python("print()"), SMALL)
        before = len(processes_below(os.getpid()))
        sandbox.run(python(source), SMALL)
        assert eventually(lambda: len(processes_below(os.getpid())) <= before)


def test_other_processes_cannot_be_signalled(level: str) -> None:
    source = """
        import os
        for pid in (os.getppid(), %d):
            try:
                if pid > 1:
                    os.kill(pid, 0)
                    print("reached", pid)
            except OSError:
                pass
    """
    with Sandbox(jobs=1) as sandbox:
        assert sandbox.run(python(source % os.getpid()), SMALL).stdout == b""


@pytest.mark.parametrize("name", ["user namespace", "namespaces as root", "landlock"])
def test_private_files_cannot_be_read(name: str, only: Any, tmp_path: Any) -> None:
    skip_unless_possible(name)
    only(LEVELS[name])
    (tmp_path / "secret").write_text("secret")
    source = f"""
        import os
        outside = "/proc/{os.getpid()}/mem"
        for path in ({str(tmp_path / "secret")!r}, {__file__!r}, "/etc/shadow", "/proc/1/environ", outside):
            try:
                open(path).read(1)
                print(path)
            except OSError:
                pass
    """
    with Sandbox(jobs=1) as sandbox:
        assert sandbox.run(python(source), SMALL).stdout == b""


def test_below_the_floor_nothing_runs_and_the_way_out_is_named(only: Any) -> None:
    only()
    with pytest.raises(SandboxUnavailable) as caught:
        Sandbox(jobs=1)
    said = str(caught.value)
    assert "cannot isolate" in said
    assert "assay doctor" in said
    assert "--unsafe" in said
    with pytest.raises(SandboxUnavailable):
        Judge()


def test_an_interpreter_that_never_gets_ready_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "_BOOT", "import time; time.sleep(60)  # {path}{control}{page}{seed}")
    monkeypatch.setattr(warm, "_START_WALL_S", 0.3)
    before = set(processes_below(os.getpid()))
    with pytest.raises(SandboxUnavailable, match=r"could not start: it took more than 0\.3 s") as caught:
        Zygote(LEVELS["none"])
    assert caught.value.passing
    assert set(processes_below(os.getpid())) == before


def test_with_unsafe_programs_run_even_there_and_the_outcome_says_so(only: Any) -> None:
    only()
    with Sandbox(jobs=1, unsafe=True) as sandbox:
        outcome = sandbox.run(python("print('ran')"))
        assert (outcome.stdout, outcome.isolation.level) == (b"ran\n", "none")


def test_the_strongest_level_is_taken_first() -> None:
    assert [level.name for level in warm.LEVELS] == ["namespaces", "namespaces", "landlock"]
    zygote = open_zygote()
    try:
        assert zygote.isolation.level == next(level.name for name, level in LEVELS.items() if _possible(name))
    finally:
        zygote.close()


def _possible(name: str) -> bool:
    try:
        Zygote(LEVELS[name]).close()
    except SandboxUnavailable:
        return False
    return True

"""What a program can see and do inside, and what it leaves behind: nothing."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from assay.sandbox.program import Status
from assay.sandbox.sandbox import Sandbox
from jailed import SMALL, eventually, mounts, processes_below, python


def said(sandbox: Sandbox, source: str) -> str:
    """What the program prints; it must end well."""
    outcome = sandbox.run(python(source), SMALL)
    assert outcome.status is Status.exited, outcome
    assert outcome.exit_code == 0, outcome.stderr.decode()
    return outcome.stdout.decode().strip()


def test_a_daemon_dies_with_the_program(sandbox: Sandbox) -> None:
    source = """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
                for number in range(3): os.close(number)
                time.sleep(3600)
            os._exit(0)
        print("left")
    """
    with Sandbox(jobs=1) as alone:
        said(alone, "print()")
        before = len(processes_below(os.getpid()))
        assert said(alone, source) == "left"
        assert eventually(lambda: len(processes_below(os.getpid())) <= before)


def test_an_open_pipe_in_a_daemon_delays_nobody(sandbox: Sandbox) -> None:
    began = time.monotonic()
    said(sandbox, "import os, time\nif os.fork() == 0: time.sleep(3600)")
    assert time.monotonic() - began < 30  # the daemon would hold it for an hour


def test_the_root_is_read_only(sandbox: Sandbox) -> None:
    source = """
        import os
        for folder in ("/", "/usr", "/usr/bin", "/etc", "/dev", "/var", "/home", "/root", "/bin", "/lib"):
            try:
                open(os.path.join(folder, "mark"), "w")
                print(folder)
            except OSError:
                pass
    """
    assert said(sandbox, source) == ""


def test_files_of_the_host_are_not_there(sandbox: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    tmp_path.chmod(0o755)
    secret.chmod(0o644)
    places = [secret, Path(__file__), Path("/etc/shadow"), Path("/etc/ssh"), Path("/sys/kernel"), Path("/boot")]
    source = f"""
        import os
        for place in {[str(place) for place in places]}:
            try:
                os.listdir(place) if os.path.isdir(place) else open(place).read()
            except OSError:
                continue
            if os.path.isdir(place) and not os.listdir(place): continue
            print(place)
    """
    assert said(sandbox, source) == ""


def test_nothing_is_left_in_the_temporary_folder_for_the_next_program(sandbox: Sandbox) -> None:
    with Sandbox(jobs=1) as alone:
        said(alone, "open('/tmp/left', 'w').write('x'); open('here', 'w').write('x')")
        assert said(alone, "import os; print(os.listdir('/tmp'), os.listdir('.'))") == "['work'] ['main.py']"


def test_there_is_no_network(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        source = f"""
            import socket
            for address in (("127.0.0.1", {port}), ("169.254.169.254", 80), ("8.8.8.8", 53)):
                try:
                    socket.create_connection(address, timeout=1)
                    print("connected", address)
                except OSError:
                    pass
            try:
                print(socket.getaddrinfo("example.com", 80))
            except OSError:
                pass
        """
        assert said(sandbox, source) == ""


def test_the_environment_is_clean(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_TEST_SECRET", "secret")
    names = said(sandbox, "import os; print(*sorted(os.environ))").split()
    assert set(names) <= {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
    outcome = sandbox.run(python("print(open('/proc/self/environ').read())"))
    assert b"secret" not in outcome.stdout


def test_a_started_program_has_a_clean_environment_too(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_TEST_SECRET", "secret")
    from assay.sandbox.program import Program

    outcome = sandbox.run(Program("bash", {"a.sh": b"export -p"}, "a.sh"), SMALL)
    assert b"SECRET" not in outcome.stdout


def test_only_its_own_processes_are_seen(sandbox: Sandbox) -> None:
    seen = said(sandbox, "import os; print(*[n for n in os.listdir('/proc') if n.isdigit()])").split()
    assert len(seen) == 1


def test_the_judge_s_descriptors_are_not_inherited(sandbox: Sandbox) -> None:
    numbers = said(sandbox, "import os; print(*sorted(map(int, os.listdir('/proc/self/fd'))))").split()
    assert len(numbers) <= 4  # the standard streams, and the folder being listed


@pytest.mark.parametrize(
    "name", ["setuid", "mount", "unshare", "ptrace", "module"], ids=lambda name: f"{name} is refused"
)
def test_privileged_calls(sandbox: Sandbox, name: str) -> None:
    calls = {
        "setuid": "libc.setuid(0)",
        "mount": "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
        "unshare": "libc.unshare(0x10000000)",
        "ptrace": "libc.ptrace(0, 0, 0, 0)",
        "module": "libc.syscall(175, 0, 0, 0)",
    }
    source = f"import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint({calls[name]})"
    outcome = sandbox.run(python(source), SMALL)
    assert outcome.status is Status.forbidden or outcome.stdout.strip() == b"-1", outcome


def test_the_host_sees_no_new_mounts(sandbox: Sandbox) -> None:
    before = mounts()
    said(sandbox, "print()")
    assert mounts() == before


def test_capabilities_are_gone_and_privileges_cannot_return(sandbox: Sandbox) -> None:
    lines = said(sandbox, "print(open('/proc/self/status').read())").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_an_outcome_names_the_live_protections(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("print()"))
    assert outcome.isolation == sandbox.isolation
    assert outcome.isolation.level in ("namespaces", "landlock")
    assert {"seccomp", "rlimits", "no_new_privs"} <= set(outcome.isolation.layers)

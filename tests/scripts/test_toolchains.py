"""`make toolchains` on machines without any toolchain, whose apt-get and npm only write down what is asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "toolchains.py"
# Sees no program but those on PATH, and no library; is the user with this number.
RUN = """
import os, runpy, sys
os.geteuid = lambda: {uid}
import assay.sandbox.toolchain as toolchain
toolchain._SYSTEM_PATH = ""
real = toolchain.glob.glob
toolchain.glob.glob = lambda pattern: [] if pattern.startswith("/usr") else real(pattern)
sys.argv = ["toolchains.py", *{names!r}]
runpy.run_path({script!r}, run_name="__main__")
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$LOG"
for word; do case $word in {refused}) exit 100 ;; esac; done
"""
NPM = """#!/bin/sh
echo "npm $*" >>"$LOG"
mkdir -p "$3/node_modules/typescript"
echo '{"version": "5.9.3"}' >"$3/node_modules/typescript/package.json"
"""


class Machine:
    """A folder of programs, and what was asked of them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log"
        (folder / "bin").mkdir()

    def program(self, name: str, text: str = "#!/bin/sh\n") -> None:
        (self.folder / "bin" / name).write_text(text)
        (self.folder / "bin" / name).chmod(0o755)

    def run(self, *names: str, uid: int = 0) -> tuple[int, str, list[str]]:
        """(status, output, what was asked of apt-get and npm)."""
        self.log.write_text("")
        done = subprocess.run(
            [sys.executable, "-c", RUN.format(uid=uid, names=names, script=str(SCRIPT))],
            env={
                "PATH": f"{self.folder / 'bin'}",
                "LOG": str(self.log),
                "HOME": "/nonexistent",
                "ASSAY_TOOLCHAINS": str(self.folder / "tools"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, self.log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    for name in ("sh", "mkdir", "cat"):
        found = next(f"{folder}/{name}" for folder in ("/bin", "/usr/bin") if Path(f"{folder}/{name}").exists())
        (tmp_path / "bin" / name).symlink_to(found)
    return machine


def test_root_gets_what_is_missing_in_one_call(machine: Machine) -> None:
    machine.program("apt-get", APT_GET.format(refused="nothing"))
    status, said, asked = machine.run("go", "lua")
    assert asked == ["apt-get update -qq", "apt-get install -qq -y --no-install-recommends golang-go lua5.4 lua-unit"]
    assert status == 1, "the stub installs nothing"
    assert "go is not complete: go is not installed" in said


def test_a_package_that_a_release_does_not_have_keeps_no_other_out(machine: Machine) -> None:
    machine.program("apt-get", APT_GET.format(refused="lua-unit"))
    asked = machine.run("go", "lua")[2]
    assert [line.split()[-1] for line in asked[2:]] == ["golang-go", "lua5.4", "lua-unit"]


def test_other_users_are_told_the_command(machine: Machine) -> None:
    machine.program("apt-get", APT_GET.format(refused="nothing"))
    status, said, asked = machine.run("go", "lua", uid=1000)
    assert (status, asked) == (1, [])
    assert "sudo apt-get install --no-install-recommends golang-go lua5.4 lua-unit" in said


def test_npm_packages_are_installed_once_in_the_version_that_is_pinned(machine: Machine) -> None:
    machine.program("node")
    machine.program("npm", NPM)
    status, said, asked = machine.run("typescript")
    assert status == 0, said
    assert len(asked) == 1
    assert asked[0].startswith(f"npm install --prefix {machine.folder / 'tools'} ")
    assert asked[0].endswith(" typescript@5.9.3")
    assert machine.run("typescript")[2] == []
    (machine.folder / "tools/node_modules/typescript/package.json").write_text('{"version": "5.0.0"}')
    assert len(machine.run("typescript")[2]) == 1


def test_what_comes_from_elsewhere_is_left_alone(machine: Machine) -> None:
    machine.program("apt-get", APT_GET.format(refused="nothing"))
    machine.program("node")
    assert machine.run("javascript") == (
        0,
        "toolchains: 1 languages looked at; `assay doctor` shows their versions\n",
        [],
    )


def test_a_language_that_does_not_exist_is_refused(machine: Machine) -> None:
    status, said, asked = machine.run("cobol")
    assert (status, asked) == (2, [])
    assert "no language cobol" in said

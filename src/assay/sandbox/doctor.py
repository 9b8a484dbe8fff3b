"""What this machine offers a sandbox, found out by trying, not by believing version numbers."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from assay.sandbox import cgroup, kernel, landlock, warm
from assay.sandbox.languages import LANGUAGES, Language
from assay.sandbox.program import MIB, Isolation
from assay.sandbox.toolchain import ToolchainMissing, find, missing, missing_libraries, tools_dir

_VERSION_PATIENCE_S = 10.0
_NEEDED_FREE_BYTES = 512 * MIB


@dataclass(frozen=True)
class LevelReport:
    """One isolation level, tried with a warm interpreter. why: what failed, "" where it works."""

    name: str
    user_namespace: bool
    works: bool
    layers: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class LanguageReport:
    """One language.

    version: "" where the toolchain is missing. lacking: what of it, or which libraries that tests of benchmarks use;
    install: the command that provides this.
    """

    name: str
    version: str
    install: str
    lacking: str = ""


@dataclass(frozen=True)
class Report:
    """Everything `assay doctor` says. cgroup: "v2", "v1" or "" with the limits that can be set."""

    kernel: str
    machine: str
    uid: int
    cores: int
    free_bytes: int
    seccomp: bool
    user_namespaces: str
    landlock_abi: int
    cgroup: tuple[str, tuple[str, ...]]
    levels: tuple[LevelReport, ...]
    languages: tuple[LanguageReport, ...]

    @property
    def best(self) -> LevelReport | None:
        """The strongest level that works, None where this machine cannot isolate."""
        return next((level for level in self.levels if level.works), None)

    @property
    def isolation(self) -> Isolation:
        return Isolation(self.best.name, self.best.layers) if self.best else Isolation("none")

    def advice(self) -> list[str]:
        """What to do where something is missing, most important first."""
        said = []
        best = self.best
        if best is None or best.name != "namespaces":
            said.append(
                "For namespaces: run as root, or let ordinary users make user namespaces "
                f"({_how_to_allow_user_namespaces()}); in a container, start it with "
                "--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
                "--security-opt systempaths=unconfined."
            )
        if best is None and not self.landlock_abi:
            said.append(
                "For Landlock: Linux 5.13 or newer with landlock in the kernel's list of security modules (lsm=)."
            )
        if best is None:
            said.append("Or pass --unsafe to run programs that you trust without isolation.")
        elif not any(layer == "cgroup-memory" for layer in best.layers):
            said.append(
                "No cgroup is writable, so memory is limited per process and polled. For one limit over all processes: "
                "run as root, or inside `systemd-run --user --scope -p Delegate=yes`."
            )
        offered = [one.name for one in self.languages if one.lacking and LANGUAGES[one.name].packages]
        if offered:
            said.append(f"For {', '.join(offered)}: run `make toolchains` in a checkout, or the commands above.")
        if self.free_bytes < _NEEDED_FREE_BYTES:
            said.append(f"Only {self.free_bytes // MIB} MiB are free in the temporary folder; make room.")
        return said


def examine() -> Report:
    """Try everything. Takes about a second; starts and ends a warm interpreter per level."""
    return Report(
        kernel=platform.release(),
        machine=platform.machine(),
        uid=os.geteuid(),
        cores=len(os.sched_getaffinity(0)),
        free_bytes=shutil.disk_usage("/tmp").free,
        seccomp=_has_seccomp(),
        user_namespaces=_user_namespaces(),
        landlock_abi=landlock.abi(),
        cgroup=_cgroup(),
        levels=tuple(_try(level) for level in warm.LEVELS),
        languages=_languages(),
    )


def _try(level: warm.Level) -> LevelReport:
    try:
        zygote = warm.Zygote(level)
    except (warm.SandboxUnavailable, OSError) as error:
        return LevelReport(level.name, level.user_namespace, False, why=str(error))
    try:
        return LevelReport(level.name, level.user_namespace, True, zygote.isolation.layers)
    finally:
        zygote.close()


def _has_seccomp() -> bool:
    """Whether the kernel filters system calls at all (actions are listed since Linux 4.14)."""
    try:
        return "errno" in Path("/proc/sys/kernel/seccomp/actions_avail").read_text()
    except OSError:
        return False


def _user_namespaces() -> str:
    """ "" where they can be made, else why not, in a process of its own."""
    pid = os.fork()
    if pid == 0:
        try:
            kernel.unshare(kernel.CLONE_NEWUSER)
            os._exit(0)
        except OSError as error:
            os._exit(error.errno or 1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return "" if code == 0 else os.strerror(code)


def _how_to_allow_user_namespaces() -> str:
    for name, value in (
        ("kernel.apparmor_restrict_unprivileged_userns", "0"),
        ("kernel.unprivileged_userns_clone", "1"),
        ("user.max_user_namespaces", "10000"),
    ):
        path = Path("/proc/sys") / name.replace(".", "/")
        try:
            now = path.read_text().strip()
        except OSError:
            continue
        if now != value and not (name.startswith("user.") and int(now) > 0):
            return f"sudo sysctl -w {name}={value}"
    return "sudo sysctl -w user.max_user_namespaces=10000"


def _cgroup() -> tuple[str, tuple[str, ...]]:
    group = cgroup.create()
    if group is None:
        return "", ()
    try:
        version = "v2" if Path("/sys/fs/cgroup/cgroup.controllers").exists() else "v1"
        return version, group.layers
    finally:
        group.close()


def _languages() -> tuple[LanguageReport, ...]:
    with ThreadPoolExecutor() as threads:  # each mostly waits for a program that says its version
        return tuple(threads.map(_look_for, LANGUAGES.values()))


def _look_for(language: Language) -> LanguageReport:
    if not language.command:
        return LanguageReport(language.name, f"Python {platform.python_version()}", language.install)
    if not language.version:
        return LanguageReport(language.name, "nothing needed", language.install)
    lacking = missing(language)
    if lacking:
        return LanguageReport(language.name, "", language.install, lacking)
    try:
        argv = [word.replace("{tools}", str(tools_dir())) for word in language.version]
        program = find(argv[0], language.locate)
        said = subprocess.run(
            [program, *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_VERSION_PATIENCE_S,
            check=False,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.TimeoutExpired, ToolchainMissing) as error:
        return LanguageReport(language.name, "", language.install, f"{language.version[0]} does not run: {error}")
    first = said.strip().splitlines()[0] if said.strip() else "unknown version"
    packages = [library.package for library in missing_libraries(language)]
    if packages:
        return LanguageReport(language.name, first[:100], f"apt-get install {' '.join(packages)}", ", ".join(packages))
    return LanguageReport(language.name, first[:100], language.install)

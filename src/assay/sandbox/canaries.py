"""Whether a language works here and is held to its limits: its canary, run in several ways whose outcome is known.

A canary is one program per language (`languages/canaries/`), so that it is compiled once. It reads what it shall do:
"add A B" prints the sum and leaves with status 3, "fail" ends by an exception or a signal, "spin" loops without end,
"hog" takes memory without end, and "reach PATH PORT" says whether it can read a file and connect to a port of this
machine, both of which exist.
"""

from __future__ import annotations

import contextlib
import socket
import tempfile
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from assay.sandbox import languages, warm
from assay.sandbox.languages import LANGUAGES, Language
from assay.sandbox.program import MIB, Limits, Outcome, Program, Status
from assay.sandbox.sandbox import Sandbox
from assay.sandbox.toolchain import missing, unusable

_FOLDER = Path(languages.__file__).parent / "canaries"
_LIMITS = Limits(cpu_s=20.0)
_SPIN_LIMITS = Limits(cpu_s=0.5)
_HOG_LIMITS = Limits(cpu_s=20.0, memory_bytes=512 * MIB)
_BROKEN = b"\n)(\n"  # at the end of a file, an error in every language


@dataclass(frozen=True)
class Finding:
    """What one run of a canary showed. name: what it is to show. ok: it did; detail: how it ended where not."""

    language: str
    name: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Report:
    """What the canaries of one language showed.

    lacks: the command that installs the language where it is missing, "" else. unusable: why it cannot run under the
    isolation at hand. Then nothing was found.
    """

    language: str
    lacks: str = ""
    unusable: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)


def check_all(names: Collection[str], level: str | None = None, jobs: int | None = None) -> Iterator[Report]:
    """Run the canaries of these languages; the reports come as they are ready.

    level: isolation to use, None for the strongest. jobs: programs at once, by default one per core. Raises
    SandboxUnavailable, and KeyError for an unknown language.
    """
    with warm.at_level(level), Sandbox(jobs) as sandbox, ThreadPoolExecutor(sandbox.jobs) as threads:
        reports = [threads.submit(_report, sandbox, LANGUAGES[name]) for name in names]
        try:
            for report in as_completed(reports):
                yield report.result()
        finally:
            for report in reports:
                report.cancel()


def _report(sandbox: Sandbox, language: Language) -> Report:
    if missing(language):
        return Report(language.name, lacks=language.install)
    if why := unusable(language, sandbox.isolation):
        return Report(language.name, unusable=why)
    return Report(language.name, findings=tuple(check(sandbox, language)))


def check(sandbox: Sandbox, language: Language) -> Iterator[Finding]:
    """Run a language's canary in every way, one after another. Its toolchain must be installed."""
    source = (_FOLDER / language.canary).read_bytes()
    with _reachable() as (path, port):
        for name, words, limits, expected in (
            ("reads, prints and leaves with its status", b"add 20 22", _LIMITS, _added),
            ("fails", b"fail", _LIMITS, _failed),
            ("loops without end", b"spin", _SPIN_LIMITS, _was_stopped),
            ("takes memory without end", b"hog", _HOG_LIMITS, _ran_out_of_memory),
            ("reaches neither files nor network", b"reach %s %d" % (path.encode(), port), _LIMITS, _reached_nothing),
        ):
            program = Program(language.name, {language.canary: source}, language.canary, stdin=words + b"\n")
            yield _find(sandbox, language, name, program, limits, expected)
        if language.compile is not None:
            program = Program(language.name, {language.canary: source + _BROKEN}, language.canary)
            yield _find(sandbox, language, "does not compile", program, _LIMITS, _did_not_compile)


def _find(
    sandbox: Sandbox,
    language: Language,
    name: str,
    program: Program,
    limits: Limits,
    expected: Callable[[Outcome, Language], bool],
) -> Finding:
    outcome = sandbox.run(program, limits)
    said = (outcome.stderr or outcome.stdout).decode(errors="replace").strip().splitlines()
    how = f"{outcome.phase}: {outcome.status.value}"
    detail = " ".join(
        str(part) for part in (how, outcome.exit_code, outcome.detail, *said[:1]) if part not in (None, "")
    )
    return Finding(language.name, name, expected(outcome, language), detail[:300])


def _added(outcome: Outcome, _: Language) -> bool:
    return (outcome.phase, outcome.exit_code, outcome.stdout) == ("run", 3, b"42\n")


def _failed(outcome: Outcome, _: Language) -> bool:
    """By a status of its own or by a signal, for no limit's sake."""
    ended = outcome.exit_code not in (0, None) or outcome.status is Status.signalled
    return outcome.phase == "run" and ended


def _was_stopped(outcome: Outcome, _: Language) -> bool:
    return (outcome.phase, outcome.status) == ("run", Status.time_limit_cpu)


def _ran_out_of_memory(outcome: Outcome, language: Language) -> bool:
    """Where the address space is limited, a program may be told so; what it does then is its own affair."""
    told = language.address_space and not language.out_of_memory and _failed(outcome, language)
    return outcome.phase == "run" and (outcome.status is Status.memory_limit or told)


def _reached_nothing(outcome: Outcome, _: Language) -> bool:
    return (outcome.phase, outcome.exit_code, outcome.stdout) == ("run", 0, b"no file\nno connection\n")


def _did_not_compile(outcome: Outcome, _: Language) -> bool:
    return outcome.phase == "compile" and outcome.status is Status.exited and outcome.exit_code != 0


@contextlib.contextmanager
def _reachable() -> Iterator[tuple[str, int]]:
    """A file that everybody may read and a port that everybody may connect to: what a jail must hide."""
    with (
        tempfile.NamedTemporaryFile(prefix="assay-canary-") as file,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        Path(file.name).chmod(0o644)
        yield file.name, server.getsockname()[1]

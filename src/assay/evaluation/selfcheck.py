"""Run the hostile programs through the judge and see that each gets its verdict and none has an effect outside.

Worker processes do it, each with warm interpreters and a bystander of its own: a program that kills its judge is then
found out, and not the end of the check. They speak JSON lines: a group of programs in, one record a program out.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.bystander import Bystander
from assay.judge.checks import Check, StubCheck
from assay.judge.failure import from_build
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.sandbox import cgroup, warm
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import Isolation, Limits, Status
from assay.sandbox.sandbox import Sandbox
from assay.sandbox.toolchain import missing, missing_libraries
from assay.tasks.hostile import HostileProgram, HostileTask, load_programs, load_tasks

LEVELS = ("namespaces", "landlock")
_PATIENCE_S = 240.0  # for one program, with all its repetitions


@dataclass(frozen=True)
class Record:
    """What one hostile program did.

    got: verdict under `hardened`, or the status of a whole program; "not run" for one that was too dangerous here, or
        whose language is not installed: then `lacks` says what to install, and the program counts neither way.
    official: the verdict under `official`, "" where none is expected. effects: what changed outside the jail.
    ok: the right verdicts, the right flags and no effect.
    """

    name: str
    number: str
    expected: tuple[str, ...]
    got: str
    detail: str = ""
    official_expected: str = ""
    official: str = ""
    flags: tuple[str, ...] = ()
    wall_s: float = 0.0
    effects: tuple[str, ...] = ()
    why: str = ""
    ok: bool = False
    language: str = "python"
    lacks: str = ""


# -- the process that runs them ------------------------------------------------------------------------------------

_PROBE_TASK = StubCheck("", "assert probe() is True", ("probe",), Limits(cpu_s=1.0, processes=16))
_PROBE_WALL_S = 2.5
# Harmless questions to the jail before dangerous programs: (programs that need a yes, what a no means, source).
_PROBES = (
    (
        ("39a", "39c", "39g"),
        "programs in this jail can send signals to processes outside, so this one could end your session",
        """
import os
def probe():
    for pid in (os.getppid(), {bystander}):
        try:
            if pid > 1:
                os.kill(pid, 0)
                return False
        except OSError:
            pass
    return True
""",
    ),
    (
        ("21a", "21b", "21c", "21d", "21e"),
        "nothing limits the number of processes in this jail, so this one could bring the machine to a halt",
        """
import os
def probe():
    gate, limited = os.pipe(), False
    for _ in range(40):
        try:
            if os.fork() == 0:
                os.close(gate[1])
                os.read(gate[0], 1)
                os._exit(0)
        except OSError:
            limited = True
            break
    os.close(gate[1])
    return limited
""",
    ),
)
_BOMBS = ("21a", "21b", "21d", "21e")
_BOMBS_STAY = "fork bombs are not ended with their jail here, so this one could stay on your machine"
# Ends by itself after a while, at the latest.
_SMALL_BOMB = """
import os, time
def probe():
    first, end = os.getpid(), time.monotonic() + 4
    while time.monotonic() < end:
        try:
            os.fork()
        except OSError:
            pass
    if os.getpid() != first:
        os._exit(0)
    return True
"""


class _Runner:
    """Judges hostile programs one after another. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._open = contextlib.ExitStack()
        self._judges: dict[int, Judge] = {}
        self._sandbox: Sandbox | None = None
        self._ready = {"python"}
        self.isolation = self._judge(0).isolation
        uid_tells = os.geteuid() == 0 and "uid" in self.isolation.layers
        self._bystander = self._open.enter_context(Bystander(folder, uid_tells))
        self._refused = self._probe()

    def __enter__(self) -> _Runner:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _judge(self, seed: int) -> Judge:
        if seed not in self._judges:
            self._judges[seed] = self._open.enter_context(Judge(hash_seed=seed))
        return self._judges[seed]

    def _make_ready(self, program: HostileProgram, task: HostileTask) -> None:
        """Start what the program needs, so that it is not taken for something that the program left behind."""
        if task.hardened is None and self._sandbox is None:
            self._sandbox = self._open.enter_context(Sandbox(jobs=1))
        for seed in range(program.seeds):
            if seed not in self._judges:
                self._judge(seed).judge(_PROBE_TASK, "def probe():\n    return True\n")
        if task.hardened is not None and task.language not in self._ready:
            self._ready.add(task.language)
            # starts its compiler, if that is one that stays warm; nothing that was compiled before would do so
            self._judge(0).judge(task.hardened, f"// {os.getpid()} {time.monotonic_ns()}")

    def _probe(self) -> dict[str, str]:
        """The programs that must not be run here, with the reason."""
        refused = {}
        for numbers, reason, source in _PROBES:
            verdict = self._judge(0).judge(_PROBE_TASK, source.format(bystander=self._bystander.pid))
            if not verdict.passed:
                refused.update(dict.fromkeys(numbers, reason))
        if "pid" not in self.isolation.layers and _BOMBS[0] not in refused:
            before, started = self._bystander.look(), time.monotonic()
            verdict = self._judge(0).judge(_PROBE_TASK, _SMALL_BOMB)
            in_time = verdict.kind is VerdictKind.time_limit and time.monotonic() - started < _PROBE_WALL_S
            if not in_time or self._bystander.damage(before):
                refused.update(dict.fromkeys(_BOMBS, _BOMBS_STAY))
        return refused

    def record(self, program: HostileProgram, task: HostileTask) -> Record:
        """Run one program under every rule set its header names, between two looks at the host."""
        lacking = missing(LANGUAGES[program.language])
        if lacking:
            install = LANGUAGES[program.language].install
            return replace(_record(program, "not run", detail=f"{lacking}; install it with: {install}"), lacks=install)
        if program.number in self._refused:
            return _record(program, "not run", detail=self._refused[program.number])
        self._make_ready(program, task)
        started = time.monotonic()
        before = self._bystander.look()
        record = self._run(program, task)
        if record.detail.startswith("toolchain missing") and missing_libraries(LANGUAGES[program.language]):
            # A language can be there without the library that the tests of a task use: Debian comes with such a Perl.
            return replace(record, got="not run", lacks=LANGUAGES[program.language].install)
        effects = self._bystander.damage(before)
        suspicions = set() if effects else set(self._bystander.suspicions(before))
        for _ in range(2):
            if suspicions:
                before = self._bystander.look()
                self._run(program, task)
                suspicions &= set(self._bystander.suspicions(before))
        effects += sorted(suspicions)
        if self._bystander.knows(record.detail):
            effects.append("a secret was read")
        record = replace(record, effects=tuple(effects), wall_s=round(time.monotonic() - started, 3))
        return replace(record, ok=record.ok and not record.effects)

    def _run(self, program: HostileProgram, task: HostileTask) -> Record:
        source = program.source()
        if task.hardened is None:
            return self._run_whole(program, source, task)
        text = task.answer(source)
        verdicts = [self._verdict(task.hardened, text, seed) for seed in range(program.seeds)]
        got = verdicts[0].kind.value
        if len({verdict.passed for verdict in verdicts}) > 1:
            got = VerdictKind.flaky.value
        official = ""
        if program.official and task.official is not None:
            official = self._verdict(task.official, text, 0).kind.value
        return _record(program, got, verdicts[0].detail, official, verdicts[0].flags)

    def _verdict(self, check: Check, text: str, seed: int) -> Any:
        """The verdict of one sample; what the harness could not judge is judged again, as a pool would."""
        verdict = self._judge(seed).judge(check, text)
        if verdict.kind is VerdictKind.harness_error:
            verdict = self._judge(seed).judge(check, text)
        return verdict

    def _run_whole(self, program: HostileProgram, source: bytes, task: HostileTask) -> Record:
        assert self._sandbox is not None
        outcome = self._sandbox.run(task.program(source), task.limits)
        if outcome.phase == "compile" and outcome.status is not Status.harness_error:
            failure = from_build(outcome)
            return _record(program, failure.kind.value, failure.detail)
        said = outcome.detail or (f"exit status {outcome.exit_code}" if outcome.status is Status.exited else "")
        return _record(program, outcome.status.value, said)


def _record(
    program: HostileProgram, got: str, detail: str = "", official: str = "", flags: tuple[str, ...] = ()
) -> Record:
    right = got in program.expected and official == program.official and set(program.flags) <= set(flags)
    return Record(
        name=program.name,
        number=program.number,
        expected=program.expected,
        got=got,
        detail=detail,
        official_expected=program.official,
        official=official,
        flags=flags,
        why=program.why,
        ok=right,
        language=program.language,
    )


def serve(level: str | None, folder: str) -> None:
    """The worker: a greeting, then for each line of program names in, a line per record out."""
    programs = {program.name: program for program in load_programs()}
    tasks = load_tasks()
    try:
        with warm.at_level(level), _Runner(Path(folder)) as runner:
            _say(runner.isolation.as_json())
            for line in sys.stdin:
                for name in json.loads(line):
                    try:
                        record = runner.record(programs[name], tasks[programs[name].task])
                    except Exception as error:
                        record = _record(programs[name], "harness_error", f"{type(error).__name__}: {error}")
                    _say(asdict(record))
    except AssayError as error:
        _say({"error": str(error)})


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


# -- the process that asks for it ----------------------------------------------------------------------------------


class _Worker:
    """One worker process and its bystander's folder."""

    def __init__(self, level: str | None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="assay-bystander-", ignore_cleanup_errors=True)
        root = str(Path(__file__).resolve().parents[2])
        code = (
            f"import sys; sys.path.insert(0, {root!r}); from assay.evaluation.selfcheck import serve; "
            f"serve({level!r}, {self._folder.name!r})"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C is for the asking process alone
        )
        self._unread = b""

    def greeting(self) -> Isolation:
        """Raises SandboxUnavailable."""
        said = self.read()
        if said is None:
            raise AssayError("The process that runs the hostile programs ended while it started. Run `assay doctor`.")
        if "error" in said:
            raise warm.SandboxUnavailable(said["error"])
        return Isolation(said["level"], tuple(said["layers"]))

    def ask(self, names: Sequence[str]) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(OSError):  # that it has ended is noticed by the read
            stdin.write(json.dumps(list(names)).encode() + b"\n")
            stdin.flush()

    def read(self) -> dict[str, Any] | None:
        """One message; None when the worker has ended or is stuck."""
        stdout = self._process.stdout
        assert stdout is not None
        while b"\n" not in self._unread:  # several may have come at once
            if not select.select([stdout], [], [], _PATIENCE_S)[0]:
                return None
            part = os.read(stdout.fileno(), 1 << 16)
            if not part:
                return None
            self._unread += part
        line, _, self._unread = self._unread.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    def kill(self) -> None:
        """End it without waiting for the program it runs; `close` is still to be called."""
        self._process.kill()

    def close(self) -> None:
        """Let it end, and clean up behind it."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        with contextlib.suppress(OSError):
            stdin.close()
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        stdout.close()
        self._folder.cleanup()


class SelfCheck:
    """Runs hostile programs on all cores. Use as a context manager.

    level: "namespaces" or "landlock", None for the strongest this machine has. jobs: programs at once, one per core.
    """

    def __init__(self, level: str | None = None, jobs: int | None = None) -> None:
        """Raises SandboxUnavailable."""
        self._level = level
        self._workers: list[_Worker] = []
        self._threads: list[threading.Thread] = []
        self._stopping = False
        try:
            for _ in range(jobs or len(os.sched_getaffinity(0))):
                self._workers.append(_Worker(level))
                # one by one, so that they do not disturb each other's questions to the jail
                self.isolation = self._workers[-1].greeting()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> SelfCheck:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers and what runs in them."""
        if self._stopping:
            for each in self._workers:
                each.kill()
        for thread in self._threads:
            thread.join()
        for each in self._workers:
            each.close()
        self._workers = []
        cgroup.remove_leftovers()

    def run(self, programs: Sequence[HostileProgram]) -> Iterator[Record]:
        """One record per program, in the order in which they are ready."""
        groups: queue.SimpleQueue[list[HostileProgram]] = queue.SimpleQueue()
        for group in _groups(programs):
            groups.put(group)
        records: queue.SimpleQueue[Record] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._feed, args=(index, groups, records), daemon=True)
            for index in range(len(self._workers))
        ]
        for thread in self._threads:
            thread.start()
        try:
            for _ in programs:
                yield records.get()
        except BaseException:
            self._stopping = True
            raise

    def _feed(
        self, index: int, groups: queue.SimpleQueue[list[HostileProgram]], records: queue.SimpleQueue[Record]
    ) -> None:
        while not self._stopping:
            try:
                left = groups.get_nowait()
            except queue.Empty:
                return
            while left and not self._stopping:
                self._workers[index].ask([program.name for program in left])
                while left:
                    said = self._workers[index].read()
                    program = left.pop(0)
                    if said is None:
                        if not self._stopping:
                            records.put(_lost(program))
                            self._replace(index)
                        break
                    records.put(_from_json(said))

    def _replace(self, index: int) -> None:
        self._workers[index].kill()
        self._workers[index].close()
        self._workers[index] = _Worker(self._level)
        with contextlib.suppress(AssayError):  # what it was to run is then reported as lost
            self._workers[index].greeting()


def _groups(programs: Sequence[HostileProgram]) -> list[list[HostileProgram]]:
    """Programs of one case stay together and in order (31b looks for what 31a planted); slow cases come first."""
    by_case: dict[str, list[HostileProgram]] = {}
    for program in programs:
        by_case.setdefault(program.name[:2], []).append(program)
    return sorted(by_case.values(), key=lambda group: -sum("time_limit" in str(one.expected) for one in group))


def _lost(program: HostileProgram) -> Record:
    said = "the process that judged it ended or did not answer any more"
    return replace(_record(program, "harness_error", said), effects=(said,), ok=False)


def _from_json(row: dict[str, Any]) -> Record:
    lists = {name: tuple(row[name]) for name in ("expected", "flags", "effects")}
    return Record(**(row | lists))

"""Watches one jailed program from the client: its output, its limits, and how it ended."""

from __future__ import annotations

import os
import select
import signal
import time
from pathlib import Path

from assay.sandbox.program import MIB, Limits, Status

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_CORES = len(os.sched_getaffinity(0))
# Looking at /proc costs more than most programs do in all, so it begins late.
_FIRST_LOOK_S = 0.04
_IDLE_S = 1.0
_FOREVER_S = 1e9
_END_BYTES = 4096


class Processes:
    """The processes of one zygote's jail, seen from outside. zygote_pid: as this process's /proc names it."""

    def __init__(self, zygote_pid: int) -> None:
        self.zygote_pid = zygote_pid
        self.zygote_pages = 0  # its resident set
        self.ours: frozenset[int] = frozenset()  # children of the zygote that are no program under test

    def children(self, pid: int) -> list[int]:
        """Direct children of a process."""
        try:
            tasks = os.listdir(f"/proc/{pid}/task")  # any thread may have forked
            return [
                int(child) for task in tasks for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            ]
        except FileNotFoundError:
            # a kernel without that file, or a process or thread that is gone
            return [each for each in _all_pids() if _parent(each) == pid]
        except OSError:
            return []

    def _first(self) -> list[int]:
        """The first process of the running program, if it is there."""
        return [pid for pid in self.children(self.zygote_pid) if pid not in self.ours]

    def of_the_jail(self) -> list[int]:
        """Every process of the running program, the first one first."""
        found = self._first()
        for pid in found:
            found += self.children(pid)
        return found

    def stats(self) -> list[list[bytes]]:
        """The fields of /proc/PID/stat that follow the name, one row per process of the running program."""
        rows = []
        for pid in self.of_the_jail():
            try:
                rows.append(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split())
            except OSError:
                continue
        return rows

    def kill(self) -> None:
        """End the program: its first process, and with it, in a pid namespace, all others."""
        for pid in self._first():
            try:
                pidfd = os.pidfd_open(pid)
            except ProcessLookupError:
                continue
            try:
                if pid in self.children(self.zygote_pid):  # still it, and not another that took its number
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            except ProcessLookupError:
                continue
            finally:
                os.close(pidfd)


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except OSError:
        return -1


def _cpu_s(rows: list[list[bytes]]) -> float:
    """CPU seconds of these processes and of the children they waited for, in ticks of 10 ms."""
    return sum(int(field) for row in rows for field in row[11:15]) / _TICKS


class Watch:
    """The state of watching one program.

    control: descriptor that becomes readable when the program has ended. pipes: read ends of its output.
    page: [0] when it was ready (monotonic ns), [1] which input of a batch is running.
    per_input: CPU seconds allowed to each input of a batch. poll_memory: there is no cgroup that limits memory.
    """

    def __init__(
        self,
        processes: Processes,
        limits: Limits,
        control: int,
        pipes: list[int],
        page: memoryview,
        per_input: list[float] | None,
        poll_memory: bool,
    ) -> None:
        self._processes, self.limits, self._control, self._page = processes, limits, control, page
        self._per_input, self._poll_memory = per_input, poll_memory
        self._kept = {fd: bytearray() for fd in pipes}
        self._first, self.first_end = pipes[0], b""  # the last bytes of the first stream
        self._answers = -1
        self._written = 0
        self.truncated = self.lingering = False
        self.status: Status | None = None  # why it was ended, None while it was not
        self._has_ended = False
        self.detail = ""
        self._input = (0, 0.0)  # the input that is running, and the CPU seconds used when it was first seen
        self._used_s = 0.0  # CPU seconds when last looked
        self._idle = (-1.0, 0.0)  # CPU seconds, and since when they have not changed
        self.started = time.monotonic()
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        for fd in pipes:
            self._poll.register(fd, select.POLLIN)

    def listen_to(self, fd: int) -> None:
        """Have `wait` return, too, when this descriptor can be read."""
        self._answers = fd
        self._poll.register(fd, select.POLLIN)

    def used_s(self) -> float:
        """CPU seconds of the program so far, in ticks of 10 ms."""
        return _cpu_s(self._processes.stats())

    def has_ended_within(self, wall_s: float) -> bool:
        """Watch for so many seconds at most; whether the program has ended."""
        return not self.wait(wall_s, self.started)

    def wait(self, wall_s: float = _FOREVER_S, owing_since: float | None = None) -> bool:
        """Watch until the program has ended (False), or it has answered or so many seconds have passed (True).

        owing_since: when the program was asked for what is waited for; now, if nothing is said.
        """
        if self._has_ended:
            return False
        begun = time.monotonic()
        pause = _FIRST_LOOK_S  # nothing is looked at before; most programs answer sooner
        while True:
            answered = False
            for ready, _ in self._poll.poll(min(pause, wall_s) * 1000.0):
                if ready == self._answers:
                    answered = True
                elif ready == self._control:
                    self._has_ended = True
                elif not self._drain(ready):
                    self._poll.unregister(ready)
            if answered or self._has_ended:
                return answered
            now = time.monotonic()
            if self.status is not None:
                self._processes.kill()  # again: the interpreter may not have got round to starting it before
            elif now - self.started >= _FIRST_LOOK_S:
                self._look(now, begun if owing_since is None else owing_since)
            if now >= begun + wall_s:
                return True
            pause = min(self._next_look_s(), begun + wall_s - now)

    def listen_to_end(self) -> None:
        """From now on only the program's end matters; what it says meanwhile stays unread."""
        if self._answers >= 0:
            self._poll.unregister(self._answers)
            self._answers = -1

    def wait_for_end(self) -> None:
        """Watch until the program has ended."""
        self.listen_to_end()
        self.wait(owing_since=self.started)

    def outputs(self) -> list[bytes]:
        """What is kept of each stream, once every writer is gone. The pipes are closed."""
        for fd in self._kept:
            while self.status is not Status.output_limit and self._drain(fd):
                pass
            os.close(fd)
        return [bytes(kept) for kept in self._kept.values()]

    def end(self, status: Status, detail: str = "") -> None:
        """End the program. The first reason counts."""
        if self.status is None:
            self.status, self.detail = status, detail
        self._processes.kill()

    def end_on_request(self) -> None:
        """End a program that has done what was wanted; notes whether it still had threads or processes."""
        rows = self._processes.stats()
        self.lingering = len(rows) > 1 or any(int(row[17]) > 1 for row in rows)
        self.end(Status.killed)

    def _drain(self, fd: int) -> bool:
        data = os.read(fd, 65536)
        self._written += len(data)
        if fd == self._first and data:
            self.first_end = (self.first_end + data)[-_END_BYTES:]
        kept = self._kept[fd]
        room = self.limits.kept_bytes - len(kept)
        if room > 0:
            kept += data[:room]
        if len(data) > room:
            self.truncated = True
        if self._written > self.limits.output_bytes and self.status is not Status.output_limit:
            self.status = Status.output_limit  # it comes first, even where the program was ended meanwhile
            self.detail = f"wrote more than {self.limits.output_bytes // MIB} MiB of output"
            self._processes.kill()
        return bool(data)

    def _next_look_s(self) -> float:
        if self.status is not None:
            return 1.0
        limits = self.limits
        elapsed = time.monotonic() - self.started
        step = (limits.cpu_s - self._used_s) / _CORES + 0.005  # sooner it cannot be used up
        if self._per_input:
            step = min(step, 0.1)
        if self._poll_memory:
            step = min(step, 0.05)
        if elapsed >= limits.cpu_s:
            step = min(step, 0.5)
        return max(0.01, min(step, limits.wall_backstop_s - elapsed + 0.01))

    def _look(self, now: float, waiting_since: float) -> None:
        """Compare what the program uses with its limits."""
        limits = self.limits
        rows = self._processes.stats()
        used = self._used_s = _cpu_s(rows)
        if used >= limits.cpu_s:
            self.end(Status.time_limit_cpu, f"used {limits.cpu_s:g} CPU seconds")
            return
        if self._per_input:
            running = min(self._page[1], len(self._per_input) - 1)
            if running != self._input[0]:
                self._input = (running, used)
            elif used - self._input[1] >= self._per_input[running]:
                self.end(Status.time_limit_cpu, f"used {self._per_input[running]:.3g} CPU seconds for one input")
                return
        if self._poll_memory and self._resident_bytes(rows) > limits.memory_bytes:
            self.end(Status.memory_limit, f"used more than {limits.memory_bytes // MIB} MiB")
            return
        ready = self._page[0] / 1e9
        begun = ready if self.started <= ready <= now else self.started
        if not rows:
            # Not started yet, or ended already: it is the warm interpreter that is not getting on.
            self._idle = (-1.0, 0.0)
            if now - begun >= limits.wall_backstop_s:
                self.end(Status.harness_error, f"the warm interpreter did not get on for {now - begun:.0f} s")
        elif now - begun >= limits.wall_backstop_s:
            self.end(
                Status.time_limit_wall, f"ran for {limits.wall_backstop_s:g} s and used only {used:.2f} CPU seconds"
            )
        elif now - waiting_since >= limits.cpu_s:
            self._look_for_idling(now, waiting_since, used, rows)

    def _resident_bytes(self, rows: list[list[bytes]]) -> int:
        """Memory of all processes. What each still shares with the zygote it was forked from counts once."""
        pages = [int(row[21]) for row in rows]
        return _PAGE * (sum(pages[:1]) + sum(max(0, each - self._processes.zygote_pages) for each in pages[1:]))

    def _look_for_idling(self, now: float, waiting_since: float, used: float, rows: list[list[bytes]]) -> None:
        """End the program if it has neither run nor wanted to run for a while: then no busy machine is to blame.

        A while of this wait: before, it may have been waiting for its next call.
        """
        if used != self._idle[0] or self._idle[1] < waiting_since or any(row[0] != b"S" for row in rows):
            self._idle = (used, now)
        elif now - self._idle[1] >= _IDLE_S:
            self.end(Status.time_limit_idle, f"waited for {now - self.started:.1f} s without using the CPU")


def explain(wait_status: int) -> tuple[Status, str, int]:
    """(status, detail, exit code or signal) of a process that nobody ended."""
    code = os.waitstatus_to_exitcode(wait_status)
    if code >= 0:
        return Status.exited, "", code
    number = -code
    if number == signal.SIGSYS:
        return Status.forbidden, "made a system call that is not allowed", number
    if number == signal.SIGXCPU:
        return Status.time_limit_cpu, "used up its CPU seconds", number
    if number == signal.SIGXFSZ:
        return Status.disk_limit, "wrote a file beyond the size limit", number
    try:
        return Status.signalled, signal.Signals(number).name, number
    except ValueError:
        return Status.signalled, f"signal {number}", number

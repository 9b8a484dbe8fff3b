"""Watches one jailed child from the zygote: limits, output, orders from the client, and how it ended."""

from __future__ import annotations

import os
import select
import signal
import time
from typing import Any, NamedTuple

from assay.sandbox import wire

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_CORES = len(os.sched_getaffinity(0))


class Processes:
    """A view of the processes of the running jail.

    proc_fd: an open /proc directory. alone: it belongs to the zygote's own pid namespace, in which every process but
    the first is the jail's; otherwise the jail is whatever descends from this process.
    """

    def __init__(self, proc_fd: int, alone: bool) -> None:
        self._proc_fd, self._alone = proc_fd, alone
        self.ours = {"1"}  # the zygote and its compiler are not the jail's

    def pids(self) -> list[str]:
        if self._alone:
            return [name for name in os.listdir(self._proc_fd) if name.isdigit() and name not in self.ours]
        found: list[str] = []
        queue = [str(os.getpid())]
        while queue:
            pid = queue.pop()
            try:
                children = self._read(f"{pid}/task/{pid}/children").split()
            except OSError:
                continue
            found += map(bytes.decode, children)
            queue += map(bytes.decode, children)
        return found

    def _read(self, path: str) -> bytes:
        fd = os.open(path, os.O_RDONLY, dir_fd=self._proc_fd)
        try:
            return os.read(fd, 65536)
        finally:
            os.close(fd)

    def stats(self) -> list[list[bytes]]:
        """The fields of /proc/PID/stat that follow the name, one row per process."""
        rows = []
        for pid in self.pids():
            try:
                rows.append(self._read(f"{pid}/stat").rpartition(b")")[2].split())
            except OSError:
                continue
        return rows

    def end_stragglers(self) -> None:
        """Without a pid namespace: end what a program left behind; orphans were handed to this process."""
        while not self._alone and (pids := self.pids()):
            for pid in pids:
                try:
                    os.kill(int(pid), signal.SIGKILL)
                    os.waitpid(int(pid), 0)
                except (ProcessLookupError, ChildProcessError):
                    continue


def cpu_s(rows: list[list[bytes]]) -> float:
    """CPU seconds of these processes and of the children they waited for, in ticks of 10 ms."""
    return sum(int(field) for row in rows for field in row[11:15]) / _TICKS


class Ending(NamedTuple):
    """Why a program was ended, or "" if it ended on its own."""

    status: str = ""
    detail: str = ""


class Watch:
    """The state of watching one child. Made before the fork: what is touched after it costs a page copy each."""

    def __init__(
        self, control: Any, processes: Processes, request: dict[str, Any], pipes: list[int], page: Any
    ) -> None:
        self.control, self.processes, self.page = control, processes, page
        self.pid = 0
        self.limits = request["limits"]
        self.per_input = request.get("per_input")
        self.poll_memory = request["poll_memory"]
        self.look_for_idling = request["look_for_idling"]
        self.kept: dict[int, bytearray] = {fd: bytearray() for fd in pipes}
        self.written = 0
        self.truncated = self.lingering = self.reaped = self.client_gone = False
        self.ending = Ending()
        self.mark = (0, 0.0)  # the input of a batch that is running, and the CPU seconds used when it was first seen
        self.used_s = 0.0  # CPU seconds when last looked
        self.idle = (-1.0, 0.0)  # CPU seconds used when last looked, and since when they have not changed
        self.poll = poll = select.poll()
        poll.register(control, select.POLLIN)
        for fd in pipes:
            poll.register(fd, select.POLLIN)
        self.started = time.monotonic()
        self.first_wait_ms = self._next_look_s() * 1000

    def wait(self, pid: int) -> tuple[int, Any, float]:
        """Until the child has ended: (wait status, resource usage, wall seconds)."""
        poll = self.poll
        pidfd = os.pidfd_open(pid)
        poll.register(pidfd, select.POLLIN)
        events = poll.poll(self.first_wait_ms)
        self.pid = pid
        running = True
        while True:
            for fd, _ in events:
                if fd == pidfd:
                    running = False
                elif fd in self.kept:
                    if not self._drain(fd):
                        poll.unregister(fd)
                elif not self._obey():
                    poll.unregister(self.control)
                    self.client_gone = True
                    self._end("killed", "")
            if not running:
                break
            if not self.ending.status:
                self._look()
            events = poll.poll(self._next_look_s() * 1000)
        os.close(pidfd)
        _, wait_status, usage = os.wait4(self.pid, 0)
        wall_s = time.monotonic() - self.started
        self.reaped = True
        self.processes.end_stragglers()
        return wait_status, usage, wall_s

    def read_rest(self) -> None:
        """What is left in the pipes, once every writer is gone (the zygote's own copies too)."""
        for fd in self.kept:
            while self.ending.status != "output_limit" and self._drain(fd):
                pass
            os.close(fd)

    def _next_look_s(self) -> float:
        elapsed = time.monotonic() - self.started
        limit: float = self.limits["cpu_s"]
        step = (limit - self.used_s) / _CORES + 0.005  # sooner it cannot be used up
        if self.per_input:
            step = min(step, 0.1)
        if self.poll_memory:
            step = min(step, 0.05)
        if self.look_for_idling and elapsed >= limit:
            step = min(step, 0.5)
        return max(0.01, min(step, self.limits["wall_s"] - elapsed + 0.01))

    def _drain(self, fd: int) -> bool:
        data = os.read(fd, 65536)
        self.written += len(data)
        kept = self.kept[fd]
        room = self.limits["kept_bytes"] - len(kept)
        if room > 0:
            kept += data[:room]
        if len(data) > room:
            self.truncated = True
        if self.written > self.limits["output_bytes"]:
            self.ending = Ending()  # this comes first, even where the program was ended meanwhile
            self._end("output_limit", f"wrote more than {self.limits['output_bytes'] >> 20} MiB of output")
        return bool(data)

    def _obey(self) -> bool:
        """Carry out one order of the client; False when it is gone."""
        try:
            order = wire.receive_frame(self.control)
        except (EOFError, OSError):
            return False
        if order == wire.ORDER_KILL:
            rows = self.processes.stats()
            self.lingering = len(rows) > 1 or any(int(row[17]) > 1 for row in rows)
            self._end("killed", "")
        elif order == wire.ORDER_LOOK_FOR_IDLING and not self.ending.status:
            self._check_idling(self.processes.stats())
        return True

    def _end(self, status: str, detail: str) -> None:
        if not self.ending.status:
            self.ending = Ending(status, detail)
        if not self.reaped:
            os.kill(self.pid, signal.SIGKILL)

    def _look(self) -> None:
        """Compare what the jail uses with its limits."""
        now = time.monotonic()
        if now - self.started < self._first_look_s():
            return
        limits = self.limits
        rows = self.processes.stats()
        used = self.used_s = cpu_s(rows)
        if used >= limits["cpu_s"]:
            self._end("time_limit_cpu", f"used {limits['cpu_s']:g} CPU seconds")
            return
        if self.per_input:
            running = min(self.page[1], len(self.per_input) - 1)
            if running != self.mark[0]:
                self.mark = (running, used)
            elif used - self.mark[1] >= self.per_input[running]:
                self._end("time_limit_cpu", f"used {self.per_input[running]:.3g} CPU seconds for one input")
                return
        if self.poll_memory and sum(int(row[21]) for row in rows) * _PAGE > limits["memory_bytes"]:
            self._end("memory_limit", f"used more than {limits['memory_bytes'] >> 20} MiB")
            return
        ready = self.page[0] / 1e9
        begun = ready if self.started <= ready <= now else self.started
        if now - begun >= limits["wall_s"]:
            self._end("time_limit_wall", f"ran for {limits['wall_s']:g} s and used only {used:.2f} CPU seconds")
        elif self.look_for_idling and now - self.started >= limits["cpu_s"]:
            self._check_idling(rows)

    def _first_look_s(self) -> float:
        """Output wakes the supervisor often; looking at /proc each time would cost more than it finds."""
        return min(0.04, self.limits["cpu_s"] / _CORES)

    def _check_idling(self, rows: list[list[bytes]]) -> None:
        """End the program if it has neither run nor wanted to run for a second."""
        now, used = time.monotonic(), cpu_s(rows)
        if used != self.idle[0] or any(row[0] != b"S" for row in rows):
            self.idle = (used, now)
        elif now - self.idle[1] >= 1.0:
            self._end("time_limit_idle", f"waited for {now - self.started:.1f} s without using the CPU")


def explain(wait_status: int) -> tuple[str, str, int]:
    """(status, detail, exit code or signal) of a process that nobody ended."""
    code = os.waitstatus_to_exitcode(wait_status)
    if code >= 0:
        return "exited", "", code
    number = -code
    if number == signal.SIGSYS:
        return "forbidden", "made a system call that is not allowed", number
    if number == signal.SIGXCPU:
        return "time_limit_cpu", "used up its CPU seconds", number
    if number == signal.SIGXFSZ:
        return "disk_limit", "wrote a file beyond the size limit", number
    try:
        return "signalled", signal.Signals(number).name, number
    except ValueError:
        return "signalled", f"signal {number}", number

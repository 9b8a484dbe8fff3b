"""The warm interpreter: started by exec, single-threaded, it forks one jailed child per program and supervises it.

It is the first process of a pid namespace of its own, so that the kernel ends every program when the zygote ends. It
parses nothing that a program wrote. `warm.py` is the client's side, `wire.py` what is said between them.
"""

from __future__ import annotations

import fcntl
import gc
import marshal
import mmap
import os
import signal
import socket
import struct
import sys
import time
from typing import Any

from assay.sandbox import (
    agent,
    agent_tests,  # noqa: F401  (its file cannot be seen from inside, so it is loaded before)
    compiler,
    kernel,
    landlock,
    rootfs,
    seccomp,
    supervisor,
    text,
    wire,
)
from assay.sandbox.jail import Jail

_FDS_SPACE = socket.CMSG_SPACE(4 * 4)
_NOTE_LENGTH = struct.Struct("<H")


class Zygote:
    """One zygote process: its control socket, how it jails, and the pages it shares with its children."""

    def __init__(self, control: socket.socket, config: dict[str, Any]) -> None:
        self.control, self.config = control, config
        # [0] when the child was ready (monotonic ns), [1] how many inputs of a batch are answered
        self.page = memoryview(mmap.mmap(-1, 4096)).cast("Q")
        self.setup_note = mmap.mmap(-1, 4096)
        self.null = _high(os.open("/dev/null", os.O_RDWR))
        self.layers = ["no_new_privs", "rlimits", "seccomp"]
        self.jail: Jail
        self.processes: supervisor.Processes
        self.compiler: compiler.Compiler | None = None

    # -- start ---------------------------------------------------------------------------------------------------

    def isolate(self) -> None:
        """Leave the host behind, once. Raises OSError naming the step that this machine does not permit."""
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        if self.config["level"] == "namespaces":
            self._isolate_by_namespaces()
            self.compiler = compiler.Compiler(self._start_compiler)
        else:
            self._isolate_by_landlock()
        self.layers.sort()

    def _isolate_by_landlock(self) -> None:
        read_only = self.config["read_only"]
        if os.geteuid() == 0 and _readable_by_others(read_only):
            self._become(self.config["uid"])
            self.layers.append("uid")
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        self.processes = supervisor.Processes(_high(os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)), alone=False)
        seccomp.installer(seccomp.base_filter(unix_sockets=False))()
        if self.config["level"] == "none":
            self.jail = Jail((), False, None, None)
            return
        if not landlock.abi():
            raise OSError(38, "this kernel has no Landlock")
        self.layers.append(f"landlock-{landlock.abi()}")
        self.jail = Jail((), False, None, [*rootfs.SYSTEM, *rootfs.OPTIONAL, *rootfs.DEVICES, *read_only])

    def _isolate_by_namespaces(self) -> None:
        as_root, user = os.geteuid() == 0, self.config["user_namespace"]
        read_only = tuple(self.config["read_only"])
        host_proc = _high(os.open("/proc", os.O_PATH | os.O_DIRECTORY))
        proc = False
        if as_root:
            kernel.unshare(kernel.CLONE_NEWNS)
            proc = rootfs.Tree(read_only).enter()
            if user:
                self._become(self.config["uid"])
                kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else /proc/self/uid_map belongs to root
        outside = (os.getuid(), os.getgid())
        kernel.unshare(
            kernel.CLONE_NEWNET
            | kernel.CLONE_NEWUTS
            | kernel.CLONE_NEWIPC
            | kernel.CLONE_NEWNS
            | (kernel.CLONE_NEWUSER if user else 0)
        )
        if user:
            for name, text in zip(
                ("setgroups", "uid_map", "gid_map"), ("deny", *(f"1000 {n} 1" for n in outside)), strict=True
            ):
                fd = os.open(f"self/{name}", os.O_WRONLY, dir_fd=host_proc)
                os.write(fd, text.encode())
                os.close(fd)
        if not as_root:
            proc = rootfs.Tree(read_only).enter()
        socket.sethostname("assay")
        os.close(host_proc)
        self._become_first_process()
        if not proc:
            raise OSError(1, "a /proc of its own cannot be mounted here")
        kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
        # A view of this namespace's processes that the children cannot reach: they close it, and it is not mounted.
        self.processes = supervisor.Processes(_high(os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)), alone=True)
        kinds = (("pid", kernel.CLONE_NEWPID), ("mnt", kernel.CLONE_NEWNS), ("ipc", kernel.CLONE_NEWIPC))
        own = tuple((kind, _high(os.open(f"/proc/self/ns/{name}", os.O_RDONLY))) for name, kind in kinds)
        kernel.umount("/proc", kernel.MNT_DETACH)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        seccomp.installer(seccomp.base_filter(unix_sockets=True))()
        self.layers += ["ipc", "mount", "net", "pid", "read-only-root", "uid", "uts"] + (["user"] if user else [])
        self.jail = Jail(own, True, None if user else self.config["uid"], None)

    @staticmethod
    def _become(uid: int) -> None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)

    def _become_first_process(self) -> None:
        """Fork into a new pid namespace. The outer process only waits; this one dies with it."""
        kernel.unshare(kernel.CLONE_NEWPID)
        pid = os.fork()
        if pid:
            self.control.close()
            os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)

    def _start_compiler(self, channel: int) -> int:
        limits = {"cpu_s": 3600.0, "memory_bytes": 1 << 30, "processes": 1, "file_bytes": 4096, "files": 8}
        limits["largest_file_bytes"] = 4096
        self.jail.prepare(limits, True, "")
        try:
            pid = os.fork()
            if pid == 0:
                os.dup2(channel, 3)
                for number in range(3):
                    os.dup2(self.null, number)
                os.closerange(4, 65536)
                self.jail.enter(False, False, "")
                compiler.serve(socket.socket(fileno=3), agent.SOURCE_NAME)
            self.processes.ours = {"1", str(pid)}
            return pid
        finally:
            self.jail.leave()

    # -- one program ---------------------------------------------------------------------------------------------

    def serve(self) -> None:
        """Run programs until the client is gone."""
        length = wire.LENGTH
        while True:
            data, extra, _flags, _address = self.control.recvmsg(length.size, _FDS_SPACE)
            if not data:
                return
            fds = list(memoryview(extra[0][2]).cast("i")) if extra else []
            data += wire.receive_exactly(self.control, length.size - len(data))
            body = wire.receive_exactly(self.control, length.unpack(data)[0])
            if len(body) > 1:  # else an order for a program that has ended meanwhile
                self._run(marshal.loads(body), fds)

    def _run(self, request: dict[str, Any], fds: list[int]) -> None:
        session = request["kind"] == "session"
        if session and self.compiler is not None:
            request["code"] = self.compiler.compile(request["source"])
        read_ends, write_ends = [], []
        for _ in range(1 if session else 2):
            pair = os.pipe()
            read_ends.append(pair[0])
            write_ends.append(pair[1])
        self.page[0] = self.page[1] = 0
        self.setup_note[0] = 0
        folder = self._make_folder()
        # The child's descriptors are put in place before the fork: 0 to 2, then the channel (3) and results (4).
        stdin = fds.pop(0) if request["has_stdin"] else -1
        given = [_high(fd) for fd in fds]
        for number, fd in enumerate([self.null if stdin < 0 else stdin, write_ends[0], write_ends[-1], *given]):
            os.dup2(fd, number)
        above = 3 + len(given)
        watch = supervisor.Watch(self.control, self.processes, request, read_ends, self.page)
        try:
            self.jail.prepare(request["limits"], request["address_space"], folder)
            pid = os.fork()
        except OSError as error:
            self.jail.leave()
            self._release([*given, *write_ends, *read_ends], stdin, above)
            self._report("harness_error", f"no jail: {error}")
            return
        if pid == 0:
            self._child(request, folder, above)
        # Nothing else is done until the child has ended: while it lives, every page touched here would be copied.
        wait_status, usage, wall_s = watch.wait(pid)
        self.jail.leave()
        self._release([*given, *write_ends], stdin, above)
        watch.read_rest()
        if folder:
            _remove_folder(folder)
        if watch.client_gone:
            return
        status, detail = watch.ending
        code = 0
        if self.setup_note[0]:
            status, detail = "harness_error", self._read_note()
        elif not status:
            status, detail, code = supervisor.explain(wait_status)
        outputs = list(watch.kept.values())
        self._report(status, detail, code, usage, wall_s, watch, outputs)

    def _report(
        self,
        status: str,
        detail: str,
        code: int = 0,
        usage: Any = None,
        wall_s: float = 0.0,
        watch: supervisor.Watch | None = None,
        outputs: list[bytearray] | None = None,
    ) -> None:
        out, err = (outputs or [b"", b""]) if outputs is None or len(outputs) == 2 else (outputs[0], b"")
        text = detail.encode(errors="replace")[:2000]
        head = wire.ENDING.pack(
            wire.STATUSES.index(status),
            code,
            usage.ru_utime + usage.ru_stime if usage else 0.0,
            wall_s,
            usage.ru_maxrss * 1024 if usage else 0,
            watch.truncated if watch else False,
            watch.lingering if watch else False,
            len(text),
            len(out),
            len(err),
        )
        self.control.sendall(b"".join((head, text, out, err)))

    def _make_folder(self) -> str:
        """A private directory where there is no mount namespace to put one in."""
        if self.jail.own_namespaces:
            return ""
        folder = f"{self.config['scratch']}/{time.monotonic_ns():x}"
        os.mkdir(folder, 0o700)
        return folder

    def _release(self, fds: list[int], stdin: int, above: int) -> None:
        """Let go of what the child was given, so that its end is seen at the other ends."""
        for number in range(above):
            os.dup2(self.null, number)
        for fd in fds:
            os.close(fd)
        if stdin >= 0:
            os.close(stdin)

    def _read_note(self) -> str:
        (length,) = _NOTE_LENGTH.unpack(self.setup_note[1:3])
        return self.setup_note[3 : 3 + length].decode(errors="replace")

    def _child(self, request: dict[str, Any], folder: str, above: int) -> None:
        session = request["kind"] == "session"
        page = self.page
        try:
            os.closerange(above, 65536)
            if folder:
                kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
            self.jail.enter(request["may_exec"], request["proc"], folder)
            if not session:
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                _write_files(request["files"])
            page[0] = time.monotonic_ns()
            if request["kind"] == "exec":
                signal.signal(signal.SIGPIPE, signal.SIG_DFL)
                os.execve(request["argv"][0], request["argv"], request["environment"])
            self.setup_note.close()
        except BaseException as error:
            note = f"{type(error).__name__}: {error}".encode(errors="replace")[:500]
            self.setup_note[: len(note) + 3] = b"\1" + _NOTE_LENGTH.pack(len(note)) + note
            os._exit(69)
        gc.enable()
        try:
            if session:
                request["progress"] = page
                agent.answer(request)
            else:
                agent.run_main(request["source"], request["entry"], request["argv"])
        except SystemExit:
            raise
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace")[:1000])
            os._exit(70)


def _high(fd: int) -> int:
    """The same file under a number that no child's descriptor has; the old number is closed."""
    new = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 20)
    os.close(fd)
    return new


def _readable_by_others(paths: list[str]) -> bool:
    """Whether an ordinary user can reach these folders; the interpreter may live below a closed home directory."""
    for path in paths:
        while path != "/":
            if not os.stat(path).st_mode & 0o001:
                return False
            path = os.path.dirname(path)
    return True


def _remove_folder(folder: str) -> None:
    """Remove a folder a program wrote into, without following its links."""
    for path, folders, files, fd in os.fwalk(folder, topdown=False, onerror=lambda _: None):
        del path
        for name in files:
            os.unlink(name, dir_fd=fd)
        for name in folders:
            try:
                os.rmdir(name, dir_fd=fd)
            except NotADirectoryError:
                os.unlink(name, dir_fd=fd)
    os.rmdir(folder)


def _write_files(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if "/" in name:
            os.makedirs(os.path.dirname(name), exist_ok=True)
        fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o777)
        with os.fdopen(fd, "wb") as file:
            file.write(content)


def main(control_fd: int) -> None:
    """Serve the client at the other end of a socket."""
    # Low descriptors belong to the children (see _run).
    control = socket.socket(fileno=_high(control_fd))
    zygote = Zygote(control, marshal.loads(wire.receive_frame(control)))
    text.share()
    try:
        zygote.isolate()
    except OSError as error:
        wire.send_frame(control, marshal.dumps({"error": str(error)}))
        return
    os.environ.clear()
    os.environ.update(zygote.config["environment"])
    gc.collect()
    gc.freeze()
    gc.disable()
    wire.send_frame(control, marshal.dumps({"layers": zygote.layers}))
    try:
        zygote.serve()
    except EOFError:
        pass
    sys.exit(0)

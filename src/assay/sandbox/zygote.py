"""The warm interpreter: started by exec, single-threaded, it forks one jailed child per program and waits for its end.

It does as little as it can, because every page it touches between two forks is copied or faulted in again: all watching
is done by the client (`warm.py`, `watch.py`). It reads nothing that a program wrote. It is the first process of a pid
namespace of its own, so that the kernel ends every program when the zygote ends.
"""

from __future__ import annotations

# `_socket` is the core of `socket`, without the modules that come with it: each makes every fork dearer.
import _socket
import fcntl
import gc
import marshal
import mmap
import os
import resource
import select
import signal
import stat
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
    text,
    wire,
)
from assay.sandbox.jail import Jail, take

_DESCRIPTORS_SPACE = _socket.CMSG_SPACE(4 * wire.MAX_DESCRIPTORS)
_SETUP_FAILED = 69
_KEPT = 4  # where a program's files are written that are taken out of the jail
_COMPILER_LIMITS = {"cpu_s": 3600.0, "memory_bytes": 1 << 30, "processes": 1, "file_bytes": 4096, "files": 8}


class Zygote:
    """One zygote process: its control socket, how it jails, and the pages it shares with its children."""

    def __init__(self, control: _socket.socket, config: dict[str, Any], page_fd: int) -> None:
        self.control, self.config = control, config
        # shared with the client: [0] when the child was ready (monotonic ns), [1] the input of a batch that is running
        self.page = memoryview(mmap.mmap(page_fd, 4096)).cast("Q")
        self.note = mmap.mmap(-1, 4096)
        self.layers = ["no_new_privs", "rlimits", "seccomp"]
        self.jail: Jail
        self.compiler_pid = 0
        self.given = 0  # descriptors that came with the order
        # Descriptors below 10 belong to the children; until then they hold nothing.
        null = os.open("/dev/null", os.O_RDWR)
        self.null = fcntl.fcntl(null, fcntl.F_DUPFD_CLOEXEC, 20)
        for number in range(10):
            os.dup2(self.null, number)

    # -- start ---------------------------------------------------------------------------------------------------

    def isolate(self) -> None:
        """Leave the host behind, once. Raises OSError naming the step that this machine does not permit."""
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        if self.config["level"] == "namespaces":
            self._isolate_by_namespaces()
        else:
            self._isolate_by_landlock()
        self.layers.sort()

    def _isolate_by_landlock(self) -> None:
        read_only = self.config["read_only"]
        if os.geteuid() == 0 and _readable_by_others(read_only):
            os.chown(self.config["scratch"], self.config["uid"], self.config["uid"])
            self._become(self.config["uid"])
            self.layers.append("uid")
        elif os.geteuid() == 0 and not self.config["limits_processes"] and self.config["level"] != "none":
            where = " or ".join(read_only)
            raise OSError(1, f"root's processes cannot be limited, and an ordinary user cannot read {where}")
        _start_keeper(self.control)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        take([seccomp.installer(seccomp.base_filter(namespaces=False))])
        if self.config["level"] == "none":
            self.jail = Jail((), False, None, None)
            return
        if not landlock.abi():
            raise OSError(38, "this kernel has no Landlock")
        self.layers.append(f"landlock-{landlock.abi()}")
        toolchains = [outside for outside, _inside in self.config["toolchains"]]
        self.jail = Jail((), False, None, [*rootfs.SYSTEM, *rootfs.OPTIONAL, *rootfs.DEVICES, *read_only, *toolchains])

    def _isolate_by_namespaces(self) -> None:
        as_root, user = os.geteuid() == 0, self.config["user_namespace"]
        read_only = [(path, path) for path in self.config["read_only"]] + list(self.config["toolchains"])
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
            maps = {"setgroups": "deny", "uid_map": f"1000 {outside[0]} 1", "gid_map": f"1000 {outside[1]} 1"}
            for name, content in maps.items():
                fd = os.open(f"self/{name}", os.O_WRONLY, dir_fd=host_proc)
                os.write(fd, content.encode())
                os.close(fd)
        if not as_root:
            proc = rootfs.Tree(read_only).enter()
        _socket.sethostname("assay")
        os.close(host_proc)
        kernel.unshare(kernel.CLONE_NEWPID)
        _start_keeper(self.control)
        if not proc:
            raise OSError(1, "a /proc of its own cannot be mounted here")
        kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
        kinds = (("pid", kernel.CLONE_NEWPID), ("mnt", kernel.CLONE_NEWNS), ("ipc", kernel.CLONE_NEWIPC))
        own = tuple((kind, _high(os.open(f"/proc/self/ns/{name}", os.O_RDONLY))) for name, kind in kinds)
        kernel.umount("/proc", kernel.MNT_DETACH)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        take([seccomp.installer(seccomp.base_filter(namespaces=True))])
        self.layers += ["ipc", "mount", "net", "pid", "read-only-root", "uid", "uts"] + (["user"] if user else [])
        self.jail = Jail(own, True, None if user else self.config["uid"], None)

    @staticmethod
    def _become(uid: int) -> None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)

    # -- one program ---------------------------------------------------------------------------------------------

    def serve(self) -> None:
        """Carry out orders until the client is gone."""
        order = wire.ORDER
        while True:
            data, extra, _flags, _address = self.control.recvmsg(order.size, _DESCRIPTORS_SPACE)
            if not data:
                return
            flags, size = order.unpack(data)
            fds = memoryview(extra[0][2]).cast("i")
            if size:
                self.jail.set_limits(marshal.loads(wire.receive_exactly(self.control, size)))
            for number, fd in enumerate(fds):
                os.dup2(fd, number)
                os.close(fd)
            self.given = len(fds)
            if flags & wire.START_COMPILER:
                self._start_compiler()
            else:
                self._run(flags)

    def _run(self, flags: int) -> None:
        self.note[0] = 0
        folder = "" if self.jail.own_namespaces else _make_folder(self.config["scratch"])
        try:
            self.jail.prepare(folder)
            pid = os.fork()
        except OSError as error:
            self.jail.leave()
            self._report(wire.NEVER_STARTED, 0.0, 0.0, 0, f"no jail: {error}".encode()[:1000])
            return
        if pid == 0:
            self._child(flags, folder)
        _, status, usage = os.wait4(pid, 0)
        self.jail.leave()
        if folder:
            _end_orphans()
        note = self.note[2 : 2 + self.note[1] * 4].rstrip(b"\0") if self.note[0] else b""
        self._report(status, usage.ru_utime, usage.ru_stime, usage.ru_maxrss, note)

    def _report(self, status: int, user_s: float, system_s: float, resident_kib: int, note: bytes) -> None:
        # The child's ends of its channels are let go before this is said, so that their end is seen first.
        for number in range(self.given):
            os.dup2(self.null, number)
        self.control.sendall(wire.RESULT.pack(status, user_s, system_s, resident_kib, len(note)) + note)

    def _child(self, flags: int, folder: str) -> None:
        page, note = self.page, self.note
        request: dict[str, Any] = {}
        steps = self.jail.session_steps
        try:
            os.closerange(self.given, 65536)
            if steps and flags == wire.SESSION:
                for call, arguments in steps:
                    if call(*arguments) == -1:
                        raise kernel.last_error(call)
                page[0] = time.monotonic_ns()
                note.close()
                gc.enable()
                agent.answer(page)
            if folder:
                kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
                os.environ["TMPDIR"] = os.environ["HOME"] = folder
            if not flags & wire.SESSION:
                request = _read_request()
            self.jail.enter(bool(flags & wire.MAY_EXEC), bool(flags & wire.WITH_PROC), folder)
            if not flags & wire.SESSION:
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                _write_files(request["files"])
            page[0] = time.monotonic_ns()
            if request.get("exec"):
                signal.signal(signal.SIGPIPE, signal.SIG_DFL)
                os.environ.update(request["env"])
                _supervise(request["argv"], request["keep"], request["file_bytes"])
            note.close()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}".encode(errors="replace")[:800]
            if note.closed:
                os.write(2, said + b"\n")
                os._exit(70)
            note[: len(said) + 2] = bytes((1, (len(said) + 3) // 4)) + said
            os._exit(_SETUP_FAILED)
        gc.enable()
        try:
            if flags & wire.SESSION:
                agent.answer(page)
            else:
                agent.run_main(request["source"], request["entry"], request["argv"])
        except SystemExit:
            raise
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace")[:1000])
            os._exit(70)

    def _start_compiler(self) -> None:
        """A jailed process that compiles for the candidates; it serves on descriptor 3."""
        if self.compiler_pid:
            os.kill(self.compiler_pid, signal.SIGKILL)
            os.waitpid(self.compiler_pid, 0)
        limits = self.jail.limits
        self.jail.set_limits({**_COMPILER_LIMITS, "largest_file_bytes": 4096, "address_space": True})
        self.note[0] = 0
        try:
            self.jail.prepare("")
            self.compiler_pid = os.fork()
            if self.compiler_pid == 0:
                os.closerange(4, 65536)
                self.jail.enter(False, False, "")
                compiler.serve(_socket.socket(fileno=3), agent.SOURCE_NAME)
        except OSError as error:
            self.compiler_pid = 0
            self._report(wire.NEVER_STARTED, 0.0, 0.0, 0, f"no compiler: {error}".encode()[:1000])
            return
        finally:
            self.jail.leave()
            if limits is not None:
                self.jail.set_limits(limits)
        self._report(0, 0.0, 0.0, 0, b"")


def _start_keeper(control: _socket.socket) -> None:
    """Fork; the child goes on as the zygote, the parent stays only to end it when the client is gone.

    While a program runs, the zygote waits for nothing but its end, so somebody else must notice that nobody cares.
    """
    pid = os.fork()
    if pid == 0:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    os.closerange(0, 3)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    pidfd = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(control, select.POLLRDHUP)
    poll.poll()
    os.kill(pid, signal.SIGKILL)
    _end_orphans()
    os._exit(0)


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


def _make_folder(scratch: str) -> str:
    """A private directory where there is no mount namespace to put one in. The client removes it."""
    folder = f"{scratch}/{time.monotonic_ns():x}"
    os.mkdir(folder, 0o700)
    return folder


def _descendants() -> list[int]:
    """Every process below this one."""
    found: list[int] = []
    queue = [os.getpid()]
    while queue:
        pid = queue.pop()
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children") as file:
                    children = [int(child) for child in file.read().split()]
                found += children
                queue += children
        except OSError:
            continue
    return found


def _end_orphans() -> None:
    """Without a pid namespace, end what a program left behind: orphans are handed to this process.

    All are stopped before the first is killed, or a program that forks without end would always be ahead.
    """
    while True:
        seen: set[int] = set()
        while (now := set(_descendants())) - seen:
            _signal_all(now - seen, signal.SIGSTOP)
            seen |= now
        _signal_all(seen, signal.SIGKILL)
        try:
            while os.waitpid(-1, 0)[0]:
                pass
        except ChildProcessError:
            return


def _signal_all(pids: set[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _read_request() -> dict[str, Any]:
    """The program to run, from descriptor 3, which is closed."""
    with open(3, "rb") as file:
        file.seek(0)
        request: dict[str, Any] = marshal.loads(file.read())
    return request


def _execute(argv: list[str]) -> None:
    """Become another program. That its own file cannot be started is the program's fault; raises OSError for others."""
    try:
        os.execve(argv[0], argv, dict(os.environ))
    except OSError as error:
        if not argv[0].startswith("./"):
            raise
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
        os._exit(126)


def _supervise(argv: list[str], patterns: tuple[str, ...], file_bytes: int) -> None:
    """Run a program; write to descriptor 4 how it ended, and the files it left that match. Does not return.

    Not in this process, which in a pid namespace is the first: there, signals do not do what they do elsewhere.
    A pattern is a path below the working directory, or "*" and how the path ends. Only plain files are taken.
    file_bytes: how large a file of the program may grow; this process writes all of them into one.
    """
    os.set_inheritable(_KEPT, False)
    pid = os.fork()
    if pid == 0:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
            _execute(argv)
        finally:
            os._exit(127)
    _, status = os.waitpid(pid, 0)
    os.write(_KEPT, status.to_bytes(4, "big"))
    for folder, _folders, names in os.walk(".") if patterns else ():
        for name in names:
            path = f"{folder}/{name}"[2:]
            if any(path.endswith(p[1:]) if p.startswith("*") else path == p for p in patterns):
                _keep(path)
    os._exit(min(255, abs(os.waitstatus_to_exitcode(status))))


def _keep(path: str) -> None:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return
    info = os.fstat(fd)
    if stat.S_ISREG(info.st_mode):
        name = path.encode(errors="replace")
        os.write(_KEPT, wire.FILE.pack(len(name), info.st_size) + name)
        rest = info.st_size
        while rest and (sent := os.sendfile(_KEPT, fd, None, rest)):
            rest -= sent
    os.close(fd)


def _write_files(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if "/" in name:
            os.makedirs(os.path.dirname(name), exist_ok=True)
        fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o777)
        with os.fdopen(fd, "wb") as file:
            file.write(content)


def main(control_fd: int, page_fd: int) -> None:
    """Serve the client at the other end of a socket."""
    control = _socket.socket(fileno=_high(control_fd))
    zygote = Zygote(control, marshal.loads(wire.receive_frame(control)), page_fd)
    text.share()
    try:
        zygote.isolate()
    except OSError as error:
        wire.send_frame(control, marshal.dumps({"error": str(error), "errno": error.errno}))
        return
    os.environ.clear()
    os.environ.update(zygote.config["environment"])
    gc.collect()
    gc.freeze()
    gc.disable()
    wire.send_frame(control, marshal.dumps({"layers": zygote.layers}))
    try:
        zygote.serve()
    except (EOFError, ConnectionResetError, BrokenPipeError):
        sys.exit(0)

"""The minimal read-only root that jailed programs see: system libraries, interpreters, a few device nodes."""

from __future__ import annotations

import os
import stat

from assay.sandbox import kernel

DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_LINKS = {
    "dev/fd": "/proc/self/fd",
    "dev/stdin": "/proc/self/fd/0",
    "dev/stdout": "/proc/self/fd/1",
    "dev/stderr": "/proc/self/fd/2",
    "dev/shm": "/tmp",
    "var/tmp": "/tmp",
}
_PASSWD = "root:x:0:0:root:/:/bin/sh\nassay:x:1000:1000:assay:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n"
_FILES = {
    "etc/passwd": _PASSWD,
    "etc/group": "root:x:0:\nassay:x:1000:\nnogroup:x:65534:\n",
    "etc/hosts": "127.0.0.1 localhost assay\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
OPTIONAL = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime")


class Tree:
    """Collects what the root shall hold, builds it on a tmpfs, and makes it the root of this mount namespace.

    To be made inside the mount namespace: a descriptor opened outside cannot be bound here.
    """

    def __init__(self, read_only: list[tuple[str, str]]) -> None:
        """read_only: (folder outside, path inside), beside the system's own."""
        self._sources: dict[str, int] = {}
        self._links: dict[str, str] = {}
        for path in (*SYSTEM, *OPTIONAL):
            self._add(path, path)
        for outside, inside in read_only:
            self._add(outside, inside)
        self._devices = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in DEVICES}

    def _add(self, outside: str, inside: str) -> None:
        try:
            info = os.lstat(outside)
        except OSError:
            return
        if stat.S_ISLNK(info.st_mode) and outside == inside:
            self._links[inside] = os.readlink(outside)
        elif not any(inside == p or inside.startswith(p + "/") for p in self._sources):
            self._sources[inside] = os.open(outside, os.O_PATH | os.O_CLOEXEC)

    def enter(self) -> bool:
        """Build the tree and pivot into it. Needs the capabilities of this mount namespace.

        It holds a /proc that shows an empty process table; the kernel wants to see one before jails may mount their
        own. Returns whether /proc could be mounted. Raises OSError naming the step that failed.
        """
        kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
        new = "/tmp"  # any folder will do: sources are held open, so hiding what lies below it does no harm
        kernel.mount("tmpfs", new, "tmpfs", kernel.MS_NOSUID, "size=4m,mode=755")
        for folder in ("dev", "etc", "proc", "tmp", "var", "old", "home", "root"):
            os.mkdir(f"{new}/{folder}")
        for path, fd in self._sources.items():
            self._bind(fd, new + path)
            kernel.make_read_only(new + path)
        for path, target in self._links.items():
            os.makedirs(os.path.dirname(new + path), exist_ok=True)
            os.symlink(target, new + path)
        for path, fd in self._devices.items():
            self._bind(fd, new + path)
        for name, target in _LINKS.items():
            os.symlink(target, f"{new}/{name}")
        for name, text in _FILES.items():
            with open(f"{new}/{name}", "w") as file:
                file.write(text)
        proc = _mount_empty_proc(f"{new}/proc")
        for fd in (*self._sources.values(), *self._devices.values()):
            os.close(fd)
        os.chdir(new)
        kernel.pivot_root(".", "old")
        os.chdir("/")
        kernel.umount("/old", kernel.MNT_DETACH)
        os.rmdir("/old")
        kernel.mount("none", "/", None, kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID)
        return proc

    @staticmethod
    def _bind(fd: int, target: str) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        kernel.mount(f"/proc/self/fd/{fd}", target, None, kernel.MS_BIND | kernel.MS_REC)


def _mount_empty_proc(target: str) -> bool:
    """Mount the /proc of a pid namespace whose only process has ended: nobody's processes can be read there."""
    pid = os.fork()
    if pid == 0:
        try:
            kernel.unshare(kernel.CLONE_NEWPID)
            inner = os.fork()
            if inner == 0:
                kernel.mount("proc", target, "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
                os._exit(0)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 0xFF)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

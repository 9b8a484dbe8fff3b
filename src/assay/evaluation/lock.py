"""One run folder, one process: an advisory lock that dies with its owner."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from pathlib import Path

from assay.errors import AssayError

LOCK_NAME = ".lock"


class FolderLock:
    """Holds `folder`/.lock exclusively until `release`; the kernel lets go of it when the process dies."""

    def __init__(self, folder: Path) -> None:
        """Take the lock without waiting.

        Raises AssayError with the owner's process id when another process holds it, or when the file system has no
        locks; OSError when the lock file cannot be made.
        """
        self._path = folder / LOCK_NAME
        while True:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                owner = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
                os.close(fd)
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise AssayError(
                        f"The run folder {folder} cannot be locked ({error.strerror}). Choose one on a local disk."
                    ) from None
                who = f"process {owner}" if owner else "another process"
                raise AssayError(
                    f"The run folder {folder} is in use by {who}. Wait until it ends, stop it with Ctrl-C, or choose "
                    "another folder with --out."
                ) from None
            if self._is_current(fd):
                break
            os.close(fd)
        self._fd = fd
        # The id only makes the other side's message clearer: a full disk must not stop a run here.
        with contextlib.suppress(OSError):
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)

    def _is_current(self, fd: int) -> bool:
        """False when the owner before us removed the file between our open and our lock."""
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(fd))

    def release(self) -> None:
        """Remove the lock file and let go of the lock."""
        self._path.unlink(missing_ok=True)
        os.close(self._fd)

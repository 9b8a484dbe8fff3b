"""A jailed process that turns source into bytecode, so that each candidate's process need not.

The parser sees hostile text, so it must not run in the zygote; and it touches so many pages that running it in every
forked child is dear (docs/sandbox.md has the figures). It executes nothing. When it dies, is slow or finds an error,
the child compiles for itself and reports what it finds.
"""

from __future__ import annotations

import marshal
import os
import select
import signal
import socket
from collections.abc import Callable

from assay.sandbox import wire

MAX_SOURCE = 64 * 1024
_MAX_COMPILATIONS = 2000  # then a fresh process, so that nothing builds up
_PATIENCE_MS = 500


class Compiler:
    """The zygote's end. `start` forks a jailed process that serves on a descriptor and returns its pid."""

    def __init__(self, start: Callable[[int], int]) -> None:
        self._start = start
        self._pid = 0
        self._socket: socket.socket | None = None
        self._count = 0

    def compile(self, source: str) -> bytes | None:
        """Marshalled bytecode, or None when the child had better compile for itself."""
        if len(source) > MAX_SOURCE:
            return None
        if self._socket is None or self._count >= _MAX_COMPILATIONS:
            self.stop()
            self._open()
        self._count += 1
        channel = self._socket
        assert channel is not None
        try:
            wire.send_frame(channel, marshal.dumps(source))
            poll = select.poll()
            poll.register(channel, select.POLLIN)
            if poll.poll(_PATIENCE_MS):
                return wire.receive_frame(channel) or None
        except (OSError, EOFError):
            pass
        self.stop()
        return None

    def _open(self) -> None:
        ours, theirs = socket.socketpair()
        self._count = 0
        self._pid = self._start(theirs.fileno())
        theirs.close()
        self._socket = ours

    def stop(self) -> None:
        """End the process, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def serve(channel: socket.socket, source_name: str) -> None:
    """Compile until the zygote is gone. Runs in the jail."""
    import gc
    import warnings

    gc.enable()
    warnings.simplefilter("ignore")
    while True:
        try:
            source = marshal.loads(wire.receive_frame(channel))
        except EOFError:
            os._exit(0)
        try:
            answer = marshal.dumps(compile(source, source_name, "exec", dont_inherit=True))
        except Exception:  # the child compiles again and reports the error in its own words
            answer = b""
        wire.send_frame(channel, answer)

"""A jailed process that turns source into bytecode, so that each candidate's process need not.

The parser sees hostile text, so it must run neither in the zygote nor in the client; and it touches so many pages
that running it in every forked child is dear (docs/sandbox.md has the figures). It executes nothing. What is no Python
needs no child at all. When it dies, is slow or fails otherwise (memory, nesting), the child compiles for itself.
"""

from __future__ import annotations

# `_socket` is the core of `socket`, without the modules that come with it: the zygote imports this file.
import _socket
import marshal
import os
import select

from assay.sandbox import agent, plain, wire

MAX_SOURCE = 64 * 1024
MAX_COMPILATIONS = 2000  # then a fresh process, so that nothing builds up
_PATIENCE_MS = 500
_CODE, _ERROR = b"c", b"e"  # how an answer begins


class NotCompiled(Exception):
    """The source is no Python. description: as `agent.describe` gives it; as untrusted as the source."""

    def __init__(self, description: list[object]) -> None:
        super().__init__("the source does not compile")
        self.description = description


class Compiler:
    """The client's end of one compiling process."""

    def __init__(self) -> None:
        self._socket, self.theirs = _socket.socketpair()
        self._count = 0
        self.usable = True

    def started(self) -> None:
        """The other end has been handed over."""
        self.theirs.close()

    def compile(self, source: str) -> bytes | None:
        """Marshalled bytecode, or None when the child had better compile for itself. Raises NotCompiled."""
        if len(source) > MAX_SOURCE:
            return None
        self._count += 1
        self.usable = self._count < MAX_COMPILATIONS
        try:
            wire.send_frame(self._socket, marshal.dumps(source))
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            if poll.poll(_PATIENCE_MS):
                answer = wire.receive_frame(self._socket)
                if answer[:1] == _ERROR:
                    raise NotCompiled(_description(answer[1:]))
                return answer[1:] or None
        except (OSError, EOFError, plain.BadEncoding):
            pass
        self.usable = False
        return None

    def close(self) -> None:
        self._socket.close()
        self.theirs.close()


def serve(channel: _socket.socket, source_name: str) -> None:
    """Compile until the client is gone. Runs in the jail."""
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
            answer = _CODE + marshal.dumps(compile(source, source_name, "exec", dont_inherit=True))
        except (SyntaxError, ValueError) as error:
            answer = _ERROR + plain.encode(agent.describe(error))
        except Exception:  # of this process's limits, not the child's: it compiles again
            answer = b""
        wire.send_frame(channel, answer)


def _description(data: bytes) -> list[object]:
    """[type name, message, line, number]. Raises plain.BadEncoding for anything else."""
    found = plain.decode(data)
    if type(found) is not list or [type(x) for x in found] != [str, str, int, int]:
        raise plain.BadEncoding("no description of an exception")
    return found

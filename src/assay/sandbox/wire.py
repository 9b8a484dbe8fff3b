"""How a client and its zygote talk: length-prefixed frames, and the packed record of how a program ended.

Imported by the zygote, whose every module makes each fork dearer: keep it small and free of imports.
"""

from __future__ import annotations

import socket
import struct

LENGTH = struct.Struct(">I")
# Frames from the client while a program runs; longer frames are requests.
ORDER_KILL = b""
ORDER_LOOK_FOR_IDLING = b"I"

STATUSES = (
    "exited",
    "signalled",
    "time_limit_cpu",
    "time_limit_wall",
    "time_limit_idle",
    "memory_limit",
    "output_limit",
    "process_limit",
    "disk_limit",
    "forbidden",
    "killed",
    "harness_error",
)
# status, exit code or signal, CPU s, wall s, peak bytes, truncated, lingering, lengths of detail, stdout and stderr
ENDING = struct.Struct("<BhddQ??HII")


def receive_exactly(sock: socket.socket, count: int) -> bytes:
    """Read so many bytes. Raises EOFError when the other side is gone."""
    data = sock.recv(count) if count else b""
    if len(data) == count:
        return data
    parts = [data]
    missing = count - len(data)
    while missing:
        part = sock.recv(min(missing, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def receive_frame(sock: socket.socket) -> bytes:
    return receive_exactly(sock, LENGTH.unpack(receive_exactly(sock, LENGTH.size))[0])


def send_frame(sock: socket.socket, body: bytes) -> None:
    sock.sendall(LENGTH.pack(len(body)) + body)

"""How a client and its zygote talk: fixed records, with descriptors beside them.

Imported by the zygote, whose every module makes each fork dearer: keep it small.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _socket import socket

LENGTH = struct.Struct(">I")

# An order to the zygote: flags, then the size of the marshalled limits that follow (0: as before). With it come the
# descriptors that the child shall have as 0, 1, 2, 3, ...
ORDER = struct.Struct("<BI")
SESSION = 1  # the child answers on descriptor 3; otherwise that holds a program to run
MAY_EXEC = 2
WITH_PROC = 4
START_COMPILER = 8
MAX_DESCRIPTORS = 8

# How a child ended: wait status (NEVER_STARTED is none), user and system CPU s, largest resident set in KiB, and the
# size of the note that follows: why there was no jail, empty if there was.
RESULT = struct.Struct("<iddQH")
NEVER_STARTED = -1


def receive_exactly(sock: socket, count: int) -> bytes:
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


def receive_frame(sock: socket) -> bytes:
    """Read one length-prefixed frame. Raises EOFError."""
    return receive_exactly(sock, LENGTH.unpack(receive_exactly(sock, LENGTH.size))[0])


def send_frame(sock: socket, body: bytes) -> None:
    """Write one length-prefixed frame. Raises OSError."""
    sock.sendall(LENGTH.pack(len(body)) + body)


# -- files on their way out of a jail: name length, size, name, content, one after the other --------------------------
FILE = struct.Struct(">IQ")


def pack_files(files: dict[str, bytes]) -> bytes:
    """Files as bytes."""
    parts = []
    for name, data in files.items():
        encoded = name.encode()
        parts += [FILE.pack(len(encoded), len(data)), encoded, data]
    return b"".join(parts)


def unpack_files(data: bytes) -> dict[str, bytes]:
    """The reverse of `pack_files`, for bytes that may come from a jail. Raises ValueError."""
    files, at = {}, 0
    while at < len(data):
        if len(data) - at < FILE.size:
            raise ValueError("files that are cut off")
        name_size, size = FILE.unpack_from(data, at)
        begin = at + FILE.size + name_size
        at = begin + size
        if at > len(data):
            raise ValueError("files that are cut off")
        name = data[begin - name_size : begin].decode()
        if not name or name.startswith("/") or any(part in ("", ".", "..") for part in name.split("/")):
            raise ValueError("a file name that leads elsewhere")
        files[name] = data[begin:at]
    return files

# hostile: 28
# task: add
# verdict: runtime_error
# why: Sends a datagram to a name server on the internet.

import socket


def add(a, b):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(2)
        sender.connect(("9.9.9.9", 53))
        sender.send(b"\0" * 16)
        sender.recv(512)
    return a + b

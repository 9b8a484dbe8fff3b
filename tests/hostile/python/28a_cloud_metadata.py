# hostile: 28
# task: add
# verdict: runtime_error
# why: Connects to a cloud's metadata service; there is no network to carry it.

import socket


def add(a, b):
    with socket.create_connection(("169.254.169.254", 80), timeout=2) as connection:
        connection.sendall(b"GET /latest/meta-data/ HTTP/1.0\r\n\r\n")
        connection.recv(1)
    return a + b

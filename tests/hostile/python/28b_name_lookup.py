# hostile: 28
# task: add
# verdict: runtime_error
# why: Asks for the address of a name.

import socket


def add(a, b):
    socket.getaddrinfo("example.com", 443)
    return a + b

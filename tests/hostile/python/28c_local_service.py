# hostile: 28
# task: add
# verdict: runtime_error
# why: Connects to common services on the local machine; in the jail's network nothing listens.

import socket


def add(a, b):
    refused = None
    for port in (22, 80, 443, 5432, 6379, 8000, 8080):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError as error:
            refused = error
        else:
            return a + b
    raise refused

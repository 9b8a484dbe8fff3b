# hostile: 28
# task: add
# verdict: wrong_answer
# why: Looks for the host's local sockets (container engines, message buses, desktops) and is right only if one answers.

import socket

PLACES = (
    "/var/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/dbus/system_bus_socket",
    "/run/systemd/private",
    "\0/tmp/.X11-unix/X0",
)


def add(a, b):
    for place in PLACES:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(place)
        except OSError:
            continue
        return a + b
    return a - b

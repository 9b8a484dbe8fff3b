"""Serving the application until someone ends it."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

import uvicorn

from assay.errors import AssayError
from assay.serving.app import make_app
from assay.serving.workshop import Workshop

_GRACE_S = 3.0  # for requests that are under way when the server is ended; what then still runs is ended too
_ANSWER_S = 20  # to tell those who asked


class _Server(uvicorn.Server):
    """Ends the workshop before uvicorn gives its requests up, so that each gets an answer."""

    def __init__(self, config: uvicorn.Config, workshop: Workshop) -> None:
        super().__init__(config)
        self._workshop = workshop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        closing = loop.call_later(_GRACE_S, lambda: loop.run_in_executor(None, self._workshop.close))
        await super().shutdown(sockets)
        closing.cancel()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(
    host: str,
    port: int,
    *,
    token: str = "",
    jobs: int | None = None,
    queue: int = 1024,
    most_bytes: int = 16 << 20,
    unsafe: bool = False,
) -> None:
    """Serve until SIGTERM or Ctrl-C; requests under way get some seconds, and no process is left behind.

    port: 0 for any that is free; the line that says where it serves names it.
    Raises AssayError for an address that cannot be had, one that others can reach without a token, and a machine that
    cannot isolate.
    """
    if not token and not is_loopback(host):
        raise AssayError(
            f"Everybody who can reach {host} could run programs here. Name a variable that holds a token "
            "(--token-env NAME), or serve on 127.0.0.1."
        )
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise AssayError(f"{host}:{port} cannot be served: {error.strerror or error}.") from None
    with listening:
        workshop = Workshop(jobs, unsafe)  # before uvicorn, whose stack traces are no answer to a user
        app = make_app(lambda: workshop, queue, token, most_bytes)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=_ANSWER_S, lifespan="on", ws="none"
        )
        server = _Server(config, workshop)
        shown = f"[{host}]" if ":" in host else host
        where = f"http://{shown}:{listening.getsockname()[1]}"
        print(
            f"assay: serving on {where} with {workshop.jobs} jobs, a queue of {queue}, isolation "
            f"{workshop.isolation.level}; try: curl {where}/health",
            flush=True,
        )
        try:
            server.run(sockets=[listening])
        except KeyboardInterrupt:  # what ended it, said again by uvicorn after it has closed everything
            pass
        finally:
            workshop.close()
    print("assay: ended.", flush=True)

"""The web application: routes, what goes wrong in words, and who is counted how."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from assay import __version__
from assay.errors import AssayError
from assay.serving import fusion, fusion_submit, native
from assay.serving.admission import Admission, Full
from assay.serving.ascii_response import AsciiResponse
from assay.serving.fields import BadRequest
from assay.serving.guard import Guard, said
from assay.serving.metrics import Metrics
from assay.serving.workshop import Workshop

Answer = dict[str, Any]


def make_app(
    open_workshop: Callable[[], Workshop], queue: int, token: str = "", most_bytes: int = 16 << 20
) -> Starlette:
    """The application. It opens the workshop when it starts and closes it when it ends.

    queue: programs that may wait or run. token: what requests must bring, "" for none. most_bytes: of a request.
    """
    server = _Server(queue)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with open_workshop() as workshop:
            server.open(workshop)
            yield

    routes = [
        Route("/health", server.health, methods=["GET"]),
        Route("/v1/ping", server.ping, methods=["GET"]),
        Route("/metrics", server.metrics_page, methods=["GET"]),
        Route("/run_code", server.counted("/run_code", server.run_code), methods=["POST"]),
        Route("/submit", server.counted("/submit", server.submit), methods=["POST"]),
        Route("/v1/judge", server.counted("/v1/judge", server.judge), methods=["POST"]),
        Route("/v1/run", server.counted("/v1/run", server.run), methods=["POST"]),
    ]
    return Starlette(
        routes=routes, lifespan=lifespan, middleware=[Middleware(Guard, token=token, most_bytes=most_bytes)]
    )


class _Server:
    """The routes, over one workshop."""

    def __init__(self, queue: int) -> None:
        self._queue = queue

    def open(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._admission = Admission(self._queue, workshop.jobs)
        self._metrics = Metrics(
            {
                "assay_programs_inside": ("Programs that wait or run.", lambda: self._admission.inside),
                "assay_queue_limit": ("Programs that may wait or run.", lambda: self._admission.most),
                "assay_jobs": ("Programs that run at once.", lambda: workshop.jobs),
            }
        )

    def counted(
        self, route: str, answer: Callable[[Any], Coroutine[Any, Any, Answer]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """A route that reads JSON, turns what goes wrong into a status and a sentence, and counts."""

        async def handle(request: Request) -> Response:
            began = time.monotonic()
            response = await self._answered(request, answer)
            self._metrics.answered(route, response.status_code, time.monotonic() - began)
            return response

        return handle

    async def _answered(self, request: Request, answer: Callable[[Any], Coroutine[Any, Any, Answer]]) -> Response:
        raw = await request.body()
        try:
            with self._admission.holding(len(raw)):
                return AsciiResponse(await _unless_gone(request, answer(_parsed(raw))))
        except ClientGone:
            return Response(status_code=499)  # nobody reads it; it is counted
        except BadRequest as error:
            return said(error.status, str(error))
        except RecursionError:  # also JSON that is no more than that
            return said(422, "The body is nested too deep.")
        except Full as error:
            if error.retry_after_s is None:
                return said(413, str(error))
            return said(429, str(error), {"Retry-After": str(error.retry_after_s)})
        except AssayError as error:  # the judge is gone
            return said(503, str(error))

    async def health(self, request: Request) -> Response:
        return JSONResponse(
            {"status": "ok", "version": __version__, "isolation": self._workshop.isolation.level}
            | {"inside": self._admission.inside, "queue": self._admission.most, "jobs": self._workshop.jobs}
        )

    async def ping(self, request: Request) -> Response:
        return JSONResponse("pong")  # SandboxFusion's way to ask after a server's health

    async def metrics_page(self, request: Request) -> Response:
        return PlainTextResponse(self._metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def run_code(self, body: Any) -> Answer:
        request = fusion.read_run_code(body)
        with self._admission.enter(1):
            response = await fusion.run_code(request, self._workshop)
        self._metrics.ended("/run_code", response["status"])
        return response

    async def submit(self, body: Any) -> Answer:
        submission = fusion_submit.read_submit(body)
        with self._admission.enter(1):
            response = await fusion_submit.submit(submission, self._workshop)
        self._metrics.ended("/submit", "accepted" if response["accepted"] else "rejected")
        return response

    async def judge(self, body: Any) -> Answer:
        answers, rules = native.read_judge(body, self._workshop)
        with self._admission.enter(len(answers)):
            response = await native.judge(answers, rules, self._workshop)
        for row in response["verdicts"]:
            self._metrics.ended("/v1/judge", row["verdict"])
        return response

    async def run(self, body: Any) -> Answer:
        program, limits, keep = native.read_run(body)
        with self._admission.enter(1):
            response = await native.run(program, limits, keep, self._workshop)
        self._metrics.ended("/v1/run", response["status"])
        return response


class ClientGone(Exception):
    """Whoever asked has hung up."""


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise BadRequest("The body is not JSON.") from None


async def _unless_gone(request: Request, work: Coroutine[Any, Any, Answer]) -> Answer:
    """The result of `work`, which is given up when the client hangs up: clients that ask again after a time limit of
    their own must not fill the queue with what nobody waits for. Raises ClientGone.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGone
    finally:
        for each in (working, leaving):
            each.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass

"""Completions from any OpenAI-compatible server: vLLM, SGLang, llama.cpp, Ollama, hosted APIs."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import assay
from assay.errors import AssayError
from assay.models import patience
from assay.models.completion import Completion, Failure
from assay.models.gate import Gate
from assay.models.model import Deliver
from assay.models.openai_answer import AnswerReader, BrokenAnswer, complaint, parsed
from assay.models.openai_body import Dialect, body, path
from assay.models.request import Request, Sampling
from assay.models.server import Server
from assay.models.sse import EventDecoder

if TYPE_CHECKING:
    import aiohttp

MAX_ANSWER_BYTES = 16 << 20
CHECK_S = 10.0
GRACE_S = 1.0  # for token counts that follow the end of a text
STALLED_S = 900.0
MOST_FAILURES = 5  # in a row, before the rest is not asked any more


class OpenAI:
    """A model behind a server. `assay.models.model.Model`, with requests under way at once.

    name: the model's name there. concurrency: requests at once. timeout_s: for one request, from its start to the end
    of its answer.
    """

    def __init__(self, name: str, server: Server, sampling: Sampling, concurrency: int = 16, timeout_s: float = 600.0):
        self.name, self.server, self.sampling = name, server, sampling
        self._concurrency, self._timeout_s = concurrency, timeout_s
        self._proxy = server.proxy()
        self._dialect = Dialect()
        self._known: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._stopped = False
        self._cancel: Any = None  # from another thread, while `write` runs

    def check(self) -> None:
        """Look whether the server is there and lets us in. Raises AssayError."""
        import aiohttp

        try:
            status, content = asyncio.run(self._models())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise self.server.not_there(_why(error)) from None
        except (aiohttp.ClientError, TimeoutError, BrokenAnswer):
            return  # it is there, but has no list of models; the first request will tell
        if status in (401, 403):
            raise self.server.refused(status, complaint(content), self.name, ())
        self._known = _names(content)

    def show(self, request: Request) -> str:
        key = f"Authorization: Bearer ${self.server.key_variable}\n" if self.server.key else ""
        sent = json.dumps(self._body(request, self._dialect), indent=2, ensure_ascii=False)
        return f"POST {self.server.base_url}{path(request)}\n{key}\n{sent}"

    def describe(self) -> dict[str, Any]:
        return {"kind": "openai", "name": self.name, "base_url": self.server.base_url}

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._cancel is not None:
                self._cancel()

    def write(self, requests: Iterator[Request], deliver: Deliver) -> None:
        """See `assay.models.model.Model`. Raises AssayError when the server will refuse every request."""
        try:
            asyncio.run(self._write(requests, deliver))
        except asyncio.CancelledError:
            if not self._stopped:
                raise
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _write(self, requests: Iterator[Request], deliver: Deliver) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        with self._lock:
            if self._stopped:
                return
            self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        try:
            async with self._client() as client, asyncio.TaskGroup() as group:
                session = _Session(self, client, deliver, Gate(self._concurrency))
                for _ in range(self._concurrency):
                    group.create_task(session.work(requests))
        finally:
            with self._lock:
                self._cancel = None

    async def _models(self) -> tuple[int, bytes]:
        """Status and body of the list of models. Raises what aiohttp raises, and BrokenAnswer."""
        import aiohttp

        patient = aiohttp.ClientTimeout(total=3 * CHECK_S, sock_connect=CHECK_S, sock_read=CHECK_S)
        url = f"{self.server.base_url}/models"
        async with self._client() as client, client.get(url, timeout=patient, **self._manner()) as response:
            return response.status, await _whole(response)

    def _client(self) -> aiohttp.ClientSession:
        """Connections to the server: no limit of their own, kept alive, by a proxy where the environment names one."""
        import aiohttp

        # Not `trust_env`, which reads ~/.netrc for every request and fails where that has a password. Our headers are
        # given with each request, since those of a session are told to the proxy as well.
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=True if self.server.is_local else _trust()),
            timeout=aiohttp.ClientTimeout(total=None),  # `_ask` has one for each request
            proxy=self._proxy[0] or None,
        )

    def _manner(self) -> dict[str, Any]:
        """What goes with every request besides its body."""
        headers = {"User-Agent": f"assay/{assay.__version__}"}
        if self.server.key:
            headers["Authorization"] = f"Bearer {self.server.key}"
        # Without TLS a proxy reads the request itself; with it, only what asks the proxy for a connection.
        to_proxy = self._proxy[1] if self.server.base_url.startswith("https:") else {}
        headers |= {} if to_proxy else self._proxy[1]
        return {"headers": headers, "proxy_headers": to_proxy, "allow_redirects": False}

    def _body(self, request: Request, dialect: Dialect) -> dict[str, Any]:
        return body(request, self.name, self.sampling, dialect)


class _Refused(Exception):
    """An answer with an HTTP status other than 200. wait_s: how long the server asks to wait, None if it does not."""

    def __init__(self, status: int, said: str, wait_s: float | None) -> None:
        super().__init__(f"HTTP {status}: {said}")
        self.status, self.said, self.wait_s = status, said, wait_s


class _Session:
    """The requests of one call of `write`."""

    def __init__(self, model: OpenAI, client: aiohttp.ClientSession, deliver: Deliver, gate: Gate) -> None:
        self._model, self._client, self._deliver, self._gate = model, client, deliver, gate
        self._succeeded = False
        self._failures = 0  # requests given up in a row
        self._moved = time.monotonic()  # when the last answer came

    async def work(self, requests: Iterator[Request]) -> None:
        """Ask one request after the other."""
        for request in requests:
            answer = await self._answer(request)
            self._deliver(request, answer)
            self._note(answer)

    def _note(self, answer: Completion | Failure) -> None:
        """Raises AssayError when too many requests in a row got no answer."""
        if isinstance(answer, Completion):
            self._succeeded, self._failures, self._moved = True, 0, time.monotonic()
            return
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            raise AssayError(
                f"{self._failures} requests in a row got no answer from {self._model.server.base_url}; the last: "
                f"{answer.reason}"
            )

    async def _answer(self, request: Request) -> Completion | Failure:
        """Ask until there is an answer or no hope. Raises AssayError when there is no hope for any request."""
        import aiohttp

        failures = attempts = 0
        while True:
            attempts += 1
            dialect = self._model._dialect
            try:
                async with self._gate:
                    completion = await self._ask(request, dialect, attempts)
                self._gate.succeeded()
                return completion
            except _Refused as error:
                if error.status in (400, 422) and self._learns(error.said, dialect, len(request.stops)):
                    continue
                if error.status == 429 or (error.wait_s is not None and patience.is_passing(error.status)):
                    self._wait_together(error, attempts)
                    continue
                if error.status in (401, 403, 404) and not self._succeeded:
                    raise self._refusal(error) from None
                reason, passing, status = str(error), patience.is_passing(error.status), error.status
            except (BrokenAnswer, aiohttp.ClientError) as error:
                reason, passing, status = _why(error), True, 0
            failures += 1
            if not passing or failures >= patience.TRIES:
                return Failure(self._model.server.hide(reason), attempts, status)
            await asyncio.sleep(patience.backoff_s(failures))

    async def _ask(self, request: Request, dialect: Dialect, attempts: int) -> Completion:
        """One request. Raises _Refused, BrokenAnswer and aiohttp.ClientError."""
        import aiohttp

        model = self._model
        reader = AnswerReader()
        url = model.server.base_url + path(request)
        began = time.monotonic()
        first_s = None
        try:
            async with (
                asyncio.timeout(model._timeout_s) as deadline,
                self._client.post(url, json=model._body(request, dialect), **model._manner()) as response,
            ):
                if response.status != 200:
                    said = complaint(await _whole(response))
                    raise _Refused(response.status, said, patience.asked_wait_s(response.headers))
                if "text/event-stream" not in response.headers.get("content-type", ""):
                    reader.add(parsed(await _whole(response)))
                    reader.done = True
                else:
                    async for brought in _pieces(response, reader):
                        if brought and first_s is None:
                            first_s = time.monotonic() - began
                        if reader.tokens_at_least > model.sampling.max_tokens:
                            reader.finish_reason = "cut"
                            break
                        if reader.finish_reason or reader.done:
                            deadline.reschedule(asyncio.get_running_loop().time() + GRACE_S)
        except TimeoutError:
            if not (reader.finish_reason or reader.done):
                raise BrokenAnswer(f"no whole answer came within {model._timeout_s:g} s (--timeout)") from None
        except aiohttp.ClientError:
            if not (reader.finish_reason or reader.done):
                raise
        if not (reader.finish_reason or reader.done):
            raise BrokenAnswer("its answer broke off before the end")
        return reader.completion(first_token_s=first_s, total_s=time.monotonic() - began, attempts=attempts)

    def _learns(self, said: str, dialect: Dialect, stops: int) -> bool:
        """Whether a refusal told what this server does not take, so that the request can be put otherwise."""
        if self._model._dialect != dialect:
            return True  # another request learned it first
        better = dialect.learned(said, stops)
        if better is None:
            return False
        self._model._dialect = better
        return True

    def _wait_together(self, error: _Refused, attempts: int) -> None:
        """Hold all requests back. Raises AssayError when the server has asked for patience long enough."""
        wait_s = error.wait_s if error.wait_s is not None else patience.backoff_s(min(attempts, 10))
        stalled_s = time.monotonic() - self._moved
        if "insufficient_quota" in error.said or wait_s > STALLED_S or stalled_s > STALLED_S:
            raise AssayError(
                f"{self._model.server.base_url} answers no more ({self._model.server.hide(str(error))}"
                f"{f'; it asks to wait {wait_s:.0f} s' if error.wait_s else ''})."
            )
        self._gate.refused(wait_s)

    def _refusal(self, error: _Refused) -> AssayError:
        model = self._model
        return model.server.refused(error.status, error.said, model.name, model._known)


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """The body. Raises BrokenAnswer when it is longer than any answer."""
    data = bytearray()
    async for chunk in response.content.iter_any():
        data += chunk
        if len(data) > MAX_ANSWER_BYTES:
            raise BrokenAnswer(f"its answer is longer than {MAX_ANSWER_BYTES >> 20} MiB")
    return bytes(data)


async def _pieces(response: aiohttp.ClientResponse, reader: AnswerReader) -> AsyncIterator[bool]:
    """Read a stream into `reader`; for every chunk, whether it brought text. Raises BrokenAnswer."""
    decoder = EventDecoder()
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise BrokenAnswer(f"its answer is longer than {MAX_ANSWER_BYTES >> 20} MiB")
        yield sum(reader.add_event(event) for event in decoder.feed(chunk)) > 0
    for event in decoder.end():
        reader.add_event(event)


def _trust() -> ssl.SSLContext:
    """Whom to believe: the machine's own certificates ($SSL_CERT_FILE) and certifi's, since some machines have none."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _names(data: bytes) -> tuple[str, ...]:
    """The ids in a list of models; () if it is none."""
    try:
        rows = json.loads(data)["data"]
        return tuple(row["id"] for row in rows if isinstance(row["id"], str))
    except (ValueError, TypeError, KeyError):
        return ()


def _why(error: Exception) -> str:
    """What happened on the wire, in words."""
    text = str(error) or type(error).__name__
    return f"the connection failed ({text})" if not isinstance(error, BrokenAnswer) else text

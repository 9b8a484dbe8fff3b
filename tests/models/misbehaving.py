"""A server that speaks the OpenAI protocol on loopback, well or badly, and counts what it is asked.

    python tests/models/misbehaving.py PORT_FILE LOG [DELAY_S]

As a program it writes its port into PORT_FILE and one line per question into LOG. The answer to a prompt is always the
same. A test may give it faults to commit before it answers well.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import re
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Answer = Callable[[str], str]


def right_or_wrong(prompt: str) -> str:
    """To "def f7()" a body that returns 7, or for a third of the tasks 8."""
    found = re.search(r"def f(\d+)\(", prompt)
    number = int(found[1]) if found else 0
    return f"    return {number + (number % 3 == 2)}\n"


class Server:
    """One event loop in a thread of its own. A context manager.

    faults: what to do with the first requests for a prompt, one name per request, then it answers well:
      a status ("429" comes with Retry-After of `retry_after`), "slow" (never answers), "cut" (closes after half of the
      answer), "reset" (closes at once), "garbage" (no JSON), "empty" (no choices), "endless" (never stops), "null" (no
      text), "error" (an error object inside a stream).
    asked: prompt -> how often. answered: prompt -> how many whole answers went out. most: requests at once.
    """

    def __init__(self, answer: Answer = right_or_wrong, *, delay_s: float = 0.0, stream: bool = True) -> None:
        self.answer, self.delay_s, self.can_stream = answer, delay_s, stream
        self.faults: defaultdict[str, list[str]] = defaultdict(list)
        self.every: list[str] = []  # faults for every prompt that has none of its own, once each
        self.refuses: dict[str, str] = {}  # parameter -> what is said when it is sent
        self.retry_after = "0.05"
        self.key = ""
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.under_way = self.most = 0
        self.log: Path | None = None
        self.port = 0
        self._loop = asyncio.new_event_loop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Server:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self.serve(ready.set)))
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)
        self._loop.close()

    async def serve(self, ready: Callable[[], None]) -> None:
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        ready()
        await self._stopping.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while line := await reader.readline():
                method, path, _ = line.decode().split()
                headers = {}
                while (header := (await reader.readline()).strip()) != b"":
                    name, _, value = header.decode().partition(":")
                    headers[name.lower()] = value.strip()
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.under_way += 1
                self.most = max(self.most, self.under_way)
                try:
                    if not await self._respond(writer, method, path, headers, body):
                        break
                finally:
                    self.under_way -= 1
        writer.close()

    async def _respond(
        self, writer: asyncio.StreamWriter, method: str, path: str, headers: dict[str, str], data: bytes
    ) -> bool:
        """Answer one request; False to close the connection."""
        if self.key and headers.get("authorization") != f"Bearer {self.key}":
            said = f"Incorrect API key provided: {headers.get('authorization', 'none')}"
            return await _send(writer, 401, {"error": {"message": said}})
        if method == "GET":
            return await _send(writer, 200, {"object": "list", "data": [{"id": "tiny"}]})
        body = json.loads(data)
        self.bodies.append(body)
        self.headers.append(headers)
        self.times.append(time.monotonic())
        prompt = body["prompt"] if "prompt" in body else body["messages"][-1]["content"]
        self._note("asked", prompt)
        self.asked[prompt] += 1
        if body["model"] != "tiny":
            return await _send(writer, 404, {"error": {"message": f"The model `{body['model']}` does not exist"}})
        for name in self.refuses:
            if name in body:
                return await _send(writer, 400, {"error": {"message": f"{name}: {self.refuses[name]}"}})
        faults = self.faults[prompt] if prompt in self.faults else list(self.every)
        self.faults[prompt] = faults
        fault = faults.pop(0) if faults else ""
        if fault in ("429", "500", "503"):
            more = {"Retry-After": self.retry_after} if fault == "429" else {}
            return await _send(writer, int(fault), {"error": {"message": "please wait"}}, more)
        if fault.isdigit():
            return await _send(writer, int(fault), {"error": {"message": "this is not to be had"}})
        if fault == "reset":
            return False
        if fault == "slow":
            await asyncio.sleep(3600)
        if fault == "garbage":
            return await _send(writer, 200, "<html>Bad gateway</html>")
        if fault == "empty":
            return await _send(writer, 200, {"choices": []})
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        chat = path.endswith("/chat/completions")
        text = None if fault == "null" else self.answer(prompt)
        whole = await self._stream(writer, body, chat, text, fault) if body.get("stream") and self.can_stream else None
        if whole is None:
            message = {"message": {"role": "assistant", "content": text}} if chat else {"text": text}
            choice = {"index": 0, "finish_reason": "stop", **message}
            answer = json.dumps({"model": "tiny-1", "choices": [choice], "usage": _usage(prompt, text or "")})
            whole = await _send(
                writer, 200, answer[: len(answer) // 2] if fault == "cut" else answer, cut=fault == "cut"
            )
        if whole:
            self._note("answered", prompt)
            self.answered[prompt] += 1
        return whole

    async def _stream(
        self, writer: asyncio.StreamWriter, body: dict[str, Any], chat: bool, text: str | None, fault: str
    ) -> bool:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head)

        def piece(said: str | None, finish: str | None = None) -> bytes:
            delta: dict[str, Any] = {"delta": {"content": said}} if chat else {"text": said or ""}
            if body.get("logprobs") and said:
                delta["logprobs"] = {"content": [{"logprob": -0.5}]} if chat else {"token_logprobs": [-0.25, None]}
            return _event({"model": "tiny-1", "choices": [{"index": 0, "finish_reason": finish, **delta}]})

        if fault == "endless":
            number = 0
            while True:
                number += 1
                writer.write(piece(f"# line {number}\n"))
                await writer.drain()
                await asyncio.sleep(0)
        if fault == "error":
            writer.write(_event({"error": {"message": "the engine died"}}))
            await writer.drain()
            return False
        words = re.findall(r"\S+\s*|\s+", text or "")
        for number, word in enumerate(words):
            if fault == "cut" and number == len(words) // 2:
                await writer.drain()
                return False
            writer.write(piece(word))
        writer.write(piece(None, "stop"))
        if body.get("stream_options", {}).get("include_usage"):
            prompt = body["prompt"] if "prompt" in body else body["messages"][-1]["content"]
            writer.write(_event({"choices": [], "usage": _usage(prompt, text or "")}))
        writer.write(_chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        await writer.drain()
        return True

    def _note(self, what: str, prompt: str) -> None:
        if self.log is not None:
            with self.log.open("a") as file:
                file.write(json.dumps([what, hashlib.sha256(prompt.encode()).hexdigest()[:16], prompt]) + "\n")


def _usage(prompt: str, text: str) -> dict[str, int]:
    return {"prompt_tokens": len(prompt.split()), "completion_tokens": len(text.split())}


def _event(body: dict[str, Any]) -> bytes:
    return _chunk(b"data: " + json.dumps(body).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def _send(
    writer: asyncio.StreamWriter, status: int, body: Any, more: dict[str, str] | None = None, cut: bool = False
) -> bool:
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    head = [f"HTTP/1.1 {status} Whatever", "Content-Type: application/json"]
    head += [
        f"Content-Length: {len(data) * (2 if cut else 1)}",
        *(f"{name}: {value}" for name, value in (more or {}).items()),
    ]
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + data)
    await writer.drain()
    return not cut


def asked_in(log: Path) -> Iterator[tuple[str, str]]:
    """("asked" or "answered", prompt) in order, of a server that ran as a program."""
    for line in log.read_text().splitlines() if log.exists() else ():
        what, _, prompt = json.loads(line)
        yield what, prompt


def main() -> None:
    server = Server(delay_s=float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
    server.log = Path(sys.argv[2])
    asyncio.run(server.serve(lambda: _write_port(Path(sys.argv[1]), server.port)))


def _write_port(path: Path, port: int) -> None:
    spare = path.with_suffix(".tmp")
    spare.write_text(str(port))
    spare.rename(path)


if __name__ == "__main__":
    main()

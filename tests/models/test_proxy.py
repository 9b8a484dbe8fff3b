"""Servers elsewhere are reached by the proxy that the environment names, and the key reaches them as it is."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.models.completion import Completion, Failure
from assay.models.openai import OpenAI
from assay.models.request import Request, Sampling
from assay.models.server import Server

FAR = "http://model.example/v1"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Proxy(BaseHTTPRequestHandler):
    """Answers in the place of the server that was asked for, and remembers what it was sent."""

    seen: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self._answer({"data": [{"id": "tiny"}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer({"choices": [{"index": 0, "text": "    pass", "finish_reason": "stop"}]})

    def do_CONNECT(self) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.send_error(403)

    def _answer(self, body: object) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    # What curl would send to that host must not come between the server and the key that was named for it.
    (tmp_path / "netrc").write_text("machine model.example login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    seen: list[tuple[str, dict[str, str]]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Seeing", (Proxy,), {"seen": seen}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


def ask(model: OpenAI) -> list[Completion | Failure]:
    answers: list[Completion | Failure] = []
    model.check()
    model.write(iter([Request("one", text="def f():\n")]), lambda _request, answer: answers.append(answer))
    return answers


def test_requests_go_by_the_proxy_with_its_password_and_with_the_key(proxy, monkeypatch) -> None:
    address, seen = proxy
    monkeypatch.setenv("http_proxy", f"http://me:p%40ss@{address}")
    (answer,) = ask(OpenAI("tiny", Server(FAR, "secret"), Sampling()))
    assert isinstance(answer, Completion) and answer.text == "    pass"
    assert [path for path, _ in seen] == [f"{FAR}/models", f"{FAR}/completions"]
    for _, headers in seen:
        assert headers["authorization"] == "Bearer secret"
        assert headers["proxy-authorization"] == "Basic bWU6cEBzcw=="


def test_a_proxy_never_sees_the_key_of_a_server_behind_tls(proxy, monkeypatch) -> None:
    address, seen = proxy
    monkeypatch.setenv("https_proxy", f"http://me:p%40ss@{address}")
    OpenAI("tiny", Server("https://model.example/v1", "secret"), Sampling()).check()
    ((path, headers),) = seen
    assert path == "model.example:443" and headers["proxy-authorization"] == "Basic bWU6cEBzcw=="
    assert "secret" not in str(headers) and "authorization" not in headers


def test_an_address_without_a_scheme_is_one_of_http(proxy, monkeypatch) -> None:
    address, seen = proxy
    monkeypatch.setenv("all_proxy", address)
    (answer,) = ask(OpenAI("tiny", Server(FAR), Sampling()))
    assert isinstance(answer, Completion)
    assert all("authorization" not in headers for _, headers in seen)


def test_what_needs_no_proxy_gets_none(monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "model.example")
    assert Server(FAR).proxy() == ("", {})
    assert Server("http://127.0.0.1:8000/v1").proxy() == ("", {})


def test_a_proxy_of_another_kind_is_named(monkeypatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1080")
    with pytest.raises(AssayError, match=r"model\.example/v1 is not an http:// or https:// address.*NO_PROXY"):
        OpenAI("tiny", Server(FAR), Sampling())

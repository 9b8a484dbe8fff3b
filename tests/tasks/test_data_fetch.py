"""Downloads, against a real server on this machine."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.tasks import catalog, data, fetch

CONTENT = b'{"task_id": "HumanEval/0"}\n' * 20_000
PACKED = gzip.compress(CONTENT)


class Mirror(ThreadingHTTPServer):
    """files: path -> bytes. Paths under /cut/ announce twice what they send; /silent/ never answers."""

    daemon_threads = True
    files: dict[str, bytes]
    asked: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        first, _, rest = self.path.lstrip("/").partition("/")
        if first == "silent":
            threading.Event().wait(3)
            return
        body = self.server.files.get(rest)
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        if first == "cut":
            self.send_header("Content-Length", str(len(body)))
            body = body[: len(body) // 2]
        elif first == "plain":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()  # under any other name: no length, the end of the connection ends the file
        self.wfile.write(body[: len(body) // 2] if first == "unannounced" else body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    server = Mirror(("127.0.0.1", 0), _Handler)
    server.files = {"humaneval/HumanEval.jsonl.gz": PACKED}
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published checksum is that of this test's file."""
    own = replace(catalog.resolve("humaneval"), sha256=hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setattr(catalog, "SOURCES", (own, *catalog.SOURCES[1:]))


def url(mirror: Mirror, kind: str = "plain") -> str:
    return f"http://127.0.0.1:{mirror.server_port}/{kind}"


def left(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(("kind", "total"), [("plain", len(PACKED)), ("lengthless", None)])
def test_a_file_is_stored_where_it_is_found_and_progress_is_told(
    mirror: Mirror, tmp_path: Path, kind: str, total: int | None
) -> None:
    steps: list[tuple[int, int | None]] = []
    path = fetch.fetch("humaneval", lambda done, size: steps.append((done, size)), url(mirror, kind), tmp_path)
    assert path.read_bytes() == PACKED
    assert path == data.find(catalog.resolve("humaneval"), tmp_path)
    assert steps[-1] == (len(PACKED), total)
    assert left(tmp_path) == ["humaneval/HumanEval.jsonl.gz"]


def test_the_users_cache_is_the_default_place(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = fetch.fetch("humaneval", base_url=url(mirror))
    assert path == data.cache_dir() / "humaneval/HumanEval.jsonl.gz"
    assert tmp_path in path.parents


def test_an_unpacked_file_is_stored_under_the_unpacked_name(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files["humaneval/HumanEval.jsonl.gz"] = CONTENT
    assert fetch.fetch("humaneval", None, url(mirror), tmp_path).name == "HumanEval.jsonl"


def test_a_file_that_is_there_and_right_is_not_downloaded_again(mirror: Mirror, tmp_path: Path) -> None:
    first = fetch.fetch("humaneval", None, url(mirror), tmp_path)
    assert fetch.fetch("humaneval", None, url(mirror), tmp_path) == first
    assert len(mirror.asked) == 1


def test_a_damaged_file_is_replaced(mirror: Mirror, tmp_path: Path) -> None:
    path = fetch.fetch("humaneval", None, url(mirror), tmp_path)
    path.write_bytes(PACKED[:-100])
    assert fetch.fetch("humaneval", None, url(mirror), tmp_path).read_bytes() == PACKED


def test_a_wrong_checksum_stores_nothing_and_keeps_what_is_there(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files["humaneval/HumanEval.jsonl.gz"] = gzip.compress(CONTENT + b"\n{}")
    old = tmp_path / "humaneval/HumanEval.jsonl.gz"
    old.parent.mkdir()
    old.write_bytes(b"old")
    with pytest.raises(AssayError, match=r"wrong checksum: it is not the published humaneval\. Nothing was stored"):
        fetch.fetch("humaneval", None, url(mirror), tmp_path)
    assert old.read_bytes() == b"old"
    assert left(tmp_path) == ["humaneval/HumanEval.jsonl.gz"]


def test_files_that_circulate_with_other_line_ends_are_known_by_their_rows(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"task_id": 1, "code": "x = 1\r\n"}, {"task_id": 2, "code": "y"}]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    own = replace(catalog.resolve("mbpp"), sha256="0" * 64, rows_sha256=data.rows_sha256(lines, ""))
    monkeypatch.setattr(catalog, "SOURCES", (own,))
    mirror.files["mbpp/mbpp.jsonl.gz"] = lines.replace(b"\n", b"\r\n")
    assert fetch.fetch("mbpp", None, url(mirror), tmp_path).name == "mbpp.jsonl"
    mirror.files["mbpp/mbpp.jsonl.gz"] = lines.replace(b"x = 1", b"x = 2")
    with pytest.raises(AssayError, match="wrong checksum"):
        fetch.fetch("mbpp", None, url(mirror), tmp_path / "other")


def test_a_file_whose_checksum_is_unknown_is_taken_if_it_has_the_right_number_of_rows(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = replace(catalog.resolve("humaneval"), sha256="", tasks=20_000)
    monkeypatch.setattr(catalog, "SOURCES", (own,))
    assert fetch.fetch("humaneval", None, url(mirror), tmp_path).read_bytes() == PACKED
    monkeypatch.setattr(catalog, "SOURCES", (replace(own, tasks=164),))
    with pytest.raises(AssayError, match="has 20000 rows; humaneval has 164"):
        fetch.fetch("humaneval", None, url(mirror), tmp_path / "other")


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("cut", f"broke off after {len(PACKED) // 2}"),
        ("unannounced", "is cut short"),
        ("plain/nowhere", "the server answers 404 Not Found"),
        ("silent", "timed out"),
    ],
)
def test_a_server_that_fails_is_one_sentence_and_nothing_is_left(
    mirror: Mirror, tmp_path: Path, kind: str, message: str
) -> None:
    with pytest.raises(AssayError, match=message) as caught:
        fetch.fetch("humaneval", None, url(mirror, kind), tmp_path, timeout_s=0.5)
    assert "humaneval/HumanEval.jsonl.gz" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert left(tmp_path) == []


def test_a_server_that_cannot_be_reached_is_one_sentence_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(
            AssayError, match=r"cannot be reached \(.*\)\. Without a network, put the file at "
        ) as caught:
            fetch.fetch("humaneval", None, address, tmp_path)
    assert str(tmp_path / "humaneval/HumanEval.jsonl.gz") in str(caught.value)


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/x", "file:///etc", "mirror"])
def test_only_web_addresses_are_followed(tmp_path: Path, address: str) -> None:
    with pytest.raises(AssayError, match="must begin with http"):
        fetch.fetch("humaneval", None, address, tmp_path)


def test_an_endless_file_is_stopped(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = dataclasses.replace(catalog.resolve("humaneval"), most_bytes=1000)
    monkeypatch.setattr(catalog, "resolve", lambda _spec: small)
    mirror.files["humaneval/HumanEval.jsonl.gz"] = CONTENT
    with pytest.raises(AssayError, match="the download was stopped"):
        fetch.fetch("humaneval", None, url(mirror), tmp_path)


def test_a_folder_that_cannot_be_written_is_named(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "humaneval").write_text("a file where the folder should be")
    with pytest.raises(AssayError, match=r"HumanEval\.jsonl\.gz cannot be written: "):
        fetch.fetch("humaneval", None, url(mirror), tmp_path)


def test_nothing_can_be_fetched_for_unknown_and_built_in_names(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="Did you mean 'humaneval'"):
        fetch.fetch("humanevall", dest=tmp_path)
    with pytest.raises(AssayError, match="'demo' is built in"):
        fetch.fetch("demo", dest=tmp_path)


def test_a_release_of_several_files_is_fetched_file_by_file(mirror: Mirror, tmp_path: Path) -> None:
    for name, rows in (("test", 400), ("test2", 111)):
        mirror.files[f"livecodebench/{name}.jsonl.gz"] = b"{}\n" * rows
    there = fetch.fetch("livecodebench@release_v2", None, url(mirror), tmp_path)
    assert there == tmp_path / "livecodebench/test2.jsonl"
    assert sorted(path.name for path in there.parent.iterdir()) == ["test.jsonl", "test2.jsonl"]

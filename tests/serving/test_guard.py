"""Who may ask, how much, and how the server ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from serving import ROOT, Server, serving

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))
from jailed import alive, eventually, groups_of, processes_below

TOKEN = "correct-horse-battery"
SPIN = {"code": "while True: pass", "cpu_s": 30}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assay", "sandbox", "serve", *arguments]
    more = {"PYTHONPATH": str(ROOT / "src")} | environment
    return subprocess.run(command, env=os.environ | more, capture_output=True, text=True, timeout=60)


def test_other_machines_are_served_only_with_a_token() -> None:
    done = run("--host", "0.0.0.0")
    assert done.returncode == 2 and "--token-env" in done.stderr
    done = run("--host", "0.0.0.0", "--token-env", "WORD", WORD="short")
    assert done.returncode == 2 and "$WORD must hold a token of at least 16 characters" in done.stderr


def test_an_address_that_is_taken_is_said_in_a_sentence(server: Server) -> None:
    done = run("--port", server.url.rpartition(":")[2])
    assert done.returncode == 2 and "cannot be served" in done.stderr and "Traceback" not in done.stderr


def test_a_token_is_asked_for_everywhere_but_for_health() -> None:
    with serving("--token-env", "WORD", WORD=TOKEN) as server:
        body = {"code": "print(1)"}
        assert server.client.get("/health").status_code == 200
        assert server.client.get("/metrics").status_code == 401
        assert server.post("/v1/run", body).status_code == 401
        assert server.post("/v1/run", body, Authorization=f"Bearer {TOKEN}x").status_code == 401
        assert server.post("/v1/run", body, Authorization=f"Basic {TOKEN}").status_code == 401
        assert server.post("/v1/run", body, Authorization=f"Bearer {TOKEN}").json()["stdout"] == "1\n"
        assert server.client.get("/metrics", headers={"X-API-Key": TOKEN}).status_code == 200


def test_web_pages_and_forms_are_refused(server: Server) -> None:
    assert server.post("/v1/run", {"code": "1"}, Origin="http://evil.example").status_code == 403
    answer = server.client.post("/v1/run", content=b'{"code": "1"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    answer = server.client.post("/v1/run", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_bodies_are_bounded_also_where_they_say_no_length() -> None:
    with serving("--most-body", "1") as server:
        code = "#" * (2 << 20)
        assert server.post("/v1/run", {"code": code}).status_code == 413

        def pieces():  # type: ignore[no-untyped-def]
            yield b'{"code": "'
            for _ in range(32):
                yield b"#" * 65536
            yield b'"}'

        headers = {"Content-Type": "application/json"}
        with contextlib.suppress(httpx.WriteError):  # it may hang up while we are still sending
            assert server.client.post("/v1/run", content=pieces(), headers=headers).status_code == 413
        assert server.post("/v1/run", {"code": "print(2)"}).json()["stdout"] == "2\n"


def test_a_full_queue_says_when_to_come_again_and_loses_nothing() -> None:
    with serving("--queue", "4", "--jobs", "1") as server:
        slow = {"code": "import time; time.sleep(0.3); print(1)", "cpu_s": 5}
        with ThreadPoolExecutor(12) as threads:
            answers = list(threads.map(lambda _: server.post("/v1/run", slow), range(12)))
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused and all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
        served = [answer for answer in answers if answer.status_code == 200]
        assert len(served) >= 4 and all(answer.json()["stdout"] == "1\n" for answer in served)
        assert len(served) + len(refused) == 12
        items = [{"program": "def f(): return 1", "test_list": ["assert f() == 1"]}] * 5
        assert server.post("/v1/judge", {"items": items}).status_code == 413
        assert server.post("/v1/judge", {"items": items[:4]}).status_code == 200


def test_what_nobody_waits_for_any_more_is_not_run() -> None:
    with serving("--jobs", "1") as server:
        spin = {"code": "while True: pass", "cpu_s": 1.5}
        item = {"program": "def f(n):\n    while True: pass", "test_list": ["assert f(1) == 1"], "cpu_s": 1.5}
        bodies = [("/v1/run", spin)] * 20
        bodies += [("/v1/judge", {"items": [{**item, "program": f"{item['program']} # {n}"}]}) for n in range(20)]
        with ThreadPoolExecutor(40) as threads:
            list(threads.map(lambda body: _ask(server.url, *body, timeout_s=1.0), bodies))
        assert eventually(lambda: server.client.get("/health").json()["inside"] == 0, within_s=5.0)
        # Only what ran already is waited for: far from 20 times 1.5 s.
        began = time.monotonic()
        assert server.post("/v1/run", {"code": "print(1)"}).json()["stdout"] == "1\n"
        answer = server.post(
            "/v1/judge", {"items": [{"program": "def f(n): return 1", "test_list": item["test_list"]}]}
        )
        assert answer.json()["verdicts"][0]["passed"]
        assert time.monotonic() - began < 15
        assert 'status="499"' in server.client.get("/metrics").text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ended_in_the_middle_of_work_it_leaves_nothing(number: int) -> None:
    server = Server()
    item = {"program": "def f():\n    while True: pass", "test_list": ["assert f() == 1"], "cpu_s": 30}
    for path, body in (("/v1/run", SPIN), ("/v1/judge", {"items": [item]})):
        threading.Thread(target=_ask, args=(server.url, path, body), daemon=True).start()
    assert eventually(lambda: httpx.get(f"{server.url}/health").json()["inside"] == 2)
    children = processes_below(server.process.pid)
    status, stderr = server.end(number)
    assert status == 0 and "Traceback" not in stderr, stderr
    assert eventually(lambda: not any(map(alive, children)))
    assert not groups_of(server.process.pid)


def test_ended_in_the_middle_of_work_it_says_503() -> None:
    server = Server()
    endless = "def f():\n    while True: pass\n"
    item = {"program": endless, "test_list": ["assert f() == 1"], "cpu_s": 30}
    row = {"provided_data": {"test": item["test_list"]}, "run_timeout": 30}
    bodies: list[tuple[str, object]] = [("/v1/run", SPIN), ("/v1/judge", {"items": [item]})]
    bodies.append(("/submit", {"id": 1, "dataset": "mbpp", "completion": f"{endless}# 2\n", "config": row}))
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(httpx.post, f"{server.url}{path}", json=body, timeout=60.0) for path, body in bodies]
        assert eventually(lambda: httpx.get(f"{server.url}/health").json()["inside"] == 3)
        server.end()
        answers = [one.result() for one in asked]
    assert [answer.status_code for answer in answers] == [503, 503, 503], [answer.text for answer in answers]


def test_killed_it_leaves_nothing_either() -> None:
    server = Server()
    threading.Thread(target=_ask, args=(server.url, "/v1/run", SPIN), daemon=True).start()
    assert eventually(lambda: httpx.get(f"{server.url}/health").json()["inside"] == 1)
    children = processes_below(server.process.pid)
    server.end(signal.SIGKILL)
    assert eventually(lambda: not any(map(alive, children)))


def _ask(url: str, path: str, body: object, timeout_s: float = 60.0) -> None:
    try:
        httpx.post(f"{url}{path}", json=body, timeout=timeout_s)
    except httpx.HTTPError:
        return

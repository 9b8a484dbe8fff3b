"""`assay data`: what there is, and getting it from a real server."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from assay.tasks import catalog
from commandline import Assay, write_benchmark


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing into the test's output."""


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server on this machine, and the folder it shows."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()
        thread.join()


def test_list_names_every_benchmark_and_what_to_do_for_a_missing_one(
    data: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(data / "none"))
    status, out, _ = assay("data", "list")
    assert status == 0
    assert str(data / "humaneval" / "HumanEval.jsonl") in "".join(out.split())  # long paths are folded
    assert "assay data fetch mbpp+@v0.1.0" in out
    assert "built in" in out


def test_list_refuses_a_folder_that_is_not_there(assay: Assay) -> None:
    status, _, err = assay("data", "list", "--data", "nowhere")
    assert status == 2
    assert "nowhere does not exist" in err


def test_fetch_of_a_file_with_the_wrong_checksum_stores_nothing(
    mirror: tuple[str, Path], tmp_path: Path, assay: Assay
) -> None:
    url, folder = mirror
    (folder / "humaneval").mkdir()
    (folder / "humaneval" / "HumanEval.jsonl.gz").write_bytes(b'{"task_id": "HumanEval/0"}\n')
    status, out, err = assay("data", "fetch", "humaneval", "--base-url", url, "--data", tmp_path / "mine")
    assert (status, out) == (2, "")
    assert "checksum" in err
    assert not list((tmp_path / "mine").rglob("HumanEval*"))


def test_fetch_of_an_unknown_name_is_refused(assay: Assay) -> None:
    status, _, err = assay("data", "fetch", "humanevil")
    assert status == 2
    assert "humaneval" in err


def test_a_server_without_the_file_is_one_sentence(mirror: tuple[str, Path], tmp_path: Path, assay: Assay) -> None:
    status, _, err = assay("data", "fetch", "mbpp", "--base-url", mirror[0], "--data", tmp_path / "mine")
    assert status == 2
    assert "404" in err
    assert "Traceback" not in err


def test_fetch_puts_the_file_where_eval_finds_it(
    mirror: tuple[str, Path], tmp_path: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = mirror
    file = write_benchmark(folder, 3) / "humaneval" / "HumanEval.jsonl"
    content = file.rename(file.with_name("HumanEval.jsonl.gz")).read_bytes()
    known = replace(catalog.SOURCES[0], sha256=hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(catalog, "SOURCES", (known, *catalog.SOURCES[1:]))
    mine = tmp_path / "mine"
    status, out, _ = assay("data", "fetch", "humaneval", "--base-url", url, "--data", mine)
    assert (status, out) == (0, f"{mine / 'humaneval' / 'HumanEval.jsonl'}\n")
    assert assay("eval", "humaneval", "--model", "gold", "--data", mine, "--out", tmp_path / "run")[0] == 0

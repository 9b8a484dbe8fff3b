"""A real OpenAI-compatible server, transformers' own, with a tiny model: evaluated end to end over the wire.

The same model from its folder writes the same.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))
from commandline import read_rows, write_benchmark

TASKS = 6
STARTS_S = 120


@pytest.fixture(scope="module")
def url(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    for name in ("uvicorn", "fastapi", "openai"):  # what it needs; `make demo` and the test tools bring only the first
        pytest.importorskip(name, reason="transformers' server is not installed; run: make test-models")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    options = ("--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", "float32")
    with log.open("wb") as file:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("transformers")), "serve", *options, str(checkpoint)],
            stdout=file,
            stderr=file,
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
        )
    try:
        ends = time.monotonic() + STARTS_S
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/health", timeout=5).read()
                break
            except (URLError, OSError):
                assert process.poll() is None and time.monotonic() < ends, log.read_text()
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(30)


def evaluate(run: Path, data: Path, model: str, *options: str) -> list[dict[str, object]]:
    """Completions in the order of tasks, after a run that ends well."""
    argv = [
        "eval",
        "humaneval",
        "--model",
        model,
        "--data",
        str(data),
        "--out",
        str(run),
        "--max-tokens",
        "24",
        *options,
    ]
    done = subprocess.run(
        [sys.executable, "-m", "assay", *argv], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(read_rows(run)) == TASKS
    rows = [json.loads(line) for line in (run / "completions.jsonl").read_text().splitlines()]
    return sorted(rows, key=lambda row: row["task_id"])


@pytest.mark.parametrize("prompt", ["base", "chat"])
def test_server_and_folder_write_the_same(url: str, checkpoint: Path, tmp_path: Path, prompt: str) -> None:
    data = write_benchmark(tmp_path / "data", TASKS)
    served = evaluate(tmp_path / "served", data, f"openai:{checkpoint}", "--base-url", url, "--prompt", prompt)
    local = evaluate(tmp_path / "local", data, f"checkpoint:{checkpoint}", "--prompt", prompt)
    # The server leaves a stop string in the text; both are the same up to there.
    stops = ("\nclass", "\ndef", "\n#", "\nif", "\nprint") if prompt == "base" else ()
    texts = [[_cut(str(row["completion"]), stops) for row in rows] for rows in (served, local)]
    assert texts[0] == texts[1]
    assert len(set(texts[0])) > 1
    for row in served:
        assert row["prompt_tokens"] == next(one["prompt_tokens"] for one in local if one["task_id"] == row["task_id"])
        assert 0 < float(str(row["first_token_s"])) <= float(str(row["total_s"]))
    verdicts = [
        {row["task_id"]: row["hardened"]["verdict"] for row in read_rows(tmp_path / name)}
        for name in ("served", "local")
    ]
    assert verdicts[0] == verdicts[1]


def _cut(text: str, stops: tuple[str, ...]) -> str:
    return text[: min([at for stop in stops if (at := text.find(stop)) >= 0] or [len(text)])]

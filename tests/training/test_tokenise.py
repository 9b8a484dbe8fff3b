"""Sources become pools in worker processes, once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from assay.errors import AssayError
from assay.training import tokenise
from assay.training.mixture import FORGE_WEIGHTS, Mixture
from assay.training.sources import ForgeSource
from assay.training.tokenise import open_pools
from assay.training.tokenizer import train_tokenizer
from made_tasks import made_task, write_tasks

pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

TASKS = [made_task(number) for number in range(40)]
DEEP = [made_task(number, depth=5) for number in range(40, 50)]


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer([task.program for task in TASKS], 400)


@pytest.fixture(scope="module")
def made(tmp_path_factory, tokenizer):
    folder = tmp_path_factory.mktemp("made")
    source = ForgeSource(write_tasks(folder / "forge", TASKS + DEEP), max_depth=3)
    steps = []
    pools = open_pools(
        [source], tokenizer, FORGE_WEIGHTS, cache=folder / "cache", progress=lambda *at: steps.append(at)
    )
    return folder, source, pools, steps


def test_every_task_of_the_mixture_gets_a_pool_without_what_is_too_deep(made, tokenizer):
    _, _, pools, steps = made
    assert {pool.name for pool in pools} == {f"forge/{task}" for task in FORGE_WEIGHTS}
    complete = next(pool for pool in pools if pool.task == "complete")
    assert len(complete.ends_D) == len(TASKS)
    texts = [tokenizer.decode(complete.tokens_N[a:b]) for a, b in zip(complete.starts_D, complete.ends_D, strict=True)]
    assert sorted(texts) == sorted(task.program + "<|endoftext|>" for task in TASKS)
    assert steps[-1] == (16, 16, sum(len(pool.tokens_N) for pool in pools))


def test_a_second_run_finds_the_pools_and_other_input_makes_others(made, tokenizer):
    folder, source, pools, _ = made
    steps = []
    again = open_pools(
        [source], tokenizer, FORGE_WEIGHTS, cache=folder / "cache", progress=lambda *at: steps.append(at)
    )
    assert steps == []
    assert all(np.array_equal(one.tokens_N, other.tokens_N) for one, other in zip(pools, again, strict=True))
    write_tasks(source.path, TASKS[:5])
    (complete,) = open_pools([source], tokenizer, {"complete": 1}, cache=folder / "cache")
    assert len(complete.ends_D) == 5
    assert not list((folder / "cache").glob("unfinished-*"))


def test_a_budget_stops_early(made, tmp_path, tokenizer):
    source = ForgeSource(write_tasks(tmp_path / "forge", TASKS * 8))
    (pool,) = open_pools([source], tokenizer, {"complete": 1}, tokens=4000, cache=tmp_path / "cache")
    assert 4000 <= len(pool.tokens_N) <= 8000


@pytest.mark.parametrize("is_whole", [True, False])
def test_what_a_parallel_run_has_just_finished_stays_and_what_is_damaged_does_not(
    made, tmp_path, tokenizer, monkeypatch, is_whole
):
    _, source, _, _ = made
    join, theirs = tokenise._join_parts, tmp_path / "cache" / "key" / "of-another-run"

    def slower(unfinished):
        join(unfinished)
        shutil.copytree(unfinished, theirs.parent)
        theirs.touch()
        if not is_whole:
            (theirs.parent / "pools.json").unlink()

    monkeypatch.setattr(tokenise, "_key", lambda *_: "key")
    monkeypatch.setattr(tokenise, "_join_parts", slower)
    assert open_pools([source], tokenizer, {"complete": 1}, cache=tmp_path / "cache")
    assert theirs.exists() == is_whole
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["key"]


# It keeps the worker's stdin open beyond its own life, as if a part were being worked on.
PARENT = """
import os, subprocess, sys
from assay.training.tokenise import _start_worker
worker = _start_worker()
worker.stdin.write('{"folder": "nowhere"}\\n')
worker.stdin.flush()
worker.stdout.readline()
keeper = subprocess.Popen(["sleep", "60"], pass_fds=[worker.stdin.fileno()], stdout=subprocess.DEVNULL)
print(os.getsid(0), os.getsid(worker.pid), worker.pid, keeper.pid, flush=True)
sys.stdin.read()
"""


def test_workers_hear_no_ctrl_c_and_end_with_the_process_that_started_them():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    session, other, worker, keeper = map(int, parent.stdout.readline().split())
    try:
        assert session != other == worker
        assert _is_alive(worker)
        parent.kill()
        deadline = time.monotonic() + 10
        while _is_alive(worker) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not _is_alive(worker)
    finally:
        parent.kill()
        parent.communicate()
        os.kill(keeper, signal.SIGKILL)


def _is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_batches_hold_the_forges_mixture(made, tokenizer):
    _, _, pools, _ = made
    batch = Mixture(pools, FORGE_WEIGHTS, tokenizer).next(4000)
    assert batch.padding < 0.1
    assert 0 < batch.learnt_tokens < batch.tokens
    assert set(np.unique(batch.weights_BT).round(3)) == {0, np.float32(0.1).round(3), 1}


def test_a_line_that_is_no_task_is_named(tmp_path, tokenizer):
    source = ForgeSource(write_tasks(tmp_path / "forge", TASKS[:3]))
    with source.file.open("a") as file:
        file.write('{"schema": 1, "task_id": "x"}\n')
    with pytest.raises(AssayError, match=r"Line 4 of .* is no task of the forge"):
        open_pools([source], tokenizer, FORGE_WEIGHTS, cache=tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())
    with pytest.raises(AssayError, match="assay forge"):
        open_pools([ForgeSource(tmp_path / "none")], tokenizer, FORGE_WEIGHTS, cache=tmp_path / "cache")
    with pytest.raises(AssayError, match="assay forge"):
        next(ForgeSource(tmp_path / "none").examples(0, 1, ("complete",), 0))
    with pytest.raises(AssayError, match="one name"):
        open_pools([source, source], tokenizer, FORGE_WEIGHTS, cache=tmp_path / "cache")

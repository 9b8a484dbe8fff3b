"""Sources become pools once: worker processes tokenise their parts into a cache, later runs map what lies there.

Run as a module it is one of those processes: a line of JSON on stdin for every part, a line on stdout when it is done.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from assay.errors import AssayError
from assay.sandbox import kernel
from assay.sandbox.cachedir import cache_dir
from assay.training import examples_corpus, examples_forge, fim, pool, prompts, sources
from assay.training.example import TASKS
from assay.training.pool import Pool, joined, make_pools
from assay.training.sources import Source, as_json, from_json
from assay.training.tokenizer import Tokenizer

PARTS = 16  # of a source; their number decides the order of examples, so it does not depend on the machine
_SPARE = 1.2  # more tokens than asked for, since parts and tasks end unevenly
_DONE = "pools.json"
Progress = Callable[[int, int, int], None]  # parts done, parts, tokens so far


def open_pools(
    chosen: Sequence[Source],
    tokenizer: Tokenizer,
    weights: Mapping[str, float],
    *,
    tokens: int | None = None,
    seed: int = 0,
    cache: Path | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> tuple[Pool, ...]:
    """Pools of all sources, tokenised now or found in the cache.

    weights: as for `assay.training.mixture.Mixture`; tasks without weight are left out.
    tokens: that will be drawn in all; a pool then stops where it has its share of them. None takes everything.
    seed: of holes, bugs and the like. cache: None is the user's cache folder. Raises AssayError.
    """
    names = [source.name for source in chosen]
    if len(set(names)) < len(names):
        raise AssayError(f"Two sources have one name: {', '.join(names)}. Give each its own.")
    folder = cache or cache_dir("tokens")
    pools: list[Pool] = []
    for source in chosen:
        wanted = [
            task for task in source.tasks if weights.get(task, 0) > 0 or weights.get(f"{source.name}/{task}", 0) > 0
        ]
        limits = _limits(source, wanted, weights, tokens)
        job: dict[str, Any] = {"source": as_json(source), "names": wanted, "seed": seed, "limits": limits}
        key = _key({**job, "source": {**job["source"], "path": ""}}, source.content(), tokenizer)
        pools += _tokenised(job, folder / key, tokenizer, processes, progress)
    return tuple(pools)


def _limits(
    source: Source, names: Sequence[str], weights: Mapping[str, float], tokens: int | None
) -> dict[str, int] | None:
    """Tokens of each task and part. Every source gets as many as if it were alone: another may turn out to be small."""
    if tokens is None:
        return None
    total = sum(weights.values())
    shares = {name: weights.get(f"{source.name}/{name}", weights.get(name, 0)) / total for name in names}
    return {name: int(_SPARE * tokens * share / PARTS) + 1 for name, share in shares.items()}


def _key(job: Mapping[str, Any], content: str, tokenizer: Tokenizer) -> str:
    """Of everything that decides what the pools hold, the code that makes them included."""
    from assay.forge import prompts as words
    from assay.forge import task

    digest = hashlib.sha256(json.dumps([job, content, tokenizer.sha256, PARTS], sort_keys=True).encode())
    for module in (examples_corpus, examples_forge, fim, pool, prompts, sources, words, task):
        digest.update(Path(module.__file__ or "").read_bytes())
    return digest.hexdigest()[:32]


def _tokenised(
    job: Mapping[str, Any], folder: Path, tokenizer: Tokenizer, processes: int | None, progress: Progress | None
) -> list[Pool]:
    if not (folder / _DONE).is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=folder.parent))
        try:
            tokenizer.inner.save(str(unfinished / "tokenizer.json"))
            _run_workers(job, unfinished, processes or len(os.sched_getaffinity(0)), progress)
            _join_parts(unfinished)
            try:
                unfinished.rename(folder)
            except OSError:  # something is there: of another run that was faster, and may be open, or damaged
                if not (folder / _DONE).is_file():
                    shutil.rmtree(folder, ignore_errors=True)
                    unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return [Pool.load(folder / name) for name in json.loads((folder / _DONE).read_bytes())]


def _run_workers(job: Mapping[str, Any], folder: Path, processes: int, progress: Progress | None) -> None:
    """All parts, shared among processes that start afresh: forking one that holds threads could hang."""
    waiting: SimpleQueue[int] = SimpleQueue()
    for part in range(PARTS):
        waiting.put(part)
    workers = [_start_worker() for _ in range(min(processes, PARTS))]
    done = tokens = 0
    finished: SimpleQueue[int | BaseException] = SimpleQueue()

    def serve(worker: subprocess.Popen[str]) -> None:
        try:
            while True:
                finished.put(_ask(worker, {**job, "part": waiting.get_nowait(), "folder": str(folder)}))
        except Empty:
            pass
        except BaseException as error:
            finished.put(error)

    try:
        with ThreadPoolExecutor(len(workers)) as threads:
            for worker in workers:
                threads.submit(serve, worker)
            try:
                while done < PARTS:
                    said = finished.get()
                    if isinstance(said, BaseException):
                        raise said
                    done, tokens = done + 1, tokens + said
                    if progress:
                        progress(done, PARTS, tokens)
            except BaseException:
                for worker in workers:  # or the threads would wait for them
                    worker.kill()
                raise
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def _start_worker() -> subprocess.Popen[str]:
    alone = {"RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    return subprocess.Popen(
        [sys.executable, "-m", "assay.training.tokenise"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **alone},
        start_new_session=True,  # Ctrl-C is for this process alone, which then ends them
    )


def _ask(worker: subprocess.Popen[str], job: Mapping[str, Any]) -> int:
    """Have a part done; how many tokens it has. Raises AssayError for what the worker says went wrong."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        worker.stdin.write(json.dumps(job) + "\n")
        worker.stdin.flush()
        answer = worker.stdout.readline()
    except OSError:
        answer = ""
    if not answer:
        raise AssayError(
            "A process that tokenises training data died; its message, if it had one, is above. If memory is short, "
            "close something; then repeat the command."
        )
    said = json.loads(answer)
    if "error" in said:
        raise AssayError(said["error"])
    tokens: int = said["tokens"]
    return tokens


def _join_parts(folder: Path) -> None:
    """One pool a task from those of all parts, in their order."""
    names = []
    for task in TASKS:
        parts = [folder / f"part-{part:02}" / task for part in range(PARTS)]
        pools = [Pool.load(path) for path in parts if path.is_dir()]
        if pools:
            joined(pools).save(folder / task)
            names.append(task)
    for part in range(PARTS):
        shutil.rmtree(folder / f"part-{part:02}", ignore_errors=True)
    (folder / _DONE).write_text(json.dumps(names), encoding="utf-8")


def _work(job: Mapping[str, Any], tokenizer: Tokenizer) -> int:
    source, limits = from_json(job["source"]), job["limits"]
    tokens = 0
    for name in job["names"]:  # one after the other, so that each stops reading where it has enough
        examples = source.examples(job["part"], PARTS, [name], job["seed"])
        for made in make_pools(source.name, examples, tokenizer, limits):
            made.save(Path(job["folder"]) / f"part-{job['part']:02}" / made.task)
            tokens += len(made.tokens_N)
    return tokens


def main() -> None:
    """Do the parts that stdin names, until it ends or the process at its other end does, even by SIGKILL."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    tokenizer = None
    for line in sys.stdin:
        job = json.loads(line)
        try:
            tokenizer = tokenizer or Tokenizer.load(Path(job["folder"]))
            said: dict[str, Any] = {"tokens": _work(job, tokenizer)}
        except AssayError as error:
            said = {"error": str(error)}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()

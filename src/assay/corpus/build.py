"""A build: find, read and filter, find duplicates, write. Every step leaves whole files; a killed build goes on."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from assay import __version__
from assay.corpus import (
    behaviour,
    benchmarks,
    commits,
    duplicates,
    inspection,
    minhash,
    part,
    plan,
    repositories,
    shards,
    workers,
)
from assay.corpus.document import SCHEMA
from assay.corpus.duplicates import Duplicates
from assay.corpus.funnel import Funnel
from assay.corpus.options import Options
from assay.corpus.progress import Watch
from assay.corpus.reader import MANIFEST
from assay.corpus.sources import find
from assay.errors import AssayError

WORK = ".work"


def build(options: Options, out: Path, cores: int = 0, watch: Watch | None = None) -> dict[str, Any]:
    """Make a corpus in the folder `out`, or go on with one that was interrupted, and return its manifest.

    cores: how many workers, 0 for all cores. A corpus that is finished is left as it is.
    Raises AssayError for sources that are not there, for a folder that holds something else, and for a full disk.
    """
    watch = watch or Watch()
    find.check(options.sources)
    cores = cores or workers.cores()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with _alone(out), watch:
            if _finished(out, options):
                return _manifest(out)
            work = _work_folder(out, options)
            began = time.monotonic()
            watch.begin("finding files")
            totals = plan.make(options, work, lambda found: watch.advance(found - watch.done))
            about = _benchmarks(options, work, watch)
            funnel = _parts(options, work, totals, cores, watch)
            made = list(shards.parts(work))
            _duplicates(options, work, made, funnel, watch)
            _behaviour(options, work, made, funnel, watch)
            written = shards.write(work, out, made, cores, watch)
            written += repositories.write(options, work, out, made, cores, watch)
            written += commits.write(options, work, out, cores, watch)
            return _finish(options, out, funnel, written, about, time.monotonic() - began)
    except OSError as error:
        raise AssayError(
            f"The build stopped: {error.strerror or error} ({error.filename or out}). What was finished is not lost: "
            "mend that and repeat the command."
        ) from None


def _benchmarks(options: Options, work: Path, watch: Watch) -> dict[str, Any]:
    """The index of what no document may hold; made once per build."""
    if not options.decontaminate:
        return {}
    if not (work / benchmarks.INDEX).exists():
        watch.begin("reading benchmarks")
        benchmarks.write_index(Path(options.data) if options.data else None, work)
    body: dict[str, Any] = json.loads((work / benchmarks.INDEX).read_bytes())["about"]
    return body


def _parts(options: Options, work: Path, totals: dict[str, int], cores: int, watch: Watch) -> Funnel:
    """Every piece of the plan that is not done yet; the counts of all of them."""
    watch.begin("reading and filtering", totals["files"])
    funnel = Funnel()

    def missing() -> Iterator[str]:
        for piece in plan.pieces(work):
            done = part.load(part.folder_of(work, piece["number"]), piece["number"])
            if done is None:
                yield json.dumps(piece)
            else:
                funnel.add(done.funnel)
                watch.advance(done.funnel.files, done.funnel.bytes, earlier=True)

    for made in workers.each(partial(part.make, options=options, work=work), missing(), cores):
        funnel.add(made.funnel)
        watch.advance(made.funnel.files, made.funnel.bytes)
    return funnel


def _duplicates(options: Options, work: Path, made: list[part.Part], funnel: Funnel, watch: Watch) -> None:
    """Which documents of all parts are duplicates of each other; counted in the funnel."""
    if not (work / duplicates.FOUND).exists():
        folders = [part.folder_of(work, each.number) for each in made]
        counts = [each.documents for each in made]
        watch.begin("finding duplicates", minhash.BANDS if options.near else 0, "bands")
        duplicates.find(folders, counts, options.near, lambda: watch.advance(1)).save(work / duplicates.FOUND)
    found = Duplicates.load(work / duplicates.FOUND)
    for exact, size in zip(found.exact_N, found.bytes_N, strict=True):
        funnel.drop("exact duplicate" if exact else "near duplicate", int(size))


def _behaviour(options: Options, work: Path, made: list[part.Part], funnel: Funnel, watch: Watch) -> None:
    """Which Python files hold a function that does what a benchmark task asks for; counted in the funnel."""
    if not (options.behaviour and options.decontaminate):
        return
    data = Path(options.data) if options.data else None
    watch.begin("running functions", 0, "functions")
    found = behaviour.run(work, data, shards.python(work, made), lambda: watch.advance(1))
    sizes = shards.sizes(work, made)
    for number in found:
        funnel.drop("benchmark: behaviour", int(sizes[number]))


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """One folder, one build: a lock that dies with its owner."""
    fd = os.open(out / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AssayError(
                f"Another build is writing to {out}. Wait until it ends, or choose another --out."
            ) from None
        yield
        (out / ".lock").unlink(missing_ok=True)
    finally:
        os.close(fd)


def _finished(out: Path, options: Options) -> bool:
    if not (out / MANIFEST).exists():
        return False
    if _manifest(out).get("fingerprint") != options.fingerprint:
        raise AssayError(
            f"{out} holds a corpus that was made with other arguments. Choose another --out, or remove it."
        )
    return True


def _manifest(out: Path) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((out / MANIFEST).read_bytes())
    return body


def _work_folder(out: Path, options: Options) -> Path:
    """Where unfinished work lies. Raises AssayError when it, or the folder, belongs to something else."""
    work = out / WORK
    told = work / "options.json"
    if not work.exists():
        if others := sorted(path.name for path in out.iterdir() if path.name != ".lock"):
            raise AssayError(
                f"{out} is not empty ({others[0]}). A corpus needs a folder of its own: choose another --out."
            )
        work.mkdir()
    if told.exists():
        earlier = json.loads(told.read_bytes())
        if earlier != _told(options):
            raise AssayError(
                f"{out} holds an interrupted build with other arguments or another version. Repeat it with its own "
                f"arguments, choose another --out, or remove {work}."
            )
    else:
        told.write_text(json.dumps(_told(options)))
    (work / "parts").mkdir(exist_ok=True)
    return work


def _told(options: Options) -> dict[str, Any]:
    arguments: dict[str, Any] = json.loads(json.dumps(asdict(options)))
    return {"version": __version__, "schema": SCHEMA} | arguments


def _finish(
    options: Options, out: Path, funnel: Funnel, written: list[shards.Shard], about: dict[str, Any], took_s: float
) -> dict[str, Any]:
    """The manifest is written last: a folder that has one is a whole corpus."""
    import pyarrow

    table = {"files": funnel.files, "bytes": funnel.bytes, "kept": funnel.kept, "rules": list(funnel.table())}
    (out / inspection.FUNNEL).write_text(json.dumps(table | {"replaced": funnel.replaced}, indent=2) + "\n")
    body = {
        "schema": SCHEMA,
        "fingerprint": options.fingerprint,
        "options": asdict(options),
        "versions": {"assay": __version__, "python": platform.python_version(), "pyarrow": str(pyarrow.__version__)},
        "date": time.strftime("%Y-%m-%d"),
        "took_s": round(took_s, 1),
        "benchmarks": about,
        "counts": inspection.counts(out, map(asdict, written)),
        "files": funnel.files,
        "kept": funnel.kept,
        "shards": [asdict(shard) | {"sha256": _sha256(out / shard.file)} for shard in written],
    }
    spare = out / f".{MANIFEST}"
    spare.write_text(json.dumps(body, indent=2) + "\n")
    spare.replace(out / MANIFEST)
    shutil.rmtree(out / WORK, ignore_errors=True)
    return _manifest(out)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""What a corpus costs: MB/s per core, step by step, and near duplicates beside datatrove's MinHash on the same files.

    python benchmarks/corpus.py [--rounds 3] [--files 3000] [--million 200000] [--only NAME ...] [--json FILE]

build      `assay corpus build stdlib: packages:pip` on one core, from its start to its end, and CPU seconds by MB.
steps      every step alone on the same files, in this process.
minhash    the same files, as JSON Lines, through Assay's and datatrove's MinHash, one after the other in every round,
           one core each; what both remove is held against the exact similarity of all pairs.
million    signatures of made-up documents, a fiftieth of them near duplicates: what comparing costs per million files.

CPU seconds are those of the whole tree. datatrove is installed from PyPI below .peers/.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import hashlib
import json
import os
import platform
import resource
import shutil
import statistics
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import measure
import peers
from assay.corpus import comments, decode, licences, minhash, secrets, shape, syntax
from assay.corpus.draft import Draft, Licence, Repository
from assay.corpus.duplicates import Collector, Duplicates, find
from assay.corpus.language import identify
from assay.corpus.rules import Dropped

DATATROVE = "0.10.1"
PARTS = ("build", "steps", "minhash", "million")
NEAR = 0.7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=3000, help="how many files for the comparison")
    parser.add_argument("--million", type=int, default=200_000, help="made-up documents, scaled to a million")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.ours:
        ours(args.ours)
        return 0
    print(
        f"Python {platform.python_version()}, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}, "
        f"CPU time by {measure.counting()}"
    )
    wanted = args.only or PARTS
    work = peers.HOME / "work" / "corpus"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    results: dict[str, Any] = {}
    if "build" in wanted:
        results["build"] = build(work, args.rounds)
    if "steps" in wanted:
        results["steps"] = steps(args.rounds)
    if "minhash" in wanted:
        results["minhash"] = side_by_side(work, args.files, args.rounds)
    if "million" in wanted:
        results["million"] = million(work, args.million)
    if args.json:
        args.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0


def build(work: Path, rounds: int) -> dict[str, Any]:
    """The whole command; against the built-in benchmark only, so that no data is needed."""
    empty = work / "no-data"
    empty.mkdir()
    runs = []
    for number in range(rounds):
        out = work / f"build-{number}"
        command = [sys.executable, "-m", "assay", "corpus", "build", "stdlib:", "packages:pip", "--workers", "1"]
        usage = measure.measure(
            [*command, "--data", str(empty), "--out", str(out)],
            env=peers.environment(),
            cwd=work,
            log=work / "build.log",
            watch_memory=True,
        )
        funnel = json.loads((out / "funnel.json").read_text())
        opened = funnel["bytes"] - sum(row["bytes"] for row in funnel["rules"] if row["step"] == "find")
        runs.append({"cpu_s": usage.cpu_s, "wall_s": usage.wall_s, "mb": opened / 1e6, "peak": usage.tree_bytes or 0})
        print(
            f"build    {opened / 1e6:.1f} MB opened, {funnel['files']:,} files: {usage.cpu_s:.1f} CPU-s, "
            f"{opened / 1e6 / usage.cpu_s:.2f} MB/s per core, peak {(usage.tree_bytes or 0) >> 20} MiB"
        )
        shutil.rmtree(out)
    speed = statistics.median(run["mb"] / run["cpu_s"] for run in runs)
    print(f"build    median {speed:.2f} MB/s per core")
    return {"runs": runs, "mb_per_s": speed}


def texts(most: int) -> list[tuple[str, str]]:
    """(name, text) of Python files: the standard library, then packages beside this Python."""
    found: list[tuple[str, str]] = []
    for root in (Path(sysconfig.get_path("stdlib")), Path(np.__file__).parents[1]):
        for path in sorted(root.rglob("*.py")):
            if "site-packages" in str(path.relative_to(root)) or len(found) >= most:
                continue
            try:
                text = decode.decode(path.read_bytes(), python=True)
            except (Dropped, OSError):
                continue
            if 200 <= len(text) <= 1 << 20:
                found.append((str(path), text))
    return found


def steps(rounds: int) -> dict[str, float]:
    """MB/s of every step alone."""
    files = texts(600)
    size = sum(len(text) for _, text in files) / 1e6
    nobody, mit = Repository("bench", "bench"), Licence("MIT", "bench")

    def drafts() -> list[Draft]:
        return [Draft(nobody, name, b"", mit, text=text, language="python") for name, text in files]

    def quiet(step: Callable[[Draft], Any]) -> Callable[[Draft], None]:
        def run(draft: Draft) -> None:
            with contextlib.suppress(Dropped):
                step(draft)

        return run

    def shaped(draft: Draft) -> None:
        shape.generated(draft)
        shape.lines(draft)

    each: dict[str, Callable[[Draft], None]] = {
        "language": lambda draft: setattr(draft, "language", identify(draft.path, draft.text)),
        "generated, lines": quiet(shaped),
        "secrets": secrets.step,
        "syntax": quiet(syntax.check),
        "comments": quiet(comments.weigh),
        "licence": quiet(lambda draft: licences.check(draft, ("any",))),
        "MinHash": lambda draft: Collector(True).add(draft.text, "0" * 64, 1.0, 0),
    }
    result = {}
    for name, step in each.items():
        speeds = []
        for _ in range(rounds):
            fresh = drafts()
            gc.disable()  # as a build does; else every tree that is kept is looked through again and again
            began = time.process_time()
            while fresh:
                step(fresh.pop())
            gc.enable()
            speeds.append(size / max(time.process_time() - began, 1e-9))
        result[name] = statistics.median(speeds)
        print(f"steps    {name:<18} {result[name]:8.1f} MB/s per core")
    return result


def side_by_side(work: Path, most: int, rounds: int) -> dict[str, Any]:
    """Both on the same texts."""
    folder = work / "minhash"
    (folder / "texts").mkdir(parents=True)
    files = texts(most)
    size = sum(len(text.encode()) for _, text in files) / 1e6
    with (folder / "texts" / "texts.jsonl").open("w", encoding="utf-8") as out:
        for number, (_, text) in enumerate(files):
            out.write(json.dumps({"id": str(number), "text": text}) + "\n")
    peer = peers.install("datatrove", DATATROVE, also=(f"datatrove[processing]=={DATATROVE}", "orjson"))
    commands = {
        "assay": [sys.executable, __file__, "--ours", str(folder)],
        "datatrove": [peer.bin("python"), str(Path(__file__).with_name("datatrove_minhash.py")), str(folder)],
    }
    environment = peers.environment(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    cpu: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            shutil.rmtree(folder / "theirs", ignore_errors=True)
            usage = measure.measure(command, env=environment, cwd=work, log=work / f"{name}.log")
            cpu[name].append(usage.cpu_s)
            print(f"minhash  {name:<10} {size:.1f} MB: {usage.cpu_s:.1f} CPU-s, {size / usage.cpu_s:.2f} MB/s")
    share = statistics.median(a / b for a, b in zip(cpu["assay"], cpu["datatrove"], strict=True))
    pairs = true_pairs([text for _, text in files])
    result: dict[str, Any] = {"mb": size, "files": len(files), "cpu_s": cpu, "share": share, "versions": peer.versions}
    print(f"minhash  Assay takes {share:.2f} of datatrove's CPU; {len(pairs)} pairs have {NEAR} or more")
    for name, file in (("assay", "ours.json"), ("datatrove", "theirs.json")):
        removed = {int(number) for number in json.loads((folder / file).read_text())}
        missed = sum(1 for a, b in pairs if a not in removed and b not in removed)
        without = removed - {number for pair in pairs for number in pair}
        result[name] = {"removed": len(removed), "pairs left": missed, "removed without a similar one": len(without)}
        print(
            f"minhash  {name:<10} removes {len(removed)}; leaves both of {missed} similar pairs; "
            f"removes {len(without)} that are similar to none"
        )
    return result


def ours(folder: Path) -> None:
    """Assay's side, from the same file to the same kind of answer."""
    collector = Collector(True)
    ids = []
    with (folder / "texts" / "texts.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            ids.append(row["id"])
            collector.add(row["text"], hashlib.sha256(row["text"].encode()).hexdigest(), 1.0, 0)
    part = folder / "ours"
    part.mkdir(exist_ok=True)
    collector.save(part)
    found = find([part], [len(ids)], NEAR, lambda: None)
    (folder / "ours.json").write_text(json.dumps(sorted(ids[number] for number in found.dropped_N)))


def true_pairs(all_texts: list[str]) -> list[tuple[int, int]]:
    """Every pair with an exact similarity of NEAR or more, found without any hashing into bands."""
    from scipy import sparse

    sets = [minhash.shingles(text) for text in all_texts]
    columns, places = np.unique(np.concatenate(sets), return_inverse=True)
    starts = np.concatenate([[0], np.cumsum([len(each) for each in sets])])
    ones = np.ones(len(places), dtype=np.int32)
    matrix = sparse.csr_matrix((ones, places, starts), shape=(len(sets), len(columns)))
    sizes = np.diff(starts)
    pairs = []
    for start in range(0, len(sets), 256):
        common = (matrix[start : start + 256] @ matrix.T).tocoo()
        a, b, shared = common.row + start, common.col, common.data
        similar = (a < b) & (shared >= NEAR * (sizes[a] + sizes[b] - shared))
        pairs += list(zip(a[similar].tolist(), b[similar].tolist(), strict=True))
    return pairs


def million(work: Path, count: int) -> dict[str, float]:
    """Comparing alone, on signatures of random sets of 300; one in fifty is a near duplicate of the one before."""
    folder = work / "million"
    folder.mkdir()
    random = np.random.default_rng(7)
    each_part = 20_000
    folders, counts = [], []
    for first in range(0, count, each_part):
        here = min(each_part, count - first)
        collector = Collector(True)
        before = np.empty(0, np.uint32)
        for number in range(here):
            shingles = np.unique(random.integers(0, 1 << 32, 300, dtype=np.uint32))
            if number % 50 == 1:
                shingles = np.unique(np.concatenate([before[:270], shingles[:30]]))
            before = shingles
            collector._about.append((first + number, 1.0, 0))
            collector._shingles.append(shingles)
            collector._signatures.append(minhash.signature(shingles))
        part = folder / f"{first:09d}"
        part.mkdir()
        collector.save(part)
        folders.append(part)
        counts.append(here)
    began = time.process_time()
    found: Duplicates = find(folders, counts, NEAR, lambda: None)
    took_s = time.process_time() - began
    scale = 1_000_000 / count
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    disk = sum(path.stat().st_size for path in folder.rglob("*.npy")) / 1e9 * scale
    print(
        f"million  {count:,} documents compared in {took_s:.1f} CPU-s ({took_s * scale:.0f} per million), "
        f"{len(found.dropped_N):,} of {count // 50:,} planted found; {disk:.1f} GB on disk per million; "
        f"largest memory of this process {peak:.0f} MiB"
    )
    shutil.rmtree(folder)
    return {"cpu_s_per_million": took_s * scale, "found": len(found.dropped_N), "gb_per_million": disk}


if __name__ == "__main__":
    sys.exit(main())

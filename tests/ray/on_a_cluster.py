"""Work on a real Ray cluster of several processes, with deaths in the middle. Run by `test_ray.py` in its own Python.

The cluster has three nodes on this machine, each with its own raylet and workers, as three machines would have. Prints
one JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray
from ray.cluster_utils import Cluster

from assay.judge.checks import StubCheck
from assay.judge.pool import Item
from assay.judge.ray_pool import RayPool
from assay.sandbox.program import Isolation, Limits, Program
from assay.sandbox.ray_crew import Crew, Lost
from assay.sandbox.ray_sandbox import RaySandbox

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))
from jailed import alive, eventually, processes_below

COUNT = 120
CHECKS = {"hardened": StubCheck("", "assert add(2, 3) == 5", ("add",), Limits(cpu_s=5.0))}


def program(n: int) -> Program:
    return Program("python", {"main.py": b"import time; time.sleep(0.02); print(%d)" % n}, "main.py")


def mapped(sandbox: RaySandbox, at: dict[int, Any]) -> dict[str, Any]:
    """Run COUNT programs; at: number of the result -> what happens when it comes."""
    programs = [program(n) for n in range(COUNT)]
    seen: Counter[int] = Counter()
    right = 0
    for number, (one, outcome) in enumerate(sandbox.map(programs), 1):
        n = programs.index(one)
        seen[n] += 1
        right += outcome.stdout == b"%d\n" % n
        if number in at:
            at[number]()
    return {"each_once": sorted(seen.elements()) == list(range(COUNT)), "right": right}


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def sandbox_with_deaths(cluster: Cluster) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with RaySandbox(cluster.address, 3, Limits(cpu_s=5.0)) as sandbox:
        found["isolation"] = sandbox.isolation.level
        found["undisturbed"] = mapped(sandbox, {}) | {"sent_again": sandbox.sent_again}
        workers = sandbox.processes()
        below = [pid for worker in workers for pid in processes_below(worker)]
        found["killed"] = mapped(sandbox, {30: lambda: kill(workers[:1])}) | {"sent_again": sandbox.sent_again}
        found["killed_all"] = mapped(sandbox, {30: lambda: kill(sandbox.processes())})
        found["left_behind"] = not eventually(lambda: not any(map(alive, below)))
        found["workers"] = len(set(sandbox.processes()))
    return found


def pool_with_a_machine_lost(cluster: Cluster, node: Any) -> dict[str, Any]:
    def items() -> Iterator[Item | None]:
        for n in range(COUNT):
            if n % 10 == 3:
                yield None
            sign = "+" if n % 3 else "-"
            yield Item(n, "task", f"import time\ntime.sleep(0.02)\ndef add(a, b):\n    return a {sign} b\n", CHECKS)

    seen: Counter[int] = Counter()
    right = 0
    with RayPool(cluster.address, 3) as pool:
        for number, judged in enumerate(pool.judge(items()), 1):
            seen[judged.key] += 1
            right += judged.verdicts["hardened"].passed is bool(judged.key % 3)
            if number == 30:
                cluster.remove_node(node, allow_graceful=False)
        sent_again = pool.sent_again
        # a second run on what is left
        again = [judged.verdicts["hardened"].kind.value for judged in pool.judge([Item(0, "t", "x = 1", CHECKS)])]
    each_once = sorted(seen.elements()) == list(range(COUNT))
    return {"each_once": each_once, "right": right, "sent_again": sent_again, "again": again}


class _Deadly:
    """A worker that some work kills."""

    isolation = Isolation("none")

    def work(self, batch: list[int]) -> Iterator[tuple[int, int]]:
        for place, number in enumerate(batch):
            if number == 7:
                os._exit(1)
            time.sleep(0.01)
            yield place, number * number

    def close(self) -> None:
        pass


def work_that_kills_its_workers(cluster: Cluster) -> dict[str, Any]:
    with Crew(_Deadly, cluster.address, 2) as crew:
        results = dict(crew.map(range(40)))
    lost = [number for number, result in results.items() if isinstance(result, Lost)]
    return {"lost": lost, "right": sum(result == number * number for number, result in results.items())}


def evaluated(cluster: Cluster, root: Path) -> dict[str, Any]:
    """`assay eval --ray` and `assay eval`: the same verdicts."""
    from assay.cli.main import main as assay

    answers = root / "src" / "assay" / "tasks" / "demo" / "answers.jsonl"
    rows: dict[str, dict[tuple[str, int], str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, more in (("ray", ["--ray", cluster.address]), ("here", [])):
            out = Path(folder) / name
            model = f"recorded:{answers}"
            status = assay(["eval", "demo", "--model", model, "--out", str(out), "--limit", "12", "--json", *more])
            assert status in (0, 3), status
            read = [json.loads(line) for line in (out / "verdicts.jsonl").read_text().splitlines()]
            rows[name] = {(row["task_id"], row["sample"]): row["hardened"]["verdict"] for row in read}
    return {"samples": len(rows["here"]), "same": rows["ray"] == rows["here"]}


def main() -> None:
    root = Path(__file__).parents[2]
    began = time.monotonic()
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
    ray.init(address=cluster.address, log_to_driver=False)
    cluster.wait_for_nodes()
    found: dict[str, Any] = {"nodes": len(ray.nodes()), "version": ray.__version__}
    found["sandbox"] = sandbox_with_deaths(cluster)
    found["deadly"] = work_that_kills_its_workers(cluster)
    found["evaluation"] = evaluated(cluster, root)
    found["pool"] = pool_with_a_machine_lost(cluster, nodes[1])
    ray.shutdown()
    cluster.shutdown()
    found["seconds"] = round(time.monotonic() - began, 1)
    print()
    print(json.dumps(found))


if __name__ == "__main__":
    main()

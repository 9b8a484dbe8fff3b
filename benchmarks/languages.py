"""What a verdict costs in compiled languages, side by side with one compiler process per sample, as MultiPL-E does it.

    python benchmarks/languages.py [--rounds 3] [--only cpp ...] [--limit 40] [--burners 0] [--json FILE]

The programs are published answers of a 1.5B model to MultiPL-E HumanEval. Every round runs each side once, so that all
meet the same machine; two programs at a time everywhere. Assay's compile cache starts empty in every round; what it
prepares once per machine (a precompiled header, its own compile server) is made by a first run that is not counted and
printed. Verdicts are compared program by program. Exit status 1 when a target is missed or a verdict differs.
--burners N keeps N busy loops beside everything, to see that no verdict changes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import measure
import peers
from measure import Usage
from verdicts import RULES, read_rows

PEER = "one process each"
TARGETS = {"cpp": 1 / 3, "java": 1 / 5, "typescript": 1 / 6}
_ENDING = {"cpp": "cpp", "java": "java", "typescript": "ts"}
# Needs -lcrypto, which only the publisher's command line has.
_LEFT_OUT = {"cpp": {"HumanEval_162_string_to_md5"}}


@dataclass
class Result:
    """One language. runs: side -> a Usage per round. prepared: of the first run. disagreements: a line each."""

    language: str
    programs: int
    prepared: dict[str, Usage] = field(default_factory=dict)
    runs: dict[str, list[Usage]] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)

    def share(self, side: str) -> float:
        """Median over the rounds of Assay's CPU seconds over the peer's."""
        pairs = zip(self.runs[side], self.runs[PEER], strict=True)
        return statistics.median(ours.cpu_s / theirs.cpu_s for ours, theirs in pairs)

    def met(self) -> bool:
        return all(self.share(rules) <= TARGETS[self.language] for rules in RULES)


class Bench:
    """One language's files and commands, below .peers/work/NAME."""

    def __init__(self, language: str, args: argparse.Namespace) -> None:
        ending = _ENDING[language]
        self.language, self.data, self.tsc = language, args.data, str(args.tsc)
        self.folder = peers.HOME / "work" / f"languages-{language}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        rows = {row["name"]: row for row in read_rows(args.data / f"multipl_e/humaneval-{ending}.jsonl.gz")}
        published = args.samples / f"qwen2.5-coder-1.5b-base/multipl-e/pred_{ending}_output.jsonl.gz"
        answers = {row["task_id"]: row["generation"] for row in read_rows(published)}
        names = [name for name in rows if name in answers and name not in _LEFT_OUT.get(language, ())][: args.limit]
        self.programs = len(names)
        self._write("samples.jsonl", ({"task_id": name, "solution": answers[name]} for name in names))
        programs = ({"task_id": name, "program": f"{answers[name]}\n{rows[name]['tests']}"} for name in names)
        self._write("programs.jsonl", programs)

    def _write(self, name: str, rows: Iterator[dict[str, str]]) -> None:
        (self.folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))

    def run(self, side: str, label: str) -> tuple[Usage, dict[str, bool]]:
        """Run one side once: what it cost and what passed."""
        if side == PEER:
            results = self.folder / "results.jsonl"
            script = str(Path(__file__).with_name("one_process_each.py"))
            command = [
                sys.executable,
                script,
                self.language,
                str(self.folder / "programs.jsonl"),
                str(results),
                self.tsc,
            ]
        else:
            out = self.folder / f"run-{side}"
            shutil.rmtree(out, ignore_errors=True)
            shutil.rmtree(self.folder / "cache/compiled", ignore_errors=True)
            results = out / "verdicts.jsonl"
            samples = f"recorded:{self.folder / 'samples.jsonl'}"
            command = [sys.executable, "-m", "assay", "eval", f"multipl-e:{self.language}", "--model", samples]
            command += ["--judge", side, "--extract", "raw", "--partial", "--jobs", "2", "--data", str(self.data)]
            command += ["--out", str(out), "--json"]
        usage = measure.measure(
            command,
            env=peers.environment(ASSAY_CACHE=str(self.folder / "cache")),
            cwd=self.folder,
            log=self.folder / f"{label}-{side.replace(' ', '-')}.log",
            allowed=(0, 3),
        )
        rows = [json.loads(line) for line in results.read_text().splitlines()]
        return usage, {row["task_id"]: row["passed"] if side == PEER else row[side]["passed"] for row in rows}


def run_language(language: str, args: argparse.Namespace) -> Result:
    bench = Bench(language, args)
    sides = (PEER, *RULES)
    result = Result(language, bench.programs, runs={side: [] for side in sides})
    passed: dict[str, dict[str, bool]] = {}
    for rules in RULES:
        result.prepared[rules], passed[rules] = bench.run(rules, "first")
    with _burners(args.burners):
        for number in range(1, args.rounds + 1):
            for side in sides:
                usage, again = bench.run(side, f"round{number}")
                result.runs[side].append(usage)
                if again != passed.setdefault(side, again):
                    result.disagreements.append(f"{side} gave other verdicts in round {number} than before")
            costs = ", ".join(f"{side} {result.runs[side][-1].cpu_s:.2f}" for side in sides)
            print(f"{language}: round {number} of {args.rounds}, CPU-s: {costs}", flush=True)
    for name in passed[PEER]:
        verdicts = {side: passed[side].get(name) for side in sides}
        if len(set(verdicts.values())) > 1:
            result.disagreements.append(f"{name}: {verdicts}")
    return result


@contextmanager
def _burners(count: int) -> Iterator[None]:
    """So many busy loops beside what is measured."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


def print_result(result: Result) -> None:
    print(f"\n{result.language}: {result.programs} programs")
    print("  side                CPU-s (least to most)   CPU-ms each   wall s   share of the peer")
    for side, runs in result.runs.items():
        cpu = [run.cpu_s for run in runs]
        row = f"  {side:18} {statistics.median(cpu):7.2f} ({min(cpu):.2f} to {max(cpu):.2f})".ljust(46)
        row += f"{1000 * statistics.median(cpu) / result.programs:8.1f}"
        row += f"{statistics.median(run.wall_s for run in runs):9.1f}"
        if side != PEER:
            target = TARGETS[result.language]
            word = "met" if result.share(side) <= target else "MISSED"
            row += f"   1/{1 / result.share(side):.2f} (target 1/{1 / target:.0f}: {word})"
        print(row)
    first = ", ".join(f"{rules} {usage.cpu_s:.1f} CPU-s" for rules, usage in result.prepared.items())
    print(f"  first run, with what is made once per machine: {first}")
    print(f"  verdicts that differ: {len(result.disagreements) or 'none'}")
    for line in result.disagreements:
        print(f"    {line}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each side is measured (default: 3)")
    parser.add_argument("--only", nargs="+", choices=TARGETS, default=list(TARGETS), help="these languages alone")
    parser.add_argument("--limit", type=int, default=40, help="programs per language (default: 40)")
    parser.add_argument("--burners", type=int, default=0, help="busy loops beside everything (default: 0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured here")
    parser.add_argument("--data", type=Path, help="folder of benchmark files (default: $ASSAY_DATA)")
    parser.add_argument("--samples", type=Path, help="folder of samples (default: $ASSAY_SAMPLES, or beside the data)")
    args = parser.parse_args()
    if args.data is None and not os.environ.get("ASSAY_DATA"):
        parser.error("name the folder of benchmark files with --data or $ASSAY_DATA")
    args.data = (args.data or Path(os.environ["ASSAY_DATA"])).resolve()
    args.samples = (args.samples or Path(os.environ.get("ASSAY_SAMPLES") or args.data.parent / "samples")).resolve()
    for folder in (args.data, args.samples):
        if not folder.is_dir():
            parser.error(f"there is no folder {folder}")
    from assay.sandbox.toolchain import tools_dir

    args.tsc = tools_dir() / "node_modules/typescript/bin/tsc"
    if "typescript" in args.only and not args.tsc.exists():
        parser.error(f"{args.tsc} is not there; run: make toolchains")
    return args


def main() -> int:
    args = arguments()
    results = [run_language(language, args) for language in args.only]
    for result in results:
        print_result(result)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\nCPU time: {measure.counting()}")
    print(f"Machine: {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}, load {load}")
    if args.json:
        body: dict[str, Any] = {
            "schema": 1,
            "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "burners": args.burners,
            "languages": [asdict(r) | {"shares": {rules: r.share(rules) for rules in RULES}} for r in results],
        }
        args.json.write_text(json.dumps(body, indent=2) + "\n")
    return 1 if any(result.disagreements or not result.met() for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())

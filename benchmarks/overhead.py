"""What Assay adds to a model: samples per second with a server that answers at once, and time lost with a slow one.

    python benchmarks/overhead.py [--rounds 3] [--data DIR] [--json FILE]

HumanEval's reference solutions come from a server of this file on loopback, streamed as a model's answers are.

instant   `assay eval` with ten samples a task, from its start to its end, against a server that answers at once.
          Target: 200 samples per second, asked, stored and judged, on two cores. The server uses the same cores.
slow      against a server that takes 1 s for every answer, 16 at once: `assay eval` beside the same questions asked by
          the same code and stored, but not judged; one after the other in every round. Target: judging adds under 10 %.

CPU seconds are those of the whole tree of `assay eval`, without the server. Exit status 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import measure

INSTANT_SAMPLES = 10
SLOW_SAMPLES = 3
SLOW_S = 1.0
CONCURRENCY = 16
SAMPLES_PER_S = 200.0
MOST_ADDED = 0.10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, default=os.environ.get("ASSAY_DATA"))
    parser.add_argument("--json", type=Path, help="write every number here, too")
    parser.add_argument("--serve", type=float, metavar="DELAY_S", help=argparse.SUPPRESS)
    parser.add_argument("--ask", metavar="URL", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.data is None:
        parser.error("name the folder with humaneval/HumanEval.jsonl.gz by --data or $ASSAY_DATA")
    if args.serve is not None:
        asyncio.run(serve(answers(args.data), args.serve))
        return 0
    if args.ask:
        ask_only(args.ask, args.data)
        return 0
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}, CPU time by {measure.counting()}")
    instant = run_instant(args.data, args.rounds)
    slow = run_slow(args.data, args.rounds)
    if args.json:
        args.json.write_text(json.dumps({"instant": instant, "slow": slow}, indent=2) + "\n")
    return 0 if instant["met"] and slow["met"] else 1


def run_instant(data: Path, rounds: int) -> dict[str, Any]:
    """Samples per second against a server that answers at once."""
    tasks = len(answers(data))
    samples = tasks * INSTANT_SAMPLES
    runs = []
    with Server(data, 0.0) as server:
        for number in range(rounds):
            usage = evaluate(server, data, INSTANT_SAMPLES, f"instant-{number}")
            runs.append({"wall_s": usage.wall_s, "cpu_s": usage.cpu_s, "per_s": samples / usage.wall_s})
            print(
                f"instant  {samples} samples in {usage.wall_s:.1f} s: {samples / usage.wall_s:.0f} samples/s, "
                f"{1000 * usage.cpu_s / samples:.2f} CPU-ms each (load {os.getloadavg()[0]:.1f})"
            )
    per_s = statistics.median(run["per_s"] for run in runs)
    cpu_ms = 1000 * statistics.median(run["cpu_s"] for run in runs) / samples
    met = per_s >= SAMPLES_PER_S
    print(f"instant  median {per_s:.0f} samples/s, {cpu_ms:.2f} CPU-ms each; {_met(met)} {SAMPLES_PER_S:.0f} samples/s")
    return {"runs": runs, "samples": samples, "per_s": per_s, "cpu_ms": cpu_ms, "met": met}


def run_slow(data: Path, rounds: int) -> dict[str, Any]:
    """What judging adds where a model takes a second."""
    runs = []
    with Server(data, SLOW_S) as server:
        for number in range(rounds):
            asked = _command([sys.executable, __file__, "--ask", server.url, "--data", str(data)], f"ask-{number}")
            judged = evaluate(server, data, SLOW_SAMPLES, f"slow-{number}")
            added = judged.wall_s / asked.wall_s - 1
            runs.append({"asked_s": asked.wall_s, "judged_s": judged.wall_s, "added": added})
            print(
                f"slow     asked and stored {asked.wall_s:.1f} s, judged as well {judged.wall_s:.1f} s: "
                f"{added:+.1%} (load {os.getloadavg()[0]:.1f})"
            )
    added = statistics.median(run["added"] for run in runs)
    met = added < MOST_ADDED
    print(f"slow     median {added:+.1%}; {_met(met)} under {MOST_ADDED:.0%}")
    return {"runs": runs, "added": added, "met": met}


def evaluate(server: Server, data: Path, samples: int, name: str) -> measure.Usage:
    """One `assay eval`, which must find every answer right."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        options = [
            "--samples",
            str(samples),
            "--temperature",
            "1",
            "--concurrency",
            str(CONCURRENCY),
            "--prompt",
            "base",
        ]
        argv = [
            "eval",
            "humaneval",
            "--model",
            "openai:reference",
            "--base-url",
            server.url,
            "--out",
            str(run),
            *options,
        ]
        usage = _command([sys.executable, "-m", "assay", *argv], name, ASSAY_DATA=str(data))
        summary = json.loads((run / "summary.json").read_text())
    tasks = len(answers(data))
    judged = summary["hardened"]
    if (judged["passed"], summary["generation"]["attempts"]) != (tasks * samples, tasks * samples):
        raise SystemExit(f"not every reference solution passed, or one was asked for twice: {summary}")
    return usage


def ask_only(url: str, data: Path) -> None:
    """The questions of the slow run, asked and stored by the code that `assay eval` uses."""
    from assay.evaluation.answers import Answers
    from assay.evaluation.questions import Asking
    from assay.models.completion import Completion
    from assay.models.openai import OpenAI
    from assay.models.request import Sampling
    from assay.models.server import Server as Address
    from assay.models.style import load_style
    from assay.tasks.catalog import load

    sampling = Sampling(temperature=1.0)
    asking = Asking(load_style("base"), sampling, SLOW_SAMPLES)
    questions = asking.questions(load("humaneval", data).tasks)
    with tempfile.TemporaryDirectory() as folder:
        store = Answers(Path(folder) / "completions.jsonl")

        def deliver(request: Any, answer: Any) -> None:
            assert isinstance(answer, Completion)
            task_id, number, _ = request.key
            store.add((task_id, number), answer.text, about=answer.as_json())

        model = OpenAI("reference", Address(url), sampling, CONCURRENCY)
        model.write((asking.first(question) for question in questions), deliver)
        store.sync()
        assert len(store) == len(questions)


class Server:
    """A server of this file in a process of its own. A context manager."""

    def __init__(self, data: Path, delay_s: float) -> None:
        command = [sys.executable, __file__, "--serve", str(delay_s), "--data", str(data)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{self._process.stdout.readline().strip()}/v1"

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def answers(data: Path) -> dict[str, str]:
    """Prompt -> reference solution of HumanEval."""
    with gzip.open(data / "humaneval" / "HumanEval.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    return {row["prompt"]: row["canonical_solution"] for row in rows}


async def serve(texts: dict[str, str], delay_s: float) -> None:
    """Answer completions as a stream of two pieces of text, the token counts and the end."""
    events = {}
    for prompt, text in texts.items():
        half = len(text) // 2
        pieces = [
            {"choices": [{"index": 0, "text": part, "finish_reason": None}]} for part in (text[:half], text[half:])
        ]
        end = {"choices": [{"index": 0, "text": "", "finish_reason": "stop"}]}
        usage = {"choices": [], "usage": {"prompt_tokens": len(prompt) // 4, "completion_tokens": len(text) // 4}}
        body = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in (*pieces, end, usage))
        body += b"data: [DONE]\n\n"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n"
        events[prompt] = head.encode() + body

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0
                )
                body = await reader.readexactly(length)
                if not body:
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                    continue
                if delay_s:
                    await asyncio.sleep(delay_s)
                writer.write(events[json.loads(body)["prompt"]])
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _command(argv: list[str], name: str, **more: str) -> measure.Usage:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / f"{name}.log"
        return measure.measure(argv, env=os.environ | more, cwd=Path(folder), log=log)


def _met(met: bool) -> str:
    return "meets the target of" if met else "MISSES the target of"


if __name__ == "__main__":
    sys.exit(main())

"""How long a report of 20,000 samples takes to make and to open: `python benchmarks/report.py [SAMPLES]`.

The samples are the recorded answers to the built-in demo over and over, each with comments of its own so that none
equals another; half of them belong to a second model. The report is opened from disk in a fresh headless Chromium each
time. "Usable" is when what was asked for has been drawn, as the page's own clock says (performance.now(), which begins
when the browser begins to load the file). "Filtered" and "sorted" are the time from the change to the drawn list.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "report"))

from assay.evaluation.reading import read_with_texts
from assay.report.html import html_report
from assay.report.leaderboard import Entry
from assay.tasks.catalog import load
from assay.tasks.demo import answers_path
from browser import open_browser, why_there_is_none

ROUNDS = 5


def main() -> None:
    """Make the runs, the report, and open it a few times."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    if reason := why_there_is_none():
        sys.exit(f"report.py: {reason}")
    with tempfile.TemporaryDirectory() as folder:
        runs = [make_run(Path(folder) / name, samples // 2, seed) for seed, name in enumerate(("one", "two"))]
        began = time.monotonic()
        page = html_report([Entry(run.name, read_with_texts(run)) for run in runs])
        made_s = time.monotonic() - began
        path = Path(folder) / "report.html"
        path.write_text(page, encoding="utf-8")
        print(f"{samples} samples: made in {made_s:.1f} s, {len(page) / 1e6:.1f} MB")
        views = {"overview": ".board", "samples": ".rows .row", "samples?open=1.5000": ".detail .code"}
        for view, ready in views.items():
            tell(f"{view}: usable", [open_once(f"{path.as_uri()}#{view}", ready) for _ in range(ROUNDS)])
        with open_browser() as driver:
            driver.get(f"{path.as_uri()}#samples")
            for what, change in {"filtered": "verdict=failed", "sorted": "verdict=failed&sort=cpu:down"}.items():
                tell(what, [changed(driver, "samples", f"samples?{change}") for _ in range(ROUNDS)])


def tell(what: str, times_s: list[float]) -> None:
    """One line for a few measurements."""
    shown = ", ".join(f"{one:.2f}" for one in times_s)
    print(f"{what} after {statistics.median(times_s):.2f} s (median of {shown})")


def make_run(folder: Path, samples: int, seed: int) -> Path:
    """A run folder with this many judged samples, spread over the demo's tasks."""
    dice = random.Random(seed)
    benchmark = load("demo")
    answers = [json.loads(line) for line in answers_path().read_bytes().splitlines()]
    folder.mkdir()
    recorded = folder / "samples.jsonl"
    with recorded.open("w") as texts, (folder / "verdicts.jsonl").open("w") as verdicts:
        for number in range(samples):
            answer = answers[number % len(answers)]
            sample = number // len(answers) * 2 + number % 2
            noise = "".join(f"    # {dice.random()} {dice.random()}\n" for _ in range(4))
            row = {"task_id": answer["task_id"], "sample": sample, "completion": f"{answer['completion']}\n{noise}"}
            texts.write(json.dumps(row) + "\n")
            verdicts.write(json.dumps(a_verdict(answer["task_id"], sample, dice)) + "\n")
    identity = {"benchmark": benchmark.name, "judge": "both", "extract": "auto", "rules": None}
    record = {
        "schema": 1,
        "benchmark": benchmark.name,
        "data_sha256": benchmark.data_sha256,
        "model": f"recorded:{recorded}",
        "samples_sha256": sha256(recorded),
        "identity": identity,
    }
    (folder / "run.json").write_text(json.dumps(record))
    score = {"pass@1": 0.5, "ci95": [0.4, 0.6], "denominator": 36, "judged": samples, "harness_errors": 0}
    (folder / "summary.json").write_text(json.dumps({"schema": 1, "official": score, "hardened": score}))
    return folder


def a_verdict(task_id: str, sample: int, dice: random.Random) -> dict[str, Any]:
    """A row of verdicts.jsonl with figures like those of real runs."""
    row: dict[str, Any] = {"schema": 1, "task_id": task_id, "sample": sample, "cpu_s": 0.01, "wall_s": 0.02}
    for rules in ("official", "hardened"):
        verdict = dice.choices(("accepted", "wrong_answer", "runtime_error", "time_limit"), (50, 40, 8, 2))[0]
        row[rules] = {
            "verdict": verdict,
            "passed": verdict == "accepted",
            "detail": "" if verdict == "accepted" else f"assert f({dice.random()}) == {dice.randrange(1000)}",
            "cpu_s": round(dice.expovariate(200), 6),
            "wall_s": round(dice.expovariate(100), 6),
            "peak_bytes": dice.randrange(11 << 20, 14 << 20),
        }
    return {**row, "peak_bytes": 1}


def sha256(path: Path) -> str:
    """As a run folder records it."""
    from assay.evaluation.samples import file_sha256

    return file_sha256(path)


def open_once(url: str, ready: str) -> float:
    """Seconds until `ready` is there and painted, in a browser that has never seen the page."""
    script = f"""
        const done = arguments[arguments.length - 1];
        const paint = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() / 1000)));
        const look = () => document.querySelector("{ready}") ? paint() : setTimeout(look, 5);
        look();
    """
    with open_browser() as driver:
        driver.get(url)
        seconds: float = driver.execute_async_script(script)
        return seconds


def changed(driver: Any, before: str, after: str) -> float:
    """Seconds from one view to another of the page that is open."""
    script = """
        const [before, after, done] = arguments;
        location.hash = before;
        setTimeout(() => {
            const began = performance.now();
            addEventListener("hashchange", () => requestAnimationFrame(() => setTimeout(
                () => done((performance.now() - began) / 1000))), { once: true });
            location.hash = after;
        }, 500);
    """
    seconds: float = driver.execute_async_script(script, before, after)
    return seconds


if __name__ == "__main__":
    main()

"""Kill the demonstration with SIGKILL at random moments; it must end with the content of one that was never stopped.

.venv/bin/python benchmarks/demo_kills.py --kills 5            a miniature of the job, a few minutes
.venv/bin/python benchmarks/demo_kills.py --kills 5 --quick    `assay demo --quick`
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MINIATURE = """\
import sys, torch
torch.set_num_threads(1)
from pathlib import Path
from assay.demo.job import Job
from assay.demo.plan import Plan
from assay.report.demo import DemoDisplay
from assay.report.demo_page import write_report
plan = Plan("miniature", 300, 40, tokens=40000, steps=6, write=20, other=8, samples=2, checks=2, operations=40)
out = Path(sys.argv[1])
write_report(out, Job(out, plan, DemoDisplay()).run())
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--out", type=Path, help="default: a temporary folder")
    args = parser.parse_args()
    out: Path = args.out or Path(tempfile.mkdtemp(prefix="assay-kills-"))
    begun = time.monotonic()
    run(out / "whole", args.quick, None)
    whole_s = time.monotonic() - begun
    print(f"never stopped: {whole_s:.0f} s", flush=True)
    draw = random.Random(args.seed)
    for number in range(args.kills):
        # Moments over the whole job: what was done before a kill is not done again, so each is a step further.
        after_s = whole_s * (draw.random() + 0.3) / (args.kills + 1)
        reached = run(out / "killed", args.quick, after_s)
        print(f"kill {number + 1} after {after_s:.0f} s, {reached}", flush=True)
    run(out / "killed", args.quick, None)
    same = content(out / "whole") == content(out / "killed")
    print("The contents are the same." if same else f"The contents differ: {out}")
    return 0 if same else 1


def run(folder: Path, quick: bool, kill_after_s: float | None) -> str:
    """Run the job to its end, or kill it with all it started; how far it was."""
    command = ["-c", MINIATURE, str(folder)]
    if quick:
        command = ["-m", "assay", "demo", "--quick", "--out", str(folder)]
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        status = process.wait(timeout=kill_after_s)
        if status:
            raise SystemExit(f"the job failed with status {status}: {folder}")
        return "it had ended"
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        state = folder / "demo.json"
        done = json.loads(state.read_text())["done"] if state.exists() else []
        return f"stages done: {', '.join(done) or 'none'}"


def content(folder: Path) -> Any:
    """What must not depend on kills."""
    return json.loads((folder / "summary.json").read_text())["content"]


if __name__ == "__main__":
    sys.exit(main())

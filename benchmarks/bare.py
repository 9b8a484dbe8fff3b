"""The bare computation of EvalPlus samples: what calling them costs when nobody is isolated, compared or timed.

All programs in one process, one after the other, each loaded once for its base inputs and once for the others, as both
sides do, and called as far as its first wrong answer. No harness that runs the programs can need less.
"""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.tasks import evalplus
from assay.tasks.extract import extract

_STOPPED = re.compile(r"(base|plus) input (\d+): ")
_CPU_S = 600


def bare_cpu_s(spec: str, rules: str, data: Path, rows: Path, texts: Mapping[str, str], work: Path) -> float:
    """CPU seconds of all calls, measured in the jail.

    spec, rules: benchmark and EvalPlus rules. rows: `verdicts.jsonl` of a run under the official rules, which says how
    far each program got. texts: task id -> completion. work: a file to write what is asked into.
    """
    (source,) = (each for each in evalplus.SOURCES if each.spec == spec)
    tasks = {task.task_id: task for task in evalplus.load(source, data, rules).tasks}
    asked: list[tuple[str, str, list[Any]]] = []
    for line in rows.read_text().splitlines():
        row = json.loads(line)
        task, verdict = tasks[row["task_id"]], row["official"]
        program = extract(task, texts[task.task_id], style="raw").program
        stopped = _STOPPED.match(verdict["detail"])
        for part, inputs in task.checks["official"].inputs.items():  # type: ignore[union-attr]
            if verdict[part] == "accepted":
                asked.append((program, task.entry_point, inputs.rows))
            elif stopped and stopped[1] == part:
                asked.append((program, task.entry_point, inputs.rows[: int(stopped[2]) + 1]))
            else:  # failed in its other set first, or before its first call: a place that is not on record
                asked.append((program, task.entry_point, []))
    work.write_bytes(pickle.dumps(asked))
    script = Path(__file__).with_name("bare_calls.py")
    command = [sys.executable, "-m", "assay", "exec", str(script), "--stdin", str(work), "--cpu", str(_CPU_S), "--json"]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return float(said["stdout"])

"""bigcode-evaluation-harness: `generations.json`, a list of programs for each task in the benchmark's order.

Source: bigcode-evaluation-harness 8fc5bae, bigcode_eval/evaluator.py (`--load_generations_path`).
"""

from __future__ import annotations

import json

from assay.evaluation.reading import Reading


def generations(reading: Reading, rule_set: str | None = None) -> str:
    """Every task of the benchmark has a list, because only the place says which task it is; empty without samples."""
    programs: dict[str, list[str | None]] = {task_id: [] for task_id in reading.tasks}
    for one in reading.samples:
        programs[one.task_id].append(one.program)
    return json.dumps(list(programs.values())) + "\n"

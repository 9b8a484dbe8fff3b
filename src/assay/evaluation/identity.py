"""What must be the same in every session of one run, so that its verdicts belong together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.errors import AssayError

# Key in `run.json` -> how a user knows it.
ARGUMENTS = {
    "benchmark": "BENCHMARK",
    "data_sha256": "the benchmark's data (--data, by its sha256)",
    "model": "--model",
    "samples_sha256": "the samples file of --model (by its sha256)",
    "judge": "--judge",
    "repeat_judging": "--repeat-judging",
    "extract": "--extract",
    "rules": "--rules",
    "language": "--language",
    "limit": "--limit",
    "tasks": "--task",
    "model_sha256": "the checkpoint (by the sha256 of its files)",
    "prompt": "--prompt",
    "prompts_sha256": "what the model is asked (by its sha256)",
    "samples": "--samples",
    "temperature": "--temperature",
    "top_p": "--top-p",
    "seed": "--seed",
    "max_tokens": "--max-tokens",
    "logprobs": "--logprobs",
}


def check_identity(folder: Path, before: object, now: Mapping[str, Any]) -> None:
    """Raise AssayError naming each argument that differs from the earlier sessions', with both values."""
    if not isinstance(before, dict):
        raise AssayError(f"{folder / 'run.json'} was not written by assay eval. Choose another folder with --out.")
    differ = [
        f"{label} was {_shown(before.get(name))} and is now {_shown(now.get(name))}"
        for name, label in ARGUMENTS.items()
        if before.get(name) != now.get(name)
    ]
    if differ:
        raise AssayError(
            f"The run folder {folder} was made with other arguments: {'; '.join(differ)}. Repeat the command with the "
            "earlier value to continue that run, or choose another folder with --out."
        )


def _shown(value: Any) -> str:
    if value is None:
        return "not given"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)

"""`assay.json`: what a trained folder is, in data. Imports no torch, so that it can be read and shown quickly."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import assay
from assay.errors import AssayError

SCHEMA = 1
NAME = "assay.json"
MODEL = "model"  # the folder in a run's folder that holds the newest checkpoint


def model_folder(path: Path) -> Path:
    """The folder of the model itself: of a run its `model`, otherwise the path."""
    return path / MODEL if (path / MODEL / "config.json").is_file() else path


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a trained folder. Raises AssayError for a folder without one, and for a damaged one."""
    path = folder / NAME
    try:
        record = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise AssayError(f"{folder} has no {NAME}, so Assay did not train it.") from None
    except (OSError, ValueError) as error:
        raise AssayError(f"{path} cannot be read: {error}. Train again, or copy the folder again.") from None
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise AssayError(f"{path} is of another version of Assay.")
    return record


def record_json(record: Mapping[str, Any]) -> str:
    """The text of the file."""
    return json.dumps({"schema": SCHEMA, **record}, indent=2, ensure_ascii=False) + "\n"


def versions() -> dict[str, str]:
    """Of what decides a result, and the revision of Assay where it runs from a checkout."""
    found = {"assay": assay.__version__, "python": platform.python_version()}
    for name in ("torch", "numpy", "tokenizers", "safetensors"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    here = Path(__file__).parent
    git = subprocess.run(["git", "-C", here, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    if git.returncode == 0:
        found["revision"] = git.stdout.strip()
    return found

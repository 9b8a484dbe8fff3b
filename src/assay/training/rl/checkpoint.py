"""Where a run of reinforcement learning stands, on disk as a whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from assay.errors import AssayError
from assay.models.network.convert import load, write
from assay.models.network.folder import replacing
from assay.models.network.model import CodeModel

FORMAT = 1
_STATE, _OPTIMIZER = "rl_state.json", "rl_optimizer.pt"


def save_checkpoint(
    folder: Path,
    model: CodeModel,
    tokenizer_folder: Path | None,
    optimizer: torch.optim.Optimizer,
    state: Mapping[str, Any],
) -> None:
    """Write a folder that transformers loads, with what continuing needs beside it. state: plain values.

    Raises AssayError when the disk is full; what was at `folder` stays.
    """
    with replacing(folder) as partial:
        write(model, tokenizer_folder, partial)
        try:
            torch.save(optimizer.state_dict(), partial / _OPTIMIZER)
        except RuntimeError as error:  # torch's writer says so when the disk is full
            raise OSError(str(error).splitlines()[0]) from error
        (partial / _STATE).write_text(json.dumps({"format": FORMAT, **state}), encoding="utf-8")


def is_checkpoint(folder: Path) -> bool:
    """Whether `save_checkpoint` wrote it."""
    return (folder / _STATE).is_file()


def load_checkpoint(folder: Path, model: CodeModel, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """Put weights and moments back, and return the state. Raises AssayError for a folder that cannot be read."""
    try:
        state: dict[str, Any] = json.loads((folder / _STATE).read_bytes())
        if state.pop("format", None) != FORMAT:
            raise ValueError("it is of another version of Assay")
        moments = torch.load(folder / _OPTIMIZER, map_location=next(model.parameters()).device, weights_only=True)
        model.load_state_dict(load(folder).state_dict())
        optimizer.load_state_dict(moments)
        return state
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise AssayError(f"{folder} cannot be continued from: {error}. Start anew with another --out.") from None

"""Checkpoints: a Hugging Face folder with two more files, written as a whole or not at all.

`trainer_state.pt` holds what training needs to go on as if it had never stopped: moments of the optimizers, random
states, the place in the data, how far the run is. `assay.json` (`assay.training.record`) says what the folder is.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from assay.errors import AssayError
from assay.models.network import convert
from assay.models.network.folder import replacing
from assay.models.network.model import CodeModel
from assay.training.distributed import World, share_of, whole
from assay.training.record import NAME, read_record, record_json

STATE = "trainer_state.pt"
CARD = "README.md"
Card = Callable[[Mapping[str, Any]], str]


class DamagedCheckpoint(AssayError):
    """A folder that cannot be gone on from. The message says which, and what to do."""


def save(
    folder: Path,
    model: CodeModel,
    tokenizer_folder: Path,
    record: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
    card: Card | None = None,
) -> None:
    """Write weights, tokenizer, record, model card and, where it will be gone on from, the trainer's state.

    model: whole, not sharded (`whole_model`). Raises AssayError when the disk is full; what was at `folder` stays.
    """
    with replacing(folder) as partial:
        convert.write(model, tokenizer_folder, partial)
        (partial / NAME).write_text(record_json(record), encoding="utf-8")
        if card is not None:
            (partial / CARD).write_text(card(record), encoding="utf-8")
        if state is not None:
            try:
                torch.save(dict(state), partial / STATE)
            except RuntimeError as error:  # torch's writer says so when the disk is full
                raise OSError(str(error).splitlines()[0]) from error


def load(folder: Path) -> tuple[CodeModel, dict[str, Any], dict[str, Any]]:
    """Model, record and trainer's state of a checkpoint. Raises DamagedCheckpoint."""
    try:
        record = read_record(folder)
        model = convert.load(folder)
    except AssayError as error:
        raise DamagedCheckpoint(f"{error} It cannot be gone on from; remove {folder.parent} to start anew.") from None
    path = folder / STATE
    try:
        # Only tensors and plain values: a checkpoint from elsewhere must not be able to run code.
        state = torch.load(path, map_location="cpu", weights_only=True)
        if not isinstance(state, dict) or "optimizers" not in state:
            raise ValueError("it is no trainer's state")
    except FileNotFoundError:
        raise DamagedCheckpoint(
            f"{folder} has no {STATE}, so training cannot go on from it exactly. "
            f"To start a new run from its weights: --start {folder}."
        ) from None
    except (OSError, RuntimeError, ValueError, EOFError, pickle.UnpicklingError, KeyError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedCheckpoint(
            f"{path} is damaged ({why[:120]}). To start a new run from the weights beside it: --start {folder}."
        ) from None
    return model, record, state


def optimizers_state(optimizers: Sequence[torch.optim.Optimizer], model: nn.Module) -> list[dict[str, Tensor]]:
    """Moments by the names of weights, whole even where weights are sharded: any number of processes can go on."""
    names = {param: name for name, param in model.named_parameters()}
    return [
        {
            f"{names[param]}|{kind}": whole(value).detach().cpu().clone()
            for group in optimizer.param_groups
            for param in group["params"]
            for kind, value in optimizer.state.get(param, {}).items()
        }
        for optimizer in optimizers
    ]


def restore_optimizers(
    optimizers: Sequence[torch.optim.Optimizer], model: nn.Module, states: Sequence[Mapping[str, Tensor]]
) -> None:
    """Put back what `optimizers_state` gave. Raises DamagedCheckpoint where it is of other weights."""
    params = dict(model.named_parameters())
    if len(states) != len(optimizers):
        raise DamagedCheckpoint("The checkpoint was made with another optimizer. Use the one it was made with.")
    for optimizer, state in zip(optimizers, states, strict=True):
        # As torch's own load_state_dict: only these kernels read a count of steps where the weights are.
        counted = {
            param: bool(group.get("fused") or group.get("capturable"))
            for group in optimizer.param_groups
            for param in group["params"]
        }
        for key, value in state.items():
            name, kind = key.split("|")
            if name not in params or (value.ndim and value.shape != params[name].shape):
                raise DamagedCheckpoint(f"The checkpoint's moments of {name} do not fit the model.")
            param = params[name]
            # A count of steps is a number of its own; everything else has the shape and place of its weight.
            if value.ndim:
                value = share_of(value.to(param.device), param)
            elif counted.get(param):
                value = value.to(param.device)
            optimizer.state[param][kind] = value


def whole_model(model: CodeModel, world: World) -> CodeModel:
    """The model itself, or, of a sharded one, a whole copy on the CPU. All processes must ask."""
    if not any(hasattr(param, "full_tensor") for param in model.parameters()):
        return model
    state = {name: whole(tensor).detach().cpu() for name, tensor in model.state_dict().items()}
    with torch.device("meta"):
        copy = CodeModel(model.config)
    copy.load_state_dict(state, assign=True)
    return copy

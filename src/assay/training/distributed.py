"""One process or many: who this one is, and what they do together. `torchrun` says so in the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

Made = TypeVar("Made")


@dataclass(frozen=True)
class World:
    """rank of size processes. device: of this one, "cpu" or "cuda:0"."""

    rank: int = 0
    size: int = 1
    device: str = "cpu"

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def sum_(self, tensor: Tensor) -> Tensor:
        """Add up over all processes, in place."""
        if self.size > 1:
            torch.distributed.all_reduce(tensor)
        return tensor

    def wait(self) -> None:
        """Until all are here."""
        if self.size > 1:
            torch.distributed.barrier()

    def in_turn(self, make: Callable[[], Made]) -> Made:
        """What `make` gives: in the first process, and then in the others, which find in the cache what it left."""
        if not self.is_first:
            self.wait()
        made = make()
        if self.is_first:
            self.wait()
        return made

    def share(self, value: float) -> float:
        """What the first process has, everywhere."""
        if self.size == 1:
            return value
        tensor = torch.tensor([value], dtype=torch.float64, device=self.device)
        torch.distributed.broadcast(tensor, src=0)
        return float(tensor)


@contextmanager
def joined_world() -> Iterator[World]:
    """Join the processes that `torchrun` started, or be alone. A group that was joined before is used and stays."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    has_gpu = torch.cuda.is_available()
    device = f"cuda:{local}" if has_gpu else "cpu"
    if has_gpu:
        torch.cuda.set_device(local)
    if size == 1:
        yield World(device=device)
        return
    joined = torch.distributed.is_initialized()
    if not joined:
        torch.distributed.init_process_group("nccl" if has_gpu else "gloo")
    try:
        yield World(torch.distributed.get_rank(), size, device)
    finally:
        if not joined:
            torch.distributed.destroy_process_group()


def leave_torchrun(status: int) -> None:
    """End a process that `torchrun` started among several, when all is written; one that is alone goes on.

    gloo's threads may still be letting go of tensors, for which they need an interpreter that is not being taken down:
    now and then a run whose last step was done ended with SIGABRT or SIGSEGV (pytorch/pytorch#179291).
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def shard(model: nn.Module, world: World) -> None:
    """FSDP2: every process keeps a share of each block's weights and gathers a block while it computes."""
    from torch.distributed.fsdp import fully_shard

    for block in model.blocks:
        fully_shard(block)
    fully_shard(model)


def sum_gradients(model: nn.Module, world: World) -> None:
    """Add up gradients of copies of one model, as one message. Those of sharded weights (FSDP2) were on the way."""
    if world.size == 1:
        return
    grads = [param.grad for param in model.parameters() if param.grad is not None]
    if any(hasattr(grad, "full_tensor") for grad in grads):
        return
    flat = torch._utils._flatten_dense_tensors(grads)
    world.sum_(flat)
    for grad, total in zip(grads, torch._utils._unflatten_dense_tensors(flat, grads), strict=True):
        grad.copy_(total)


def whole(tensor: Tensor) -> Tensor:
    """All of a tensor that may be sharded. All processes must ask."""
    return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor


def share_of(tensor: Tensor, like: Tensor) -> Tensor:
    """This process's share of a whole tensor, where `like` is sharded."""
    if not hasattr(like, "full_tensor"):
        return tensor
    from torch.distributed.tensor import distribute_tensor

    return distribute_tensor(tensor, like.device_mesh, like.placements, src_data_rank=None)

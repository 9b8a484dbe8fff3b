"""Started by torchrun: the same tiny run with copies of the model, then with shards of it."""

import sys
from pathlib import Path

import torch

from assay.training.distributed import leave_torchrun
from tiny_runs import train_here

if __name__ == "__main__":
    home = Path(sys.argv[1])
    torch.distributed.init_process_group("gloo")
    for parallel in ("ddp", "fsdp"):
        train_here(home / "tasks", home / parallel, parallel=parallel)
    torch.distributed.destroy_process_group()
    leave_torchrun(0)

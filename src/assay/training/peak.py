"""What this machine can multiply at best: decides the precision, and what the speed of training is measured against."""

from __future__ import annotations

import time

import torch

# Dense bfloat16 TFLOP/s by name, from NVIDIA's data sheets (without sparsity).
GPUS = {"H200": 989.0, "H100": 989.0, "B200": 2250.0, "A100": 312.0, "L40S": 362.0, "4090": 165.0}
_SIZE, _TRIES = 768, 4


def flops_per_s(device: str, dtype: torch.dtype) -> float:
    """Of the best of a few matrix products; for known GPUs what the maker says."""
    if device != "cpu":
        name = torch.cuda.get_device_name(device)
        for known, tera in GPUS.items():
            if known in name and dtype is torch.bfloat16:
                return tera * 1e12
    size = _SIZE if device == "cpu" else 8192
    one, other = (torch.randn(size, size, device=device).to(dtype) for _ in range(2))
    one @ other
    best_s = min(_timed(one, other, device) for _ in range(_TRIES))
    return 2 * size**3 / best_s


def _timed(one: torch.Tensor, other: torch.Tensor, device: str) -> float:
    begun = time.perf_counter()
    one @ other
    if device != "cpu":
        torch.cuda.synchronize()
    return time.perf_counter() - begun


def chosen_precision(asked: str, device: str) -> str:
    """What "auto" means here: bf16 on a GPU, and on a CPU that is much faster at it, so that casts are paid for."""
    if asked != "auto":
        return asked
    if device != "cpu":
        return "bf16"
    return "bf16" if flops_per_s(device, torch.bfloat16) > 1.3 * flops_per_s(device, torch.float32) else "fp32"

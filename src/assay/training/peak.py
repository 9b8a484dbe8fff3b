"""What this machine can multiply at best: decides the precision, and what the speed of training is measured against."""

from __future__ import annotations

import math
import time

import torch

from assay.models.network.model import CodeModel

# Dense bfloat16 TFLOP/s by name, from NVIDIA's data sheets (without sparsity).
GPUS = {"H200": 989.0, "H100": 989.0, "B200": 2250.0, "A100": 312.0, "L40S": 362.0, "4090": 165.0}
_SIZE, _TRIES = 768, 4
_PEAK_S = 0.5  # long enough for other work on the machine to pause: a few products gave a quarter of what it can do
_TRIAL = (8, 64)  # rows and tokens
_TRIAL_S = 10.0


def flops_per_s(device: str, dtype: torch.dtype) -> float:
    """Of the best matrix product within half a second; for known GPUs what the maker says."""
    if device != "cpu":
        name = torch.cuda.get_device_name(device)
        for known, tera in GPUS.items():
            if known in name and dtype is torch.bfloat16:
                return tera * 1e12
    size = _SIZE if device == "cpu" else 8192
    one, other = (torch.randn(size, size, device=device).to(dtype) for _ in range(2))
    one @ other
    best_s, until = math.inf, time.perf_counter() + _PEAK_S
    while time.perf_counter() < until:
        best_s = min(best_s, _timed(one, other, device))
    return 2 * size**3 / best_s


def _timed(one: torch.Tensor, other: torch.Tensor, device: str) -> float:
    begun = time.perf_counter()
    one @ other
    if device != "cpu":
        torch.cuda.synchronize()
    return time.perf_counter() - begun


def chosen_precision(asked: str, model: CodeModel) -> str:
    """What "auto" means for a network where it is: bf16 on a GPU; on a CPU what it learns faster in, by a trial.

    A trial, since fast products are not enough: around them bfloat16 has to be cast, and of three CPUs with
    instructions for it two were faster and one was slower (docs/LOG.md). Leaves weights and random numbers as they are.
    """
    if asked != "auto":
        return asked
    if next(model.parameters()).device.type != "cpu":
        return "bf16"
    tokens_BT = torch.arange(_TRIAL[0] * _TRIAL[1]).view(_TRIAL) % model.config.vocab
    best_s = {"fp32": math.inf, "bf16": math.inf}
    started = time.perf_counter()
    for _ in range(_TRIES):
        if time.perf_counter() - started > _TRIAL_S:  # a large network, whose one round says enough
            break
        for precision in best_s:  # in turns, so that a busy machine slows both
            begun = time.perf_counter()
            with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
                logits_BTV = model(tokens_BT).logits
            loss = torch.nn.functional.cross_entropy(logits_BTV.float().flatten(0, 1), tokens_BT.flatten())
            torch.autograd.grad(
                loss, [weight for weight in model.parameters() if weight.requires_grad], allow_unused=True
            )
            best_s[precision] = min(best_s[precision], time.perf_counter() - begun)
    return "bf16" if best_s["bf16"] < 0.95 * best_s["fp32"] else "fp32"

"""Products of rows with weights on CPUs, by the faster of the two libraries that torch has.

torch multiplies float32 matrices with MKL, and on a CPU that is not Intel's MKL takes instructions of 256 bits where
there are 512: 115 GFLOP/s on a core of an AMD EPYC, where oneDNN reaches 260 (docs/LOG.md). torch itself hands only
lower precision to oneDNN; its compiler hands it float32 too, by the operation that is used here. The sums are
float32's on both ways, added up in another order.

Which one is taken depends on the CPU and on the shape, not on a measurement: a run that is repeated or gone on with
has to give the same bits. Shapes: X any number of dimensions, I numbers in, O numbers out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from assay.models.network.native.learn import transposed

_CPUS = Path("/proc/cpuinfo")
# Fewer take longer to hand over than to multiply (measured: equal between 8 and 16).
FEWEST_ROWS = 16


@cache
def onednn_is_faster() -> bool:
    """Whether oneDNN multiplies float32 matrices faster than MKL on this machine."""
    if not torch.backends.mkldnn.is_available() or not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        return False
    if torch.backends.cpu.get_cpu_capability() != "AVX512" or not torch.backends.mkl.is_available():
        return False
    try:
        return "GenuineIntel" not in _CPUS.read_text()
    except OSError:  # no Linux
        return False


def by_onednn(x: torch.Tensor) -> bool:
    """Whether products of a tensor's rows with weights are oneDNN's: bfloat16's under autocast, float32's by choice."""
    if x.device.type != "cpu":
        return False
    return torch.is_autocast_enabled("cpu") or (x.dtype == torch.float32 and onednn_is_faster())


def filled(rows: int) -> int:
    """The next number of rows for which oneDNN is to prepare products: 32 from one power of two to the next.

    It prepares a product for each shape, in half a millisecond and half a megabyte, and remembers 1,024 of them. Every
    batch of texts has another number of tokens, so without this nearly every product was prepared anew (docs/LOG.md).
    """
    step = max(FEWEST_ROWS, 1 << max(0, rows.bit_length() - 6))
    return -(-rows // step) * step


def linear(
    x_XI: torch.Tensor,
    weight_OI: torch.Tensor,
    bias_O: torch.Tensor | None = None,
    packed_OI: torch.Tensor | None = None,
) -> torch.Tensor:
    """x @ weight.T + bias, as `torch.nn.functional.linear`. packed_OI: the weight as `packed` lays it out."""
    rows = x_XI.shape[:-1].numel()
    if rows < FEWEST_ROWS or not by_onednn(x_XI):
        return F.linear(x_XI, weight_OI, bias_O)
    more = filled(rows) - rows
    if more:
        y_NO = linear(F.pad(x_XI.flatten(0, -2), (0, 0, 0, more)), weight_OI, bias_O, packed_OI)
        return y_NO[:rows].view(*x_XI.shape[:-1], -1)
    if torch.is_autocast_enabled("cpu"):
        return F.linear(x_XI, weight_OI, bias_O)
    if torch.is_grad_enabled():
        return LinearFunction.apply(x_XI, weight_OI, bias_O)
    return _product(x_XI, weight_OI if packed_OI is None else packed_OI, bias_O)


class Linear(nn.Linear):
    """torch's, by `linear`."""

    packed_OI: torch.Tensor | None = None

    def forward(self, x_XI: torch.Tensor) -> torch.Tensor:
        return linear(x_XI, self.weight, self.bias, self.packed_OI)


@contextmanager
def packed(model: nn.Module) -> Iterator[None]:
    """In here the weights of a network's layers, which must not change, lie as oneDNN reads them.

    It lays them out in every product else: a tenth of the time of a step for 8 to 32 texts. No bit of a result differs.
    """
    layers = [layer for layer in model.modules() if isinstance(layer, Linear) and by_onednn(layer.weight)]
    for layer in layers:
        layer.packed_OI = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach(), FEWEST_ROWS)
    try:
        yield
    finally:
        for layer in layers:
            layer.packed_OI = None


class LinearFunction(torch.autograd.Function):
    """`linear` by oneDNN, with its gradients."""

    @staticmethod
    def forward(ctx: Any, x_XI: torch.Tensor, weight_OI: torch.Tensor, bias_O: torch.Tensor | None) -> torch.Tensor:
        ctx.save_for_backward(x_XI, weight_OI)
        return _product(x_XI, weight_OI, bias_O)

    @staticmethod
    def backward(ctx: Any, grad_XO: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x_XI, weight_OI = ctx.saved_tensors
        x_needs, weight_needs, bias_needs = ctx.needs_input_grad
        grad_NO = grad_XO.flatten(0, -2)
        return (
            _product(grad_XO, weight_OI.t()) if x_needs else None,
            _outer(grad_NO, x_XI.flatten(0, -2)) if weight_needs else None,
            grad_NO.sum(dim=0) if bias_needs else None,
        )


def _product(x_XI: torch.Tensor, weight_OI: torch.Tensor, bias_O: torch.Tensor | None = None) -> torch.Tensor:
    return torch.ops.mkldnn._linear_pointwise(x_XI, weight_OI, bias_O, "none", [], "")


def _outer(grad_NO: torch.Tensor, x_NI: torch.Tensor) -> torch.Tensor:
    """grad.T @ x. The first operand is copied to turn it, so it is the narrower of the two."""
    if grad_NO.shape[1] <= x_NI.shape[1]:
        return _product(transposed(grad_NO), x_NI.t())
    return _product(transposed(x_NI), grad_NO.t()).t()

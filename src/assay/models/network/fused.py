"""Norms, rotary positions, SwiGLU and cross-entropy with gradients written out, for CPUs.

A small network spends more time between its products than in them: torch 2.13 takes RMSNorm apart into six passes over
memory forwards and a dozen backwards on a CPU. These take about half as many, and one where C can compute them
(`native/learn.py`). Elsewhere plain operations are used, which compilers fuse. Each is held to those by a test, in
double precision. Under autocast (bfloat16 products) norms and rotation compute in float32, as autocast would have them.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as F

from assay.models.network.native import learn

_EXACT = (torch.float32, torch.float64)


def pays(x: torch.Tensor) -> bool:
    """Whether these are used for a tensor."""
    return x.device.type == "cpu" and (x.dtype in _EXACT or torch.is_autocast_enabled("cpu"))


class _Forgotten:
    """Where nothing is kept for a way back."""

    def save_for_backward(self, *tensors: torch.Tensor | None) -> None: ...


def call(function: Any, *inputs: Any) -> Any:
    """An `autograd.Function` of inputs; without gradients its forward part alone, which spares a third of a norm."""
    return function.apply(*inputs) if torch.is_grad_enabled() else function.forward(_Forgotten(), *inputs)


class NormFunction(torch.autograd.Function):
    """x / root mean square (last dimension) * weight."""

    @staticmethod
    def forward(ctx: Any, x_XD: torch.Tensor, weight_D: torch.Tensor, eps: float) -> torch.Tensor:
        scale_X1 = _scale(x_XD, eps)
        ctx.save_for_backward(x_XD, weight_D, scale_X1)
        return (x_XD * scale_X1).mul_(weight_D)

    @staticmethod
    def backward(ctx: Any, grad_XD: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None]:
        x_XD, weight_D, scale_X1 = ctx.saved_tensors
        size = x_XD.shape[-1]
        product_ND = (grad_XD * x_XD).view(-1, size)
        along_X1 = (product_ND @ weight_D).view(scale_X1.shape)
        weight_grad_D = scale_X1.view(1, -1).mm(product_ND).squeeze(0)
        along_X1.mul_(scale_X1.pow(3)).mul_(-1 / size)
        return (grad_XD * weight_D).mul_(scale_X1).addcmul_(x_XD, along_X1), weight_grad_D, None


def norm(x_XD: torch.Tensor, weight_D: torch.Tensor, eps: float) -> torch.Tensor:
    """x / root mean square (last dimension) * weight."""
    if learn.fits(x_XD, len(weight_D), weight_D):
        return call(learn.NormFunction, x_XD, weight_D, eps)
    if pays(x_XD):
        return call(NormFunction, x_XD, weight_D, eps)
    return F.rms_norm(x_XD, weight_D.shape, weight_D, eps)


class TurnFunction(torch.autograd.Function):
    """Queries and keys, normed by head and turned: the norm above, then `model.turn`."""

    @staticmethod
    def forward(
        ctx: Any, x_XHC: torch.Tensor, weight_HC: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, eps: float
    ) -> torch.Tensor:
        ctx.kind = x_XHC.dtype
        x_XHC = x_XHC if x_XHC.dtype in _EXACT else x_XHC.float()
        scale_XH1 = _scale(x_XHC, eps)
        ctx.save_for_backward(x_XHC, weight_HC, scale_XH1, cos, sin)
        y_XHC = (x_XHC * scale_XH1).mul_(weight_HC)
        return (y_XHC * cos).addcmul_(_swap(y_XHC), sin)

    @staticmethod
    def backward(ctx: Any, grad_XHC: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x_XHC, weight_HC, scale_XH1, cos, sin = ctx.saved_tensors
        back_XHC = (grad_XHC * cos).addcmul_(_swap(grad_XHC), _swap(sin))
        product_XHC = back_XHC * x_XHC
        along_XH1 = (product_XHC * weight_HC).sum(dim=-1, keepdim=True)
        weight_grad_HC = product_XHC.mul_(scale_XH1).flatten(0, -3).sum(dim=0)
        along_XH1.mul_(scale_XH1.pow(3)).mul_(-1 / x_XHC.shape[-1])
        x_grad_XHC = back_XHC.mul_(weight_HC).mul_(scale_XH1).addcmul_(x_XHC, along_XH1)
        return x_grad_XHC.to(ctx.kind), weight_grad_HC, None, None, None


class SwigluFunction(torch.autograd.Function):
    """silu(gate) * up, of both in one tensor, which becomes the gradient in place: so nobody else may need it."""

    @staticmethod
    def forward(ctx: Any, both_XF: torch.Tensor) -> torch.Tensor:
        gate, up = both_XF.chunk(2, dim=-1)
        silu_XF = F.silu(gate)
        ctx.save_for_backward(both_XF, silu_XF)
        return silu_XF * up

    @staticmethod
    def backward(ctx: Any, grad_XF: torch.Tensor) -> torch.Tensor:
        both_XF, silu_XF = ctx.saved_tensors
        gate, up = both_XF.detach().chunk(2, dim=-1)
        silu_grad_XF = grad_XF * up
        torch.mul(silu_XF, grad_XF, out=up)
        torch.ops.aten.silu_backward.grad_input(silu_grad_XF, gate, grad_input=gate)
        return both_XF.detach()


def swiglu(both_XF: torch.Tensor) -> torch.Tensor:
    """silu(gate) * up, of both in one tensor, which nobody else may need."""
    if learn.fits(both_XF, both_XF.shape[-1] // 2):
        return call(learn.SwigluFunction, both_XF)
    if pays(both_XF):
        return call(SwigluFunction, both_XF)
    gate, up = both_XF.chunk(2, dim=-1)
    return F.silu(gate) * up


class CrossEntropyFunction(torch.autograd.Function):
    """Minus log-probabilities of targets. Only probabilities are kept, and become the gradient in place.

    torch's own writes three tensors of the logits' size, and those of a step are the largest: what is written to fresh
    memory takes longer than what is computed.
    """

    @staticmethod
    def forward(ctx: Any, logits_SV: torch.Tensor, targets_S: torch.Tensor) -> torch.Tensor:
        targets_S1 = targets_S.unsqueeze(1)
        probs_SV = logits_SV.softmax(dim=-1)
        # Of the most likely one, so that a probability too small for a float does not matter.
        whole_S1 = logits_SV.amax(dim=-1, keepdim=True) - probs_SV.amax(dim=-1, keepdim=True).log()
        ctx.save_for_backward(probs_SV, targets_S1)
        return (whole_S1 - logits_SV.gather(1, targets_S1)).squeeze(1)

    @staticmethod
    def backward(ctx: Any, grad_S: torch.Tensor) -> tuple[torch.Tensor, None]:
        probs_SV, targets_S1 = ctx.saved_tensors
        grad_S1 = grad_S.unsqueeze(1)
        return probs_SV.mul_(grad_S1).scatter_add_(1, targets_S1, -grad_S1), None


def cross_entropy(logits_SV: torch.Tensor, targets_S: torch.Tensor) -> torch.Tensor:
    """Minus the log-probability of each row's target, in nats, (S,).

    On a CPU nobody else may need the logits where gradients are taken: they may become theirs in place, once.
    """
    if learn.fits(logits_SV):
        return call(learn.CrossEntropyFunction, logits_SV, targets_S)
    if logits_SV.device.type == "cpu":
        return call(CrossEntropyFunction, logits_SV, targets_S)
    return F.cross_entropy(logits_SV, targets_S, reduction="none")


def _scale(x: torch.Tensor, eps: float) -> torch.Tensor:
    """1 / root mean square of the last dimension."""
    norm = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return torch.addcmul(x.new_full((), eps), norm, norm, value=1 / x.shape[-1]).rsqrt_()


def _swap(x: torch.Tensor) -> torch.Tensor:
    return x.roll(x.shape[-1] // 2, dims=-1)

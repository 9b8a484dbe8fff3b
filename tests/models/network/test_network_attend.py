"""Attention with its gradients written out is torch's own, in double precision."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from assay.models.network import attend, fused
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel, document_mask

ROWS, HEADS, KV_HEADS, SIZE, FILLING = 3, 4, 2, 8, 5


def plain(qk_NHC: torch.Tensor, v_NKC: torch.Tensor, shape: tuple[int, int], mask: torch.Tensor | None) -> torch.Tensor:
    q_NHC, k_NKC = qk_NHC.split((HEADS, KV_HEADS), dim=1)
    q, k, v = (x[: shape[0] * shape[1]].unflatten(0, shape).transpose(1, 2) for x in (q_NHC, k_NKC, v_NKC))
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None, enable_gqa=True)
    return F.pad(y.transpose(1, 2).flatten(0, 1), (0, 0, 0, 0, 0, FILLING))


@pytest.mark.parametrize("kept", [attend.KEPT, 0], ids=["kept", "computed again"])
@pytest.mark.parametrize("packed", [False, True], ids=["one text", "packed"])
@pytest.mark.parametrize("length", [1, 9, attend.BLOCK, 2 * attend.BLOCK + 5])
def test_it_is_torchs_with_its_gradients(length: int, packed: bool, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attend, "KEPT", kept)
    torch.manual_seed(length)
    mask = document_mask(torch.randint(0, 3, (ROWS, length)).sort(dim=1).values) if packed else None
    # Parts of one tensor, as a network has them: not contiguous.
    tokens = ROWS * length + FILLING
    whole = torch.randn(tokens, HEADS + 2 * KV_HEADS, SIZE, dtype=torch.float64, requires_grad=True)
    parts = whole.split((HEADS + KV_HEADS, KV_HEADS), dim=1)
    shape = (ROWS, length)
    results = [attend.AttendFunction.apply(*parts, shape, mask), plain(*parts, shape, mask)]
    torch.testing.assert_close(*results)
    weights = torch.randn_like(results[0])
    ours, torchs = (torch.autograd.grad((result * weights).sum(), whole, retain_graph=True)[0] for result in results)
    torch.testing.assert_close(ours, torchs)


@pytest.mark.parametrize("packed", [False, True], ids=["one text", "packed"])
@pytest.mark.parametrize("length", [50, 3 * attend.BLOCK + 7])
def test_in_bfloat16_it_is_as_near_to_full_precision_as_torchs(
    length: int, packed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    model = CodeModel(ModelConfig("qwen3", 64, 32, 2, 4, 2, 16, 48, init_std=0.3))
    tokens = torch.randint(0, 64, (4, length))
    segments = torch.randint(1, 4, (4, length)).sort(dim=1).values if packed else None

    def gradients(autocast: bool) -> torch.Tensor:
        model.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            logits = model(tokens, segments).logits
        F.cross_entropy(logits.float().flatten(0, 1), tokens.flatten()).backward()
        return torch.cat([weight.grad.flatten() for weight in model.parameters() if weight.grad is not None])

    exact, ours = gradients(autocast=False), gradients(autocast=True)
    monkeypatch.setattr(fused, "pays", lambda x: False)
    torchs = gradients(autocast=True)
    assert 0 < (ours - exact).norm() < 1.2 * (torchs - exact).norm() < 0.2 * exact.norm()

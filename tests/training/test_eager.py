"""Optimizers, and a network that is about to be read from a folder: they do not import torch's compiler."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")

# A process of its own: in this one another test may have imported the compiler.
PROGRAM = """
import copy, sys
import torch
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel
from assay.training.eager import AdamW
from assay.training.muon import Muon

def train(make, start, saved):
    layer = copy.deepcopy(start)
    optimizer = make(layer.parameters(), lr=1e-2, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    for number in range(5):
        layer(torch.full((2, 4), float(number))).square().sum().backward()
        optimizer.step()
        optimizer.zero_grad()
        if number == 2:
            state = saved or copy.deepcopy(optimizer.state_dict())
            optimizer.load_state_dict(copy.deepcopy(state))  # which keeps what it is given
    return [weight.tolist() for weight in layer.parameters()], state

start = torch.nn.Linear(4, 3)
found, state = train(AdamW, start, None)
muon = Muon([torch.nn.Parameter(torch.eye(3))])
muon.param_groups[0]["params"][0].grad = torch.eye(3)
muon.step()
with torch.device("meta"):
    CodeModel(ModelConfig(vocab=8, width=4, layers=1, heads=1, kv_heads=1, head_dim=4, ffn=4))
assert "torch._dynamo" not in sys.modules
assert train(torch.optim.AdamW, start, state)[0] == found
assert "torch._dynamo" in sys.modules, "then these are not needed any more"
"""


def test_weights_are_those_of_torchs_own_and_its_compiler_stays_away() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

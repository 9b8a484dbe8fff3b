"""What a checkpoint puts back, and where."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")

from assay.training.checkpoints import restore_optimizers  # noqa: E402


@pytest.mark.parametrize(("flags", "place"), [({"fused": True}, "meta"), ({"capturable": True}, "meta"), ({}, "cpu")])
def test_steps_are_counted_where_the_optimizer_reads_them(flags: dict[str, bool], place: str) -> None:
    model = torch.nn.Linear(2, 3, bias=False, device="meta")  # a device that every machine has
    optimizer = torch.optim.AdamW(model.parameters())
    optimizer.param_groups[0] |= flags
    restore_optimizers([optimizer], model, [{"weight|step": torch.tensor(7.0), "weight|exp_avg": torch.zeros(3, 2)}])
    state = optimizer.state[model.weight]
    assert (state["step"].device.type, state["exp_avg"].device.type) == (place, "meta")

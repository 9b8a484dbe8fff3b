"""Two processes learn what one process learns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")
pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

from assay.models.network import convert  # noqa: E402
from tiny_runs import curve, environment, tasks_folder, train_here  # noqa: E402


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same run in one process, in two with copies of the model, and in two with shards of it."""
    home = tmp_path_factory.mktemp("distributed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSAY_CACHE", str(home / "cache"))
        tasks_folder(home / "tasks")
        train_here(home / "tasks", home / "alone")
    script = Path(__file__).with_name("train_in_processes.py")
    words = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", script, home]
    done = subprocess.run(
        list(map(str, words)),
        env=environment(home / "cache"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    yield home


@pytest.mark.parametrize("parallel", ["ddp", "fsdp"])
def test_two_processes_have_the_losses_of_one_within_rounding(home: Path, parallel: str) -> None:
    alone, together = curve(home / "alone"), curve(home / parallel)
    assert len(alone) == len(together) > 10
    for one, two in zip(alone, together, strict=True):
        assert two["tokens"] == one["tokens"]
        assert two["loss"] == pytest.approx(one["loss"], rel=2e-3)
        assert two["grad_norm"] == pytest.approx(one["grad_norm"], rel=2e-2)


@pytest.mark.parametrize("parallel", ["ddp", "fsdp"])
def test_what_several_processes_wrote_is_a_whole_model_that_one_process_goes_on_with(home: Path, parallel: str) -> None:
    alone, together = (convert.load(home / name / "model") for name in ("alone", parallel))
    for (name, one), (_, two) in zip(alone.named_parameters(), together.named_parameters(), strict=True):
        torch.testing.assert_close(two, one, rtol=0.05, atol=2e-2, msg=name)
    state = torch.load(home / parallel / "model" / "trainer_state.pt", weights_only=True)
    shapes = {name: tuple(param.shape) for name, param in alone.named_parameters()}
    for moments in state["optimizers"]:
        for key, value in moments.items():
            assert not value.ndim or tuple(value.shape) == shapes[key.split("|")[0]]

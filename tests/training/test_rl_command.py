"""`assay rl` from end to end on a network that knows nothing."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch", reason="the command needs torch: pip install 'assay[train]'")
pytest.importorskip("tokenizers", reason="the command needs tokenizers: pip install 'assay[train]'")

from assay.cli.main import main  # noqa: E402
from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.convert import save  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training.tokenizer import Tokenizer, train_tokenizer  # noqa: E402
from rl_tasks import task  # noqa: E402


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    tasks = [task(number, depth=1 + number % 2) for number in range(6)]
    (tmp_path / "tasks").mkdir()
    for name, some in (("train", tasks[:4]), ("test", tasks[4:])):
        rows = (json.dumps(each.as_json()) + "\n" for each in some)
        (tmp_path / f"tasks/{name}.jsonl").write_text("".join(rows))
    train_tokenizer([each.program for each in tasks], 300).save(tmp_path / "tokenizer")
    tokenizer = Tokenizer.load(tmp_path / "tokenizer")
    config = ModelConfig(vocab=tokenizer.vocab_size, width=32, layers=1, ffn=32, eos=(tokenizer.end_id,))
    save(CodeModel(config), tmp_path / "tokenizer", tmp_path / "model")
    return tmp_path


def command(world, *more: str) -> int:
    paths = [str(world / "model"), "--forge", str(world / "tasks"), "--out", str(world / "out")]
    usual = ["--prompts", "2", "--samples", "2", "--threads", "1", "--jobs", "1", "--longest", "8", "--replay", "64"]
    return main(["rl", *paths, *usual, *more])


def test_a_run_leaves_a_model_curves_and_a_harvest(world, capsys):
    harvest = ["--harvest", str(world / "harvest")]
    assert command(world, "--steps", "2", "--depths", "1=1 2=1", *harvest) == 0
    out = world / "out"
    assert {"log.jsonl", "model", "checkpoint", "curves.html", "settings.json"} <= {path.name for path in out.iterdir()}
    record = json.loads((out / "model/assay.json").read_text())["rl"]
    assert record["steps"] == 2 and record["settings"]["samples"] == 2
    assert (world / "harvest/pairs.jsonl").exists()
    said = capsys.readouterr()
    assert "Next: assay sample" in said.out and "4 training tasks, 2 held out" in said.err
    assert command(world, "--steps", "2", "--depths", "1=1 2=1") == 0  # it is finished: nothing more to do
    assert len((out / "log.jsonl").read_text().splitlines()) == 2 + 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--steps", "1", "--depths", "6=1"], "No training task has a depth"),
        ([], "--minutes"),
        (["--steps", "1", "--loss", "ppo"], "'ppo' is unknown"),
    ],
)
def test_what_cannot_be_is_one_sentence(world, capsys, more, said):
    assert command(world, *more) == 2
    assert said in capsys.readouterr().err


def test_a_folder_that_is_no_model_is_named(world, capsys):
    assert main(["rl", str(world / "tasks"), "--forge", str(world / "tasks"), "--out", "o", "--steps", "1"]) == 2
    assert str(world / "tasks") in capsys.readouterr().err

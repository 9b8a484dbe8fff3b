"""`assay rl` from end to end on a network that knows nothing."""

from __future__ import annotations

import json
import shutil

import pytest

torch = pytest.importorskip("torch", reason="the command needs torch: pip install 'assay[train]'")
pytest.importorskip("tokenizers", reason="the command needs tokenizers: pip install 'assay[train]'")

from assay.cli.main import main  # noqa: E402
from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.convert import save  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training.rl.folder import only_run  # noqa: E402
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


def everything(folder) -> dict:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--steps", "1", "--depths", "6=1"], "No training task has a depth"),
        (["--steps", "1", "--device", "foo"], "'foo'"),
        (["--steps", "1", "--harvest", "FILE"], "--harvest"),
        (["--steps", "1", "--harvest", "FILE/harvest"], "FILE is a file"),
        (["--steps", "1", "--out", "FILE"], "--out"),
        (["--steps", "1", "--out", "FILE/out"], "FILE/out"),
        ([], "--minutes"),
        (["--steps", "1", "--loss", "ppo"], "'ppo' is unknown"),
    ],
)
def test_what_cannot_be_is_one_sentence(world, capsys, more, said, monkeypatch):
    monkeypatch.chdir(world)
    (world / "FILE").write_text("mine")
    assert command(world, *more) == 2
    assert (world / "FILE").read_text() == "mine"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--jobs", "-1"], ["--threads", "-1"]])
def test_a_negative_number_of_processes_or_threads_is_refused(world, capsys, more):
    with pytest.raises(SystemExit) as refused:
        command(world, "--steps", "1", *more)
    assert refused.value.code == 2 and "'-1' is not a whole number above 0" in capsys.readouterr().err


@pytest.mark.parametrize("unshown", [False, True])
def test_tasks_that_do_not_say_how_long_answers_are_are_one_sentence(world, capsys, unshown):
    rows = [json.dumps({**task().as_json(), "body": ""}) + "\n"] if unshown else []
    (world / "tasks/train.jsonl").write_text("".join(rows))
    assert command(world, "--steps", "1", "--longest", "0") == 2
    assert ("--longest" if unshown else "train.jsonl holds no task") in capsys.readouterr().err


@pytest.mark.parametrize("start", ["run", "run/model", "other"])
def test_a_training_run_is_not_written_into(world, capsys, start):
    run = world / "run"
    shutil.copytree(world / "model", run / "model")
    shutil.copytree(world / "model", world / "other")
    (run / "log.jsonl").write_text('{"kind": "step", "step": 1}\n')
    before = everything(run)
    paths = [str(world / start), "--forge", str(world / "tasks"), "--out", str(run), "--steps", "1"]
    assert main(["rl", *paths]) == 2
    assert "Choose another --out" in capsys.readouterr().err
    assert everything(run) == before


def test_the_folder_of_the_model_itself_is_not_written_into(world, capsys):
    before = everything(world / "model")
    paths = [str(world / "model"), "--forge", str(world / "tasks"), "--out", str(world / "model"), "--steps", "1"]
    assert main(["rl", *paths]) == 2
    assert everything(world / "model") == before


def test_a_folder_that_another_process_learns_into_is_left_alone(world, capsys):
    with only_run(world / "out"):
        assert command(world, "--steps", "1") == 2
        assert "Another process is learning into" in capsys.readouterr().err
    assert [path.name for path in (world / "out").iterdir()] == [".lock"]


def test_a_refused_command_leaves_the_run_and_its_settings_as_they_were(world, capsys):
    usual = ["--steps", "1", "--depths", "1=1 2=1", "--replay", "0"]
    assert command(world, *usual) == 0
    before = {path: data for path, data in everything(world / "out").items() if path.suffix != ".html"}
    assert command(world, *usual, "--seed", "7") == 2
    (world / "tasks/train.jsonl").write_text(json.dumps(task(9).as_json()) + "\n")
    assert command(world, *usual) == 2
    assert "began with the --forge" in capsys.readouterr().err
    save(CodeModel(ModelConfig(vocab=512, width=32, layers=1, ffn=32), seed=2), world / "tokenizer", world / "model")
    assert command(world, *usual) == 2
    assert {path: data for path, data in everything(world / "out").items() if path.suffix != ".html"} == before


def test_a_folder_that_is_no_model_is_named(world, capsys):
    assert main(["rl", str(world / "tasks"), "--forge", str(world / "tasks"), "--out", "o", "--steps", "1"]) == 2
    assert str(world / "tasks") in capsys.readouterr().err

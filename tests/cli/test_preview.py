"""`assay corpus preview`: what is learnt is marked, and the figures add up."""

import json
import sys
from pathlib import Path

import pytest

from assay.cli.main import main
from assay.training.tokenizer import train_tokenizer

sys.path.append(str(Path(__file__).parents[1] / "training"))
from made_tasks import made_task, write_tasks

pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    tasks = [made_task(number) for number in range(20)]
    train_tokenizer([task.program for task in tasks], 400).save(tmp_path / "tok")
    return write_tasks(tmp_path / "forge", tasks), tmp_path / "tok"


def test_examples_of_every_task_with_their_learnt_parts_marked(folders, capsys):
    forge, tokenizer = folders
    assert main(["corpus", "preview", str(forge), "--tokenizer", str(tokenizer)]) == 0
    out = capsys.readouterr().out
    for task in ("complete", "infill", "repair", "locate", "summarise", "tests", "predict", "trace", "document"):
        assert f"── {task} · forge/1/" in out
        assert f"forge/{task}" in out
    assert "⟦    total = " in out
    assert "# In short:⟦ Sum of the large numbers.\n<|endoftext|>⟧" in out
    assert "% filling" in out


def test_one_task_alone_and_more_samples(folders, capsys):
    forge, tokenizer = folders
    argv = ["corpus", "preview", str(forge), "--tokenizer", str(tokenizer), "--task", "predict", "--samples", "3"]
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert out.count("── predict · ") == 3
    assert "── complete" not in out


def test_what_is_wrong_is_said_in_a_sentence(folders, tmp_path, capsys):
    forge, tokenizer = folders
    assert main(["corpus", "preview", str(forge), "--tokenizer", str(tokenizer), "--task", "sing"]) == 2
    assert "no task 'sing'" in capsys.readouterr().err
    assert main(["corpus", "preview", str(tmp_path), "--tokenizer", str(tokenizer)]) == 2
    assert "neither tasks" in capsys.readouterr().err
    (tmp_path / "forge" / "train.jsonl").write_text(json.dumps({"schema": 9}) + "\n")
    assert main(["corpus", "preview", str(forge), "--tokenizer", str(tokenizer)]) == 2
    assert "Line 1 of" in capsys.readouterr().err

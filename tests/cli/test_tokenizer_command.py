"""`assay tokenizer`: train, show and compare on the command line."""

import json

import pytest

from assay.cli.main import main

pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    folder = tmp_path_factory.mktemp("code")
    for number in range(30):
        text = (
            f"def function_{number}(value):\n    if value > {number}:\n        return value + 1{number}\n    return 0\n"
        )
        (folder / f"module_{number}.py").write_text(text)
    (folder / "broken.py").write_bytes(b"x = '\xff\xfe'\n")
    (folder / "data.bin").write_bytes(b"\0" * 9)
    (folder / "loop").symlink_to(folder)
    (folder / "gone.py").symlink_to(folder / "nowhere")
    return folder


@pytest.fixture(scope="module")
def trained(code, tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "tok"
    assert main(["tokenizer", "train", str(code), "--vocab", "300", "--out", str(out)]) == 0
    return out


def test_training_says_what_came_out_and_what_was_left_out(code, tmp_path, capsys):
    assert main(["tokenizer", "train", str(code), "--vocab", "290", "--out", str(tmp_path / "t")]) == 0
    said = capsys.readouterr()
    assert "290 tokens from 31 texts" in said.out
    assert "All texts and all bytes come back" in said.out
    assert "1 binary" in said.err
    assert "1 that are no regular files" in said.err


def test_show_prints_the_cuts_and_the_count(trained, capsys):
    assert main(["tokenizer", "show", "def f(x):\n    return 10", "--tokenizer", str(trained)]) == 0
    out = capsys.readouterr().out
    assert "↵\n    │return" in out
    assert "1│0" in out
    assert "bytes each" in out
    assert main(["tokenizer", "show", "return 10", "--split", "code"]) == 0
    assert capsys.readouterr().out.startswith("return│ │1│0\n")


def test_show_gives_ids_as_json_and_a_page_without_markup_from_the_text(trained, tmp_path, capsys):
    assert main(["tokenizer", "show", "<|fim_prefix|>é", "--tokenizer", str(trained), "--special", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["text"] for row in rows] == ["<|fim_prefix|>", "<c3>", "<a9>"]
    page = tmp_path / "page.html"
    argv = ["tokenizer", "show", "<script>1</script>", "--split", "code", "--html", str(page)]
    assert main(argv) == 0
    assert "<script" not in page.read_text()


def test_compare_measures_every_split_and_loses_nothing(code, trained, capsys):
    argv = ["tokenizer", "compare", str(code), "--vocab", "290", "--tokenizer", str(trained), "--json"]
    assert main(argv) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["tokenizer"] for row in rows] == ["plain", "qwen", "code", "code-breaks", "code-words", str(trained)]
    assert all(row["lost"] == 0 and row["bytes_per_token"] > 1 for row in rows)
    assert main(argv[:-1]) == 0
    assert "bytes per token" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["train", "nowhere", "--vocab", "300", "--out", "t"], "nowhere does not exist"),
        (["show", "x", "--tokenizer", "nowhere"], "assay tokenizer train"),
        (["show", "x", "--split", "letters"], "Choose one of"),
        (["compare", "nowhere"], "does not exist"),
        (["compare", ".", "--vocab", "many"], "--vocab takes sizes"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(argv, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["tokenizer", *argv]) == 2
    assert said in capsys.readouterr().err


def test_too_small_a_vocabulary_and_no_text_are_said(code, tmp_path, capsys):
    assert main(["tokenizer", "train", str(code), "--vocab", "99", "--out", str(tmp_path / "t")]) == 2
    assert "too small" in capsys.readouterr().err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["tokenizer", "train", str(empty), "--vocab", "300", "--out", str(tmp_path / "t")]) == 2
    assert "There is no text" in capsys.readouterr().err

"""What texts a source gives, and what is counted as left out."""

import json

import pytest

from assay.training.texts import Skipped, read_texts
from made_tasks import made_task, write_tasks

pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")


def test_a_folder_gives_its_files_in_order_with_their_languages(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.rs").write_text("fn main() {}")
    (tmp_path / "a.py").write_text("pass")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "c.py").write_text("hidden")
    (tmp_path / "notes").write_text("hello")
    texts = list(read_texts(tmp_path, Skipped()))
    assert [(text.language, text.text) for text in texts] == [
        ("python", "pass"),
        ("other", "hello"),
        ("rust", "fn main() {}"),
    ]


def test_tasks_of_the_forge_give_what_training_shows_and_nothing_that_is_held_out(tmp_path):
    tasks = [made_task(1), made_task(2, split="test", held_out="pair"), made_task(3, held_out="depth")]
    texts = list(read_texts(write_tasks(tmp_path, tasks), Skipped()))
    assert len(texts) == 9
    assert all(":1 " in text.name for text in texts)
    assert tasks[0].program in [text.text for text in texts]


def test_json_lines_give_text_and_count_what_is_none(tmp_path):
    rows = [json.dumps({"text": "a", "language": "Python"}), "{", json.dumps([1]), json.dumps({"content": "b"})]
    (tmp_path / "x.jsonl").write_text("\n".join(rows) + "\n")
    skipped = Skipped()
    texts = list(read_texts(tmp_path / "x.jsonl", skipped))
    assert [(text.language, text.text) for text in texts] == [("python", "a"), ("other", "b")]
    assert "2 lines" in str(skipped)
    assert "x.jsonl:2" in str(skipped)

"""Repositories: import order in Qwen's format, READMEs, git history; tables of texts."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the corpus extra is not installed")

from assay.corpus import Document, read
from assay.corpus.build import build
from assay.corpus.commits import is_telling
from assay.corpus.options import Options
from material import MIT, module

README = """# Shop

Call `accounts_0` to begin, then `accounts_1` and `accounts_2` for the rest of it. The shop keeps its books by itself,
what it cannot keep it sells; every function of accounts says what it does in its own words, in the order of its number.
"""


def _git(root: Path, *argv: str) -> None:
    person = {f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(
        ["git", "-C", root, *argv],
        check=True,
        capture_output=True,
        env=os.environ | person | {"GIT_CONFIG_GLOBAL": "/dev/null"},
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    files = {
        "LICENSE": MIT,
        "README.md": README,
        "accounts.py": "import ledger\n" + module("accounts"),
        "ledger.py": module("ledger"),
    }
    for name, text in files.items():
        (root / name).write_text(text)
    return root


def _build(
    tmp_path: Path, *sources: Path, commits: int = 0, held_out: float = 0, held_out_files: float = 0
) -> list[Document]:
    shares = {"held_out": held_out, "held_out_files": held_out_files}
    build(Options(tuple(map(str, sources)), **shares, data=str(tmp_path), commits=commits), tmp_path / "out", cores=1)
    return list(read(tmp_path / "out", split=None))


def test_a_repository_is_one_text_in_the_order_of_its_imports(shop: Path, tmp_path: Path) -> None:
    (whole,) = (document for document in _build(tmp_path, shop) if document.kind == "repository")
    marks = [line for line in whole.text.split("\n") if line.startswith("<|")]
    assert marks == ["<|repo_name|>shop", "<|file_sep|>README.md", "<|file_sep|>ledger.py", "<|file_sep|>accounts.py"]
    assert whole.text.startswith("<|repo_name|>shop\n<|file_sep|>README.md\n# Shop\n")
    assert (whole.language, whole.licence, whole.path) == ("python", "MIT", "")


def test_a_readme_stands_beside_the_file_it_is_about(shop: Path, tmp_path: Path) -> None:
    pairs = [each for each in _build(tmp_path, shop) if each.kind == "pair" and each.path.endswith("README.md")]
    assert [pair.path for pair in pairs] == ["accounts.py:README.md"]
    assert pairs[0].parts[0] == README


def test_git_gives_its_name_its_commit_and_its_changes(shop: Path, tmp_path: Path) -> None:
    _git(shop, "init", "-q")
    _git(shop, "remote", "add", "origin", "git@github.com:someone/shop.git")
    (shop / ".gitignore").write_text("ignored.py\n")
    (shop / "ignored.py").write_text(module("ignored"))
    _git(shop, "add", "-A")
    _git(shop, "commit", "-qm", "Begin")
    text = (shop / "ledger.py").read_text()
    (shop / "ledger.py").write_text(text.replace("% 3]", "% 4]", 1))
    _git(shop, "commit", "-qam", "Fix the order of ledger entries\n\nSigned-off-by: Jane <jane.doe@gmail.com>")
    documents = _build(tmp_path, shop, commits=100)
    assert {document.repository for document in documents} == {"someone/shop"}
    assert "ignored.py" not in {document.path for document in documents}
    (change,) = (document for document in documents if document.kind == "commit")
    message, before, after = change.parts
    assert (message, before, after) == ("Fix the order of ledger entries", text, text.replace("% 3]", "% 4]", 1))
    assert "\n-" in change.text and "\n+" in change.text and len(change.revision) == 40


def test_messages_that_say_nothing_are_left_out() -> None:
    assert is_telling("Fix the order of ledger entries")
    for message in (
        "Fix",
        "wip",
        "Merge branch 'x' of y",
        "Bump numpy from 1 to 2",
        "The ledger is fine now",
        "Fix it https://x.y/1 now",
    ):
        assert not is_telling(message)


def test_rows_of_tables_are_read_with_their_columns(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [
        {"content": module("first"), "path": "a.py", "repo_name": "x/one", "license": "MIT"},
        {"content": module("second"), "path": "b.py", "repo_name": "x/one", "license": ["apache-2.0"]},
        {"content": module("third"), "path": "c.py", "repo_name": "x/two", "license": "GPL-3.0-only"},
        {"other": 1},
    ]
    lines = tmp_path / "rows.jsonl"
    lines.write_text("\n".join([*map(json.dumps, rows), "{broken", '"text"']))
    table = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_pylist([{"text": module("fourth"), "path": "d.py", "licence": "MIT"}]), table)
    files = {each.path: each for each in _build(tmp_path, lines, table) if each.kind == "file"}
    assert sorted(files) == ["a.py", "b.py", "d.py"]
    assert (files["b.py"].licence, files["b.py"].repository) == ("Apache-2.0", "x/one")
    funnel = json.loads((tmp_path / "out" / "funnel.json").read_text())
    assert {row["rule"]: row["files"] for row in funnel["rules"]} == {"broken row": 3, "licence not allowed": 1}


def test_a_whole_repository_is_held_out_or_not(shop: Path, tmp_path: Path) -> None:
    assert {document.split for document in _build(tmp_path, shop, held_out=1)} == {"held_out"}


def test_nothing_of_a_held_out_file_is_in_what_is_learnt(shop: Path, tmp_path: Path) -> None:
    names = [f"books_{number}" for number in range(30)]
    for name in names:
        (shop / f"{name}.py").write_text(module(name))
    _git(shop, "init", "-q")
    _git(shop, "add", "-A")
    _git(shop, "commit", "-qm", "Begin")
    for name in names:
        (shop / f"{name}.py").write_text(module(name).replace("% 3]", "% 4]", 1))
        _git(shop, "commit", "-qam", f"Fix the order of {name} entries")
    documents = _build(tmp_path, shop, commits=100, held_out_files=0.3)
    held_out = {each.path[:-3] for each in documents if each.split == "held_out_file" and each.kind == "file"}
    assert 3 <= len(held_out & set(names)) <= 20  # of 30
    learnt = [each for each in documents if each.split == "train"]
    assert {"file", "pair", "commit", "repository"} <= {each.kind for each in learnt}
    words = {word for each in learnt for word in re.findall(r"books_[0-9]+(?=_)", each.text)}
    assert words == set(names) - held_out

"""What must not get into a corpus, planted into a real folder, and what must: nothing else is dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the corpus extra is not installed")

from assay.corpus import Document, read
from assay.corpus.build import build
from assay.corpus.options import Options
from assay.corpus.table import rows
from assay.tasks import demo
from material import GPL_HEADER, MIT, module, renamed

AWS_KEY = "AKIAIOSFODNN7EXAMPLE"
CLEAN = ("accounts", "billing", "catalogue", "delivery", "employees")
NAMES = {"page_address": "to_slug", "title": "heading", "words": "pieces", "word": "piece", "character": "letter"}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus made of clean files and one of everything that must be caught."""
    root = tmp_path_factory.mktemp("planted")
    folder = root / "shop"
    folder.mkdir()
    task = demo.load(demo.SOURCES[0]).tasks[0]
    files = {f"{name}.py": module(name) for name in CLEAN}
    files |= {
        "LICENSE": MIT,
        "gpl.py": GPL_HEADER + module("gnu"),
        "key.py": module("keys") + f'\nACCESS = "{AWS_KEY}"\nOWNER = "jane.doe@gmail.com"\n',
        "copied.py": module("copied") + "\n" + task.reference,
        "renamed.py": module("renamed") + "\n" + renamed(task.reference, NAMES),
        "method.py": module("method")
        + "\nclass Slug:\n    @staticmethod\n"
        + _indented(renamed(task.reference, NAMES)),
        "near.py": module("accounts").replace("accounts_3(", "accounts_three("),
        "same.py": module("billing"),
        "app.min.js": "!function(e){" + "var a=e.b,c=a.d(function(f){return f.g});" * 40 + "}(window);",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    build(Options((str(folder),), held_out=0, data=str(root)), root / "out", cores=1)
    return root / "out"


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _dropped(corpus: Path) -> dict[str, dict[str, Any]]:
    return {row["path"]: row for path in sorted(corpus.glob("dropped-*.parquet")) for row in rows(path)}


def _files(corpus: Path) -> dict[str, Document]:
    return {document.path: document for document in read(corpus, kinds=("file",))}


@pytest.mark.parametrize(
    ("path", "rule", "detail"),
    [
        ("gpl.py", "licence not allowed", "GPL-3.0-or-later"),
        ("copied.py", "benchmark: words", "demo/00"),
        ("renamed.py", "benchmark: syntax", "to_slug is demo/00"),
        ("method.py", "benchmark: syntax", "to_slug is demo/00"),
        ("near.py", "near duplicate", "shop/accounts.py"),
        ("same.py", "exact duplicate", "shop/billing.py"),
        ("app.min.js", "minified", "characters a line"),
    ],
)
def test_a_planted_file_is_dropped_by_its_rule_and_named(planted: Path, path: str, rule: str, detail: str) -> None:
    row = _dropped(planted)[path]
    assert (row["rule"], detail in row["detail"]) == (rule, True), row


def test_a_key_and_an_address_are_replaced_and_the_file_is_kept(planted: Path) -> None:
    text = _files(planted)["key.py"].text
    assert AWS_KEY not in text and "jane.doe" not in text
    assert 'ACCESS = "<KEY>"\nOWNER = "<EMAIL>"\n' in text


def test_every_clean_file_is_kept(planted: Path) -> None:
    assert sorted(_files(planted)) == sorted([*(f"{name}.py" for name in CLEAN), "key.py"])
    assert sorted(_dropped(planted)) == sorted(
        ["LICENSE", "gpl.py", "copied.py", "renamed.py", "method.py", "near.py", "same.py", "app.min.js"]
    )


def test_functions_of_kept_files_become_pairs_once(planted: Path) -> None:
    pairs = list(read(planted, kinds=("pair",)))
    assert len(pairs) == 12 * (len(CLEAN) + 1)
    first = next(pair for pair in pairs if pair.path == "accounts.py:accounts_0")
    description, code = first.parts
    assert description == "Combine two values of accounts in the way number 0 does it."
    assert code.startswith("def accounts_0(first_accounts") and '"""' not in code
    assert first.text.count('"""') == 2

"""`assay sample` with a model that Assay made: holes at the end of a file, and bytes that are no text."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")
pytest.importorskip("transformers", reason="needs the train extra: pip install 'assay[train]'")

from assay.cli.main import main
from assay.models.network import convert
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel
from assay.training.tokenizer import Tokenizer, train_tokenizer

PREFIX = "def f(a):\n"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    tokenizer = train_tokenizer([PREFIX + "    return a + 1\n"] * 5, 300)
    tokenizer.save(folder / "tokenizer")
    model = CodeModel(ModelConfig(vocab=tokenizer.vocab_size, width=32, layers=1, heads=1, kv_heads=1, ffn=64))
    convert.save(model, folder / "tokenizer", folder / "model")
    return folder / "model"


def sample(capsys: pytest.CaptureFixture[str], *argv: str | Path) -> tuple[int, str]:
    capsys.readouterr()
    status = main(["sample", *map(str, argv), "--max-tokens", "3"])
    return status, capsys.readouterr().err


@pytest.mark.parametrize(("suffix", "more"), [("", 0), ("\n", 1)])
def test_a_hole_at_the_end_is_a_hole(trained: Path, capsys: pytest.CaptureFixture[str], suffix: str, more: int) -> None:
    status, err = sample(capsys, trained, "--infill", PREFIX, suffix)
    expected = 3 + len(Tokenizer.load(trained).encode(PREFIX)) + more
    assert (status, re.findall(r"tokens after (\d+),", err)) == (0, [str(expected)])


@pytest.mark.parametrize("asked", [("--prompt", "caf\udce9"), ("--infill", "a", "caf\udce9"), ("--prompt", "-")])
def test_bytes_that_are_no_text_are_one_sentence(
    trained: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9 \n"), encoding="utf-8"))
    status, err = sample(capsys, trained, *asked)
    assert status == 2 and err.startswith("assay: ") and err.count("\n") == 1
    assert "not UTF-8" in err and "iconv" in err

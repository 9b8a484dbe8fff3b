"""`assay sample`: what a checkpoint writes, as a pipe and as a terminal see it; bad input is one sentence."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay.cli.main import main
from assay.cli.sample import _safe_part

FIM = ("<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")


@pytest.fixture(scope="module")
def infilling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for name in ("torch", "transformers"):
        pytest.importorskip(name, reason=f"{name} is not installed; run: make test-models")
    from tiny import make_checkpoint

    return make_checkpoint(tmp_path_factory.mktemp("infill") / "model", kind="qwen3", special=FIM)


def sample(capsys: pytest.CaptureFixture[str], *argv: str | Path) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(["sample", *map(str, argv)])
    return status, *capsys.readouterr()


def test_a_text_is_continued(own_checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = sample(capsys, own_checkpoint, "--prompt", "def f():", "--max-tokens", 12)
    assert status == 0
    assert 1 <= len(out.rstrip("\n")) <= 12
    assert re.fullmatch(r"assay: \d+ tokens after 8, (ended by itself|cut at .*), mean log-probability -\d.*\n", err)
    assert sample(capsys, own_checkpoint, "--prompt", "def f():", "--max-tokens", 12)[1] == out


def test_several_texts_are_drawn_by_seeds_of_their_own(
    own_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = (own_checkpoint, "--prompt", "x = ", "--max-tokens", 9, "--temperature", 1)
    status, out, err = sample(capsys, *asked, "--n", 3, "--seed", 5)
    assert status == 0 and "== 3 of 3" in err
    assert len(set(out.splitlines())) >= 3
    assert out.endswith(sample(capsys, *asked, "--seed", 7)[1])


def test_a_model_of_another_architecture_writes_too(
    foreign_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = sample(capsys, foreign_checkpoint, "--prompt", "Hello", "--chat", "--max-tokens", 6)
    assert status == 0 and out


def test_a_hole_is_filled_by_special_tokens(infilling: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = sample(capsys, infilling, "--infill", "a = ", "\nb = 2", "--max-tokens", 8)
    assert status == 0
    assert f"tokens after {3 + len('a = ') + len('b = 2') + 1}, " in err
    # The names of special tokens inside of a text are characters like others.
    _, _, err = sample(capsys, infilling, "--infill", "<|fim_middle|>", "b", "--max-tokens", 8)
    assert f"tokens after {3 + len('<|fim_middle|>') + 1}, " in err


def test_a_terminal_sees_the_text_as_it_is_written(own_checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = (own_checkpoint, "--prompt", "def f():", "--max-tokens", 12)
    _, expected, _ = sample(capsys, *asked)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "assay", "sample", *map(str, asked)]
    process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 4096):
            seen += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    shown = seen.decode().replace("\r\n", "\n")
    assert shown == f"\x1b[2mdef f():\x1b[0m{expected}"


def test_what_is_shown_is_never_taken_back() -> None:
    stops = ("\ndef", "\nclass")
    text = "  return 1\n\nprint(2)\ncl\ndef g():"
    shown = ""
    for end in range(len(text)):
        part = _safe_part(text[:end], stops)
        assert part.startswith(shown)
        shown = part
    assert shown == "  return 1\n\nprint(2)\ncl"
    assert _safe_part("caf\N{REPLACEMENT CHARACTER}", ()) == "caf"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--n", "2"], "--n 2 with temperature 0 would give the same text 2 times"),
        (["--dtype", "float32", "--device", "cuda:77"], "does not go to the device 'cuda:77'"),
    ],
)
def test_arguments_that_make_no_sense_are_one_sentence(
    own_checkpoint: Path, more: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = sample(capsys, own_checkpoint, "--prompt", "x", *more)
    assert (status, out) == (2, "") and err.startswith("assay: ") and sentence in err and err.count("\n") == 1


def test_folders_that_are_not_right_are_one_sentence(
    own_checkpoint: Path, infilling: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(folder: Path, *argv: str) -> str:
        status, out, err = sample(capsys, folder, *(argv or ("--prompt", "x")))
        assert (status, out) == (2, "") and err.startswith("assay: ") and err.count("\n") == 1
        return err

    assert "nowhere does not exist" in refused(tmp_path / "nowhere")
    assert "has no tokens for filling a hole" in refused(own_checkpoint, "--infill", "a", "b")
    cut = shutil.copytree(own_checkpoint, tmp_path / "cut")
    weights = cut / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    assert "weights in" in refused(cut)
    other = shutil.copytree(infilling, tmp_path / "other")
    tokenizer = (other / "tokenizer.json").read_text()
    (other / "tokenizer.json").write_text(tokenizer.replace('"id": 3', '"id": 5000').replace('": 3,', '": 5000,'))
    assert "has 5,001 tokens and the model 100 rows" in refused(other)
    (other / "tokenizer.json").write_text("{")
    assert "tokenizer.json cannot be read" in refused(other)

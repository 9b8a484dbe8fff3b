"""Files that are held back are read while a model learns, and only read."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the extra train is not installed")
pytest.importorskip("pyarrow", reason="the extra corpus is not installed")

from assay.corpus import read  # noqa: E402
from assay.corpus.build import build  # noqa: E402
from assay.corpus.options import Options  # noqa: E402
from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.report.model_card import model_card  # noqa: E402
from assay.report.training import Lines  # noqa: E402
from assay.training.config import make_config  # noqa: E402
from assay.training.held_out_text import HeldOutText  # noqa: E402
from assay.training.log import read_log  # noqa: E402
from assay.training.pretrain import run_training, set_threads  # noqa: E402
from assay.training.record import read_record  # noqa: E402
from assay.training.tokenizer import Tokenizer, train_tokenizer  # noqa: E402
from tiny_runs import TINY  # noqa: E402

WORDS = ("count", "total", "first", "last", "item", "value", "name", "size", "left", "right", "depth", "node", "score")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen repositories of three files, about half of them held out."""
    folder = tmp_path_factory.mktemp("corpus")
    rng = random.Random(5)
    for number in range(16):
        project = folder / "sources" / f"project{number}"
        project.mkdir(parents=True)
        for part in range(3):
            lines = [f'"""Module {part} of project {number}."""\n']
            for each in range(6 + 4 * part):
                one, two, three = rng.sample(WORDS, 3)
                lines.append(
                    f"def {one}_{two}{each}({three}):\n    {two} = {three} + {rng.randrange(99)}\n    return {two}\n"
                )
            (project / f"{WORDS[part]}.py").write_text("\n".join(lines), encoding="utf-8")
    sources = tuple(str(project) for project in sorted((folder / "sources").iterdir()))
    options = Options(sources, allow=("any", "none"), held_out=0.5, near=1.0)
    build(options, folder / "corpus", cores=1)
    return folder / "corpus"


@pytest.fixture(scope="module")
def tokenizer(corpus: Path) -> Tokenizer:
    return train_tokenizer((document.text for document in read(corpus)), 400)


def test_bits_are_those_of_the_windows_one_by_one(corpus: Path, tokenizer: Tokenizer) -> None:
    model = CodeModel(ModelConfig(vocab=tokenizer.vocab_size, width=32, layers=1, heads=2, kv_heads=1), seed=3)
    held_out = HeldOutText(corpus, tokenizer, context=64, files=5)
    found = held_out.read(model)
    nats, size = 0.0, 0
    for rows in held_out._batches:
        for ids in rows:
            assert len(ids) <= 64
            with torch.inference_mode():
                scores = torch.log_softmax(model(torch.tensor([ids])).logits[0].double(), -1)
            nats -= sum(float(scores[place, token]) for place, token in enumerate(ids[1:]))
            size += len(tokenizer.decode_bytes(ids[1:]))
    assert found["bytes"] == size
    assert found["bits_per_byte"] == pytest.approx(nats / math.log(2) / size, rel=1e-4)
    assert model.training


def test_files_come_from_as_many_repositories_as_there_are_and_from_no_other_split(
    corpus: Path, tokenizer: Tokenizer
) -> None:
    texts = {document.text for document in read(corpus, "held_out", kinds=("file",))}
    repositories = {document.repository for document in read(corpus, "held_out", kinds=("file",))}
    assert len(repositories) >= 3
    held_out = HeldOutText(corpus, tokenizer, context=64, files=3)
    assert (held_out.files, held_out.repositories) == (3, 3)
    for rows in held_out._batches:
        for ids in rows:
            assert any(tokenizer.decode(ids) in text for text in texts)
    everything = HeldOutText(corpus, tokenizer, context=64, files=1000)
    assert everything.files == len(texts)


def test_a_run_on_a_corpus_logs_what_it_makes_of_files_it_never_saw(corpus: Path, tmp_path: Path) -> None:
    set_threads(1)
    model = run_training(
        make_config({**TINY, "corpus": str(corpus), "tokens": 16_000}), tmp_path / "run", card=model_card
    )
    Lines(tmp_path / "run").saved(model, 0)
    rows = [row for row in read_log(tmp_path / "run" / "log.jsonl") if row["kind"] == "held_out"]
    assert len(rows) == 4
    assert rows[-1]["bits_per_byte"] < rows[0]["bits_per_byte"] < 8
    assert len({row["bytes"] for row in rows}) == 1
    record = read_record(model)
    assert record["held_out"]["bits_per_byte"] == rows[-1]["bits_per_byte"]
    assert [point["held_out"] for point in record["curve"]] == [row["bits_per_byte"] for row in rows]
    assert "## Held-out files" in (model / "README.md").read_text(encoding="utf-8")
    assert "Held out, read" in (tmp_path / "run" / "curves.html").read_text(encoding="utf-8")

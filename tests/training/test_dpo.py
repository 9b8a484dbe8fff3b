"""Preferences: the loss against its closed form, and that training prefers what passed."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")
pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

from assay.errors import AssayError  # noqa: E402
from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training import peak  # noqa: E402
from assay.training.config import make_config  # noqa: E402
from assay.training.dpo import DPO, PairBatches, Preference, answer_logprobs, dpo_loss, read_pairs  # noqa: E402
from assay.training.pretrain import run_training  # noqa: E402
from assay.training.tokenizer import Tokenizer, train_tokenizer  # noqa: E402
from tiny_runs import curve, tasks_folder, train_here  # noqa: E402

PAIRS = [
    {"prompt": "def f(a):\n", "chosen": "    return a + 1\n", "rejected": "    return a\n"},
    {"prompt": "def g(a):\n", "chosen": "    return a * 2\n", "rejected": "    pass\n"},
    {"prompt": "def h(a):\n", "chosen": "    return -a\n", "rejected": "    return a - 1\n"},
]


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    file = tmp_path / "pairs.jsonl"
    file.write_text("".join(json.dumps(pair) + "\n" for pair in PAIRS), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer([text for pair in PAIRS for text in pair.values()], 300)


def test_the_loss_is_that_of_the_paper() -> None:
    policy, reference = [-3.0, -5.0, -2.0, -1.0], [-3.5, -4.0, -2.0, -2.5]
    loss_P, margin_P = dpo_loss(torch.tensor(policy), torch.tensor(reference), beta=0.5)
    for number in range(2):
        chosen, rejected = 2 * number, 2 * number + 1
        margin = 0.5 * ((policy[chosen] - reference[chosen]) - (policy[rejected] - reference[rejected]))
        assert float(margin_P[number]) == pytest.approx(margin)
        assert float(loss_P[number]) == pytest.approx(-math.log(1 / (1 + math.exp(-margin))))


def test_an_answers_probability_is_the_product_of_its_tokens(tokenizer: Tokenizer, pairs: Path) -> None:
    torch.manual_seed(0)
    model = CodeModel(ModelConfig(vocab=300, width=32, layers=1, heads=1, kv_heads=1, ffn=64))
    found, _ = read_pairs(pairs, tokenizer, 100)
    batch = PairBatches(found, tokenizer, 0).batch([0])
    (chosen, _) = answer_logprobs(model, batch.tokens_BT, batch.weights_BT, torch.device("cpu"), False)
    prompt = tokenizer.encode(PAIRS[0]["prompt"])
    answer = [*tokenizer.encode(PAIRS[0]["chosen"]), tokenizer.end_id]
    logprobs = model(torch.tensor([prompt + answer])).logits[0].log_softmax(-1)
    expected = sum(float(logprobs[len(prompt) - 1 + at, token].detach()) for at, token in enumerate(answer))
    assert float(chosen) == pytest.approx(expected, rel=1e-4)


def test_parts_of_a_batch_add_up_to_the_whole(tokenizer: Tokenizer, pairs: Path) -> None:
    model = CodeModel(ModelConfig(vocab=300, width=32, layers=1, heads=1, kv_heads=1, ffn=64))
    found, _ = read_pairs(pairs, tokenizer, 100)
    batches = PairBatches(found, tokenizer, 0)
    batches.refer_to(CodeModel(model.config, seed=1), "cpu", False)
    batch, objective = batches.batch([0, 1, 2]), Preference(tokenizer, "cpu", "fp32")
    whole = float(objective.loss(model, batch, 0, 1)[0])
    parts = [float(objective.loss(model, batch, part, 5)[0]) for part in range(5)]
    assert sum(parts) == pytest.approx(whole, rel=1e-5)
    assert parts[3:] == [0.0, 0.0]


def test_every_pair_is_drawn_once_a_pass_and_a_place_can_be_restored(tokenizer: Tokenizer, pairs: Path) -> None:
    found, _ = read_pairs(pairs, tokenizer, 100)
    batches, again = PairBatches(found, tokenizer, 3), PairBatches(found, tokenizer, 3)
    drawn = [batches.next(1).tokens_BT.tobytes() for _ in range(3)]
    assert len(set(drawn)) == 3
    again.restore(batches.state())
    assert again.next(1).tokens_BT.tobytes() == batches.next(1).tokens_BT.tobytes()
    with pytest.raises(AssayError, match="other pairs"):
        PairBatches(found, tokenizer, 4).restore(batches.state())


def test_the_end_of_an_answer_adds_no_bytes(tokenizer: Tokenizer, pairs: Path) -> None:
    found, _ = read_pairs(pairs, tokenizer, 100)
    batch = PairBatches(found, tokenizer, 0).batch([0, 1])
    assert batch.learnt_bytes == sum(len(pair["chosen"]) for pair in PAIRS[:2])


def test_the_reference_computes_in_the_precision_that_auto_chose(
    tmp_path: Path, pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    train_here(tasks_folder(tmp_path / "tasks", 20), tmp_path / "base", tokens=500)

    def refer_to(self: PairBatches, model: CodeModel, device: str, autocast: bool) -> None:
        raise AssayError(f"autocast: {autocast}")

    monkeypatch.setattr(PairBatches, "refer_to", refer_to)
    monkeypatch.setattr(peak, "chosen_precision", lambda *_: "bf16")
    config = make_config({"data": str(pairs), "start": str(tmp_path / "base"), "batch_tokens": 640}, stage="dpo")
    assert config.precision == "auto"
    with pytest.raises(AssayError, match="autocast: True"):
        run_training(config, tmp_path / "better", stage=DPO)


def test_pairs_that_say_nothing_are_refused(tokenizer: Tokenizer, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"prompt": "a", "chosen": "b", "rejected": "b"}\n', encoding="utf-8")
    with pytest.raises(AssayError, match="neither can be preferred"):
        read_pairs(file, tokenizer, 100)
    file.write_text('{"prompt": "a", "chosen": "b", "rejected": "ccccccccccc"}\n', encoding="utf-8")
    with pytest.raises(AssayError, match="no pair of at most 4 tokens"):
        read_pairs(file, tokenizer, 4)


def test_training_prefers_what_was_chosen(tmp_path: Path, pairs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    train_here(tasks_folder(tmp_path / "tasks", 20), tmp_path / "base", tokens=2000)
    asked = {"data": str(pairs), "start": str(tmp_path / "base"), "batch_tokens": 640, "tokens": 4000}
    config = make_config({**asked, "precision": "fp32", "learning_rate": 4e-3}, stage="dpo")
    run_training(config, tmp_path / "better", stage=DPO)
    rows = curve(tmp_path / "better")
    assert rows[0]["loss"] == pytest.approx(math.log(2), rel=1e-3)
    assert rows[-1]["loss"] < 0.5
    assert rows[-1]["preferred"] == 1.0

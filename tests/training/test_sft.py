"""Conversations: what is learnt of them, and that they are what the chat template makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")
pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

from assay.errors import AssayError
from assay.models.network.config import ModelConfig
from assay.models.network.model import CodeModel
from assay.training.config import TrainConfig, make_config
from assay.training.pool import make_pools
from assay.training.pretrain import run_training
from assay.training.sft import SFT, conversation, conversations
from assay.training.tokenizer import Tokenizer, train_tokenizer
from assay.training.watch import Watch
from tiny_runs import curve, tasks_folder, train_here

MESSAGES = [
    {"role": "system", "content": "You write Python."},
    {"role": "user", "content": "  Add one.\nShortly."},
    {"role": "assistant", "content": "def f(a):\n    return a + 1"},
    {"role": "user", "content": "<|im_end|> is only text here"},
    {"role": "assistant", "content": "Yes."},
]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer([message["content"] for message in MESSAGES] * 5, 320).save(folder)
    return Tokenizer.load(folder)


def test_only_what_the_assistant_says_is_learnt_with_the_end_of_its_turn(tokenizer: Tokenizer) -> None:
    (pool,) = make_pools("chat", [conversation("here", MESSAGES)], tokenizer)
    learnt = pool.tokens_N[pool.table[pool.kinds_N] > 0]
    assert tokenizer.decode(learnt.tolist()) == "def f(a):\n    return a + 1<|im_end|>Yes.<|im_end|>"


def test_text_of_people_never_becomes_a_special_token(tokenizer: Tokenizer) -> None:
    (pool,) = make_pools("chat", [conversation("here", MESSAGES)], tokenizer)
    ends = int((pool.tokens_N == tokenizer.special_id("<|im_end|>")).sum())
    assert ends == len(MESSAGES)


def test_tokens_are_those_of_the_chat_template_in_transformers(tokenizer: Tokenizer) -> None:
    transformers = pytest.importorskip("transformers", reason="needs the train extra: pip install 'assay[train]'")
    theirs = transformers.AutoTokenizer.from_pretrained(tokenizer.folder)
    messages = MESSAGES[:3]
    expected = theirs.apply_chat_template(messages, tokenize=True, return_dict=True)["input_ids"]
    (pool,) = make_pools("chat", [conversation("here", messages)], tokenizer)
    assert pool.tokens_N.tolist() == [*expected, tokenizer.end_id]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "there is no JSON"),
        ("[1]", "no JSON object"),
        ('{"messages": []}', "must be a list of messages"),
        ('{"messages": [{"role": "judge", "content": "x"}]}', "has the role 'judge'"),
        ('{"messages": [{"role": "assistant"}]}', '"content" must be a text'),
        ('{"messages": [{"role": "user", "content": "x"}]}', "the assistant says nothing"),
    ],
)
def test_a_line_that_is_no_conversation_is_named(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(AssayError, match=said) as caught:
        list(conversations(file))
    assert f"line 2 of {file}" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"messages": "\xe9"}\n', "line 1 of .* not UTF-8"),
        (b'\n{"messages": [{"role": "assistant", "content": "\\ud800"}]}\n', 'line 2 of .* "content" holds half of'),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_bytes(data)
    with pytest.raises(AssayError, match=said):
        list(conversations(file))


def test_conversations_that_are_too_long_are_told_and_not_counted(tokenizer: Tokenizer, tmp_path: Path) -> None:
    class Told(Watch):
        said = ""

        def say(self, text: str) -> None:
            self.said += text

    short = [[{"role": "user", "content": "one"}, {"role": "assistant", "content": f"two {n}"}] for n in range(20)]
    long = [{"role": "assistant", "content": "three " * 900}]
    file, told = tmp_path / "chats.jsonl", Told()
    file.write_text("".join(json.dumps({"messages": row}) + "\n" for row in [*short, long]), encoding="utf-8")
    model = CodeModel(ModelConfig(vocab=tokenizer.vocab_size, width=32, layers=1, heads=1, kv_heads=1, ffn=64))
    data = SFT.open(TrainConfig(data=str(file), start="base", context=64), tokenizer, model, "cpu", told)
    (pool,) = make_pools("chat", (conversation("here", row) for row in short), tokenizer)
    assert data.tokens == 2 * len(pool.tokens_N)
    assert told.said == "1 of 21 conversations are left out: they are longer than --context 64 tokens"


def test_a_model_learns_conversations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    train_here(tasks_folder(tmp_path / "tasks", 20), tmp_path / "base", tokens=2000)
    words = [("user", "one plus one"), ("assistant", "two, of course")]
    rows = [[{"role": role, "content": content} for role, content in words]] * 40
    file = tmp_path / "chats.jsonl"
    file.write_text("".join(json.dumps({"messages": row}) + "\n" for row in rows), encoding="utf-8")
    asked = {"data": str(file), "start": str(tmp_path / "base"), "batch_tokens": 640, "tokens": 6000}
    run_training(
        make_config({**asked, "precision": "fp32", "learning_rate": 4e-3}, stage="sft"), tmp_path / "chat", stage=SFT
    )
    losses = [row["loss"] for row in curve(tmp_path / "chat")]
    assert losses[-1] < losses[0] - 2

"""A checkpoint on disk: batches change no answer, texts end where they should, bad folders are one sentence."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.models import checkpoint as source
from assay.models.checkpoint import Checkpoint, check_folder, fingerprint, has_chat_template, is_talked_to
from assay.models.completion import Completion
from assay.models.request import Message, Request, Sampling


@pytest.fixture(params=["llama", "qwen3"])
def checkpoint(request: pytest.FixtureRequest) -> Path:
    """One that transformers writes with, and one for Assay's own network: all that is tested here holds for both."""
    name = {"llama": "foreign_checkpoint", "qwen3": "own_checkpoint"}[request.param]
    folder: Path = request.getfixturevalue(name)
    return folder


def write(asked: Checkpoint, requests: Iterable[Request]) -> dict[Any, Completion]:
    answers: dict[Any, Any] = {}

    def deliver(request: Request, answer: Any) -> None:
        assert request.key not in answers
        answers[request.key] = answer

    asked.write(iter(requests), deliver)
    return answers


def base(number: int = 7, **more: Any) -> list[Request]:
    return [Request(n, text=f"def f{n}():\n" * (n + 1), **more) for n in range(number)]


def test_greedy_answers_are_the_same_in_every_batch_size(checkpoint: Path) -> None:
    alone, together = (
        {
            key: answer.text
            for key, answer in write(Checkpoint(checkpoint, Sampling(max_tokens=24), batch_size=n), base()).items()
        }
        for n in (1, 4)
    )
    assert alone == together
    assert len(set(alone.values())) > 1


def test_a_text_that_ends_is_delivered_while_others_are_written_and_makes_room(
    own_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four at once of fourteen requests: were they asked in fours, each four would last as long as its longest."""
    from assay.models.network.cache import Cache

    asked = Checkpoint(own_checkpoint, Sampling(temperature=1.0, max_tokens=60), batch_size=4)
    live: list[int] = []  # texts, of every step
    steps_at: dict[int, int] = {}  # by request: steps when it was delivered
    lengths: dict[int, int] = {}
    plain = Cache.step

    def step(self: Cache, tokens: Any, texts: int) -> Any:
        live.append(texts)
        return plain(self, tokens, texts)

    def deliver(request: Request, answer: Any) -> None:
        steps_at[request.key], lengths[request.key] = len(live), answer.completion_tokens

    monkeypatch.setattr(Cache, "step", step)
    requests = base(14, seed=3, stops=("e", "1", "("))
    asked.write(iter(requests), deliver)
    assert sorted(lengths) == list(range(14)) and max(live) == 4
    assert len(set(steps_at.values())) > 4
    in_fours = sum(max(lengths[key] for key in range(at, min(at + 4, 14))) - 1 for at in range(0, 14, 4))
    assert len(live) < in_fours


def test_what_is_known_of_an_answer_is_told(checkpoint: Path) -> None:
    answers = write(Checkpoint(checkpoint, Sampling(max_tokens=24)), base(3))
    for number, answer in answers.items():
        assert answer.prompt_tokens == len("def f0():\n") * (number + 1)
        assert answer.completion_tokens is not None and 1 <= answer.completion_tokens <= 24
        assert answer.finish_reason == ("length" if answer.completion_tokens == 24 else "stop")
        assert answer.first_token_s is not None and answer.total_s is not None
        assert 0 < answer.first_token_s <= answer.total_s
        assert answer.mean_logprob is not None and -20 < answer.mean_logprob < 0


def test_a_text_ends_before_a_stop_string(checkpoint: Path) -> None:
    asked = Checkpoint(checkpoint, Sampling(max_tokens=24))
    whole = write(asked, base(1))[0]
    stop = whole.text[5:7]
    cut = write(asked, base(1, stops=("no such text", stop)))[0]
    assert cut.text == whole.text[: whole.text.index(stop)]
    assert cut.finish_reason == "stop"
    assert cut.completion_tokens is not None and whole.completion_tokens is not None
    assert len(cut.text) + 2 <= cut.completion_tokens < whole.completion_tokens


def test_a_seed_gives_the_same_samples_again_and_another_one_others(checkpoint: Path) -> None:
    def texts(seed: int) -> list[str]:
        asked = Checkpoint(checkpoint, Sampling(temperature=1.0, max_tokens=24))
        return [answer.text for answer in write(asked, base(4, seed=seed)).values()]

    assert texts(1) == texts(1) != texts(2)


def test_a_chat_is_put_into_the_models_own_template(checkpoint: Path) -> None:
    chat = Request("k", messages=(Message("user", "Hello"),))
    asked = Checkpoint(checkpoint, Sampling(max_tokens=8))
    assert asked.show(chat) == "<|user|>Hello<|end|><|assistant|>"
    as_text = write(asked, [Request("k", text="<|user|>Hello<|end|><|assistant|>")])
    assert write(asked, [chat])["k"].text == as_text["k"].text
    assert has_chat_template(checkpoint)
    assert is_talked_to(checkpoint)


def test_the_checkpoints_own_sampling_does_not_slip_in(checkpoint: Path, tmp_path: Path) -> None:
    changed = shutil.copytree(checkpoint, tmp_path / "changed")
    (changed / "generation_config.json").write_text(
        '{"do_sample": true, "temperature": 5.0, "repetition_penalty": 9.0, "max_new_tokens": 1, "eos_token_id": 0}'
    )
    before, after = (write(Checkpoint(folder, Sampling(max_tokens=24)), base(4)) for folder in (checkpoint, changed))
    assert {key: answer.text for key, answer in before.items()} == {key: answer.text for key, answer in after.items()}


def test_stop_ends_a_batch_that_is_under_way(checkpoint: Path, tmp_path: Path) -> None:
    endless = shutil.copytree(checkpoint, tmp_path / "endless")
    for name, key in (
        ("config.json", "eos_token_id"),
        ("generation_config.json", "eos_token_id"),
        ("tokenizer_config.json", "eos_token"),
    ):
        settings = json.loads((endless / name).read_text())
        del settings[key]  # a model without an end-of-text token ends only at the limit
        (endless / name).write_text(json.dumps(settings))
    asked = Checkpoint(endless, Sampling(max_tokens=100_000), batch_size=2)
    threading.Timer(3.0, asked.stop).start()
    assert write(asked, base(4)) == {}


def test_the_fingerprint_changes_with_the_weights_and_with_the_template(checkpoint: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    assert fingerprint(copy) == fingerprint(checkpoint)
    weights = copy / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    changed = fingerprint(copy)
    assert changed != fingerprint(checkpoint)
    with (copy / "chat_template.jinja").open("a") as file:
        file.write(" ")
    assert fingerprint(copy) != changed


def test_a_folder_with_damaged_weights_is_one_sentence(checkpoint: Path, tmp_path: Path) -> None:
    damaged = shutil.copytree(checkpoint, tmp_path / "damaged")
    (damaged / "model.safetensors").write_bytes(b"not weights at all")
    with pytest.raises(AssayError, match=r"damaged cannot be (loaded by transformers|read): "):
        write(Checkpoint(damaged, Sampling()), base(1))


def test_a_device_that_is_not_there_is_one_sentence(checkpoint: Path) -> None:
    with pytest.raises(AssayError, match=r"does not go to the device 'cuda:77'.*--device"):
        write(Checkpoint(checkpoint, Sampling(), device="cuda:77"), base(1))


def test_a_hole_cannot_be_filled_without_special_tokens(checkpoint: Path) -> None:
    with pytest.raises(AssayError, match=r"--prompt fim-starcoder, (or )?ask in words"):
        write(Checkpoint(checkpoint, Sampling()), [Request("k", text="a", suffix="b")])


def test_a_folder_without_its_parts_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r"does not exist. Check the path\."):
        check_folder(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(AssayError, match="is a file"):
        check_folder(tmp_path / "file")
    (tmp_path / "run" / "model").mkdir(parents=True)
    (tmp_path / "run" / "model" / "config.json").touch()
    with pytest.raises(AssayError, match=r"is the folder of a run. Name its model: .*run/model"):
        check_folder(tmp_path / "run")
    for name, sentence in [
        ("config.json", "holds no config.json"),
        ("model.safetensors", "holds no weights"),
        ("tokenizer.json", "holds no tokenizer"),
    ]:
        with pytest.raises(AssayError, match=sentence):
            check_folder(tmp_path)
        (tmp_path / name).touch()
    check_folder(tmp_path)
    assert not has_chat_template(tmp_path)
    assert not is_talked_to(tmp_path)


def test_what_assay_trained_continues_texts_unless_its_record_says_otherwise(tmp_path):
    (tmp_path / "tokenizer_config.json").write_text('{"chat_template": "{{ messages }}"}')
    assert is_talked_to(tmp_path)
    for record, talked_to in (('{"stage": "pretrain"}', False), ('{"style": "chat"}', True), ("[]", False)):
        (tmp_path / "assay.json").write_text(record)
        assert is_talked_to(tmp_path) == talked_to


def test_without_the_extra_one_sentence_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (tmp_path / name).touch()
    monkeypatch.setattr(source, "find_spec", lambda name: None)
    with pytest.raises(
        AssayError, match=r"needs torch, which is not installed. Run: pip install 'assay\[checkpoint\]'"
    ):
        Checkpoint(tmp_path, Sampling()).check()

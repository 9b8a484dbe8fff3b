"""Texts come out the same alone or in company, as transformers writes them, and end where they should."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
import torch
from theirs import make

from assay.models.network import convert
from assay.models.network.cache import Cache
from assay.models.network.config import ModelConfig
from assay.models.network.generate import Generated, Prompt, generate, write_texts
from assay.models.network.model import CodeModel
from assay.models.network.native import library
from assay.models.network.sampling import numbers

WAYS: dict[str, dict[str, Any]] = {
    "greedy": {"temperature": 0.0},
    "sampled": {"temperature": 1.0},
    "warm": {"temperature": 1.4},
    "nucleus": {"temperature": 0.9, "top_p": 0.8},
}
MOE = {"experts": 4, "top_k": 2, "expert_ffn": 24}


@pytest.fixture(autouse=True, params=["in C", "in torch"])
def attention(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test here is run with both: who has no gcc writes by torch alone."""
    if request.param == "in torch":
        monkeypatch.setattr(library, "load", lambda: None)
    elif library.load() is None:
        pytest.skip("attention in C was not compiled; install gcc, and unset ASSAY_NATIVE")
    return request.param


class Letters:
    """One character a token; the end token has none."""

    def decode(self, ids: list[int]) -> str:
        return "".join(chr(32 + number) for number in ids if number)


def network(architecture: str = "qwen3", **more: Any) -> CodeModel:
    moe = MOE if architecture == "qwen3_moe" else {}
    config = ModelConfig(architecture, 96, 32, 2, 4, 2, 16, 48, init_std=0.4, eos=(0,), **moe, **more)
    return CodeModel(config, seed=7).eval()


def prompts(count: int = 12, seed: int = 0) -> list[list[int]]:
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.randint(1, 40, (count,), generator=generator).tolist()
    return [torch.randint(1, 96, (length,), generator=generator).tolist() for length in lengths]


def recomputed(model: CodeModel, prompt: list[int], text: Generated) -> torch.Tensor:
    """Log-probabilities of what was written, from one pass without any cache: (written, V)."""
    with torch.no_grad():
        logits = model(torch.tensor([[*prompt, *text.ids]])).logits[0]
    return logits[len(prompt) - 1 : -1].log_softmax(-1)


@pytest.mark.parametrize("architecture", ["qwen3", "qwen3_moe", "qwen2"])
@pytest.mark.parametrize("way", WAYS)
def test_a_text_is_the_same_alone_and_in_any_company(architecture: str, way: str, attention: str) -> None:
    model, asked = network(architecture), prompts()
    seeds = list(range(50, 62))
    together = generate(model, Letters(), asked, 3, 24, seeds=seeds, **WAYS[way])
    crowded = generate(model, Letters(), asked, 3, 24, seeds=seeds, rows=7, **WAYS[way])
    assert [[text.ids for text in texts] for texts in crowded] == [[text.ids for text in texts] for texts in together]
    for number in range(0, len(asked), 3):
        for sample in range(3):
            seed = [seeds[number] + sample]
            (alone,) = generate(model, Letters(), [asked[number]], 1, 24, seeds=seed, **WAYS[way])
            assert alone[0].ids == together[number][sample].ids
            if attention == "in C" and architecture != "qwen3_moe":
                assert alone[0].logprobs == together[number][sample].logprobs
            assert alone[0].logprobs == pytest.approx(together[number][sample].logprobs, abs=1e-4)


@pytest.mark.parametrize("samples", [1, 2], ids=["alone", "shared"])
def test_slots_that_few_long_texts_gave_up_come_back_for_the_next_prompts(samples: int) -> None:
    """Room for more tokens is made for the texts still being written alone, then other prompts come."""
    model, asked = network(), prompts(400)
    model.config = replace(model.config, eos=(0, 1, 2, 3))
    sizes: list[int] = []

    def see(tokens: list[tuple[int, int, int]]) -> None:
        sizes.append(seen[0]._texts.slots)

    seen: list[Cache] = []
    make_cache = Cache.__init__

    def remember(self: Cache, *args: Any, **more: Any) -> None:
        make_cache(self, *args, **more)
        seen.append(self)

    questions = [Prompt(ids, seed=number) for number, ids in enumerate(asked)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cache, "__init__", remember)
        together = write_texts(model, Letters(), questions, samples, 150, rows=100, see=see)
    assert together is not None
    assert any(later < size for size, later in itertools.pairwise(sizes)), "none was given up"
    assert any(later > size for size, later in itertools.pairwise(sizes)), "none came back"
    longest = max(range(400), key=lambda number: len(together[number][0].ids))
    assert len(together[longest][0].ids) > 64
    for number in (longest, 0, 70, 399):
        alone = write_texts(model, Letters(), [questions[number]], samples, 150)
        assert alone is not None
        assert [text.ids for text in alone[0]] == [text.ids for text in together[number]]


@pytest.mark.parametrize("architecture", ["qwen3", "qwen2"])
def test_equal_prompts_are_read_once_and_their_texts_stay_the_same(
    architecture: str, attention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when several samples of a task are asked for one by one."""
    model, asked = network(architecture), prompts()
    questions = [Prompt(ids, seed=number) for number, ids in enumerate(asked * 3)]
    read: list[int] = []
    plain = Cache.read

    def count(self: Cache, first: int, some: list[list[int]], samples: list[int]) -> torch.Tensor:
        read.append(len(some))
        return plain(self, first, some, samples)

    monkeypatch.setattr(Cache, "read", count)
    together = write_texts(model, Letters(), questions, max_tokens=24)
    # In torch it would not pay.
    assert sum(read) == (12 if attention == "in C" else 36)
    assert together is not None
    for number in range(0, 36, 5):
        alone = write_texts(model, Letters(), [questions[number]], max_tokens=24)
        assert alone is not None
        assert alone[0][0].ids == together[number][0].ids
        if attention == "in C":
            assert alone[0][0].logprobs == together[number][0].logprobs


@pytest.mark.parametrize("architecture", ["qwen3", "qwen3_moe", "qwen2"])
def test_log_probabilities_are_those_of_one_pass_over_the_text(architecture: str) -> None:
    model, asked = network(architecture), prompts()
    for prompt, texts in zip(
        asked, generate(model, Letters(), asked, 2, 24, temperature=1.3, seeds=range(12)), strict=True
    ):
        for text in texts:
            expected = recomputed(model, prompt, text).gather(1, torch.tensor(text.ids).unsqueeze(1)).squeeze(1)
            torch.testing.assert_close(torch.tensor(text.logprobs), expected, atol=1e-4, rtol=0)


def test_greedy_takes_the_most_likely_token_of_one_pass() -> None:
    model, asked = network(), prompts()
    for prompt, (text,) in zip(asked, generate(model, Letters(), asked, 1, 24, temperature=0), strict=True):
        assert text.ids == recomputed(model, prompt, text).argmax(-1).tolist()


@pytest.mark.parametrize("kind", ["qwen3", "qwen3_moe", "qwen2"])
def test_greedy_texts_are_those_of_transformers(kind: str, tmp_path: Any) -> None:
    theirs = make(kind)
    theirs.save_pretrained(tmp_path)
    ours = convert.load(tmp_path)
    for prompt, (text,) in zip(prompts(6), generate(ours, Letters(), prompts(6), 1, 24, temperature=0), strict=True):
        expected = theirs.generate(torch.tensor([prompt]), max_new_tokens=24, do_sample=False)[0, len(prompt) :]
        assert text.ids == expected.tolist()


@pytest.mark.parametrize("samples", [1, 2], ids=["alone", "shared"])
def test_a_prompt_longer_than_what_is_read_at_once_is_read_in_pieces(samples: int) -> None:
    model = network()
    long = torch.randint(1, 96, (600,), generator=torch.Generator().manual_seed(1)).tolist()
    asked = [long, long[:257], long[:3], long[:256]]
    written = generate(model, Letters(), asked, samples, 8, temperature=0, rows=2)
    for prompt, texts in zip(asked, written, strict=True):
        assert len(texts) == samples
        for text in texts:
            assert text.ids == recomputed(model, prompt, text).argmax(-1).tolist()


def test_a_text_ends_at_the_end_token_at_a_stop_string_or_at_the_limit() -> None:
    model, asked = network(), prompts(40)
    whole = [texts[0] for texts in generate(model, Letters(), asked, 1, 40, seeds=range(40))]
    assert {text.finish for text in whole} == {"stop", "length"}
    for text in whole:
        assert len(text.logprobs) == len(text.ids) <= 40
        assert (text.ids[-1] == 0) == (text.finish == "stop")
        assert 0 not in text.ids[:-1]
        assert text.text == Letters().decode(text.ids)
        assert 0 < text.first_token_s <= text.total_s
    stops = ("no such text", whole[0].text[3:5], whole[1].text[4])
    cut = [texts[0] for texts in generate(model, Letters(), asked, 1, 40, stops=stops, seeds=range(40))]
    for before, after in zip(whole, cut, strict=True):
        ends = [before.text.index(stop) + len(stop) for stop in stops if stop in before.text]
        if not ends:
            assert after.ids == before.ids
            continue
        assert after.finish == "stop"
        assert after.ids == before.ids[: min(ends)]  # with the tokens of the stop string
        assert after.text == before.text[: min(before.text.index(stop) for stop in stops if stop in before.text)]
    assert sum(after.ids != before.ids for before, after in zip(whole, cut, strict=True)) > 2


def test_every_prompt_has_its_own_stop_strings() -> None:
    model, asked = network(), prompts(2)
    whole = [texts[0].text for texts in generate(model, Letters(), asked, 1, 20, seeds=[1, 2])]
    stop = whole[0][2]
    written = write_texts(model, Letters(), [Prompt(asked[0], (stop,), 1), Prompt(asked[1], (), 2)], max_tokens=20)
    assert written is not None
    assert written[0][0].text == whole[0][: whole[0].index(stop)]
    assert written[1][0].text == whole[1]


def test_samples_of_a_prompt_and_prompts_of_a_seed_differ() -> None:
    asked = prompts(1)
    texts = generate(network(), Letters(), [asked[0], asked[0]], 16, 12, seeds=[1, 100])
    assert len({text.text for text in itertools.chain(*texts)}) > 25
    # One seed for all tasks, as in an evaluation: the draws are not the same ones.
    first, second = (numbers(3, 0, prompt, 5, 1.0) for prompt in ([1, 2], [1, 3]))
    assert not torch.equal(first, second)
    assert torch.equal(numbers(3, 2, [1, 2], 5, 1.0), numbers(5, 0, [1, 2], 5, 1.0))


def test_who_watches_sees_every_token_in_order_and_can_stop() -> None:
    model, asked = network(), prompts(5)
    seen: dict[tuple[int, int], list[int]] = {}

    def see(tokens: list[tuple[int, int, int]]) -> None:
        for prompt, sample, token in tokens:
            seen.setdefault((prompt, sample), []).append(token)

    questions = [Prompt(ids, seed=1) for ids in asked]
    texts = write_texts(model, Letters(), questions, 2, 16, see=see, rows=4)
    assert texts is not None
    assert {(p, s): text.ids for p, row in enumerate(texts) for s, text in enumerate(row)} == seen
    calls = itertools.count()
    assert write_texts(model, Letters(), questions, 2, 16, stopped=lambda: next(calls) > 3) is None


@pytest.mark.parametrize("ids", [[], [1, 96], [-1]])
def test_a_prompt_that_cannot_be_continued_is_refused(ids: list[int]) -> None:
    with pytest.raises(ValueError, match="prompt 1 has no tokens, or tokens outside"):
        generate(network(), Letters(), [[1], ids])


def test_bfloat16_writes_what_it_computes() -> None:
    model, asked = network().bfloat16(), prompts(4)
    for prompt, (text,) in zip(asked, generate(model, Letters(), asked, 1, 12, seeds=range(4)), strict=True):
        expected = recomputed(model, prompt, text).float().gather(1, torch.tensor(text.ids).unsqueeze(1)).squeeze(1)
        torch.testing.assert_close(torch.tensor(text.logprobs), expected, atol=0.5, rtol=0)

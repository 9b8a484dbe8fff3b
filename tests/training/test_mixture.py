"""Shares, order, resuming, weights and what becomes of long documents."""

import json
import random
from collections import Counter

import numpy as np
import pytest

from assay.errors import AssayError
from assay.training.example import TASKS, Example, Piece
from assay.training.mixture import Mixture
from assay.training.packing import MODES, best_fit, by_length
from assay.training.pool import Pool, joined, make_pools
from assay.training.tokenizer import END, train_tokenizer

pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

WEIGHTS = {"complete": 6, "infill": 3, "repair": 1}


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(["return x + y\n" * 9], 280)


@pytest.fixture(scope="module")
def pools(tokenizer):
    rng = random.Random(4)
    examples = [
        Example(
            rng.choice(tuple(WEIGHTS)),
            (Piece("x + " * rng.randint(1, 9), 0.1, plain=True), Piece("y\n" * rng.randint(2, 20), plain=True)),
        )
        for _ in range(300)
    ]
    return make_pools("made", examples, tokenizer)


@pytest.mark.parametrize("mode", MODES)
def test_a_restored_mixture_goes_on_with_the_same_batches_at_any_step(pools, tokenizer, mode):
    whole = Mixture(pools, WEIGHTS, tokenizer, 7, length=64, mode=mode)
    budgets = [budget for budget in (200, 200, 300, 128, 200) for _ in range(9)]
    states, batches = [], []
    for budget in budgets:
        states.append(json.dumps(whole.state()))
        batches.append(whole.next(budget))
    for step in (0, 1, 5, 17, 18, 30, 44):
        resumed = Mixture(pools, WEIGHTS, tokenizer, 7, length=64, mode=mode)
        resumed.restore(json.loads(states[step]))
        for budget, batch in zip(budgets[step:], batches[step:], strict=True):
            again = resumed.next(budget)
            for name in ("tokens_BT", "weights_BT", "segments_BT", "positions_BT", "tasks_BT"):
                assert np.array_equal(getattr(again, name), getattr(batch, name))


@pytest.mark.parametrize("mode", MODES)
def test_tokens_are_shared_by_weight_and_batches_stay_within_the_budget(pools, tokenizer, mode):
    mixture = Mixture(pools, WEIGHTS, tokenizer, 7, length=64, mode=mode)
    batches = [mixture.next(320) for _ in range(200)]
    assert all(batch.tokens_BT.size <= 320 for batch in batches)
    total = np.sum([batch.task_tokens for batch in batches], axis=0)
    shares = {task: total[number] / total.sum() for number, task in enumerate(TASKS)}
    assert [round(shares[task], 2) for task in WEIGHTS] == [0.6, 0.3, 0.1]
    assert sum(batch.tokens for batch in batches) / sum(batch.tokens_BT.size for batch in batches) > 0.9


@pytest.mark.parametrize("mode", MODES)
def test_every_example_is_seen_once_an_epoch(pools, tokenizer, mode):
    mixture = Mixture(pools, {"repair": 1}, tokenizer, 7, length=64, mode=mode)
    pool = next(pool for pool in pools if pool.task == "repair")
    seen: list[tuple[int, ...]] = []
    while mixture.epochs["made/repair"] <= 1:
        batch = mixture.next(128)
        for tokens_T, segments_T in zip(batch.tokens_BT, batch.segments_BT, strict=True):
            seen += [tuple(tokens_T[segments_T == number]) for number in range(1, segments_T.max() + 1)]
    there = Counter(tuple(pool.tokens_N[start:end]) for start, end in zip(pool.starts_D, pool.ends_D, strict=True))
    waiting = len(pool.ends_D) * mixture.epochs["made/repair"] - len(seen)
    assert (there - Counter(seen)).total() <= waiting


def test_a_batch_says_what_is_learnt(tokenizer):
    pools = make_pools("one", [Example("repair", (Piece("xy", 0.1), Piece("+x")))], tokenizer)
    batch = Mixture(pools, {"repair": 1}, tokenizer, mode="pack", length=16).next(16)
    assert tokenizer.decode(batch.tokens_BT[0, :5]) == "xy+x" + END
    expected = [0, 0.1, 1, 1, 1]
    assert batch.weights_BT[0, :10] == pytest.approx(expected * 2)
    assert batch.segments_BT[0].tolist() == [1] * 5 + [2] * 5 + [3] * 5 + [0]
    assert batch.positions_BT[0].tolist() == [*range(5)] * 3 + [0]
    assert batch.tasks_BT[0].tolist() == [2] * 15 + [-1]
    assert (batch.documents, batch.tokens, batch.learnt_tokens, batch.learnt_bytes) == (3, 15, 9, 6)
    assert batch.padding == 1 / 16


def test_long_plain_text_is_cut_and_a_long_answer_is_left_out(tokenizer):
    examples = [
        Example("complete", (Piece("xy+" * 30, plain=True),)),
        Example("repair", (Piece("x" * 100, 0.1), Piece("y"))),
        Example("repair", (Piece("x", 0.1), Piece("y"))),
    ]
    pools = make_pools("long", examples, tokenizer)
    mixture = Mixture(pools, {"complete": 1, "repair": 1}, tokenizer, length=32)
    complete, repair = mixture.report
    assert (complete.cut, complete.dropped, repair.cut, repair.dropped) == (1, 0, 0, 1)
    assert repair.dropped_tokens == 102
    assert sum(batch.cut for batch in (mixture.next(64) for _ in range(20))) > 0


def test_text_that_looks_like_a_special_token_stays_text(tokenizer):
    pools = make_pools("h", [Example("complete", (Piece(f"a{END}b", plain=True),))], tokenizer)
    assert (pools[0].tokens_N == tokenizer.end_id).sum() == 1  # the one that ends the document


def test_pools_come_back_from_their_files_and_can_be_joined(pools, tokenizer, tmp_path):
    pools[0].save(tmp_path / "p")
    again = Pool.load(tmp_path / "p")
    both = joined([again, pools[0]])
    assert (again.name, again.weights) == (pools[0].name, pools[0].weights)
    assert np.array_equal(both.tokens_N, np.concatenate([pools[0].tokens_N] * 2))
    assert both.starts_D[len(pools[0].ends_D)] == len(pools[0].tokens_N)


def test_limits_stop_a_pool(tokenizer):
    examples = [Example("complete", (Piece("x" * 10),))] * 50
    (pool,) = make_pools("a", examples, tokenizer, {"complete": 100})
    assert 100 <= len(pool.tokens_N) <= 111


def test_packing_leaves_hardly_any_room_and_nobody_waits_for_ever():
    rng = random.Random(3)
    line = [(number, rng.randint(5, 64)) for number in range(200)]
    placed, left = best_fit(line, 8, 64)
    tokens = dict(line)
    assert all(sum(tokens[one] for one in row) <= 64 for row in placed)
    assert sum(tokens[one] for row in placed for one in row) >= 0.97 * 8 * 64
    assert any(0 in row for row in placed)
    assert sorted([one for row in placed for one in row] + [one for one, _ in left]) == list(range(200))


def test_batches_by_length_hold_every_document_once():
    rng = random.Random(3)
    documents = [(number, rng.randint(5, 64)) for number in range(200)]
    batches = by_length(documents, 256, 1)
    tokens = dict(documents)
    assert sorted(one for batch in batches for one in batch) == list(range(200))
    assert all(len(batch) * max(tokens[one] for one in batch) <= 256 for batch in batches)
    assert batches != by_length(documents, 256, 2)


def test_what_is_wrong_is_said_in_a_sentence(pools, tokenizer):
    with pytest.raises(AssayError, match="no task"):
        Mixture(pools, {"trace": 1}, tokenizer)
    with pytest.raises(AssayError, match="Choose one of"):
        Mixture(pools, WEIGHTS, tokenizer, mode="tight")
    state = Mixture(pools, WEIGHTS, tokenizer, 1).state()
    with pytest.raises(AssayError, match="another mixture"):
        Mixture(pools, WEIGHTS, tokenizer, 2).restore(state)

"""The loop with a tiny network, real sampling and the real judge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the loop needs torch: pip install 'assay[train]'")
pytest.importorskip("tokenizers", reason="the loop needs tokenizers: pip install 'assay[train]'")

from assay.errors import AssayError  # noqa: E402
from assay.models.network.config import ModelConfig  # noqa: E402
from assay.models.network.convert import load  # noqa: E402
from assay.models.network.model import CodeModel  # noqa: E402
from assay.training.batch import make_batch  # noqa: E402
from assay.training.example import Example, Piece  # noqa: E402
from assay.training.mixture import Mixture  # noqa: E402
from assay.training.pool import make_pools  # noqa: E402
from assay.training.rl.grading import Grader  # noqa: E402
from assay.training.rl.learner import Learner  # noqa: E402
from assay.training.rl.loop import Loop, Material  # noqa: E402
from assay.training.rl.rollout import Writer  # noqa: E402
from assay.training.rl.settings import Settings  # noqa: E402
from assay.training.tokenizer import Tokenizer, train_tokenizer  # noqa: E402
from rl_tasks import task  # noqa: E402

NUMBERS = range(3)
TASKS = [task(number, tests=4) for number in NUMBERS]


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def grader():
    with Grader(jobs=1, tests=2) as made:
        yield made


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer([each.program for each in TASKS] * 3, 300).save(folder)
    return Tokenizer.load(folder)


@pytest.fixture(scope="module")
def start(tokenizer, tmp_path_factory) -> dict:
    """Weights that write a right body in about half of the samples: taught right and wrong ones alike."""
    model = fresh(tokenizer)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    bodies = ["    return x + 0\n", "    return x + 1\n", "    return x + 2\n"]
    texts = [(tokenizer.encode(each.prompt), tokenizer.encode(body)) for each in TASKS for body in bodies]
    longest = max(len(a) + len(b) + 1 for a, b in texts)
    rows = torch.tensor([[*a, *b] + [tokenizer.end_id] * (longest - len(a) - len(b)) for a, b in texts])
    for _ in range(60):
        logits = model(rows[:, :-1]).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.state_dict()


def fresh(tokenizer, weights=None) -> CodeModel:
    config = ModelConfig(
        vocab=tokenizer.vocab_size,
        width=32,
        layers=2,
        heads=2,
        kv_heads=1,
        head_dim=16,
        ffn=64,
        eos=(tokenizer.end_id,),
    )
    model = CodeModel(config, seed=1)
    if weights is not None:
        model.load_state_dict(weights)
    return model


def settings(**more) -> Settings:
    usual = {"steps": 4, "prompts": 3, "samples": 6, "depths": "1=1", "learning_rate": 3e-3, "precision": "fp32"}
    return Settings(**{**usual, "checks": 1, "held_out": 3, "replay": 0, "seed": 5, "warmup": 1, **more})


def mixture_pools(tokenizer, tasks=TASKS):
    examples = [Example("complete", (Piece(each.prompt, 0.1), Piece(each.body))) for each in tasks]
    return make_pools("forge", examples, tokenizer)


def mixture(tokenizer) -> Mixture:
    return Mixture(mixture_pools(tokenizer), {"complete": 1.0}, tokenizer, seed=3)


def run(
    tokenizer, start, grader, out: Path, chosen: Settings, replay=False, show=lambda row: None, origin=None
) -> Loop:
    material = Material(TASKS, TASKS, mixture(tokenizer) if replay else None)
    loop = Loop(fresh(tokenizer, start), tokenizer, material, grader, chosen, out, 24, show, origin=origin)
    loop.run()
    return loop


def rows_of(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def test_execution_alone_teaches_which_answer_is_right(tokenizer, start, grader, tmp_path):
    chosen = settings(steps=30, prompts=1, samples=16, checks=2, learning_rate=4e-3)
    one = TASKS[1:2]
    loop = Loop(fresh(tokenizer, start), tokenizer, Material(one, one), grader, chosen, tmp_path, 24)
    loop.run()
    steps = [row for row in rows_of(tmp_path) if "reward" in row]
    early, late = (sum(row["reward"] for row in part) / 10 for part in (steps[:10], steps[-10:]))
    assert late > early + 0.15 and late > 0.5
    checks = [row["held_out"] for row in rows_of(tmp_path) if "held_out" in row]
    assert len(checks) == 3 and checks[-1] == {"passed": 1, "tried": 1, "by_depth": {"1": [1, 1]}}
    assert sum(row["audit_wrong"] for row in steps) == 0 and sum(row["audited"] for row in steps) > 0
    assert any(not attempt.passed for attempt in loop.store)
    assert load(tmp_path / "checkpoint").config.vocab == tokenizer.vocab_size


@pytest.mark.parametrize("loss", ["grpo", "dr_grpo", "dapo", "gspo", "cispo", "rft"])
def test_every_loss_makes_a_step(tokenizer, start, grader, tmp_path, loss):
    updates = 1 if loss == "rft" else 2
    loop = run(
        tokenizer, start, grader, tmp_path, settings(steps=2, loss=loss, updates=updates, kl=0.01, replay=64), True
    )
    rows = [row for row in rows_of(tmp_path) if "reward" in row]
    assert len(rows) == 2 and all(abs(row["loss"]) < 100 and row["replay_loss"] > 0 for row in rows)
    changed = loop._learner.model.state_dict()
    assert any(not torch.equal(changed[name], weight) for name, weight in start.items())


def contents(out: Path) -> dict:
    timeless = [{k: v for k, v in row.items() if k not in ("time", "seconds")} for row in rows_of(out)]
    return {
        "log": timeless,
        "attempts": (out / "attempts.jsonl").read_bytes(),
        "weights": load(out / "checkpoint").state_dict(),
    }


def same(one: dict, other: dict) -> bool:
    weights = all(torch.equal(one["weights"][name], other["weights"][name]) for name in one["weights"])
    return weights and one["log"] == other["log"] and one["attempts"] == other["attempts"]


def test_a_run_that_was_stopped_ends_as_one_that_never_was(tokenizer, start, grader, tmp_path):
    chosen = settings(steps=6, replay=64, checks=3)
    run(tokenizer, start, grader, tmp_path / "whole", chosen, True)

    class Stopped(Exception):
        pass

    def stop_at(step):
        def show(row):
            if row["step"] == step and "held_out" not in row:
                raise Stopped

        return show

    for step in (1, 3, 5):
        with pytest.raises(Stopped):
            run(tokenizer, start, grader, tmp_path / "parts", chosen, True, stop_at(step))
    run(tokenizer, start, grader, tmp_path / "parts", chosen, True)
    assert same(contents(tmp_path / "whole"), contents(tmp_path / "parts"))


def test_it_goes_on_only_with_the_settings_it_was_started_with(tokenizer, start, grader, tmp_path):
    run(tokenizer, start, grader, tmp_path, settings(steps=1))
    with pytest.raises(AssayError, match="samples = 6"):
        run(tokenizer, start, grader, tmp_path, settings(steps=1, samples=4))


ORIGIN = {"CHECKPOINT": ("/runs/nano", "a1"), "--forge": ("/tasks", "b2")}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"CHECKPOINT": ("/runs/other", "c3")}, "CHECKPOINT /runs/nano, and this is /runs/other"),
        ({"--forge": ("/tasks", "c3")}, "--forge /tasks, which has changed since"),
    ],
)
def test_it_goes_on_only_with_the_model_and_the_tasks_it_began_with(tokenizer, start, grader, tmp_path, other, said):
    run(tokenizer, start, grader, tmp_path, settings(steps=1), origin=ORIGIN)
    moved = {**ORIGIN, "--forge": ("/elsewhere", "b2")}
    assert run(tokenizer, start, grader, tmp_path, settings(steps=2), origin=moved).step == 2
    run(tokenizer, start, grader, tmp_path / "two", settings(steps=1), origin=ORIGIN)
    before = {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir() if path.is_file()}
    with pytest.raises(AssayError, match=said):
        run(tokenizer, start, grader, tmp_path / "two", settings(steps=2), origin={**ORIGIN, **other})
    assert {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir() if path.is_file()} == before


def test_a_checkpoint_that_says_nothing_of_where_the_run_began_is_gone_on_from(tokenizer, start, grader, tmp_path):
    run(tokenizer, start, grader, tmp_path, settings(steps=1))
    path = tmp_path / "checkpoint/rl_state.json"
    state = json.loads(path.read_text())
    del state["origin"]
    path.write_text(json.dumps(state))
    assert run(tokenizer, start, grader, tmp_path, settings(steps=2), origin=ORIGIN).step == 2


def test_a_run_that_is_made_longer_is_checked_and_kept_at_its_new_end(tokenizer, start, grader, tmp_path):
    run(tokenizer, start, grader, tmp_path, settings(steps=2, checks=2))
    loop = run(tokenizer, start, grader, tmp_path, settings(steps=5, checks=2))
    assert loop.executed is not None and loop.executed["step"] == 5
    finished = contents(tmp_path)
    assert all(torch.equal(loop.model.state_dict()[name], weight) for name, weight in finished["weights"].items())
    run(tokenizer, start, grader, tmp_path, settings(steps=5, checks=2))
    assert same(finished, contents(tmp_path)), "nothing more to do"


def test_without_checks_in_between_the_end_is_checked_and_kept(tokenizer, start, grader, tmp_path):
    loop = run(tokenizer, start, grader, tmp_path, settings(steps=2, checks=0))
    assert [row["step"] for row in rows_of(tmp_path) if "held_out" in row] == [0, 2]
    kept = load(tmp_path / "checkpoint").state_dict()
    assert all(torch.equal(kept[name], weight) for name, weight in loop.model.state_dict().items())


def test_replay_that_was_made_for_other_steps_is_refused_by_their_number(tokenizer, start, grader, tmp_path):
    run(tokenizer, start, grader, tmp_path, settings(steps=1, replay=64), True)
    other = Mixture(mixture_pools(tokenizer, TASKS[:2]), {"complete": 1.0}, tokenizer, seed=3)
    material = Material(TASKS, TASKS, other)
    with pytest.raises(AssayError, match=r"started with --steps 1, .* with --steps 3"):
        Loop(fresh(tokenizer, start), tokenizer, material, grader, settings(steps=3, replay=64), tmp_path, 24)


def test_a_full_disk_is_one_sentence_and_the_last_checkpoint_stays(tokenizer, start, grader, tmp_path, monkeypatch):
    run(tokenizer, start, grader, tmp_path, settings(steps=1))
    before = (tmp_path / "checkpoint/rl_state.json").read_bytes()

    def full(*_: object) -> None:
        raise RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 64 vs 0\nframe #0")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(AssayError, match=r"could not be written: .*unexpected pos"):
        run(tokenizer, start, grader, tmp_path, settings(steps=2))
    assert (tmp_path / "checkpoint/rl_state.json").read_bytes() == before


def test_a_step_that_learns_from_replay_alone_has_no_entropy_and_no_gap(tokenizer, start):
    step = Learner(fresh(tokenizer, start), settings(), 24).learn([], mixture(tokenizer).next(64))
    assert step.replay_loss is not None and step.entropy is None and step.gap is None


def test_groups_that_teach_nothing_are_replaced_within_bounds(tokenizer, start, grader, tmp_path):
    asked: list[int] = []

    class Counting(Writer):
        def write(self, tasks, samples, temperature, seed, **more):
            asked.append(len(tasks))
            return super().write(tasks, samples, 1e-6 if temperature else temperature, seed, **more)  # all alike

    tasks = [task(number, tests=4) for number in range(40)]
    loop = Loop(
        fresh(tokenizer, start),
        tokenizer,
        Material(tasks, []),
        grader,
        settings(steps=1, prompts=4, refills=2),
        tmp_path,
        24,
    )
    loop._writer = Counting(loop._learner.model, tokenizer, 24)
    loop.run()
    (row,) = rows_of(tmp_path)
    assert asked == [4, 4, 4]
    assert row["groups"] == 12 and row["taught"] == 0 and row["settled"] == 1.0
    assert all(torch.equal(loop._learner.model.state_dict()[name], weight) for name, weight in start.items())


def test_shuffled_rewards_go_to_samples_of_their_own_group(tokenizer, start, grader, tmp_path):
    seen = []
    material = Material(TASKS, [])
    loop = Loop(
        fresh(tokenizer, start), tokenizer, material, grader, settings(steps=1, control="shuffled"), tmp_path, 24
    )
    inner = loop._learner.learn
    loop._learner.learn = lambda lessons, *more: seen.extend(lessons) or inner(lessons, *more)  # type: ignore[method-assign]
    loop.run()
    (row,) = (row for row in rows_of(tmp_path) if "reward" in row)
    assert row["taught"] == len(seen) > 0
    assert all(sum(lesson.advantages) == pytest.approx(0.0) for lesson in seen)


def test_nothing_is_learnt_from_what_the_machine_could_not_judge(tokenizer, start, tmp_path):
    from assay.training.rl.grading import Counts, Grade

    class Broken:
        counts = Counts()
        jobs = 1

        def rest(self, processes):
            pass

        def grade(self, asked, round_):
            return [Grade(None, "harness_error", "the judging process ended")] * len(asked)

        def grade_as_written(self, written, round_):
            grade = Grade(None, "harness_error", "the judging process ended")
            return {(each[0].task_id, each[1]): grade for each in written if each is not None}

        def audit(self, asked):
            return []

    loop = run(tokenizer, start, Broken(), tmp_path, settings(steps=2))
    rows = [row for row in rows_of(tmp_path) if "reward" in row]
    assert all(row["taught"] == 0 and row["harness_errors"] > 0 for row in rows)
    assert len(loop.store) == 0
    assert all(torch.equal(loop._learner.model.state_dict()[name], weight) for name, weight in start.items())


def test_what_is_written_is_learnt_from_with_the_probability_it_was_written_with(tokenizer, start, grader, tmp_path):
    run(tokenizer, start, grader, tmp_path, settings(steps=3))
    gaps = [row["gap"] for row in rows_of(tmp_path) if "gap" in row]
    assert gaps and all(abs(gap) < 1e-5 for gap in gaps)


def test_there_is_no_gap_at_another_temperature_than_the_writers_log_probabilities_have(
    tokenizer, start, grader, tmp_path
):
    run(tokenizer, start, grader, tmp_path, settings(steps=2, temperature=0.7))
    rows = rows_of(tmp_path)
    assert any("entropy" in row for row in rows) and not any("gap" in row for row in rows)


def test_a_loss_that_is_no_number_stops_the_run_and_leaves_the_weights(tokenizer, start):
    model = fresh(tokenizer, start)
    learner = Learner(model, settings(), 24)
    tokens = [[5, 6, 7]]
    import numpy as np

    from assay.training.batch import Document

    bad = make_batch(
        [[Document(np.array(t), np.full(3, np.nan, np.float32), 0)] for t in tokens], 3, 0, np.ones(300, np.int64)
    )
    with pytest.raises(AssayError, match="no number"):
        learner.learn([], bad)
    assert all(torch.equal(model.state_dict()[name], weight) for name, weight in start.items())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"steps": 0}, "--minutes"),
        ({"steps": 1, "minutes": 1.0}, "--minutes"),
        ({"loss": "ppo"}, "ppo"),
        ({"samples": 1}, "two"),
        ({"updates": 3}, "--loss plain"),
        ({"depths": "deep"}, "depth=share"),
        ({"depths": "1=0"}, "no depth"),
        ({"lowest": 0.9}, "--lowest"),
        ({"learning_rate": float("nan")}, "--learning-rate"),
    ],
)
def test_settings_that_cannot_be_are_refused_first(asked, said):
    with pytest.raises(AssayError, match=said):
        settings(**asked)

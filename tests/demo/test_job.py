"""The main job from end to end in miniature: real tasks, real training, real judging."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the job needs torch: pip install 'assay[train]'")
pytest.importorskip("tokenizers", reason="the job needs tokenizers: pip install 'assay[train]'")

from assay.cli.main import main  # noqa: E402
from assay.demo.exam import Answer  # noqa: E402
from assay.demo.findings import compare, examples  # noqa: E402
from assay.demo.job import Job  # noqa: E402
from assay.demo.plan import Plan  # noqa: E402
from assay.errors import AssayError  # noqa: E402
from assay.evaluation.lock import FolderLock  # noqa: E402
from assay.report.demo import DemoDisplay, score_table  # noqa: E402
from assay.report.demo_page import demo_page, write_report  # noqa: E402
from assay.report.model_card import model_card  # noqa: E402

TINY = Plan(
    "tiny",
    tasks=40,
    test_tasks=10,
    tokens=1500,
    steps=1,
    write=4,
    other=2,
    samples=2,
    prompts=2,
    checks=0,
    operations=40,
)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Killed(Exception):
    """In the place of a kill."""


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Path:
    """A job that was stopped after its long stages, before they were noted as done."""
    out = tmp_path_factory.mktemp("demo") / "job"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSAY_CACHE", str(out.parent / "cache"))
        for number in (1, 3):  # the two long ones
            job = Job(out, TINY, DemoDisplay(), model_card)
            stage = job.stages[number]

            def run_and_die(run=stage.run):
                run()
                raise Killed

            object.__setattr__(stage, "run", run_and_die)
            stages = (*job.stages[:number], stage)
            with patch.context() as inner, pytest.raises(Killed):
                inner.setattr(Job, "stages", stages)
                job.run()
        summary = Job(out, TINY, DemoDisplay(), model_card).run()
        write_report(out, summary)
    return out


def test_a_job_that_was_stopped_ends_with_everything(done):
    assert {"tasks", "pretrain", "rl", "exam", "harvest", "summary.json", "report.html"} <= {
        p.name for p in done.iterdir()
    }
    summary = json.loads((done / "summary.json").read_text())
    kinds = {(row["kind"], row["mode"]) for row in summary["content"]["scores"]}
    assert {("write", "greedy"), ("write", "sampled"), ("infill", "greedy")} <= kinds
    assert summary["content"]["learning"]["steps"] == 1 and summary["machine"]["seconds"].keys() >= {"tasks", "rl"}
    logged = [json.loads(line).get("seconds", 0) for line in (done / "pretrain/log.jsonl").read_text().splitlines()]
    assert summary["machine"]["seconds"]["pretrain"] >= round(max(logged), 1) > 0, (
        "of the process that was stopped, too"
    )
    assert (done / "rl/model/model.safetensors").exists()
    card = (done / "rl/model/README.md").read_text()
    assert "trained by reinforcement" in card and "`assay rl`" in card and "| all | 10 |" in card
    assert "trained from nothing" in (done / "pretrain/model/README.md").read_text()
    assert "write, all, greedy" in score_table(summary["content"]["scores"])


def test_a_job_that_is_done_does_nothing_again(done, monkeypatch):
    before = json.loads((done / "summary.json").read_text())
    monkeypatch.setattr(Job, "stages", ())
    assert Job(done, TINY, DemoDisplay()).run()["content"] == before["content"]


def test_another_plan_is_refused(done):
    from dataclasses import replace

    with pytest.raises(AssayError, match="seed 1"):
        Job(done, replace(TINY, seed=2), DemoDisplay())


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(AssayError, match="not empty"):
        Job(tmp_path, TINY, DemoDisplay())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "file", tmp_path / "file/job"):
        with pytest.raises(AssayError, match="cannot be made"):
            Job(out, TINY, DemoDisplay())


def test_a_job_that_another_process_does_is_left_alone(done):
    before = (done / "demo.json").read_bytes()
    lock = FolderLock(done)
    try:
        with pytest.raises(AssayError, match="in use"):
            Job(done, TINY, DemoDisplay()).run()
    finally:
        lock.release()
    assert (done / "demo.json").read_bytes() == before


def test_a_negative_number_of_threads_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["demo", "--threads", "-1"])
    assert "'-1' is not a whole number above 0" in capsys.readouterr().err


def test_every_rate_on_the_page_is_one_of_the_summary(done):
    summary = json.loads((done / "summary.json").read_text())
    page = (done / "report.html").read_text()
    table = page[page.index("What it can do") : page.index("Programs it wrote")]
    rates = {
        f"{100 * side['rate']:.1f} %" for row in summary["content"]["scores"] for side in (row["before"], row["after"])
    }
    bounds = {
        f"{100 * bound:.1f} %"
        for row in summary["content"]["scores"]
        for s in ("before", "after")
        for bound in row[s]["ci95"]
    }
    found = set(re.findall(r"\d+\.\d %", table))
    assert rates <= found <= rates | bounds


def answer(kind="write", task="t", depth=1, mode="greedy", sample=0, passed=True, text="x") -> Answer:
    return Answer(kind, task, depth, mode, sample, text, "accepted" if passed else "wrong_answer", passed)


def test_scores_are_by_kind_part_and_measure():
    before = [answer(task=str(n), depth=1 + 4 * (n % 2), passed=n < 2) for n in range(8)]
    after = [answer(task=str(n), depth=1 + 4 * (n % 2), passed=n < 6) for n in range(8)]
    rows = {(row["part"], row["mode"], row["k"]): row for row in compare(before, after, 3)}
    whole = rows["all", "greedy", 1]
    assert (whole["before"]["rate"], whole["after"]["rate"], whole["tasks"]) == (0.25, 0.75, 8)
    assert whole["difference"] == pytest.approx(0.5) and whole["p"] == pytest.approx(0.125)
    assert rows["deeper", "greedy", 1]["tasks"] == rows["depth 5", "greedy", 1]["tasks"] == 4


def test_pass_at_8_needs_eight_samples_and_harness_errors_are_in_no_number():
    few = [answer(mode="sampled", sample=n, passed=n == 0) for n in range(4)]
    assert {row["k"] for row in compare(few, few, 3)} == {1}
    many = [answer(mode="sampled", sample=n, passed=n == 0) for n in range(8)]
    rows = {row["k"]: row for row in compare(many, many, 3) if row["part"] == "all"}
    assert rows[8]["before"]["rate"] == 1.0 and rows[1]["before"]["rate"] == 0.125
    broken = [*many, answer(task="u", mode="sampled", passed=None)]
    assert compare(broken, broken, 3)[0]["tasks"] == 1


def test_examples_begin_with_what_was_learnt():
    before = [answer(task="a", passed=False), answer(task="b", passed=True), answer(task="c", passed=False)]
    after = [answer(task="a", passed=True), answer(task="b", passed=True), answer(task="c", passed=False)]
    shown = examples(before, after, {("write", name): f"prompt {name}" for name in "abc"})
    assert [row["task_id"] for row in shown] == ["a", "c"]
    assert shown[0]["asked"] == "prompt a"


def test_what_a_model_wrote_cannot_become_markup(done):
    summary = json.loads((done / "summary.json").read_text())
    for row in summary["content"]["examples"]:
        row["after"]["text"] = "<script>alert(1)</script>"
        row["after"]["detail"] = "<img src=x>"
    page = demo_page(summary, [], [])
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page

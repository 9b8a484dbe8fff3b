"""A run from plan to summary, with a judge that needs no sandbox."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assay.evaluation.plan import Plan, make_plan
from assay.evaluation.run import run
from assay.evaluation.score import Summary
from assay.evaluation.store import RunFolder
from assay.judge.verdict import Verdict
from assay.models.completion import Completion, Failure
from assay.sandbox.program import Isolation
from fakes import FakePool, a_benchmark
from test_plan import samples_file


class Notes:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.began: tuple[int, int] | None = None
        self.rows: list[Mapping[str, Verdict]] = []

    def begin(self, total: int, done: int, isolation: Isolation, to_write: int = 0) -> None:
        self.began = total, done

    def answered(self, answer: Completion | Failure, last: bool) -> None:
        """Nothing is asked here."""

    def judged(self, verdicts: Mapping[str, Verdict]) -> None:
        self.rows.append(verdicts)


def go(plan: Plan, path: Path, pool: FakePool | None = None, watcher: Notes | None = None) -> Summary:
    with RunFolder(path, plan.identity, {sample.key for sample in plan.samples}, plan.rule_sets) as folder:
        return run(plan, folder, lambda: pool or FakePool(), watcher or Notes(), jobs=2, arguments={"limit": None})


def a_plan_for(folder: Path, texts: list[str], judge: str = "hardened", plus: bool = False) -> Plan:
    rows: list[dict[str, Any]] = [{"task_id": f"T/{n}", "completion": text} for n, text in enumerate(texts)]
    path = samples_file(folder, *rows)
    return make_plan(a_benchmark(len(texts), plus=plus), f"recorded:{path}", judge=judge)


def rows_of(path: Path) -> dict[str, dict[str, Any]]:
    rows = [json.loads(line) for line in (path / "verdicts.jsonl").read_text().splitlines()]
    assert len({(row["task_id"], row["sample"]) for row in rows}) == len(rows)
    return {row["task_id"]: row for row in rows}


def test_every_sample_gets_one_row_and_the_summary_counts_them(tmp_path: Path) -> None:
    texts = [f"    return {n} # verdict: {'accepted' if n % 2 else 'wrong_answer'}\n" for n in range(40)]
    watcher = Notes()
    summary = go(a_plan_for(tmp_path, texts), tmp_path / "run", watcher=watcher)
    rows = rows_of(tmp_path / "run")
    assert {task: row["hardened"]["passed"] for task, row in rows.items()} == {f"T/{n}": n % 2 == 1 for n in range(40)}
    assert summary.as_json() == json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary.scores["hardened"].rates["pass@1"] == 0.5
    assert (watcher.began, len(watcher.rows)) == ((40, 0), 40)


def test_a_row_holds_the_rule_sets_asked_for_and_sums_of_their_cost(tmp_path: Path) -> None:
    text = "    return 1 # official: accepted # hardened: tampered\n"
    go(a_plan_for(tmp_path, [text], judge="both"), tmp_path / "run")
    row = rows_of(tmp_path / "run")["T/0"]
    assert list(row) == ["schema", "task_id", "sample", "official", "hardened", "cpu_s", "wall_s", "peak_bytes"]
    assert row["official"]["verdict"] == "accepted"
    assert row["hardened"]["verdict"] == "tampered"
    assert row["hardened"]["detail"] == "assert f() == 1"
    assert (row["schema"], row["sample"], row["cpu_s"], row["wall_s"], row["peak_bytes"]) == (1, 0, 0.5, 1.0, 1000)
    go(a_plan_for(tmp_path, [text], judge="official"), tmp_path / "other")
    assert "hardened" not in rows_of(tmp_path / "other")["T/0"]


def test_evalplus_rows_carry_base_and_plus(tmp_path: Path) -> None:
    text = "    return 1 # verdict: wrong_answer # base: accepted # plus: wrong_answer\n"
    go(a_plan_for(tmp_path, [text, ""], plus=True), tmp_path / "run")
    rows = rows_of(tmp_path / "run")
    assert (rows["T/0"]["hardened"]["base"], rows["T/0"]["hardened"]["plus"]) == ("accepted", "wrong_answer")
    assert (rows["T/1"]["hardened"]["base"], rows["T/1"]["hardened"]["plus"]) == ("no_code", "no_code")


@pytest.mark.parametrize("texts", [["", "  \n"], ["", "    return 1\n", "\t"], ["    return 1\n", ""]])
def test_an_answer_without_code_never_reaches_the_sandbox(tmp_path: Path, texts: list[str]) -> None:
    pool = FakePool()
    go(a_plan_for(tmp_path, texts, judge="both"), tmp_path / "run", pool)
    rows = rows_of(tmp_path / "run")
    assert [rows[f"T/{n}"]["hardened"]["verdict"] == "no_code" for n in range(len(texts))] == [
        not text.strip() for text in texts
    ]
    assert rows["T/0"]["official"]["verdict"] == rows["T/0"]["hardened"]["verdict"]
    assert len(pool.seen) == sum(bool(text.strip()) for text in texts)


def test_a_finished_run_is_scored_again_without_a_judge(tmp_path: Path) -> None:
    plan = a_plan_for(tmp_path, ["    return 1\n"] * 3)
    first = go(plan, tmp_path / "run")
    again = FakePool()
    assert go(plan, tmp_path / "run", again) == first
    assert again.seen == []


def test_a_run_that_breaks_off_keeps_what_it_has_and_continues_there(tmp_path: Path) -> None:
    texts = [f"    return {n}{' # interrupt' if n == 20 else ''}\n" for n in range(30)]
    plan = a_plan_for(tmp_path, texts)
    pool = FakePool()
    with pytest.raises(KeyboardInterrupt):
        go(plan, tmp_path / "run", pool)
    assert pool.closed
    kept = rows_of(tmp_path / "run")
    assert 10 < len(kept) < 30
    assert not (tmp_path / "run" / "summary.json").exists()

    watcher = Notes()

    class Healed(FakePool):
        def _judge(self, item: Any) -> Any:
            program = item.program.replace("# interrupt", "")
            return super()._judge(type(item)(item.key, item.task_key, program, item.checks))

    healed = Healed()
    go(plan, tmp_path / "run", healed, watcher)
    assert watcher.began == (30, len(kept))
    assert {item.task_key for item in healed.seen} == {f"T/{n}" for n in range(30)} - set(kept)
    assert len(rows_of(tmp_path / "run")) == 30
    assert rows_of(tmp_path / "run").items() >= kept.items()


def test_harness_errors_are_judged_again_when_the_run_continues(tmp_path: Path) -> None:
    plan = a_plan_for(tmp_path, ["    return 1\n", "    return 1 # verdict: harness_error\n"])
    assert go(plan, tmp_path / "run").harness_errors == 1
    pool = FakePool()
    go(plan, tmp_path / "run", pool)
    assert [item.task_key for item in pool.seen] == ["T/1"]
    assert len(rows_of(tmp_path / "run")) == 2


def test_programs_are_extracted_only_as_the_judge_asks_for_them(tmp_path: Path) -> None:
    """Memory stays flat and the judge starts at once, however many samples there are."""
    plan = a_plan_for(tmp_path, ["    return 1\n"] * 50)
    taken = []

    class Slow(FakePool):
        def judge(self, items: Any, wake: int = -1) -> Any:
            for item in items:
                taken.append(item)
                raise KeyboardInterrupt
            yield

    with contextlib.suppress(KeyboardInterrupt):
        go(plan, tmp_path / "run", Slow())
    assert len(taken) == 1


def test_samples_of_one_task_share_one_mapping_of_checks(tmp_path: Path) -> None:
    """The pool sends checks to a worker only when they change; those of EvalPlus are megabytes."""
    rows = [{"task_id": f"T/{n % 2}", "completion": f"    return {n}\n"} for n in range(8)]
    plan = make_plan(a_benchmark(2), f"recorded:{samples_file(tmp_path, *rows)}")
    pool = FakePool()
    go(plan, tmp_path / "run", pool)
    assert len({id(item.checks) for item in pool.seen}) == 2


def test_run_json_says_what_was_asked_and_under_which_isolation_for_every_session(tmp_path: Path) -> None:
    plan = a_plan_for(tmp_path, ["    return 1\n", "    return 1 # verdict: harness_error\n"])
    go(plan, tmp_path / "run")
    go(plan, tmp_path / "run")
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["schema"] == 1
    assert record["identity"] == plan.identity
    assert record["isolation"] == {"level": "none", "layers": ["fake"]}
    assert record["arguments"] == {"limit": None}
    assert record["data_sha256"] == "ab" * 32
    assert len(record["samples_sha256"]) == 64
    assert set(record["versions"]) == {"assay", "python", "platform"}
    assert len(record["sessions"]) == 2

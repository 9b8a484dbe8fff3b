"""Models that are asked in other ways than over the wire, tasks that ask twice, and a run that is interrupted."""

from __future__ import annotations

import json
import shlex
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.tasks.task import Benchmark, FollowUp
from commandline import Assay, read_rows, start, write_benchmark

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from misbehaving import Server

ANSWERING = Path(__file__).parents[1] / "models" / "answering.py"


def command(how: str) -> str:
    return f"command:{shlex.join([sys.executable, str(ANSWERING), how])}"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (Path("run") / name).read_text().splitlines()]


def test_a_program_answers_and_a_failing_one_is_asked_again(data: Path, assay: Assay) -> None:
    argv = ("eval", "humaneval", "--out", "run", "--model")
    status, _, err = assay(*argv, command("failing"))
    assert status == 3
    assert "The model gave no answer to 1 sample" in err
    assert len(rows("completions.jsonl")) == len(read_rows(Path("run"))) == 4
    assert rows("failures.jsonl")[0]["reason"] == "too long for me"


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("dies", "ended with status 3 and left questions unanswered"),
        ("garbage", "printed is not JSON: 'Loading model... 100%'"),
    ],
)
def test_a_program_that_dies_or_prints_garbage_is_one_sentence_and_what_came_is_kept(
    data: Path, assay: Assay, how: str, sentence: str
) -> None:
    status, _, err = assay("eval", "humaneval", "--out", "run", "--concurrency", "1", "--model", command(how))
    assert status == 2
    assert sentence in err
    assert "Kept in run: 2 answers of 5 stored and not asked for again. Continue with: assay eval" in err
    assert "Traceback" not in err
    assert len(rows("completions.jsonl")) == len(read_rows(Path("run"))) == 2


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("command:no-such-program", "There is no program 'no-such-program' to start"),
        ("command:'", "cannot be read: No closing quotation"),
        ("checkpoint:nowhere", "The checkpoint folder nowhere does not exist"),
        ("checkpoint:.", "holds no config.json"),
        ("checkpoint:weightless", "weightless holds no weights"),
    ],
)
def test_a_model_that_cannot_be_asked_is_one_sentence(data: Path, assay: Assay, model: str, sentence: str) -> None:
    Path("weightless").mkdir()
    Path("weightless/config.json").write_text("{}")
    status, out, err = assay("eval", "humaneval", "--model", model, "--out", "run")
    assert (status, out) == (2, "")
    assert sentence in err
    assert not Path("run").exists()


def explain(benchmark: Benchmark) -> Benchmark:
    """The benchmark with tasks that ask for a description first."""
    follow_up = FollowUp("# {answer}\ndef f():\n", "Write f: {answer}", max_chars=10)
    return replace(benchmark, tasks=tuple(replace(task, follow_up=follow_up) for task in benchmark.tasks))


def test_a_task_that_asks_twice_is_judged_by_its_second_answer_and_continues_with_its_second_question(
    data: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.tasks import catalog

    load = catalog.load
    monkeypatch.setattr(catalog, "load", lambda *args: explain(load(*args)))
    answered: list[str] = []

    def answer(prompt: str) -> str:
        answered.append(prompt)
        return "    return 7\n" if prompt.startswith("# ") else f"It gives {prompt[5]}, always."

    with Server(answer) as server:
        argv = (
            "eval",
            "humaneval",
            "--model",
            "openai:tiny",
            "--base-url",
            server.url,
            "--prompt",
            "base",
            "--out",
            "run",
        )
        assert assay(*argv)[0] == 0
        assert len(answered) == 10
        assert "# It gives 3\ndef f():\n" in answered
        assert {row["completion"] for row in rows("completions.jsonl")} == {"    return 7\n"}
        first = {row["task_id"]: row["completion"] for row in rows("first_answers.jsonl")}
        assert first == {f"HumanEval/{n}": f"It gives {n}, always." for n in range(5)}
        usage = json.loads(Path("run/summary.json").read_text())["generation"]
        assert (usage["asked"], usage["answered"], usage["answers"]) == (5, 5, 10)

        # Killed between the two questions: only the second one is asked again.
        for name in ("completions.jsonl", "verdicts.jsonl"):
            kept = (Path("run") / name).read_text().splitlines(keepends=True)
            (Path("run") / name).write_text("".join(line for line in kept if "HumanEval/3" not in line))
        answered.clear()
        assert assay(*argv)[0] == 0
        assert answered == ["# It gives 3\ndef f():\n"]
        assert len(read_rows(Path("run"))) == 5


def test_ctrl_c_while_it_asks_keeps_what_came_and_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_DATA", str(write_benchmark(tmp_path / "data", 40)))
    with Server(delay_s=0.05) as server:
        options = ("--base-url", server.url, "--concurrency", "2", "--out", "run")
        argv = ("eval", "humaneval", "--model", "openai:tiny", *options)
        process = start(*argv)
        ends = time.monotonic() + 30
        while not (tmp_path / "run/completions.jsonl").exists() or len(rows("completions.jsonl")) < 5:
            assert time.monotonic() < ends
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert process.returncode == 130
        stored = {row["task_id"] for row in rows("completions.jsonl")}
        assert f"and {len(stored)} answers stored and kept in run" in err
        assert "Continue with: assay eval humaneval" in err
        assert "Traceback" not in err
        before = server.asked.copy()
        assert start(*argv).wait(60) == 0
        again = sum((server.asked - before).values())
        assert again == 40 - len(stored)

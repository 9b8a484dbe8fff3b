"""`assay eval --model openai:NAME` from the arguments to the run folder, against a server on loopback."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.models import patience
from commandline import Assay, read_rows

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from misbehaving import Server, right_or_wrong


def answer(prompt: str) -> str:
    """As the server's own, with a comment that tells the fake judge what to say."""
    text = right_or_wrong(prompt).rstrip("\n")
    return f"{text}  # verdict: {'accepted' if int(text.split()[-1]) % 3 != 0 else 'wrong_answer'}\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(patience, "FIRST_WAIT_S", 0.005)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with Server(answer) as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        yield running


EVAL = ("eval", "humaneval", "--model", "openai:tiny", "--out", "run", "--prompt", "base")


def read(name: str) -> Any:
    return json.loads((Path("run") / name).read_text())


def completions(run: str = "run") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (Path(run) / "completions.jsonl").read_text().splitlines()]


def test_every_task_is_asked_once_stored_as_it_came_judged_and_scored(data: Path, assay: Assay, server: Server) -> None:
    status, out, _ = assay(*EVAL)
    assert status == 0
    assert "pass@1" in out
    assert set(server.asked.values()) == {1}
    assert {(row["task_id"], row["completion"]) for row in completions()} == {
        (f"HumanEval/{n}", answer(f"def f{n}()")) for n in range(5)
    }
    assert {row["task_id"]: row["hardened"]["passed"] for row in read_rows(Path("run"))} == {
        f"HumanEval/{n}": "accepted" in answer(f"def f{n}()") for n in range(5)
    }
    usage = read("summary.json")["generation"]
    assert (usage["asked"], usage["answered"], usage["unanswered"], usage["attempts"]) == (5, 5, 0, 5)
    assert usage["finish_reasons"] == {"stop": 5}
    assert usage["counted"] == 5
    assert usage["total_s"]["median"] <= usage["total_s"]["p95"]


def test_a_row_of_completions_holds_what_is_known_of_the_answer(data: Path, assay: Assay, server: Server) -> None:
    assay(*EVAL, "--limit", "1")
    (row,) = completions()
    assert row.pop("first_token_s") <= row.pop("total_s")
    assert row == {
        "schema": 1,
        "task_id": "HumanEval/0",
        "sample": 0,
        "completion": "    return 0  # verdict: wrong_answer\n",
        "finish_reason": "stop",
        "prompt_tokens": 4,
        "completion_tokens": 5,
        "attempts": 1,
        "served_by": "tiny-1",
        "truncated": False,
    }


def test_stored_completions_are_a_samples_file(data: Path, assay: Assay, server: Server) -> None:
    assay(*EVAL)
    status, _, _ = assay("eval", "humaneval", "--model", "recorded:run/completions.jsonl", "--out", "again")
    assert status == 0
    assert {row["task_id"]: row["hardened"]["verdict"] for row in read_rows(Path("run"))} == {
        row["task_id"]: row["hardened"]["verdict"] for row in read_rows(Path("again"))
    }


def test_a_finished_run_asks_nobody_and_a_changed_question_is_refused(data: Path, assay: Assay, server: Server) -> None:
    assay(*EVAL)
    bodies = len(server.bodies)
    assert assay(*EVAL)[0] == 0
    for changed, name in [
        (("--max-tokens", "9"), "--max-tokens was 1024 and is now 9"),
        (("--temperature", "0.5"), "--temperature was 0.0 and is now 0.5"),
        (("--prompt", "chat"), "--prompt was base-1 and is now chat-1"),
        (("--samples", "2", "--temperature", "1"), "--samples was 1 and is now 2"),
        (("--model", "openai:other"), "--model was openai:tiny and is now openai:other"),
    ]:
        status, _, err = assay(*EVAL, *changed)
        assert (status, name in err) == (2, True), err
    assert len(server.bodies) == bodies


def test_samples_are_drawn_with_seeds_of_their_own(data: Path, assay: Assay, server: Server) -> None:
    options = ("--samples", "3", "--temperature", "0.8", "--seed", "10", "--limit", "2")
    assert assay(*EVAL, *options)[0] == 0
    assert sorted((row["task_id"], row["sample"]) for row in completions()) == [
        (f"HumanEval/{n}", sample) for n in range(2) for sample in range(3)
    ]
    assert sorted(body["seed"] for body in server.bodies) == [10, 10, 11, 11, 12, 12]
    assert {body["temperature"] for body in server.bodies} == {0.8}
    assert len(read_rows(Path("run"))) == 6


def test_what_is_asked_is_recorded_with_the_hash_of_the_prompt_style(data: Path, assay: Assay, server: Server) -> None:
    assay(*EVAL)
    generation = read("run.json")["generation"]
    assert generation["prompt"]["name"] == "base-1"
    assert len(generation["prompt"]["sha256"]) == 64
    assert generation["model"] == {"kind": "openai", "name": "tiny", "base_url": server.url}
    assert (generation["temperature"], generation["max_tokens"], generation["samples"]) == (0.0, 1024, 1)


def test_the_key_is_in_no_file_and_on_no_screen(
    data: Path, assay: Assay, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.key = "sk-topsecret"
    monkeypatch.setenv("MY_KEY", "sk-topsecret")
    said = "".join(assay(*EVAL, "--api-key-env", "MY_KEY", "--show-prompt")[1:])
    monkeypatch.setenv("MY_KEY", "sk-topsecret")
    status, out, err = assay(*EVAL, "--api-key-env", "MY_KEY")
    assert status == 0
    said += out + err + "".join(path.read_text() for path in Path("run").iterdir())
    assert "sk-topsecret" not in said
    assert "Authorization: Bearer $MY_KEY" in said


def test_show_prompt_prints_what_would_be_sent_and_sends_nothing(data: Path, assay: Assay, server: Server) -> None:
    status, out, _ = assay(*EVAL, "--prompt", "chat", "--show-prompt", "--limit", "1")
    assert status == 0
    assert f"POST {server.url}/chat/completions" in out
    assert '"content": "Write the python program' in out
    assert "def f0():" in out
    assert server.bodies == []
    assert not Path("run").exists()


def test_a_question_without_an_answer_is_left_out_named_and_asked_again(
    data: Path, assay: Assay, server: Server
) -> None:
    prompt = 'def f3():\n    """Return 3."""\n'
    server.faults[prompt] = ["500"] * patience.TRIES
    status, _, err = assay(*EVAL)
    assert status == 3
    assert "The model gave no answer to 1 sample, left out of the score; the reasons are in run/failures.jsonl" in err
    assert (read("summary.json")["unanswered"], read("summary.json")["tasks"]) == (1, 4)
    (failure,) = [json.loads(line) for line in Path("run/failures.jsonl").read_text().splitlines()]
    assert (failure["task_id"], failure["reason"], failure["status"]) == ("HumanEval/3", "HTTP 500: please wait", 500)
    status, _, err = assay("judge", "run", "--out", "again")
    assert status == 3
    assert "The run has no answer to 1 sample, left out of the score." in err
    again = json.loads(Path("again/summary.json").read_text())
    assert (again["unanswered"], again["generation"]["asked"], again["generation"]["unanswered"]) == (1, 5, 1)
    assert assay(*EVAL)[0] == 0
    assert read("summary.json")["tasks"] == 5
    assert server.asked[prompt] == patience.TRIES + 1
    assert set(server.answered.values()) == {1}


def test_a_server_that_dies_half_way_keeps_what_came_and_says_how_to_go_on(
    data: Path, assay: Assay, server: Server
) -> None:
    for number in range(5):
        first = [""] if number < 2 else []  # the first two are answered
        server.faults[f'def f{number}():\n    """Return {number}."""\n'] = [*first, "401", "401"]
    status, _, err = assay(*EVAL, "--concurrency", "1", "--samples", "2", "--temperature", "1")
    assert status == 2
    assert "Continue with: assay eval humaneval" in err
    kept = {(row["task_id"], row["sample"]) for row in completions()}
    assert len(kept) == 2
    # What came was judged, too.
    assert {(row["task_id"], row["sample"]) for row in read_rows(Path("run"))} == kept


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--base-url", "localhost:8000/v1"], "has no http:// or https:// in front"),
        (["--base-url", "ftp://localhost/v1"], "is not the address of a server"),
        (["--base-url", "http://localhost:99999/v1"], "is not the address of a server"),
        (["--base-url", "http://me:secret@localhost/v1"], "may hold no user"),
        (["--base-url", "http://127.0.0.1:9/v1"], "No server answers at http://127.0.0.1:9/v1"),
        (["--base-url", "https://api.openai.com/v1"], "There is no key: the environment variable OPENAI_API_KEY"),
        (["--api-key-env", "NO_SUCH_KEY"], "the environment variable NO_SUCH_KEY is not set"),
        (["--model", "openai:missing"], "does not know the model 'missing'"),
        (["--samples", "5"], "would give the same answer 5 times"),
        (
            ["--model", "gold", "--samples", "2"],
            "--samples is for openai:, checkpoint:, command: and not for --model gold",
        ),
        (
            ["--model", "gold", "--base-url", "http://127.0.0.1/v1"],
            "--base-url is for openai: and not for --model gold",
        ),
        (["--device", "cpu"], "--device is for checkpoint: and not for --model openai:tiny"),
        (["--temperature", "-1"], "'-1' is not a number from 0 up"),
        (["--price", "1"], "'1' is not two prices"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_made(
    data: Path, assay: Assay, server: Server, argv: list[str], sentence: str
) -> None:
    status, _, err = assay("eval", "humaneval", "--model", "openai:tiny", "--out", "run", *argv)
    assert status == 2
    assert sentence in err
    assert "Traceback" not in err
    assert "secret" not in err.replace("topsecret", "")
    assert not Path("run", "verdicts.jsonl").exists() or read_rows(Path("run")) == []


def test_without_an_address_it_says_how_to_give_one(
    data: Path, assay: Assay, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")
    status, _, err = assay(*EVAL)
    assert status == 2
    assert "openai:NAME needs the server's address. Give it, for example, as --base-url http://127.0.0.1" in err

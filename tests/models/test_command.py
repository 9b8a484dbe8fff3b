"""Any program as a model: JSON lines in, JSON lines out, and one sentence for whatever else it does."""

from __future__ import annotations

import json
import shlex
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.models.command import Command
from assay.models.completion import Completion, Failure
from assay.models.request import Message, Request, Sampling

PROGRAM = Path(__file__).with_name("answering.py")


def command(how: str = "well", **options: Any) -> Command:
    return Command(shlex.join([sys.executable, str(PROGRAM), how]), Sampling(max_tokens=9), **options)


def questions(number: int = 12) -> Iterator[Request]:
    return (Request((f"T/{n}", 0, 0), text="x" * n) for n in range(number))


def write(asked: Command, number: int = 12) -> dict[Any, Completion | Failure]:
    answers: dict[Any, Completion | Failure] = {}

    def deliver(request: Request, answer: Completion | Failure) -> None:
        assert request.key not in answers
        answers[request.key] = answer

    asked.write(questions(number), deliver)
    return answers


@pytest.mark.parametrize("how", ["well", "backwards", "counting"])
@pytest.mark.parametrize("concurrency", [4, 64])
def test_every_question_is_answered_once_in_any_order(how: str, concurrency: int) -> None:
    answers = write(command(how, concurrency=concurrency))
    assert {key: answer.text for key, answer in answers.items() if isinstance(answer, Completion)} == {
        (f"T/{n}", 0, 0): f"    return {n}\n" for n in range(12)
    }


def test_what_it_says_of_an_answer_is_kept() -> None:
    answer = write(command("counting"), 1)["T/0", 0, 0]
    assert isinstance(answer, Completion)
    assert (answer.finish_reason, answer.truncated) == ("length", True)
    assert (answer.prompt_tokens, answer.completion_tokens) == (7, 3)
    assert answer.total_s is not None and answer.total_s > 0


def test_a_question_carries_everything_that_was_asked() -> None:
    asked = Command(shlex.join([sys.executable, str(PROGRAM), "echo"]), Sampling(0.5, 0.9, 20))
    answers: dict[Any, Any] = {}
    chat = Request("chat", messages=(Message("user", "Hello"),), seed=3)
    base = Request("base", text="def f():", suffix="\nend", stops=("\n",))
    asked.write(iter([chat, base]), lambda request, answer: answers.update({request.key: json.loads(answer.text)}))
    same = {"temperature": 0.5, "top_p": 0.9, "max_tokens": 20}
    assert answers["chat"] == {"id": "chat", "messages": [{"role": "user", "content": "Hello"}], "seed": 3, **same}
    assert answers["base"] == {"id": "base", "prompt": "def f():", "suffix": "\nend", "stop": ["\n"], **same}


def test_large_questions_and_answers_do_not_block_each_other() -> None:
    asked = Command(shlex.join([sys.executable, str(PROGRAM), "echo"]), Sampling(), concurrency=32)
    texts = {n: str(n) * 300_000 for n in range(10)}
    answers: dict[Any, Any] = {}
    asked.write(
        (Request(n, text=text) for n, text in texts.items()),
        lambda request, answer: answers.update({request.key: json.loads(answer.text)["prompt"]}),
    )
    assert answers == texts


def test_a_question_it_cannot_answer_is_one_failure() -> None:
    answers = write(command("failing"))
    assert answers["T/1", 0, 0] == Failure("too long for me")
    assert len(answers) == 12


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("dies", r"ended with status 3 and left questions unanswered \(\d+\)"),
        ("closes", r"ended with status 0 and left questions unanswered \(\d+\)"),
        ("garbage", "Line 3 that the command .* printed is not JSON: 'Loading model... 100%'"),
        ("twice", "Line 2 .* has an id that was not asked, or was answered before"),
        ("stranger", "Line 1 .* has an id that was not asked"),
        ("no text", 'Line 1 .* has neither "completion" nor "error"'),
        ("no line end", "Line 1 .* is not JSON"),
    ],
)
def test_a_program_that_misbehaves_ends_it_with_a_sentence_and_what_came_is_kept(how: str, sentence: str) -> None:
    answers: dict[Any, Any] = {}
    asked = command(how, concurrency=64 if how == "no line end" else 4, timeout_s=60)
    with pytest.raises(AssayError, match=sentence):
        asked.write(questions(), lambda request, answer: answers.update({request.key: answer}))
    assert len(answers) == {"dies": 2, "closes": 2, "garbage": 2, "twice": 1}.get(how, 0)


def test_a_program_that_hangs_is_ended_after_the_time_limit() -> None:
    began = time.monotonic()
    with pytest.raises(AssayError, match=r"gave no answer to a question within 0.3 s \(--timeout\)"):
        write(command("silent", timeout_s=0.3))
    assert time.monotonic() - began < 20


def test_stop_ends_it_and_its_program_from_another_thread() -> None:
    asked = command("silent")
    threading.Timer(0.3, asked.stop).start()
    assert write(asked) == {}
    assert asked._process is None


def test_stopped_before_it_has_begun_it_asks_nothing() -> None:
    asked = command("silent", timeout_s=60)
    asked.stop()
    began = time.monotonic()
    assert write(asked) == {}
    assert time.monotonic() - began < 50


def test_a_program_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(AssayError, match="There is no program 'no-such-program' to start"):
        Command("no-such-program --fast", Sampling()).check()
    with pytest.raises(AssayError, match="cannot be read: No closing quotation"):
        Command("'no-such-program", Sampling())
    command().check()

"""Any OpenAI-compatible server, well-behaved or not: every question is answered once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from assay.errors import AssayError
from assay.models import openai, patience
from assay.models.completion import Completion, Failure
from assay.models.openai import OpenAI
from assay.models.request import Message, Request, Sampling
from assay.models.server import Server as Address
from misbehaving import Server

PROMPTS = tuple(f"def f{n}():\n" for n in range(12))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of milliseconds where nobody asked for longer ones."""
    monkeypatch.setattr(patience, "FIRST_WAIT_S", 0.005)


def model(server: Server, name: str = "tiny", **options: Any) -> OpenAI:
    sampling = options.pop("sampling", Sampling(max_tokens=50))
    return OpenAI(name, Address(server.url, options.pop("key", "")), sampling, **options)


def write(asked: OpenAI, prompts: Iterable[str] = PROMPTS) -> dict[Any, Completion | Failure]:
    """Ask them all; fails if an answer is delivered twice."""
    answers: dict[Any, Completion | Failure] = {}

    def deliver(request: Request, answer: Completion | Failure) -> None:
        assert request.key not in answers
        answers[request.key] = answer

    asked.write((Request(prompt, text=prompt) for prompt in prompts), deliver)
    return answers


def texts(answers: dict[Any, Completion | Failure]) -> dict[Any, str]:
    return {key: answer.text if isinstance(answer, Completion) else answer.reason for key, answer in answers.items()}


def well(server: Server) -> dict[str, str]:
    return {prompt: server.answer(prompt) for prompt in PROMPTS}


@pytest.mark.parametrize("stream", [True, False])
def test_every_question_is_asked_once_and_everything_said_of_the_answer_is_kept(stream: bool) -> None:
    with Server(stream=stream) as server:
        answers = write(model(server))
        assert texts(answers) == well(server)
        assert set(server.asked.values()) == {1}
    for prompt, answer in answers.items():
        assert isinstance(answer, Completion)
        assert (answer.finish_reason, answer.truncated, answer.served_by, answer.attempts) == (
            "stop",
            False,
            "tiny-1",
            1,
        )
        assert (answer.prompt_tokens, answer.completion_tokens) == (len(prompt.split()), 2)
        assert answer.total_s is not None and answer.total_s > 0
        if stream:
            assert answer.first_token_s is not None and 0 < answer.first_token_s <= answer.total_s
        else:
            assert answer.first_token_s is None


FAULTS = ["429", "500", "503", "408", "409", "cut", "reset", "garbage", "empty", "error"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("stream", [True, False])
def test_a_fault_loses_no_answer_and_doubles_none(fault: str, stream: bool) -> None:
    if fault == "error" and not stream:
        pytest.skip("an error object inside a stream needs a stream")
    with Server(stream=stream) as server:
        server.every = [fault, fault]
        answers = write(model(server))
        assert texts(answers) == well(server)
        assert set(server.asked.values()) == {3}
        assert set(server.answered.values()) == {1}
    assert {answer.attempts for answer in answers.values()} == {3}


def test_a_mix_of_all_faults_loses_no_answer(server: Server) -> None:
    for number, prompt in enumerate(PROMPTS):
        server.faults[prompt] = [FAULTS[number % len(FAULTS)], FAULTS[(number * 7 + 3) % len(FAULTS)]]
    assert texts(write(model(server))) == well(server)


def test_retry_after_is_honoured_by_all_requests(server: Server) -> None:
    server.retry_after = "0.6"
    server.faults[PROMPTS[3]] = ["429"]
    began = time.monotonic()
    write(model(server, concurrency=1))
    assert time.monotonic() - began >= 0.6
    refused = server.times[3]
    assert min(at for at in server.times if at > refused) - refused >= 0.6


def test_no_more_requests_are_under_way_than_allowed(server: Server) -> None:
    server.delay_s = 0.02
    write(model(server, concurrency=3))
    assert server.most == 3


def test_requests_are_taken_only_when_they_can_be_asked(server: Server) -> None:
    server.delay_s = 0.05
    taken = 0
    behind: list[int] = []

    def requests() -> Iterator[Request]:
        nonlocal taken
        for prompt in PROMPTS:
            taken += 1
            behind.append(taken - len(answers))
            yield Request(prompt, text=prompt)

    answers: dict[Any, Any] = {}
    model(server, concurrency=4).write(requests(), lambda request, answer: answers.update({request.key: answer}))
    assert len(answers) == len(PROMPTS)
    assert max(behind) <= 4


def test_a_request_that_hangs_is_given_up_and_asked_again(server: Server) -> None:
    server.faults[PROMPTS[1]] = ["slow"]
    answers = write(model(server, timeout_s=0.5))
    assert texts(answers) == well(server)
    assert answers[PROMPTS[1]].attempts == 2


def test_a_question_that_always_fails_is_one_failure_and_the_rest_is_answered(server: Server) -> None:
    server.faults[PROMPTS[5]] = ["500"] * 100
    server.faults[PROMPTS[6]] = ["413"]
    answers = write(model(server))
    failed = {key: answer for key, answer in answers.items() if isinstance(answer, Failure)}
    assert failed == {
        PROMPTS[5]: Failure("HTTP 500: please wait", patience.TRIES, 500),
        PROMPTS[6]: Failure("HTTP 413: this is not to be had", 1, 413),
    }
    assert server.asked[PROMPTS[5]] == patience.TRIES
    assert len(answers) == len(PROMPTS)


def test_a_stream_without_end_is_cut_at_the_limit_of_tokens(server: Server) -> None:
    server.every = ["endless"]
    answers = write(model(server, sampling=Sampling(max_tokens=30)), PROMPTS[:3])
    for answer in answers.values():
        assert isinstance(answer, Completion)
        assert (answer.finish_reason, answer.truncated) == ("cut", True)
        assert 31 <= answer.text.count("\n") < 3000
    assert set(server.asked.values()) == {1}


def test_an_answer_without_text_is_an_answer(server: Server) -> None:
    server.every = ["null"]
    answers = write(model(server))
    assert set(texts(answers).values()) == {""}
    assert set(server.asked.values()) == {1}


def test_a_server_that_fails_for_good_ends_it_with_a_sentence(server: Server) -> None:
    server.every = ["500"] * 100
    with pytest.raises(
        AssayError, match=r"5 requests in a row got no answer from http://127.0.0.1.*HTTP 500: please wait"
    ):
        write(model(server, concurrency=4))


def test_a_server_that_only_asks_to_wait_ends_it_with_a_sentence(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai, "STALLED_S", 0.3)
    server.every = ["429"] * 1000
    with pytest.raises(AssayError, match=r"answers no more .HTTP 429: please wait"):
        write(model(server))
    server.retry_after = "7200"
    with pytest.raises(AssayError, match="it asks to wait 7200 s"):
        write(model(server))


def test_stop_ends_it_at_once_from_another_thread(server: Server) -> None:
    server.every = ["slow"]
    asked = model(server)
    threading.Timer(0.2, asked.stop).start()
    began = time.monotonic()
    assert write(asked) == {}
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("parameter", "said", "kept"),
    [
        ("stream_options", "is not supported", {"stream", "max_tokens", "prompt"}),
        ("max_tokens", "use max_completion_tokens instead", {"max_completion_tokens", "stream_options"}),
        ("stream", "streaming is not available", {"max_tokens", "prompt"}),
    ],
)
def test_what_a_server_does_not_take_is_put_otherwise(
    server: Server, parameter: str, said: str, kept: set[str]
) -> None:
    server.refuses = {parameter: said}
    assert texts(write(model(server))) == well(server)
    accepted = [body for body in server.bodies if parameter not in body]
    assert len(accepted) == len(PROMPTS)
    assert all(kept <= set(body) for body in accepted)


def test_many_stop_strings_become_four_where_the_server_says_so(server: Server) -> None:
    server.refuses = {"stop": "array too long, at most 4 strings"}
    stops = ("a", "b", "c", "d", "e")
    answers: list[Any] = []
    model(server).write(iter([Request("k", text="x", stops=stops)]), lambda _, answer: answers.append(answer))
    assert [len(body["stop"]) for body in server.bodies] == [5, 4]
    assert isinstance(answers[0], Failure), "this server refuses four as well, and is not asked for ever"


def test_a_parameter_that_changes_answers_is_never_dropped(server: Server) -> None:
    server.refuses = {"temperature": "temperature is not supported by this model"}
    with pytest.raises(AssayError, match="HTTP 400: temperature: temperature is not supported by this model"):
        write(model(server))


def test_a_chat_is_sent_as_messages_and_a_text_as_prompt(server: Server) -> None:
    messages = (Message("system", "Be brief."), Message("user", "def f3():"))
    chat = Request("chat", messages=messages, seed=7, stops=("x",))
    answers: dict[Any, Any] = {}
    sampling = Sampling(temperature=0.5, top_p=0.9, max_tokens=20)
    asked = model(server, sampling=sampling)
    asked.write(
        iter([chat, Request("base", text="def f3():")]), lambda request, got: answers.update({request.key: got})
    )
    assert answers["chat"].text == answers["base"].text == "    return 3\n"
    bodies = {"messages" in body: body for body in server.bodies}
    assert bodies[True] == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "def f3():"}],
        "max_tokens": 20,
        "temperature": 0.5,
        "top_p": 0.9,
        "seed": 7,
        "stop": ["x"],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert bodies[False]["prompt"] == "def f3():"
    assert not {"messages", "seed", "stop"} & set(bodies[False])
    assert json.dumps(bodies[True], indent=2, ensure_ascii=False) in asked.show(chat)


def test_log_probabilities_are_asked_for_and_their_mean_is_kept(server: Server) -> None:
    asked = model(server, sampling=Sampling(max_tokens=20, logprobs=True))
    answers: dict[Any, Any] = {}
    chat = Request("chat", messages=(Message("user", "def f3():"),))
    asked.write(
        iter([chat, Request("base", text="def f3():")]), lambda request, got: answers.update({request.key: got})
    )
    assert (answers["chat"].mean_logprob, answers["base"].mean_logprob) == (-0.5, -0.25)
    assert {json.dumps(body["logprobs"]) for body in server.bodies} == {"true", "1"}
    assert write(model(server))[PROMPTS[0]].mean_logprob is None  # type: ignore[union-attr]


def test_the_key_is_sent_and_never_shown(server: Server) -> None:
    server.key = "sk-very-secret"
    asked = model(server, key="sk-very-secret")
    asked.check()
    assert texts(write(asked)) == well(server)
    assert server.headers[0]["authorization"] == "Bearer sk-very-secret"
    assert "sk-very-secret" not in asked.show(Request("k", text="x")) + repr(asked.server) + json.dumps(
        asked.describe()
    )


@pytest.mark.parametrize(("key", "cure"), [("", "Put a key into"), ("sk-wrong", "Check the key in")])
def test_a_key_that_is_refused_is_one_sentence_without_the_key(server: Server, key: str, cure: str) -> None:
    server.key = "sk-right"
    asked = model(server, key=key)
    for call in (asked.check, lambda: write(asked)):
        with pytest.raises(AssayError, match=rf"refuses access .HTTP 401.*{cure}") as caught:
            call()
        assert "sk-" not in str(caught.value)


def test_an_unknown_model_is_one_sentence_with_what_the_server_has(server: Server) -> None:
    asked = model(server, name="tinny")
    asked.check()
    with pytest.raises(AssayError, match=r"does not know the model 'tinny'.*It has tiny"):
        write(asked)


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    with Server() as server:
        gone = model(server)
    with pytest.raises(AssayError, match=r"No server answers at http://127.0.0.1:\d+/v1: .*--base-url"):
        gone.check()
    with pytest.raises(AssayError, match="5 requests in a row got no answer"):
        write(gone)

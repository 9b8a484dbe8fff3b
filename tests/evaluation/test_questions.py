"""From tasks to what is sent: prompt styles, seeds, second questions, and the hash that holds a run together."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib import resources

import pytest

from assay.evaluation.questions import Asking, Question
from assay.models.request import Message, Sampling
from assay.models.style import LATEST, load_style
from assay.tasks.task import FollowUp, Task
from fakes import a_task

# A style that was used is never changed: whoever has to change one of these makes a new version.
KNOWN = {
    "base-1": "95d585479f95b713",
    "chat-1": "b993f78aa641e80c",
    "fim-qwen-1": "993ef1f65b177369",
    "fim-starcoder-1": "8a0ac052f4065b1d",
}


def asking(style: str = "base", **options: object) -> Asking:
    return Asking(load_style(style), Sampling(), **options)  # type: ignore[arg-type]


def a_python_task() -> Task:
    return replace(a_task("T/0"), prompt='def f():\n    """{answer} {prompt} {x}"""\n', stops=("\ndef",))


def test_a_base_model_gets_the_prompt_as_it_is_and_the_stop_strings() -> None:
    request = asking("base").first(Question(a_python_task(), 0))
    assert request.text == 'def f():\n    """{answer} {prompt} {x}"""\n'
    assert (request.messages, request.stops, request.seed) == ((), ("\ndef",), None)


def test_a_chat_model_gets_the_prompt_in_a_fence_and_no_stop_strings() -> None:
    request = asking("chat").first(Question(a_python_task(), 0))
    (message,) = request.messages
    assert message.role == "user"
    assert '```python\ndef f():\n    """{answer} {prompt} {x}"""\n```' in message.content
    assert (request.text, request.stops) == ("", ())


def test_a_task_that_brings_its_own_words_is_asked_in_them() -> None:
    task = replace(a_python_task(), instruction="Mend {prompt}.")
    assert asking("chat").first(Question(task, 0)).messages == (Message("user", "Mend {prompt}."),)
    assert asking("base").first(Question(task, 0)).text == task.prompt


def test_the_samples_of_a_task_have_seeds_of_their_own() -> None:
    how = asking(samples=3, seed=5)
    questions = how.questions([a_task("T/0"), a_task("T/1")])
    assert [(q.task.task_id, q.number, how.first(q).seed) for q in questions] == [
        ("T/0", 0, 5),
        ("T/1", 0, 5),
        ("T/0", 1, 6),
        ("T/1", 1, 6),
        ("T/0", 2, 7),
        ("T/1", 2, 7),
    ]


def test_a_second_question_holds_what_is_kept_of_the_first_answer() -> None:
    follow_up = FollowUp("# {answer}\ndef f():\n", "Write f: {answer}", max_chars=26, without=("    return x",))
    task = replace(a_python_task(), follow_up=follow_up)
    question = Question(task, 2)
    answer = " It {prompt}    return x and more"
    assert asking("base").first(question).stops == (), "the stop strings are those of the program"
    second = asking("base").second(question, answer)
    assert (second.text, second.stops, second.key) == ("# It {prompt} an\ndef f():\n", ("\ndef",), ("T/0", 2, 1))
    assert asking("chat").second(question, answer).messages == (Message("user", "Write f: It {prompt} an"),)


def test_a_hole_is_filled_by_the_suffix_parameter_or_by_the_words_of_the_style() -> None:
    task = replace(a_python_task(), prompt="def f():\n", suffix="\nf()\n")
    plain = asking("base").first(Question(task, 0))
    assert (plain.text, plain.suffix) == ("def f():\n", "\nf()\n")
    special = asking("fim-qwen").first(Question(task, 0))
    assert special.text == "<|fim_prefix|>def f():\n<|fim_suffix|>\nf()\n<|fim_middle|>"
    assert special.suffix == ""


def test_the_hash_changes_with_everything_that_is_asked() -> None:
    task = a_python_task()
    hashes = {
        asking("base").sha256([task]),
        asking("chat").sha256([task]),
        asking("base").sha256([replace(task, prompt="x")]),
        asking("base").sha256([replace(task, stops=("x",))]),
        asking("base").sha256([replace(task, follow_up=FollowUp("x"))]),
        asking("base").sha256([replace(task, follow_up=FollowUp("y"))]),
        asking("base").sha256([task, a_task("T/1")]),
    }
    assert len(hashes) == 7
    assert asking("base").sha256([task]) == asking("base", samples=3).sha256([task])


@pytest.mark.parametrize("kind", LATEST)
def test_a_style_is_known_by_the_hash_of_its_file(kind: str) -> None:
    style = load_style(kind)
    data = resources.files("assay.models").joinpath("styles", f"{style.name}.txt").read_bytes()
    assert style.sha256 == hashlib.sha256(data).hexdigest()
    assert style.is_chat == (kind == "chat")
    assert style.sha256.startswith(KNOWN[style.name]), "a style that was used is never changed: add a new version"

"""The program in an answer that may be written in any language, and which language that is."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.tasks.catalog import load
from assay.tasks.extract import STYLES, extract
from assay.tasks.extracted import Extracted

TASK = dataclasses.replace(load("demo").tasks[0], any_language=True, join_prompt=False)
CPP = "#include <iostream>\nint main() { std::cout << 1; }\n"
PYTHON = "print(1)\n"


def fenced(tag: str, text: str) -> str:
    return f"```{tag}\n{text}```\n"


@pytest.mark.parametrize(
    ("text", "program", "language"),
    [
        (PYTHON, PYTHON, "python"),
        (f"Here:\n{fenced('python', PYTHON)}", PYTHON, "python"),
        (f"Here:\n{fenced('', PYTHON)}", PYTHON, "python"),
        (f"Here:\n{fenced('C++', CPP)}That was it.", CPP, "cpp"),
        (f"Slow:\n{fenced('py', 'pass')}Fast:\n{fenced('python3', PYTHON)}", PYTHON, "python"),
        (f"Idea:\n{fenced('python', PYTHON)}Also:\n{fenced('cpp', CPP)}", PYTHON, "python"),
        (f"Compile:\n{fenced('bash', 'g++ a.cpp')}\n{fenced('cpp', CPP)}Run:\n{fenced('sh', './a')}", CPP, "cpp"),
        (f"{fenced('java', 'class A {}')}It prints:\n{fenced('', '1')}{fenced('text', '2')}", "class A {}\n", "java"),
        (f"{fenced('Python3.11', PYTHON)}Run it:\n{fenced('', 'python main.py')}", PYTHON, "python"),
        (f"{fenced('', PYTHON)}It prints:\n{fenced('', '1')}", PYTHON, "python"),
        (f"{fenced('cpp', CPP)[:-4]}", CPP, "cpp"),
        ("text = '''\n```\n'''\nprint(text)", "text = '''\n```\n'''\nprint(text)", "python"),
    ],
)
def test_the_block_and_its_tag_decide(text: str, program: str, language: str) -> None:
    found = extract(TASK, text)
    assert (found.program.rstrip(), found.problem, found.language) == (program.rstrip(), "", language)


def test_an_answer_without_a_tag_is_in_the_language_that_was_asked_for() -> None:
    asked = dataclasses.replace(TASK, language="cpp")
    assert extract(asked, CPP).language == "cpp"
    assert extract(asked, fenced("", CPP)).language == "cpp"
    assert extract(asked, f"{fenced('py', PYTHON)}{fenced('cpp', CPP)}") == Extracted(CPP, language="cpp")
    assert extract(asked, fenced("py", PYTHON)).language == "python"
    assert extract(asked, CPP, is_solution=True) == Extracted(CPP, language="cpp")


def test_an_answer_without_a_program_is_said_to_have_none() -> None:
    assert extract(TASK, " \n").problem == "the answer is empty"
    assert extract(TASK, fenced("text", "I do not know.")).problem.startswith(
        "no block of a known programming language"
    )


def test_raw_answers_are_taken_as_they_are() -> None:
    assert extract(TASK, fenced("cpp", CPP), style="raw") == Extracted(fenced("cpp", CPP), language="python")


@given(text=st.text(alphabet="`~ \npyc+x"), style=st.sampled_from(STYLES))
def test_no_text_makes_it_fail(text: str, style: str) -> None:
    assert isinstance(extract(TASK, text, style=style), Extracted)

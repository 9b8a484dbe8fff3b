"""What a task of the forge becomes: right answers, masks, holes that fit in again, nothing that is held out."""

import ast
import random

import pytest

from assay.forge.dialects import DIALECTS
from assay.forge.kinds import infill
from assay.training import fim
from assay.training.example import TASKS
from assay.training.examples_forge import forge_examples, may_be_learnt
from made_tasks import made_task

pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

TASK = made_task(12)


@pytest.fixture(scope="module")
def examples():
    return {example.task: example for example in forge_examples(TASK, TASKS)}


def test_there_is_an_example_of_every_task(examples):
    assert tuple(examples) == TASKS


def test_what_is_read_weighs_little_and_what_is_answered_all(examples):
    for example in examples.values():
        assert example.pieces[-1].weight == 1.0
        assert {piece.weight for piece in example.pieces[:-1] if piece.plain} == {0.1}
        assert all(piece.weight == 0 for piece in example.pieces if not piece.plain)


def test_the_answers_are_right(examples):
    answers = {name: example.pieces[-1].text for name, example in examples.items()}
    assert answers["complete"] == answers["repair"] == TASK.body
    assert answers["locate"] == " 3: if number >= 2:\n"
    assert answers["summarise"] == " Sum of the large numbers.\n"
    assert answers["trace"] == "# 1: total = 5\n# 2:\n# 5:\n# return = 5\n"
    assert answers["document"].startswith("Add to 5 all numbers over 2.\n\n    >>> add_up([20, 30])\n    55\n    ")
    scope: dict = {}
    exec(TASK.program, scope)
    exec(answers["tests"], scope)
    assert answers["tests"].count("assert") >= 2
    asked = examples["predict"].pieces[0].text.rpartition("assert ")[2].removesuffix(" ==")
    assert eval(asked, scope) == ast.literal_eval(answers["predict"].strip())


def test_a_repair_shows_the_failing_call_and_a_program_made_of_its_answer_is_right(examples):
    read = examples["repair"].pieces[0].text
    assert "# add_up([3, 2]) returned 10, should be 8. Without the fault:\n" in read
    assert read.endswith("\ndef add_up(numbers: list[int]) -> int:\n")
    assert TASK.bugs[0].body in read


def test_a_docstring_written_after_its_prompt_is_python(examples):
    text = examples["document"].text
    scope: dict = {}
    exec(text + TASK.body, scope)
    assert scope["add_up"].__doc__.strip().startswith("Add to 5")


def test_holes_lie_in_the_body_and_their_parts_make_the_program():
    kinds, orders = set(), set()
    for seed in range(60):
        (example,) = forge_examples(TASK, ["infill"], seed)
        texts = [piece.text for piece in example.pieces if piece.plain]
        *_, kind, order = example.source.split()
        middle = example.pieces[-1].text
        prefix, suffix = (texts[0], texts[1]) if order == "psm" else (texts[1], texts[0])
        if len(texts) == 2:  # an empty suffix is left out
            prefix, suffix = texts[0], ""
        assert prefix + middle + suffix == TASK.program
        assert prefix.startswith(TASK.prompt)
        kinds.add(kind)
        orders.add(order)
    assert kinds == {"statement", "lines", "expression", "characters"}
    assert orders == set(fim.ORDERS)


def test_the_choices_depend_on_seed_and_task_alone():
    assert list(forge_examples(TASK, TASKS, 3)) == list(forge_examples(TASK, TASKS, 3))
    assert len({tuple(forge_examples(TASK, ["infill"], seed)) for seed in range(9)}) > 1


def test_solutions_of_test_tasks_and_of_deep_tasks_are_never_shown():
    assert may_be_learnt(made_task(1, depth=3), 3)
    assert not may_be_learnt(made_task(1, depth=4), 3)
    assert not may_be_learnt(made_task(1, split="test", held_out="pair"), None)
    assert not may_be_learnt(made_task(1, held_out="depth"), None)


def test_spans_follow_the_syntax_also_behind_letters_of_several_bytes():
    text = 'def f(x):\n    s = "äö"; y = x + 1\n    if x:\n        y = 2\n        x = y\n    elif y:\n        pass\n'
    text += '    return f"{x:>{y}}" + s\n'
    found = {(kind, text[begin:end]) for kind, begin, end in fim.syntax_spans(text)}
    assert ("block", "y = 2\n        x = y") in found
    assert {("statement", "y = x + 1"), ("expression", "x + 1"), ("expression", 'f"{x:>{y}}" + s')} <= found
    assert not any(span.startswith("elif") for _, span in found)
    decorated = "@a\n@b(1)\ndef f():\n    return 12\n"
    assert ("statement", decorated.rstrip("\n")) in {
        (kind, decorated[b:e]) for kind, b, e in fim.syntax_spans(decorated)
    }


def test_whole_lines_are_cut_with_their_margin_and_their_break():
    text = "def f(x):\n    y = x; z = y\n    if y:\n        return y  # why\n    z += 1\n    return z\n"
    lines = {text[begin:end] for kind, begin, end in fim.syntax_spans(text) if kind == "lines"}
    if_block = "    if y:\n        return y  # why\n"
    assert {"    z += 1\n", "    return z\n", "    z += 1\n    return z\n"} <= lines
    assert "    y = x; z = y\n" + if_block not in lines, "the comment behind the last statement would be torn off"
    assert "    y = x; z = y\n" in lines
    assert not any(not span.startswith("    ") and not span.startswith("def") for span in lines)
    assert all(span.endswith("\n") for span in lines)


def test_holes_of_the_benchmark_are_among_the_cuts_that_are_taught():
    """A model that has never seen a hole from the margin to the line's end fills it with a wrong indentation."""
    asked = 0
    for seed in range(8):
        task = made_task(seed)
        asked_for = infill.make(task, DIALECTS["python"])
        hole = (len(asked_for.prompt), len(asked_for.reference) - len(asked_for.suffix))
        if asked_for.reference[slice(*hole)].endswith("\n"):
            asked += 1
            assert ("lines", *hole) in set(fim.syntax_spans(asked_for.reference))
    assert asked


def test_a_text_that_is_no_python_has_no_spans():
    for text in ("def f(:", "x = '\x00'", "(" * 5000, "a = 1\r\n"):
        assert list(fim.syntax_spans(text)) == []
        assert fim.cut_syntax(text, random.Random(1)) is None
    assert fim.cut_characters("x", random.Random(1)) is None

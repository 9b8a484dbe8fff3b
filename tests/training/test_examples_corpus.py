"""What a document of a corpus becomes."""

import random
import re

import pytest

from assay.corpus.document import Document
from assay.training.examples_corpus import KINDS, corpus_examples
from assay.training.tokenizer import FILE_SEP, FIM_PREFIX, REPO_NAME

FILE = "".join(f"def f{n}(x):\n    y = x + {n}\n    return y * 2\n\n\n" for n in range(60))
WHOLE = '''def area(width, height):
    """Area of a box.

    Both are lengths.
    """
    size = width * height
    return size
'''
CODE = "def area(width, height):\n    size = width * height\n    return size\n"


def make(document, names=tuple(KINDS), max_chars=400, seed=0):
    return list(corpus_examples(document, names, max_chars, seed))


def file_document(text=FILE, **others):
    return Document(text=text, language="python", repository="r", path="a.py", sha256="1", **others)


def test_a_file_is_learnt_whole_and_its_marks_are_only_text():
    (example,) = make(file_document("<|file_sep|>x\n" + FILE), ["complete"])
    (piece,) = example.pieces
    assert (piece.text, piece.weight, piece.plain) == ("<|file_sep|>x\n" + FILE, 1.0, True)


def test_holes_of_a_file_stand_among_whole_lines_and_within_the_room():
    examples = [example for seed in range(20) for example in make(file_document(), ["infill"], seed=seed)]
    kinds = {example.source.split()[-2] for example in examples}
    assert {"statement", "expression", "characters"} <= kinds
    assert {example.source.split()[-1] for example in examples} == {"psm", "spm"}
    for example in examples:
        plain = [piece.text for piece in example.pieces if piece.plain]
        assert sum(map(len, plain)) <= 400
        assert example.pieces[0].text.startswith(FIM_PREFIX)
        middle, others = plain[-1], plain[:-1]
        order = example.source.split()[-1]
        prefix, suffix = (others if order == "psm" else others[::-1]) if len(others) == 2 else ("", others[0])
        if len(others) == 2:
            assert prefix + middle + suffix in FILE
            assert suffix == "" or suffix.endswith("\n")
            assert prefix.startswith(("def", "    ", "\n"))


def test_a_repository_document_keeps_its_marks_and_holes_stay_within_a_file():
    files = [f"{FILE_SEP}f{n}.py\nvalue_{n} = {n}\nother_{n} = {n} + 1\n" for n in range(6)]
    document = Document(text=f"{REPO_NAME}r\n" + "".join(files), kind="repository", repository="r", sha256="2")
    complete, *holes = make(document, ["complete", "infill"], seed=1)
    assert [piece.text for piece in complete.pieces if not piece.plain] == [REPO_NAME, *[FILE_SEP] * 6]
    assert complete.text == document.text
    assert holes
    for seed in range(30):
        for example in make(document, ["infill"], seed=seed):
            number = next(number for number, piece in enumerate(example.pieces) if piece.text.startswith(FIM_PREFIX))
            path = example.pieces[number - 1].text
            inside = "|".join(piece.text for piece in example.pieces[number:] if piece.plain)
            assert set(re.findall(r"value_(\d)", inside)) <= {path[1]}


def test_a_documented_function_becomes_code_to_docstring_and_to_summary():
    document = Document(
        text=WHOLE,
        kind="pair",
        language="python",
        repository="r",
        path="a.py:area",
        sha256="3",
        parts=("Area of a box.\n\nBoth are lengths.", CODE),
    )
    examples = {example.task: example for example in make(document, max_chars=999)}
    assert set(examples) == {"complete", "summarise", "document"}
    assert examples["summarise"].pieces[-1].text == " Area of a box.\n"
    read, answer = (piece.text for piece in examples["document"].pieces)
    assert read.startswith(CODE)
    assert read.endswith('def area(width, height):\n    """')
    assert answer == 'Area of a box.\n\n    Both are lengths.\n    """\n'


def test_a_change_becomes_a_repair():
    document = Document(
        text="",
        kind="commit",
        language="go",
        repository="r",
        path="a.go",
        sha256="4",
        parts=("Fix the sign", "x := -1\n", "x := 1\n"),
    )
    (example,) = make(document)
    assert example.task == "repair"
    assert [piece.text for piece in example.pieces] == ["x := -1\n\n// Change:\n// Fix the sign\n", "x := 1\n"]


def test_a_weight_of_one_and_a_half_comes_twice_in_every_second_case():
    rng = random.Random(1)
    counts = []
    for number in range(200):
        document = Document(text="x = 1\n", sha256=str(rng.random()), path=str(number), weight=1.5)
        counts.append(len(make(document, ["complete"])))
    assert set(counts) == {1, 2}
    assert sum(counts) == pytest.approx(300, abs=40)


def test_texts_without_room_or_lines_do_no_harm():
    for text in ("", "x", "\n\n", "é" * 2000, "x" * 5000):
        for seed in range(5):
            for example in make(file_document(text), ["infill"], max_chars=50, seed=seed):
                assert len(example.pieces[-1].text) <= 25

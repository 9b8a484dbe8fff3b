"""A document of a corpus as training texts."""

from __future__ import annotations

import ast
import functools
import random
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from assay.forge import prompts as words
from assay.training import fim
from assay.training.example import Example, Piece
from assay.training.fim import Cut
from assay.training.tokenizer import FILE_SEP, REPO_NAME

if TYPE_CHECKING:
    from assay.corpus.document import Document

# Task of the mixture -> kinds of documents that have material for it.
KINDS = {
    "complete": ("file", "pair", "repository"),
    "infill": ("file", "repository"),
    "repair": ("commit",),
    "summarise": ("pair",),
    "document": ("pair",),
}
PROMPT_WEIGHT = 0.1
_MOST_HOLES = 8  # in one document
_COMMENT = {
    "#": "python bash ruby perl r julia elixir yaml toml makefile cmake dockerfile tcl powershell nim cython",
    "--": "lua haskell sql vhdl",
    ";": "lisp clojure racket assembly",
    "%": "erlang tex",
}
_COMMENTS = {language: sign for sign, languages in _COMMENT.items() for language in languages.split()}
_MARKED = re.compile(f"^({re.escape(REPO_NAME)}|{re.escape(FILE_SEP)})(.*\n)", re.MULTILINE)


def corpus_examples(
    document: Document, names: Collection[str], max_chars: int, seed: int = 0, prompt_weight: float = PROMPT_WEIGHT
) -> Iterator[Example]:
    """The examples for the tasks of the mixture in `names` that this document has the material for.

    max_chars: of an example with a question and an answer; plain text may be longer, as it can be cut. A document of
    weight 1.5 comes once or, in every second case, twice. prompt_weight: of questions; around a hole all is learnt, as
    it is text like any other (arXiv 2207.14255, section 3).
    """
    rng = random.Random(f"{seed} {document.sha256} {document.path}")
    copies = int(document.weight) + (rng.random() < document.weight % 1)
    where = f"{document.repository}/{document.path}"
    for _ in range(copies):
        if "complete" in names and document.kind in KINDS["complete"]:
            whole = _marked(document.text) if document.kind == "repository" else (Piece(document.text, plain=True),)
            yield Example("complete", whole, where)
        if "infill" in names and document.kind in KINDS["infill"]:
            yield from _infill(document, rng, max_chars, where)
    for name, prompt, answer in _questions(document, names):
        if prompt and answer.strip() and len(prompt) + len(answer) <= max_chars:
            pieces = (Piece(prompt, prompt_weight, plain=True), Piece(answer, plain=True))
            yield Example(name, pieces, where)


def _marked(text: str) -> tuple[Piece, ...]:
    """All of it learnt; the marks of a repository document are special tokens, everything else is text."""
    pieces, at = [], 0
    for found in _MARKED.finditer(text):
        pieces += [Piece(text[at : found.start()], plain=True), Piece(found[1]), Piece(found[2], plain=True)]
        at = found.end()
    return tuple(piece for piece in (*pieces, Piece(text[at:], plain=True)) if piece.text)


def _infill(document: Document, rng: random.Random, max_chars: int, where: str) -> Iterator[Example]:
    """Holes in files, never across them; before the file stand others of its repository, where a document has them."""
    in_repository = document.kind == "repository"
    starts = [found.start() for found in _MARKED.finditer(document.text) if found[1] == FILE_SEP and in_repository]
    if in_repository and not starts:
        return
    for _ in range(max(1, min(_MOST_HOLES, len(document.text) // max_chars))):
        context: tuple[Piece, ...] = ()
        text, path = document.text, document.path
        room = max_chars
        if in_repository:
            number = rng.randrange(len(starts))
            mark = _MARKED.match(text, starts[number])
            assert mark is not None
            stop = starts[number + 1] if number + 1 < len(starts) else len(text)
            before, text, path = text[: starts[number]], text[mark.end() : stop], mark[2].strip()
            room = max_chars // 2
            context = (*_marked(_last_files(before, max_chars - room)), Piece(FILE_SEP), Piece(mark[2], plain=True))
        cut = _hole(text, document.language == "python" or path.endswith(".py"), rng, room)
        if cut is not None:
            order = fim.choose_order(rng)
            yield Example("infill", (*context, *fim.pieces(cut, order, 1.0, 1.0)), f"{where} {cut.kind} {order}")


def _hole(text: str, is_python: bool, rng: random.Random, room: int) -> Cut | None:
    """A hole and what stands around it, as much as there is room for, in whole lines."""
    most = room // 2
    cut = None
    if is_python and rng.random() < fim.SYNTAX_SHARE:
        spans: dict[str, list[tuple[int, int]]] = {}
        for kind, begin, end in _spans(text):
            if end - begin <= most:
                spans.setdefault(kind, []).append((begin, end))
        if spans:
            kind = rng.choice(sorted(spans))
            begin, end = rng.choice(spans[kind])
            cut = Cut(text[:begin], text[begin:end], text[end:], kind)
    if cut is None:
        start = rng.randrange(max(1, len(text) - most + 1))
        cut = fim.cut_characters(text, rng, start, min(len(text), start + most))
    if cut is None:
        return None
    room -= len(cut.middle)
    before = int(room * rng.uniform(0.3, 0.8))
    prefix = _tail(cut.prefix, before if len(cut.suffix) > room - before else room - len(cut.suffix))
    suffix = cut.suffix[: room - len(prefix)]
    if len(suffix) < len(cut.suffix):
        suffix = suffix[: suffix.rfind("\n") + 1]
    return Cut(prefix, cut.middle, suffix, cut.kind)


@functools.lru_cache(maxsize=1)
def _spans(text: str) -> tuple[tuple[str, int, int], ...]:
    """Kept for the next hole in the same file: parsing is what costs."""
    return tuple(fim.syntax_spans(text))


def _tail(text: str, most: int) -> str:
    """The last lines of a text that fit, whole ones but for what stands on the last line."""
    if len(text) <= most:
        return text
    tail = text[len(text) - most :]
    return tail[tail.find("\n") + 1 :] if "\n" in tail else tail


def _last_files(text: str, most: int) -> str:
    """The repository's name and as many of the files nearest to the end as fit."""
    head = text[: text.find("\n") + 1] if text.startswith(REPO_NAME) else ""
    starts = [found.start() for found in _MARKED.finditer(text) if found[1] == FILE_SEP]
    fitting = next((start for start in starts if len(text) - start + len(head) <= most), len(text))
    return head + text[fitting:]


def _questions(document: Document, names: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(task, prompt, answer)"""
    comment = _COMMENTS.get(document.language, "//")
    if document.kind == "commit" and "repair" in names:
        message, before, after = document.parts
        yield "repair", words.change(before, message, comment), after
    if document.kind != "pair":
        return
    description, code = document.parts
    if "summarise" in names:
        yield "summarise", words.summarise(code, comment), f" {_first_sentence(description)}\n"
    if "document" in names and document.language == "python":
        head, quoted = _with_docstring(document.text)
        if head:
            yield "document", words.document(code, head), quoted


def _first_sentence(description: str) -> str:
    paragraph = " ".join(description.split("\n\n", 1)[0].split())
    return re.split(r"(?<=[a-z\d)`'\"]\.)\s", paragraph, maxsplit=1)[0]


def _with_docstring(whole: str) -> tuple[str, str]:
    """What stands before a function's docstring, and the docstring from behind its quotes; ("", "") if it has none."""
    try:
        (node,) = ast.parse(whole).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", ""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or ast.get_docstring(node) is None:
        return "", ""
    quoted = node.body[0]
    lines = whole.split("\n")
    head, inside = lines[: quoted.lineno - 1], lines[quoted.lineno - 1 : quoted.end_lineno]
    first = inside[0].lstrip()
    if not first.startswith('"""') or not inside[-1].endswith('"""') or not inside[0].startswith('    """'):
        return "", ""
    return "\n".join(head) + "\n", "\n".join(inside).lstrip()[3:] + "\n"

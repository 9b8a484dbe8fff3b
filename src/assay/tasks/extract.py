"""From what a model wrote to the program that is judged. The one place where that is decided."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass

from assay.errors import AssayError
from assay.tasks.fences import has_fence, split
from assay.tasks.syntax import bound_names, try_parse
from assay.tasks.task import Task

STYLES = ("auto", "raw", "chat", "base")

# Longer answers are joined as they are: no person's answer is that long, and parsing costs 100 times its text.
MAX_PARSED_CHARS = 256 * 1024
# Of an answer with more blocks than this, only the last ones are looked at.
MAX_BLOCKS = 50


@dataclass(frozen=True)
class Extracted:
    """program: the text to judge. problem: "", or why there is no code in it, in words for people."""

    program: str
    problem: str = ""


def extract(task: Task, text: str, is_solution: bool = False, style: str = "auto") -> Extracted:
    """The program that `text` stands for as an answer to `task`. Never runs any of it, and never fails on any text.

    is_solution: the text is a whole program (the key `solution` in a samples file), which is not joined to the prompt.
    style: how to read it.
      raw   the benchmark's own join and nothing else: prompt + completion, or the completion alone.
      base  raw after cutting the completion at the first of the task's stop strings; a solution is not cut.
      chat  the fenced block of Python that answers the task; prose around it is dropped.
      auto  raw, unless the text has a Markdown fence and the raw join is no Python; then chat.

    Raises AssayError for an unknown style.
    """
    if style not in STYLES:
        raise AssayError(f"There is no extraction style {style!r}. Known: {', '.join(STYLES)}.")
    if style == "base" and not is_solution:
        text = _cut(text, task.stops)
    prompt = task.prompt if task.join_prompt and not is_solution else None
    raw = text if prompt is None else prompt + text
    if not text.strip():
        return Extracted(raw, "the answer is empty")
    if style in ("raw", "base") or len(text) > MAX_PARSED_CHARS or not has_fence(text):
        return Extracted(raw)
    if style == "auto" and try_parse(raw) is not None:
        return Extracted(raw)
    return _from_chat(text, prompt, task.entry_point)


def _cut(text: str, stops: tuple[str, ...]) -> str:
    found = [at for stop in stops if (at := text.find(stop)) >= 0]
    return text[: min(found)] if found else text


def _from_chat(text: str, prompt: str | None, entry_point: str) -> Extracted:
    """The last block that defines the entry point, else the longest that fits as its body, else the longest.

    prompt: what the answer may rely on or continue; None if it stands alone.
    """
    before, blocks = split(text)
    chosen = [block for block in blocks if block.is_python] or blocks
    # The prompt may have opened the fence that the text closes; then the answer stands before the first one here.
    answers = [answer for answer in (before, *(block.text for block in chosen[-MAX_BLOCKS:])) if answer.strip()]
    for answer in reversed(answers):
        tree = try_parse(answer)
        if tree is not None and (not entry_point or entry_point in bound_names(tree.body)):
            return Extracted(answer if prompt is None else _with_prompt(prompt, answer, tree))
    by_length = sorted(answers, key=len, reverse=True)
    for answer in by_length:
        program = None if prompt is None else _as_body(prompt, answer)
        if program is not None:
            return Extracted(program)
    fenced = [answer for answer in by_length if answer is not before]
    return Extracted(fenced[0]) if fenced else Extracted(text, "no block of Python code in the answer")


def _with_prompt(prompt: str, answer: str, tree: ast.Module) -> str:
    """The answer, after the prompt if it relies on imports or helpers that only the prompt has."""
    given = try_parse(prompt)
    if given is None or bound_names(given.body) <= bound_names(tree.body):
        return answer
    if any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body):
        return answer  # such an import must come first
    return f"{prompt}\n{answer}"


def _as_body(prompt: str, answer: str) -> str | None:
    """Prompt and answer as one program, if the answer is the body of the function that the prompt begins."""
    body = answer.strip("\n")
    # Models indent a body, or do not, or lose the indentation of its first line only.
    shapes = [body] if body[0].isspace() else [textwrap.indent(body, "    "), f"    {body}"]
    head = prompt if prompt.endswith("\n") else f"{prompt}\n"
    programs = (f"{head}{shape}\n" for shape in shapes)
    return next((program for program in programs if try_parse(program) is not None), None)

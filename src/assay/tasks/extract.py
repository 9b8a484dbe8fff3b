"""From what a model wrote to the program that is judged. The one place where that is decided."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import replace

from assay.errors import AssayError
from assay.tasks.answers import find_answer
from assay.tasks.continued import continued
from assay.tasks.extracted import Extracted
from assay.tasks.fences import has_fence, split
from assay.tasks.syntax import bound_names, try_parse
from assay.tasks.task import Task
from assay.tasks.whole_programs import find_program

STYLES = ("auto", "raw", "chat", "base")

# Longer answers are joined as they are: no person's answer is that long, and parsing costs 100 times its text.
MAX_PARSED_CHARS = 256 * 1024
# Of an answer with more blocks than this, only the last ones are looked at.
MAX_BLOCKS = 50


def extract(task: Task, text: str, is_solution: bool = False, style: str = "auto") -> Extracted:
    """The program that `text` stands for as an answer to `task`. Never runs any of it, and never fails on any text.

    is_solution: the text is a whole program (the key `solution` in a samples file), which is not joined to anything
        but the task's preamble.
    style: how to read it.
      raw   the benchmark's own join and nothing else: prompt + completion (+ suffix), or the completion alone.
      base  raw after cutting the completion at the first of the task's stop strings; a solution is not cut.
      chat  the fenced block that answers the task; prose around it is dropped.
      auto  raw, unless the text has a Markdown fence and the raw join is no Python; then chat. Where a completion
            continues a declaration and repeats it all the same, it is taken for the whole program.
    Tasks that expect no program are read by `assay.tasks.answers`, those that leave the language to the answer by
    `assay.tasks.whole_programs`, those in other languages than Python by `assay.tasks.continued`.

    Raises AssayError for an unknown style.
    """
    if style not in STYLES:
        raise AssayError(f"There is no extraction style {style!r}. Known: {', '.join(STYLES)}.")
    if style == "base" and not is_solution:
        text = _cut(text, task.stops)
    if task.any_language:
        return find_program(text, task.language, "raw" if is_solution else style)
    if task.expects != "program":
        found = find_answer(task, text, style)
    elif task.language != "python":
        found = continued(task, text, is_solution, style)
    else:
        found = _program(task, text, is_solution, style)
    return replace(found, program=task.finished(found.program))


def _program(task: Task, text: str, is_solution: bool, style: str) -> Extracted:
    prompt = (task.prefix or task.prompt) if task.join_prompt and not is_solution else None
    suffix = "" if is_solution else task.suffix
    raw = text if prompt is None else prompt + text + suffix
    if not text.strip() and not suffix:
        return Extracted(raw, "the answer is empty")
    if style in ("raw", "base") or len(text) > MAX_PARSED_CHARS:
        return Extracted(raw)
    if has_fence(text):
        if style == "auto" and try_parse(raw) is not None:
            return Extracted(raw)
        return _from_chat(text, prompt, suffix, task.entry_point)
    if task.prefix and prompt is not None and try_parse(raw) is None:
        tree = try_parse(text)
        if tree is not None and task.entry_point in bound_names(tree.body):
            return Extracted(_with_prompt(prompt, text, tree))
    return Extracted(raw)


def _cut(text: str, stops: tuple[str, ...]) -> str:
    found = [at for stop in stops if (at := text.find(stop)) >= 0]
    return text[: min(found)] if found else text


def _from_chat(text: str, prompt: str | None, suffix: str, entry_point: str) -> Extracted:
    """The last block that defines the entry point, else the longest that fits into its place, else the longest.

    prompt, suffix: what the answer may rely on or continue, and what follows it; None and "" if it stands alone.
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
        program = None if prompt is None else _in_place(prompt, answer, suffix)
        if program is not None:
            return Extracted(program)
    fenced = [answer for answer in by_length if answer is not before]
    return Extracted(fenced[0]) if fenced else Extracted(text, "no block of Python code in the answer")


def _with_prompt(prompt: str, answer: str, tree: ast.Module) -> str:
    """The answer, after the prompt if it relies on imports or helpers that only the prompt has."""
    if any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body):
        return answer  # such an import must come first
    for whole in (prompt, f"{prompt}    pass\n"):  # a prompt may end with a bare declaration
        given = try_parse(whole)
        if given is not None:
            return answer if bound_names(given.body) <= bound_names(tree.body) else f"{whole}\n{answer}"
    return answer


def _in_place(prompt: str, answer: str, suffix: str) -> str | None:
    """Prompt, answer and suffix as one program, if the answer fits between them."""
    body = answer.strip("\n")
    # Models indent a body, or do not, or lose the indentation of its first line only.
    shapes = [body] if body[0].isspace() else [textwrap.indent(body, "    "), f"    {body}"]
    if suffix:
        programs = [f"{prompt}{shape}{suffix}" for shape in (answer, body, *shapes)]
    else:
        head = prompt if prompt.endswith("\n") else f"{prompt}\n"
        programs = [f"{head}{shape}\n" for shape in shapes]
    return next((program for program in programs if try_parse(program) is not None), None)

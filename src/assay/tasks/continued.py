"""From what a model wrote to the program, in languages that are not parsed here: by text, fences and braces alone."""

from __future__ import annotations

import re

from assay.tasks.extracted import Extracted
from assay.tasks.fences import has_fence, split
from assay.tasks.languages import canonical_language
from assay.tasks.task import Task

# Of an answer with more blocks than this, only the last ones are looked at.
MAX_BLOCKS = 50
# Lines that must stand outside of everything, wherever an answer has them; how a comment or a text about code begins.
_IMPORT = re.compile(r"(#include\b|using [\w.]+;|import [\w.*{}, ]+;?$|import static |use [\w:{}, *]+;)")
_COMMENT = re.compile(r"\s*(//|/\*|--|;;|#(?!include|lang)|\"\"\")")
# Texts, characters and comments, in which braces mean nothing.
_NO_CODE = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
_OPENINGS = ("<?php", "#lang ", "#!")  # first lines that a program has once


def continued(task: Task, text: str, is_solution: bool, style: str) -> Extracted:
    """The program that `text` stands for, which continues the task's prompt or holds it already.

    style: as in `assay.tasks.extract`. A completion ends at the first of the task's stop strings where the benchmark
    itself cuts (and with the style "base" it was cut before).
    """
    prompt = (task.prefix or task.prompt) if task.join_prompt else ""
    if task.suffix and not is_solution:
        return _in_hole(task, prompt, text, style)
    if not text.strip():
        return Extracted(prompt + text, "the answer is empty")
    if style in ("auto", "chat") and has_fence(text):
        return _from_fence(task, prompt, text)
    if style != "raw" and (size := _repeats(prompt, text)):
        return Extracted(text[:size] + (_cut(text[size:], task) if task.always_cut else text[size:]))
    if is_solution:
        return Extracted(_without_closing(text, task.closing, _still_open(text)))
    return Extracted(prompt + (_cut(text, task) if task.always_cut else text))


def _in_hole(task: Task, prompt: str, text: str, style: str) -> Extracted:
    """What fills a hole between the prompt and the task's suffix; a block that begins as the prompt is all of it."""
    if not text.strip():
        return Extracted(prompt + text + task.suffix, "the answer is empty")
    if style in ("auto", "chat") and has_fence(text):
        blocks = [block.text for block in split(text)[1][-MAX_BLOCKS:] if block.text.strip()]
        if not blocks:
            return Extracted(prompt + text + task.suffix, f"no block of {task.language} code in the answer")
        text = blocks[-1]
        if _repeats(prompt, text):
            return Extracted(text)
    return Extracted(prompt + text + task.suffix)


def _repeats(prompt: str, text: str) -> int:
    """How many characters of the text repeat the prompt, and the empty lines after it; 0 if it begins otherwise."""
    begin = len(text) - len(text.lstrip())
    body = prompt.strip()
    if not body or not text.startswith(body, begin):
        return 0
    size = begin + len(body)
    while text[size : size + 2] == "\n\n":
        size += 1
    return size


def _cut(text: str, task: Task) -> str:
    found = [at for stop in task.stops if (at := text.find(stop)) >= 0]
    return text[: min(found)] if found else text


def _without_closing(program: str, closing: str, missing: int = 0) -> str:
    """Without the braces at its end that the tests bring along; as it is if it does not end with them.

    missing: how many of these it lacks already.
    """
    brought = closing.count("}") - missing
    rest = program.rstrip() if brought > 0 else program
    for _ in range(brought):
        if not rest.endswith("}"):
            return program
        rest = rest[:-1].rstrip()
    return rest


def _still_open(program: str) -> int:
    """How many braces a program does not close: one that was cut before its own last brace ends with an inner one."""
    bare = _NO_CODE.sub("", program)
    return max(0, min(text.count("{") - text.count("}") for text in (program, bare)))


def _from_fence(task: Task, prompt: str, text: str) -> Extracted:
    """The last block that names the entry point as a whole program; the longest one as a completion, if none does."""
    _, blocks = split(text)
    mine = [block for block in blocks if canonical_language(block.language) == task.language]
    chosen = [block.text for block in (mine or blocks)[-MAX_BLOCKS:] if block.text.strip()]
    if not chosen:
        return Extracted(prompt + text, f"no block of {task.language} code in the answer")
    named = re.compile(rf"(?<!\w){re.escape(task.entry_point)}(?!\w)")
    for block in reversed(chosen):
        if task.entry_point and named.search(block):
            return Extracted(_whole(task, prompt, block))
    longest = max(chosen, key=len)
    return Extracted(prompt + (_cut(longest, task) if task.always_cut and task.closing else longest))


def _whole(task: Task, prompt: str, block: str) -> str:
    """A block that defines the entry point, with what the prompt has before it and the block has not."""
    if _repeats(prompt, block):
        return _without_closing(block, task.closing)
    context = _context(prompt, task.entry_point)
    lines = block.strip("\n").split("\n")
    if lines[0].startswith(_OPENINGS):
        context = [line for line in context if not line.startswith(_OPENINGS)]
    if task.language == "go":
        return _go(context, lines)
    is_class = re.compile(r"(class|object) \w+")
    if any(line.endswith("{") and line in lines for line in context if not is_class.match(line)):
        # it repeats functions that the prompt has before the one that is asked for
        context = [line for line in context if _IMPORT.match(line) or is_class.match(line)]
    imports = [line for line in lines if _IMPORT.match(line)]
    body = [line for line in lines if not _IMPORT.match(line)]
    around = [line for line in context if re.match(r"(class|object) \w+", line)]
    before = [line for line in context if line not in around]
    closing = task.closing
    if any(line.rstrip(" {") in block for line in around):  # it has the class itself
        around = []
    elif around:
        closing = "}"
    own = [line for line in imports if line not in before]
    return _without_closing("\n".join((*before, *own, *around, *body)), closing) + ("" if closing else "\n")


def _context(prompt: str, entry_point: str) -> list[str]:
    """The lines of a prompt before its description and the function's head: imports, types, the class around it."""
    context = []
    for line in prompt.split("\n"):
        if _COMMENT.match(line) or re.search(rf"(?<!\w){re.escape(entry_point)}(?!\w)", line):
            break
        context.append(line)
    while context and not context[-1].strip():
        context.pop()
    return context


def _go(context: list[str], lines: list[str]) -> str:
    """One package clause and one list of imports, of the prompt's and the block's."""
    text = "\n".join(line for line in lines if not line.startswith("package "))
    found = re.findall(r"^import\s+(?:\(([^)]*)\)|(.+))$", text, re.M)
    wanted = [item.strip() for many, one in found for item in (many or one).split("\n") if item.strip()]
    body = re.sub(r"^import\s+(?:\([^)]*\)|.+)$", "", text, flags=re.M)
    given = "\n".join(context)
    new = [item for item in dict.fromkeys(wanted) if item not in given]
    head, bracket, rest = given.partition("import (")
    return f"{head}{bracket}\n" + "".join(f"    {item}\n" for item in new) + f"{rest.lstrip()}\n{body}\n"

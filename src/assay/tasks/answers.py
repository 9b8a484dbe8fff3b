"""From what a model wrote to the value or the call that a task asks for (CRUXEval).

Models are asked for an assertion between [ANSWER] and [/ANSWER]; some only write its missing side. Upstream
(facebookresearch/cruxeval, `inference/tasks/`) splits the text at "=="; here the assertion is parsed first, so that
an "==" inside a string does not split it, and the text is split only where it does not parse.
"""

from __future__ import annotations

import ast
import re

from assay.tasks.extracted import Extracted
from assay.tasks.fences import has_fence, split
from assay.tasks.syntax import try_parse
from assay.tasks.task import Task

OPENING, CLOSING = "[ANSWER]", "[/ANSWER]"
_ASSERT = re.compile(r"\bassert\s")
MAX_PARSED_CHARS = 64 * 1024  # longer answers are taken as they are


def find_answer(task: Task, text: str, style: str) -> Extracted:
    """The literal or the call that the text stands for, as source. style "raw": the text, whatever it is."""
    if style != "raw":
        text = _side(_tagged(text), task.expects, task.entry_point)
    answer = text.strip()
    return Extracted(answer, "" if answer else "the answer is empty")


def _tagged(text: str) -> str:
    """What stands between the tags, or before a closing tag that the prompt opened; inside a fence if there is one."""
    opened = text.partition(OPENING)[2] or text
    inside = opened.partition(CLOSING)[0]
    blocks = split(inside)[1] if has_fence(inside) else []
    return blocks[-1].text if blocks else inside


def _side(text: str, expects: str, function: str) -> str:
    """The side of an assertion that was asked for: the call left of "==" or the value right of it."""
    text = text.strip()
    tree = try_parse(text) if len(text) <= MAX_PARSED_CHARS else None
    if tree is None:
        return _split(text, expects)
    asserted = [node for node in tree.body if isinstance(node, ast.Assert)]
    statement = asserted[0] if asserted else tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(statement, ast.Assert | ast.Expr):
        return text
    if isinstance(statement, ast.Assert) and statement.msg is not None:
        return _split(text, expects)  # a tuple without parentheses looks like an assertion with a message
    said = statement.test if isinstance(statement, ast.Assert) else statement.value
    if isinstance(said, ast.Compare) and (isinstance(statement, ast.Assert) or _calls(said.left, function)):
        said = said.left if expects == "call" else said.comparators[0]
    elif isinstance(statement, ast.Expr):
        return text
    return ast.get_source_segment(text, said) or text


def _calls(node: ast.expr, function: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function


def _split(text: str, expects: str) -> str:
    """As upstream splits it."""
    if "==" in text:
        text = text.split("==")[0 if expects == "call" else 1].strip()
    if expects == "call" and (found := _ASSERT.search(text)):
        text = text[found.end() :]
    return text

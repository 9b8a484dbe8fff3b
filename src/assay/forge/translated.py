"""Tasks in another language than Python: its reference, and faults that every language shows alike."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from assay.forge import faults, jail
from assay.forge.ir import Program
from assay.forge.mutants import bug, fault_line
from assay.forge.render import RENDERERS, python, whole
from assay.forge.task import Bug, ForgeTask
from assay.forge.wire import readable
from assay.sandbox import Sandbox

# Variants that are tried, and kept.
_TRIED, _KEPT = 8, 3


def translated(
    pairs: Sequence[tuple[ForgeTask, Program]], languages: Sequence[str], sandbox: Sandbox
) -> list[ForgeTask]:
    """The tasks with references and faults in these languages.

    Whether a variant is a bug is found out with Python, in the sandbox: one counts whose first failing test returns
    another value, and nothing else happens, since what goes wrong otherwise (an index out of range) differs from
    language to language.
    """
    others = [language for language in languages if language != "python"]
    tried = [faults.faults(program, Random(f"faults {task.task_id}"), _TRIED) for task, program in pairs]
    jobs = [_job(task, [variant for variant, _ in each]) for (task, _), each in zip(pairs, tried, strict=True)]
    results = jail.run(sandbox, jobs)
    made = []
    for (task, program), each, result in zip(pairs, tried, results, strict=True):
        kills = result.get("kills", [])
        found = [
            (variant, kind, kill)
            for (variant, kind), kill in zip(each, kills, strict=False)
            if kill is not None and str(kill[1]).startswith("returned")
        ][:_KEPT]
        texts = {language: _text(program, language) for language in others}
        bodies = {language: whole.split(language, texts[language], task.entry_point) for language in others}
        bugs = {
            language: tuple(
                one for variant, kind, kill in found if (one := _bug(variant, kind, kill, language, bodies[language]))
            )
            for language in others
        }
        made.append(replace(task, references=texts, faults=bugs))
    return made


def _text(program: Program, language: str) -> str:
    return whole.text(language, RENDERERS[language](program))


def _bug(variant: Program, kind: str, kill: list[object], language: str, right: tuple[str, str, str]) -> Bug | None:
    """None where the fault needs other help than the reference, and so cannot stand in its place."""
    before, head, body = whole.split(language, _text(variant, language), variant.main.name)
    if head != right[1] or body == right[2] or not set(before.split("\n")) <= set(right[0].split("\n")):
        return None
    return bug(body, kind, fault_line(right[2], body), [kill[0], _in_json(str(kill[1]))])


def _in_json(failure: str) -> str:
    """ "returned ['a']" as other languages have it."""
    word, _, value = failure.partition(" ")
    try:
        return f"{word} {readable(ast.literal_eval(value))}"
    except (ValueError, SyntaxError):  # it was cut short
        return failure


def _job(task: ForgeTask, variants: Sequence[Program]) -> jail.Job:
    return {
        "name": task.entry_point,
        "reference": task.program,
        "calls": [list(case.arguments) for case in task.tests],
        "mutants": [python.render(variant) for variant in variants],
        "wanted": len(variants),
        "graded": len(task.tests),
        "trace": -1,
        "locals": [],
        "first": 1,
    }

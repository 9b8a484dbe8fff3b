"""What a model is asked, as one text that it continues: the same in training, in RL and in evaluation.

The words are those of `assay.forge.prompts`, which the forge's benchmark uses too; this module applies them to a task.
Holes are asked for by the prompt style "fim-qwen" (`assay.models.style`), as `assay eval --prompt fim-qwen` does.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.forge import prompts
from assay.forge.task import Bug, Case, ForgeTask


@dataclass(frozen=True)
class Question:
    """prompt: what is read. answer: what continues it. source: for people, which part of the task it is about."""

    prompt: str
    answer: str
    source: str


def complete(task: ForgeTask) -> Question:
    """Specification -> body."""
    return Question(task.prompt, task.body, task.task_id)


def repair(task: ForgeTask, number: int) -> Question:
    """Specification, the body with bug `number` of the task, the first call it fails -> the right body."""
    bug = task.bugs[number]
    prompt = prompts.repair(task.prompt + bug.body, *_failed(task, bug), head=head(task))
    return Question(prompt, task.body, f"{task.task_id} bug {number}")


def repair_of(task: ForgeTask, body: str, failed: Case, failure: str) -> Question:
    """`repair` of a body that a model wrote. failed: the first case it fails. failure: as in `Bug`."""
    called = prompts.call(task.entry_point, failed.arguments)
    prompt = prompts.repair(task.prompt + body, called, repr(failed.expected), failure, head(task))
    return Question(prompt, task.body, f"{task.task_id} repair")


def locate(task: ForgeTask, number: int) -> Question:
    """As `repair` -> the number of the faulty line in the body, and that line."""
    bug = task.bugs[number]
    prompt = prompts.locate(task.prompt + bug.body, *_failed(task, bug))
    line = bug.body.splitlines()[bug.line - 1]
    return Question(prompt, prompts.located(bug.line, line), f"{task.task_id} bug {number}")


def summarise(task: ForgeTask) -> Question:
    """Code -> one line of English."""
    return Question(prompts.summarise(code(task)), f" {task.summary.strip()}\n", task.task_id)


def tests(task: ForgeTask, known: Case, written: tuple[Case, ...]) -> Question:
    """Specification, body and one assertion -> more assertions."""
    prompt = prompts.tests(task.program, _assertion(task, known))
    return Question(prompt, "".join(_assertion(task, case) for case in written), task.task_id)


def predict(task: ForgeTask, case: Case) -> Question:
    """Code and a call -> what it returns."""
    prompt = prompts.predict(code(task), prompts.call(task.entry_point, case.arguments))
    return Question(prompt, f" {case.expected!r}\n", task.task_id)


def trace(task: ForgeTask, most_steps: int = 64) -> Question | None:
    """Code and a call -> line by line what it does. None for a task without a trace, or with too long a one."""
    if not 0 < len(task.trace) <= most_steps:
        return None
    case = task.tests[task.trace_case]
    prompt = prompts.trace(code(task), prompts.call(task.entry_point, case.arguments))
    steps = [(step.line, step.changed) for step in task.trace]
    return Question(prompt, prompts.traced(steps, repr(case.expected)), task.task_id)


def document(task: ForgeTask) -> Question:
    """Code -> its docstring."""
    return Question(prompts.document(code(task), head(task)), prompts.documented(task.docstring), task.task_id)


def head(task: ForgeTask) -> str:
    """What stands before the body where the specification was given already."""
    return f"{task.helpers}{task.signature}\n"


def code(task: ForgeTask) -> str:
    """The reference without its specification."""
    return f"{task.helpers}{task.signature}\n{task.body}"


def _failed(task: ForgeTask, bug: Bug) -> tuple[str, str, str]:
    case = task.tests[bug.killed_by]
    return prompts.call(task.entry_point, case.arguments), repr(case.expected), bug.failure


def _assertion(task: ForgeTask, case: Case) -> str:
    return prompts.assertion(prompts.call(task.entry_point, case.arguments), repr(case.expected))

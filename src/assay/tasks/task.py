"""The record that every benchmark row becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assay.judge.checks import Check

RULE_SETS = ("official", "hardened")


@dataclass(frozen=True)
class FollowUp:
    """A second question that holds the answer to the first, asked without the first one's text.

    HumanEvalExplain asks so: describe this function, then write it again from the description alone.

    prompt, instruction: as in `Task`; "{answer}" in them stands for the first answer.
    max_chars: characters of the first answer that are kept, 0 for all.
    without: lines that are taken out of the first answer (those of the code it describes).
    """

    prompt: str
    instruction: str = ""
    max_chars: int = 0
    without: tuple[str, ...] = ()

    def kept(self, answer: str) -> str:
        """What of the first answer goes into the second question. Cut first, as upstream does."""
        answer = answer.strip()
        answer = answer[: self.max_chars].rstrip() if self.max_chars else answer
        for line in self.without:
            answer = answer.replace(line, "")
        return answer


@dataclass(frozen=True)
class Task:
    """One thing that is asked of a model, and how its answer is checked.

    task_id: as upstream spells it, for example "HumanEval/0", "Mbpp/2".
    prompt: what a model sees.
    entry_point: the function the tests call; "" if there is none.
    language: what the answer is written in, in the spellings of `assay.tasks.languages`.
    any_language: an answer may be written in another language, which the tag of its fenced block then names.
    reference: the reference answer: a whole program, or what else `expects` names.
    checks: rule set ("official", "hardened") -> check; empty where no rule can judge an answer yet.
    join_prompt: True when the program is prompt + completion, False when the completion is the program.
    prefix: the end of the prompt that the completion continues, where the program does not begin with all of it.
    suffix: what follows the completion in the program (tasks that ask for a hole to be filled).
    preamble: what every program is preceded by (imports that the benchmark grants).
    finish: what the benchmark does to every program before it is tested (imports that it adds by need, a `main` that it
        cuts away).
    buggy: a wrong answer that the benchmark stores, of the form of `reference`; "" if it has none.
    expects: "program"; "literal", a value as Python writes it; or "call", a call of `entry_point` with such values.
    stops: strings at which a completion ends (the benchmark's usual list).
    always_cut: whether the benchmark itself cuts every completion at the first of `stops`.
    closing: what its tests put behind the program (braces); a whole program is taken without it.
    instruction: the whole question in words, for models that chat; "" for the usual words around `prompt`.
    follow_up: asked next, where the answer to `prompt` is not yet the program.
    """

    task_id: str
    prompt: str
    entry_point: str
    reference: str
    checks: Mapping[str, Check] = field(hash=False)
    join_prompt: bool = True
    stops: tuple[str, ...] = ()
    always_cut: bool = False
    closing: str = ""
    language: str = "python"
    any_language: bool = False
    prefix: str = ""
    suffix: str = ""
    preamble: str = ""
    finish: Callable[[str], str] = field(default=str, compare=False)
    buggy: str = ""
    expects: str = "program"
    instruction: str = ""
    follow_up: FollowUp | None = None

    def finished(self, program: str) -> str:
        """The program as it is tested."""
        return self.finish(self.preamble + program)


@dataclass(frozen=True)
class Benchmark:
    """A named, versioned set of tasks.

    name: as typed by the user, with the version resolved, for example "humaneval+@v0.1.9".
    data_sha256: hash of the unpacked upstream file.
    parts: names of the input sets whose verdicts are reported beside the whole (EvalPlus: ("base", "plus")).
    """

    name: str
    tasks: tuple[Task, ...]
    data_sha256: str
    source: str
    parts: tuple[str, ...] = ()

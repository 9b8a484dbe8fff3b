"""`Maker`: candidates by number. One becomes a task or falls at a gate, and depends on seed and number only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

from assay.forge import gates, jail, splits
from assay.forge.compose import compose, draw_style
from assay.forge.inputs import Pool
from assay.forge.ir import Assign, For, If, Program, Stmt, While
from assay.forge.made import Made
from assay.forge.mutants import bug, fault_line, variants
from assay.forge.options import Options
from assay.forge.plan import Plan, draw, weighted
from assay.forge.render import python
from assay.forge.specification import docstring, specify
from assay.forge.summary import summarise
from assay.forge.task import Case, ForgeTask, Step
from assay.sandbox import Sandbox

_SPARE_CALLS = 6
# One in so many plans of depth 1, 2, ... becomes a task (benchmarks/forge.py).
_DRAWN = (1.1, 1.5, 2.0, 3.0, 4.4, 6.0)
_ENTRY = "f"


@dataclass
class _Draft:
    number: int
    rng: Random
    plan: Plan
    behaviour: str
    program: Program
    body: str
    mutants: list[tuple[str, str, int]]
    calls: list[tuple[Any, ...]]


class Maker:
    """Makes tasks of one seed in this process, with one jailed process per batch."""

    def __init__(self, seed: int, options: Options, sandbox: Sandbox) -> None:
        self._seed, self._options, self._sandbox = seed, options, sandbox
        self._pool = Pool(seed)

    def make(self, numbers: Iterable[int]) -> list[Made]:
        """One record a candidate, in order."""
        made: list[Made] = []
        drafts: list[_Draft] = []
        for number in numbers:
            draft = self._draft(number)
            if isinstance(draft, Made):
                made.append(draft)
            else:
                drafts.append(draft)
        results = jail.run(self._sandbox, [self._job(draft) for draft in drafts])
        finished = [self._finish(draft, result) for draft, result in zip(drafts, results, strict=True)]
        made += self._with_references(finished)
        return sorted(made, key=lambda one: one.number)

    def _with_references(self, made: list[Made]) -> list[Made]:
        """References in the other languages, run on all cases; who disagrees falls."""
        languages = [language for language in self._options.languages if language != "python"]
        if not languages:
            return made
        from assay.forge import agreement
        from assay.forge.translated import translated

        pairs = [(one.task, one.program) for one in made if one.task and one.program]
        fallen = agreement.disagreeing(self._sandbox, pairs, languages)
        tasks = {task.task_id: task for task in translated(pairs, languages, self._sandbox)}
        return [
            one
            if one.task is None
            else Made(one.number, one.depth, "languages")
            if one.task.task_id in fallen
            else replace(one, task=tasks[one.task.task_id])
            for one in made
        ]

    def _draft(self, number: int) -> _Draft | Made:
        options = self._options
        rng = Random(f"{self._seed}/{number}")
        depth = weighted(rng, _depth_shares(*options.depths))
        plan = draw(rng, depth, options.operations, options.brief)
        if plan is None:
            return Made(number, depth, "dead_end")
        gate, behaviour = gates.check(plan)
        if gate:
            return Made(number, depth, gate)
        nested, idioms = draw_style(rng, plan)
        program = compose(plan, nested, idioms, _ENTRY)
        body = python.body(program.main)
        if len(body) > options.longest_body:
            return Made(number, depth, "long")
        mutants = variants(rng, body, options.bugs + 2) if options.bugs else []
        if options.bugs and depth > 1:
            dropped = self._dropped(rng, plan, nested, idioms, body)
            if dropped is not None:
                mutants.insert(int(rng.random() * 2), dropped)
        return _Draft(number, rng, plan, behaviour, program, body, mutants, self._calls(rng, plan))

    def _dropped(
        self, rng: Random, plan: Plan, nested: bool, idioms: tuple[str, ...], body: str
    ) -> tuple[str, str, int] | None:
        """The reference without one of its steps."""
        free = [
            number for number, step in enumerate(plan.steps)
            if step.operation.gives == step.operation.takes[0] and not (plan.side and number == 0)
        ]  # fmt: skip
        if not free:
            return None
        program = compose(plan, nested, idioms, _ENTRY, free[int(rng.random() * len(free))])
        mutant = python.body(program.main)
        return None if mutant == body else (mutant, "dropped_step", fault_line(body, mutant))

    def _calls(self, rng: Random, plan: Plan) -> list[tuple[Any, ...]]:
        """Different calls: first the tests (some at the edge), then for audit, then spare ones for examples."""
        options = self._options
        types = tuple(param.type for param in plan.params)
        wanted = options.tests + options.audit + options.examples + _SPARE_CALLS
        at_edge, usual = self._pool.of(types)
        calls: list[tuple[Any, ...]] = []
        seen: set[str] = set()
        edge = int(rng.random() * len(at_edge))
        for attempt in range(3 * wanted):
            place = len(calls)
            if attempt < wanted and (place < 2 or options.tests <= place < options.tests + 4):
                edge = (edge + 1) % len(at_edge)
                call, text = at_edge[edge]
            else:
                call, text = usual[int(rng.random() * len(usual))]
            if text not in seen and len(text) <= options.longest_value:
                seen.add(text)
                calls.append(call)
                if len(calls) == wanted:
                    break
        return calls

    def _job(self, draft: _Draft) -> jail.Job:
        head = python.helpers(draft.program) + python.signature(draft.program.main) + "\n"
        return {
            "name": draft.program.main.name,
            "reference": head + draft.body,
            "calls": draft.calls,
            "mutants": [head + mutant for mutant, _, _ in draft.mutants],
            "wanted": self._options.bugs,
            "graded": self._options.tests,
            "trace": self._options.tests - 1 if self._options.traces else -1,
            "locals": _locals(draft.program),
            "first": head.count("\n") + 1,
        }

    def _finish(self, draft: _Draft, result: jail.Result) -> Made:
        options, plan = self._options, draft.plan
        depth = len(plan.steps)
        outputs = result.get("outputs")
        if outputs is None or not _agrees(plan, draft.calls, outputs):
            return Made(draft.number, depth, "reference")
        if any(len(repr(output)) > options.longest_value for output in outputs):
            return Made(draft.number, depth, "long")
        cases = [Case(call, output) for call, output in zip(draft.calls, outputs, strict=True)]
        tests, audit = cases[: options.tests], cases[options.tests : options.tests + options.audit]
        spare = cases[options.tests + options.audit :]
        if len(spare) < options.examples or len({repr(case.expected) for case in tests}) < 2:
            return Made(draft.number, depth, "outputs")
        examples = _examples(spare, options.examples)
        bugs = [
            bug(body, kind, line, kill)
            for (body, kind, line), kill in zip(draft.mutants, result["kills"], strict=False)
            if kill is not None
        ]
        held_out = splits.held_out(plan.names)
        name = draft.program.main.name
        task = ForgeTask(
            task_id=f"forge/{self._seed}/{draft.number}",
            depth=depth,
            operations=plan.names,
            entry_point=name,
            signature=python.signature(draft.program.main, options.hints),
            docstring=docstring(specify(draft.rng, plan, options.brief), name, examples),
            body=draft.body,
            tests=tuple(tests),
            examples=tuple(examples),
            audit=tuple(audit),
            helpers=python.helpers(draft.program),
            bugs=tuple(bugs),
            trace=tuple(Step(line, tuple(changed.items())) for line, changed in result["trace"]),
            trace_case=options.tests - 1 if options.traces else 0,
            summary=summarise(plan),
            split="test" if held_out else "train",
            held_out=held_out or ("depth" if depth > options.solution_depth else ""),
            behaviour=draft.behaviour,
        )
        return Made(draft.number, depth, "", task, draft.program)


@cache
def _depth_shares(low: int, high: int) -> list[tuple[int, float]]:
    """How often each depth is drawn, so that about as many tasks of each are kept: deeper plans fall more often."""
    weights = _DRAWN[low - 1 : high]
    return [(depth, weight / sum(weights)) for depth, weight in enumerate(weights, low)]


def _agrees(plan: Plan, calls: list[tuple[Any, ...]], outputs: list[Any]) -> bool:
    """Whether the rendered program gives what its operations, one after the other, give."""
    own = gates.Evaluator(plan).results(calls)
    return own == outputs and list(map(type, own)) == list(map(type, outputs))


def _examples(spare: list[Case], count: int) -> list[Case]:
    """Short ones whose results differ, are not empty and are not what was given."""
    chosen: list[Case] = []

    def worth(case: Case) -> tuple[bool, int]:
        return (case.expected in ([], "", 0, {}) or case.expected == case.arguments[0], len(repr(case.arguments)))

    for case in sorted(spare, key=worth):
        if len(chosen) == count:
            break
        if all(repr(case.expected) != repr(other.expected) for other in chosen):
            chosen.append(case)
    for case in spare:
        if len(chosen) < count and case not in chosen:
            chosen.append(case)
    return chosen


def _locals(program: Program) -> list[str]:
    """Parameters, locals and loop variables of the main function, in order of appearance."""
    names = [param.name for param in program.main.params]

    def visit(statements: tuple[Stmt, ...]) -> None:
        for node in statements:
            if isinstance(node, Assign):
                names.append(node.name)
            elif isinstance(node, For):
                gen = node.gen
                names.extend(
                    getattr(gen, field).name
                    for field in ("index", "left", "key", "var", "right", "value")
                    if hasattr(gen, field)
                )
                visit(node.body)
            elif isinstance(node, While):
                visit(node.body)
            elif isinstance(node, If):
                visit(node.then)
                visit(node.other)

    visit(program.main.body)
    return list(dict.fromkeys(names))

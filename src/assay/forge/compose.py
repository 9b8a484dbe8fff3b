"""From a plan and a style to a program in the intermediate representation."""

from __future__ import annotations

from functools import cache
from random import Random

from assay.forge import ir
from assay.forge.ir import Const, Expr, Function, Program, Return, Var
from assay.forge.operations.names import STEP_KIND
from assay.forge.operations.operation import Operation, Writer
from assay.forge.plan import Plan, weighted

# How a whole program is written -> how often. "nested" and "steps" use comprehensions and built-ins, one inside the
# other or each on a line; "loops" accumulates; "mixed" draws for every step.
DEEPEST_NESTING = 2
STYLES = (("nested", 0.4), ("steps", 0.2), ("loops", 0.25), ("mixed", 0.15))


def draw_style(rng: Random, plan: Plan) -> tuple[bool, tuple[str, ...]]:
    """Whether expressions are nested, and the idiom of every step."""
    style = weighted(rng, STYLES)
    return style == "nested", tuple(_idiom(rng, style, step.operation) for step in plan.steps)


def _idiom(rng: Random, style: str, operation: Operation) -> str:
    known = operation.idioms
    if style in ("nested", "steps"):
        return "expr"
    if style == "loops":
        first = rng.random()
        for wanted, limit in (("helper", 0.15), ("other", 0.4), ("loop", 1.0)):
            if first < limit and wanted in known:
                return wanted
        return "expr"
    return list(known)[int(rng.random() * len(known))]


def compose(plan: Plan, nested: bool, idioms: tuple[str, ...], name: str, without: int = -1) -> Program:
    """The program. without: leave out this step, which must give what it takes."""
    writer = Writer(plan.params)
    if plan.side:
        writer.reserve(plan.side)
    held: list[Expr] = []
    final = len(plan.steps) - 1
    if without == final:
        final -= 1
    for number, step in enumerate(plan.steps):
        if number == without:
            source = step.inputs[0]
            held.append(plan.params[-1 - source] if source < 0 else held[source])
            continue
        args = [plan.params[-1 - source] if source < 0 else held[source] for source in step.inputs]
        writer.last = number == final
        place = _place(step.operation, idioms[number])
        for position, arg in enumerate(args):
            if not isinstance(arg, Var) and not _may_stand(arg, place[position], nested):
                args[position] = writer.new(STEP_KIND[arg.type], arg)
        constants = [value if isinstance(value, Var) else Const(value) for value in step.constants]
        value = step.operation.idioms[idioms[number]](writer, *args, *constants)
        if value is None:
            held.append(Var("", step.operation.gives))
            continue
        if number == 0 and plan.side:
            var = Var(plan.side, value.type)
            writer.add(ir.Assign(var.name, value))
            value = var
        held.append(value)
        if number == final:
            writer.add(Return(value))
    if final < 0 or (without > final and not isinstance(writer.statements[-1] if writer.statements else None, Return)):
        writer.add(Return(held[-1]))
    main = Function(name, plan.params, plan.steps[-1].operation.gives, tuple(writer.statements))
    return Program(main, tuple(writer.helpers))


def _levels(node: Expr) -> int:
    """How many calls and comprehensions are inside each other."""
    inner = max((_levels(child) for child in ir.children(node)), default=0)  # type: ignore[arg-type]
    return inner + isinstance(node, ir.Prim | ir.Comp | ir.SortBy | ir.BestBy | ir.HelperCall | ir.Cond)


def _may_stand(arg: Expr, place: str, nested: bool) -> bool:
    """Whether a compound expression may be written at the place where it is used instead of being named first."""
    if place == "many":
        return False
    if isinstance(arg, ir.Cond) and place != "whole":
        return False
    if not nested or _levels(arg) > DEEPEST_NESTING:
        return False
    return place != "turns" or not isinstance(arg, ir.Comp)


@cache
def _place(operation: Operation, idiom: str) -> tuple[str, ...]:
    """Where an idiom uses each of its inputs: "once" (evaluated once), "turns" (as what a loop goes through), or
    "many" (more than once, or inside a loop)."""
    places = []
    inputs = [Var(f"?{number}", of) for number, of in enumerate(operation.takes)]
    constants = [Var(f"k{number}", Const(c.choices[0]).type) for number, c in enumerate(operation.constants)]
    for wanted in inputs:
        worst = "once"
        for is_last in (False, True):
            writer = Writer(())
            writer.last = is_last
            value = operation.idioms[idiom](writer, *inputs, *constants)
            nodes = [*writer.statements, *([] if value is None else [value])]
            found = [place for node in nodes for place in _uses(node, wanted, "once")]
            if len(found) != 1 or found[0] == "many":
                worst = "many"
            elif found[0] == "turns" and worst == "once":
                worst = "turns"
        places.append(worst)
    return tuple(places)


def _uses(node: object, wanted: Var, place: str) -> list[str]:
    """The place of every use of `wanted` inside a node."""
    if node == wanted:
        return [place]
    found: list[str] = []
    if isinstance(node, tuple):
        for part in node:
            found += _uses(part, wanted, place)
    elif isinstance(node, ir.Comp):
        turns = "turns" if place == "once" else "many"
        found += _uses(node.gens[0], wanted, turns)
        for part in (*node.gens[1:], node.element, node.test, node.key, node.default):
            found += _uses(part, wanted, "many")
    elif isinstance(node, ir.For):
        found += _uses(node.gen, wanted, "turns" if place == "once" else "many")
        found += _uses(node.body, wanted, "many")
    elif isinstance(node, ir.While):
        found += _uses(node.test, wanted, "many") + _uses(node.body, wanted, "many")
    elif isinstance(node, ir.SortBy | ir.BestBy):
        found += _uses(node.source, wanted, place) + _uses(node.key, wanted, "many")
    elif hasattr(node, "__slots__") and not isinstance(node, ir.Type):
        for name in node.__slots__:
            found += _uses(getattr(node, name), wanted, place)
    return found

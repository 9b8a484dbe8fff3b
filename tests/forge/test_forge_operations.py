"""Operations: all ways of writing one mean the same, types are kept, and no int leaves what JavaScript can hold."""

from __future__ import annotations

import ast
import copy
from typing import Any

import pytest

from assay.forge.inputs import standard
from assay.forge.ir import BOOL, COUNTS, INT, INT_LIMIT, INTS, ROWS, STR, STRS, Const, Type, Var
from assay.forge.operations import all_operations
from assay.forge.operations.operation import Operation, Writer, function_of
from assay.forge.render import python

FAMILIES = sorted({str(operation.takes[0]) for operation in all_operations().values()})
BIG = 10**6
EXTREME: dict[Type, list[Any]] = {
    INT: [BIG, -BIG, 999_999],
    INTS: [[BIG] * 40, [-BIG, BIG] * 20, list(range(BIG - 40, BIG))],
    ROWS: [[[BIG] * 40] * 40, [[-BIG], []]],
    COUNTS: [{str(number): BIG for number in range(40)}, {"a": -BIG}],
    STR: ["z" * 80, "9" * 80, " ".join("Zz" for _ in range(26))],
    STRS: [["z" * 80] * 40, ["9" * 80]],
}


def of_family(family: str) -> list[Operation]:
    return [operation for operation in all_operations().values() if str(operation.takes[0]) == family]


def choices(operation: Operation) -> list[list[Const]]:
    """The smallest and the largest constants."""
    return [[Const(constant.choices[end]) for constant in operation.constants] for end in (0, -1)]


def function(operation: Operation, style: str, constants: list[Const], checked: bool = False) -> Any:
    source = python.render(function_of(operation, style, constants))
    tree = ast.parse(source)
    if checked:
        tree = ast.fix_missing_locations(Checked().visit(tree))
    names: dict[str, Any] = {"checked": in_range}
    exec(compile(tree, operation.name, "exec"), names)
    return names["f"]


class Checked(ast.NodeTransformer):
    """Has every arithmetic result looked at."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return ast.Call(ast.Name("checked", ast.Load()), [node], [])

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        left = ast.Name(node.target.id, ast.Load()) if isinstance(node.target, ast.Name) else None
        assert left is not None
        value = ast.Call(ast.Name("checked", ast.Load()), [ast.BinOp(left, node.op, node.value)], [])
        return ast.Assign([node.target], value)


def in_range(value: Any) -> Any:
    assert not isinstance(value, int) or -INT_LIMIT <= value <= INT_LIMIT
    return value


def has_type(value: Any, of: Type) -> bool:
    if of == INT:
        return type(value) is int
    if of == BOOL:
        return type(value) is bool
    if of == STR:
        return type(value) is str and value.isascii()
    if of.kind == "list":
        return type(value) is list and all(has_type(item, of.args[0]) for item in value)
    return type(value) is dict and all(has_type(k, of.args[0]) and has_type(v, of.args[1]) for k, v in value.items())


def calls(operation: Operation) -> list[tuple[Any, ...]]:
    if operation.takes == (BOOL,):
        return [(True,), (False,)]
    return list(standard(operation.takes))


def test_there_are_many_and_their_names_differ() -> None:
    operations = all_operations()
    assert len(operations) >= 150
    assert all(len(set(operation.phrases)) == len(operation.phrases) for operation in operations.values())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_way_of_writing_an_operation_gives_the_same_and_changes_no_argument(family: str) -> None:
    for operation in of_family(family):
        for constants in choices(operation):
            expected = None
            for style in operation.idioms:
                run = function(operation, style, constants)
                given = copy.deepcopy(calls(operation))
                got = [run(*call) for call in given]
                assert given == calls(operation), f"{operation.name} ({style}) changes its arguments"
                assert all(has_type(value, operation.gives) for value in got), f"{operation.name} ({style})"
                expected = got if expected is None else expected
                assert got == expected, f"{operation.name}: {style} differs"


@pytest.mark.parametrize("family", FAMILIES)
def test_expressions_know_their_type(family: str) -> None:
    for operation in of_family(family):
        for style in operation.idioms:
            writer = Writer(())
            inputs = [Var("ab"[place], of) for place, of in enumerate(operation.takes)]
            value = operation.idioms[style](writer, *inputs, *choices(operation)[0])
            assert value is not None
            assert value.type == operation.gives, f"{operation.name} ({style})"


@pytest.mark.parametrize("family", [family for family in FAMILIES if family != "bool"])
def test_no_int_in_between_is_too_big_for_other_languages(family: str) -> None:
    for operation in of_family(family):
        for style in operation.idioms:
            run = function(operation, style, choices(operation)[-1], checked=True)
            for value in EXTREME[operation.takes[0]]:
                if operation.largest is not None and value > operation.largest:
                    value = operation.largest
                others = [EXTREME[of][0] for of in operation.takes[1:]]
                run(copy.deepcopy(value), *copy.deepcopy(others))


def test_phrases_name_what_they_work_on_and_every_constant() -> None:
    for operation in all_operations().values():
        for phrase in operation.phrases:
            assert phrase.count("[") == phrase.count("]") <= 1 or "{x}" in phrase
            assert "{x}" in phrase or operation.takes == (BOOL,), operation.name
            for number in range(len(operation.constants)):
                assert f"{{{number}}}" in phrase, f"{operation.name}: {phrase}"
            if len(operation.takes) > 1:
                assert "{y}" in phrase, operation.name

"""Short names for building the intermediate representation, so that an operation fits on a few lines."""

from __future__ import annotations

from assay.forge.ir import (
    BOOL,
    INT,
    INTS,
    STR,
    STRS,
    Append,
    Assign,
    Augment,
    Bin,
    Break,
    Comp,
    Cond,
    Const,
    Each,
    Enumerate,
    Expr,
    For,
    Gen,
    If,
    ListOf,
    Prim,
    Range,
    Return,
    SetKey,
    Stmt,
    Type,
    Un,
    Var,
    While,
    Zip,
    list_of,
)

X, Y = Var("x", INT), Var("y", INT)
I, J = Var("i", INT), Var("j", INT)
C, W = Var("c", STR), Var("w", STR)
R = Var("r", INTS)
K, V = Var("k", STR), Var("v", INT)
ZERO, ONE, TWO = Const(0), Const(1), Const(2)
TRUE, FALSE = Const(True), Const(False)
EMPTY = Const("")


def num(value: int) -> Const:
    return Const(value)


def text(value: str) -> Const:
    return Const(value)


def add(left: Expr, right: Expr) -> Expr:
    """A sum; of two literal numbers it is written as one."""
    if isinstance(left, Const) and isinstance(right, Const) and left.type == INT:
        return Const(int(left.value) + int(right.value))
    return Bin("+", left, right)


def sub(left: Expr, right: Expr) -> Expr:
    """A difference; of two literal numbers it is written as one."""
    if isinstance(left, Const) and isinstance(right, Const):
        return Const(int(left.value) - int(right.value))
    return Bin("-", left, right)


def mul(left: Expr, right: Expr) -> Expr:
    return Bin("*", left, right)


def div(left: Expr, right: Expr) -> Expr:
    return Bin("//", left, right)


def mod(left: Expr, right: Expr) -> Expr:
    return Bin("%", left, right)


def eq(left: Expr, right: Expr) -> Expr:
    return Bin("==", left, right)


def ne(left: Expr, right: Expr) -> Expr:
    return Bin("!=", left, right)


def lt(left: Expr, right: Expr) -> Expr:
    return Bin("<", left, right)


def le(left: Expr, right: Expr) -> Expr:
    return Bin("<=", left, right)


def gt(left: Expr, right: Expr) -> Expr:
    return Bin(">", left, right)


def ge(left: Expr, right: Expr) -> Expr:
    return Bin(">=", left, right)


def both(left: Expr, right: Expr) -> Expr:
    return Bin("and", left, right)


def either(left: Expr, right: Expr) -> Expr:
    return Bin("or", left, right)


def no(operand: Expr) -> Expr:
    return Un("not", operand)


def neg(operand: Expr) -> Expr:
    return Un("-", operand)


def size(value: Expr) -> Expr:
    return Prim("len", (value,), INT)


def is_empty(value: Expr) -> Expr:
    return Prim("is_empty", (value,), BOOL)


def some(value: Expr) -> Expr:
    """Not empty."""
    return Un("not", Prim("is_empty", (value,), BOOL))


def min2(left: Expr, right: Expr) -> Expr:
    return Prim("min2", (left, right), INT)


def max2(left: Expr, right: Expr) -> Expr:
    return Prim("max2", (left, right), INT)


def abs_(value: Expr) -> Expr:
    return Prim("abs", (value,), INT)


def same(name: str, *args: Expr) -> Expr:
    """A primitive whose value has the type of its first argument."""
    return Prim(name, args, args[0].type)


def prim(name: str, of: Type, *args: Expr) -> Expr:
    return Prim(name, args, of)


def element_type(seq: Expr) -> Type:
    return STR if seq.type == STR else seq.type.args[0]


def at(seq: Expr, index: Expr) -> Expr:
    return Prim("at", (seq, index), element_type(seq))


def last(seq: Expr) -> Expr:
    return Prim("last", (seq,), element_type(seq))


def loop_var(seq: Expr) -> Var:
    """The usual loop variable over this list or string."""
    of = element_type(seq)
    return C if seq.type == STR else W if of == STR else R if of == INTS else Var("x", of)


def listed(element: Expr, *gens: Gen, test: Expr | None = None) -> Expr:
    """A list comprehension."""
    return Comp("list", gens, element, list_of(element.type), test)


def reduced(kind: str, element: Expr, *gens: Gen, test: Expr | None = None, default: Expr | None = None) -> Expr:
    """sum(...), any(...), "".join(...) and so on over a generator."""
    return Comp(kind, gens, element, element.type, test, None, default)


_AUGMENTED = {"int": ("+", "-", "*", "//"), "str": ("+",)}


def set_(var: Var, value: Expr) -> Stmt:
    """Assign to a variable that exists; `m += 1` where that is what it comes to."""
    if isinstance(value, Bin) and value.left == var and value.op in _AUGMENTED.get(var.type.kind, ()):
        return Augment(var.name, value.op, value.right)
    return Assign(var.name, value, declare=False)


def inc(var: Var, value: Expr = ONE) -> Stmt:
    return Augment(var.name, "+", value)


def push(var: Var, value: Expr) -> Stmt:
    return Append(var.name, value)


def when(test: Expr, *then: Stmt, other: tuple[Stmt, ...] = ()) -> Stmt:
    return If(test, then, other)


def loop(gen: Gen, *body: Stmt) -> Stmt:
    return For(gen, body)


def whilst(test: Expr, *body: Stmt) -> Stmt:
    return While(test, body)


def upto(stop: Expr, start: Expr = ZERO, var: Var = I) -> Range:
    return Range(var, start, stop)


def ends(value: Expr) -> Stmt:
    return Return(value)


__all__ = [
    "BOOL",
    "EMPTY",
    "FALSE",
    "INT",
    "INTS",
    "ONE",
    "STR",
    "STRS",
    "TRUE",
    "TWO",
    "ZERO",
    "Append",
    "Assign",
    "Augment",
    "Bin",
    "Break",
    "C",
    "Comp",
    "Cond",
    "Const",
    "Each",
    "Enumerate",
    "Expr",
    "For",
    "Gen",
    "I",
    "If",
    "J",
    "K",
    "ListOf",
    "Prim",
    "R",
    "Range",
    "Return",
    "SetKey",
    "Stmt",
    "Type",
    "Un",
    "V",
    "Var",
    "W",
    "While",
    "X",
    "Y",
    "Zip",
]

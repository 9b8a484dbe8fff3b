"""The intermediate representation: small typed programs, from which code in every language is rendered.

A `Program` is a main `Function` and helper functions (each stands before whoever calls it; it may call itself). A
function's body is a tuple of statements; statements hold expressions; every expression knows its `type`.

How a renderer walks it: one function per node class, found by `type(node)`; expressions give text and a precedence,
statements give lines. Nothing else is needed. Names: parameters and locals are unique within a function and have one
type; loop variables (`operations/names.py`, LOOP) are named apart from them, and one name may stand in several loops or
comprehensions, with different types, that are not inside each other; none is a keyword of the six languages.
`Assign.declare` says where a variable is born, in the block where it is used. `PRIMITIVES` lists every call with its
meaning. `walk` yields all nodes.

One set of semantics for all languages:

- int: every value that occurs, also in between, is within plus or minus 2**53 (the forge drops programs that leave it).
  `//` and `%` are Python's: the quotient is rounded down, the remainder has the divisor's sign; no divisor is 0.
- str: ASCII. A character is a string of length 1. Strings compare by character code.
- list, dict: values. No parameter is changed in place; `Append` and `SetKey` only touch variables that were born by
  `ListOf`, `EmptyDict` or the primitive "copy", and such a variable is not stored inside another list afterwards.
- dict: keeps the order in which keys were first set. Keys are int or str.
- `==` and `!=` compare lists by elements. `and`, `or` and `Cond` evaluate only what they must.
- Sorts are stable; with `reverse`, equal elements still keep their order. `BestBy` takes the first of equals.
- A precondition written at a primitive (non-empty, in range) always holds where it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

INT_LIMIT = 2**53


@dataclass(frozen=True, slots=True)
class Type:
    """kind: "int", "bool", "str", "list" (one argument) or "dict" (two). Written as in Python by `str`."""

    kind: str
    args: tuple[Type, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False, default=0)
    _text: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        # Types are looked up all the time.
        object.__setattr__(self, "_hash", hash((self.kind, self.args)))
        text = f"{self.kind}[{', '.join(map(str, self.args))}]" if self.args else self.kind
        object.__setattr__(self, "_text", text)

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return self._text


INT, BOOL, STR = Type("int"), Type("bool"), Type("str")
INTS, STRS, BOOLS = Type("list", (INT,)), Type("list", (STR,)), Type("list", (BOOL,))
ROWS = Type("list", (INTS,))
COUNTS = Type("dict", (STR, INT))
INT_COUNTS = Type("dict", (INT, INT))


def list_of(element: Type) -> Type:
    """The type of lists of `element`."""
    return Type("list", (element,))


# ------------------------------------------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Const:
    """A literal int (may be negative), bool or str."""

    value: int | bool | str

    @property
    def type(self) -> Type:
        return BOOL if isinstance(self.value, bool) else INT if isinstance(self.value, int) else STR


@dataclass(frozen=True, slots=True)
class Var:
    """A parameter, a local or a loop variable."""

    name: str
    type: Type


COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))
LOGIC = frozenset(("and", "or"))


@dataclass(frozen=True, slots=True)
class Bin:
    """`left op right`.

    op: + - * // % on ints; + on two strings or two lists (a new one); == != on any two values of one type (no dicts);
    < <= > >= on two ints or two strings; and, or on bools.
    """

    op: str
    left: Expr
    right: Expr

    @property
    def type(self) -> Type:
        return BOOL if self.op in COMPARISONS or self.op in LOGIC else self.left.type


@dataclass(frozen=True, slots=True)
class Un:
    """op: "not" on a bool, "-" on an int."""

    op: str
    operand: Expr

    @property
    def type(self) -> Type:
        return self.operand.type


@dataclass(frozen=True, slots=True)
class Cond:
    """`then if test else other`."""

    test: Expr
    then: Expr
    other: Expr

    @property
    def type(self) -> Type:
        return self.then.type


@dataclass(frozen=True, slots=True)
class Prim:
    """A call of one of `PRIMITIVES`."""

    name: str
    args: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class ListOf:
    """A new list of these items, maybe none."""

    items: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class EmptyDict:
    """A new empty dict."""

    type: Type


@dataclass(frozen=True, slots=True)
class Comp:
    """A comprehension: for every turn of the generators (the second inside the first) for which `test` is true,
    `element` is evaluated and collected.

    kind: "list" a new list; "sum" of ints, 0 if none; "any", "all" of bools (stops early; it makes no difference);
    "min", "max" of ints or strings, `default` if there are none (default None: there is at least one);
    "join" of strings with nothing between; "dict": `key` -> `element`, a later equal key overwrites the value and
    keeps the place.
    """

    kind: str
    gens: tuple[Gen, ...]
    element: Expr
    type: Type
    test: Expr | None = None
    key: Expr | None = None
    default: Expr | None = None


@dataclass(frozen=True, slots=True)
class SortBy:
    """A new list: `source` (a list) sorted by `key`, an int or str expression of `var`. Stable, also in reverse."""

    source: Expr
    var: Var
    key: Expr
    reverse: bool = False

    @property
    def type(self) -> Type:
        return self.source.type


@dataclass(frozen=True, slots=True)
class BestBy:
    """The first element of the non-empty list `source` whose `key`, an int expression of `var`, is smallest (kind
    "min") or largest ("max")."""

    kind: str
    source: Expr
    var: Var
    key: Expr

    @property
    def type(self) -> Type:
        return self.var.type


@dataclass(frozen=True, slots=True)
class HelperCall:
    """A call of one of the program's helper functions."""

    name: str
    args: tuple[Expr, ...]
    type: Type


Expr = Const | Var | Bin | Un | Cond | Prim | ListOf | EmptyDict | Comp | SortBy | BestBy | HelperCall

# -------------------------------------------------------------------------------------------------- generators


@dataclass(frozen=True, slots=True)
class Each:
    """var takes the elements of a list or the characters of a string."""

    var: Var
    source: Expr


@dataclass(frozen=True, slots=True)
class Range:
    """var takes start, start + step, ... while below stop (above it if step is negative). step: not 0."""

    var: Var
    start: Expr
    stop: Expr
    step: int = 1


@dataclass(frozen=True, slots=True)
class Enumerate:
    """index takes start, start + 1, ...; var the elements of a list or the characters of a string."""

    index: Var
    var: Var
    source: Expr
    start: int = 0


@dataclass(frozen=True, slots=True)
class Zip:
    """Both variables advance together through two lists or strings, up to the end of the shorter one."""

    left: Var
    right: Var
    left_source: Expr
    right_source: Expr


@dataclass(frozen=True, slots=True)
class Items:
    """key and value take the entries of a dict, in its order. The dict is not changed meanwhile."""

    key: Var
    value: Var
    source: Expr


Gen = Each | Range | Enumerate | Zip | Items

# -------------------------------------------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Assign:
    """declare: the variable is born here, in this block. Otherwise it exists, in this function, with this type."""

    name: str
    value: Expr
    declare: bool = True


@dataclass(frozen=True, slots=True)
class Augment:
    """`name op= value`. op: + - * // on ints, + on strings (appends)."""

    name: str
    op: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Append:
    """Put `value` at the end of the list variable `name`."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class SetKey:
    """`name[key] = value` for a dict variable, or for a list variable with an index in range."""

    name: str
    key: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class If:
    test: Expr
    then: tuple[Stmt, ...]
    other: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class For:
    """The source is evaluated once. The loop variables are not assigned in the body and not used after it."""

    gen: Gen
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class While:
    test: Expr
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Return:
    value: Expr


@dataclass(frozen=True, slots=True)
class Break:
    """Leave the innermost loop."""


@dataclass(frozen=True, slots=True)
class Continue:
    """Next turn of the innermost loop."""


Stmt = Assign | Augment | Append | SetKey | If | For | While | Return | Break | Continue


@dataclass(frozen=True, slots=True)
class Function:
    """Every way through the body ends with a `Return`."""

    name: str
    params: tuple[Var, ...]
    returns: Type
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Program:
    main: Function
    helpers: tuple[Function, ...] = ()


Node = Expr | Gen | Stmt

# Every primitive: name -> (what it takes, what it gives and means). seq: a list or a str.
PRIMITIVES: dict[str, tuple[str, str]] = {
    "is_empty": ("list, str or dict", "bool: has it nothing in it"),
    "len": ("list, str or dict", "int: how many elements, characters or entries"),
    "abs": ("int", "int: the absolute value"),
    "min2": ("int, int", "int: the smaller"),
    "max2": ("int, int", "int: the larger"),
    "sum": ("list[int]", "int: the sum, 0 for an empty list"),
    "min": ("list[int] or list[str], not empty", "its smallest element"),
    "max": ("list[int] or list[str], not empty", "its largest element"),
    "min_or": ("list[int] or list[str], default", "its smallest element, or default if it is empty"),
    "max_or": ("list[int] or list[str], default", "its largest element, or default if it is empty"),
    "sorted": ("list[int] or list[str]", "a new list, smallest first"),
    "sorted_desc": ("list[int] or list[str]", "a new list, largest first"),
    "reversed": ("list or str", "a new one, last element first"),
    "copy": ("list", "a new list with the same elements"),
    "at": ("seq, int i with 0 <= i < len", "element or character number i"),
    "last": ("seq, not empty", "its last element or character"),
    "slice": ("seq, int from >= 0, int to >= 0", "a new seq: numbers from <= i < to that exist"),
    "drop": ("seq, int k >= 0", "a new seq without the first k (empty if it has no more)"),
    "take": ("seq, int k >= 0", "a new seq of the first k (all if it has fewer)"),
    "but_last": ("seq", "a new seq without the last element (empty stays empty)"),
    "take_last": ("seq, int k >= 1, a constant", "a new seq of the last k (all if it has fewer)"),
    "every": ("seq, int from >= 0, int k >= 1, constants", "a new seq: numbers from, from + k, from + 2k, ..."),
    "contains": ("list, element", "bool: is it in the list"),
    "has_key": ("dict, key", "bool: is it a key"),
    "in_str": ("str part, str whole", "bool: does part occur in whole"),
    "index": ("list, element that is in it", "int: where it is first, from 0"),
    "find": ("str whole, str part, not empty", "int: where part first occurs, from 0, or -1"),
    "count": ("list, element", "int: how often it occurs"),
    "count_str": ("str whole, str part, not empty", "int: how often part occurs, from left, not overlapping"),
    "distinct": ("list of int or str", "a new list without repetitions, in order of first occurrence"),
    "range_list": ("int from, int to", "list[int]: from, from + 1, ... below to; empty if from >= to"),
    "repeat": ("seq, int k >= 0", "a new seq: k copies one after the other"),
    "upper": ("str", "str: letters in upper case"),
    "lower": ("str", "str: letters in lower case"),
    "capitalize": ("str", "str: first character in upper case, all others in lower case"),
    "swapcase": ("str", "str: upper case letters in lower case and the other way round"),
    "strip": ("str", "str without spaces at both ends"),
    "words": ("str", "list[str]: its parts between runs of spaces; none is empty"),
    "split": ("str, str of one character", "list[str]: the parts between its occurrences, empty ones too"),
    "join": ("str, list[str]", "str: the parts with the first argument between them"),
    "chars": ("str", "list[str]: its characters"),
    "to_str": ("int", "str: decimal, '-' in front if negative"),
    "to_int": ("str of 1 to 15 digits", "int"),
    "is_digit": ("str of one character", "bool: 0-9"),
    "is_alpha": ("str of one character", "bool: a-z or A-Z"),
    "is_upper": ("str of one character", "bool: A-Z"),
    "is_lower": ("str of one character", "bool: a-z"),
    "ord": ("str of one character", "int: its code"),
    "chr": ("int from 32 to 126", "str: the character with this code"),
    "starts_with": ("str, str", "bool: does the first begin with the second"),
    "ends_with": ("str, str", "bool: does the first end with the second"),
    "replace": ("str, str old, not empty, str new", "str: every old replaced, from left, not overlapping"),
    "get": ("dict, key, default", "the value of the key, or default"),
    "at_key": ("dict, key that is in it", "the value of the key"),
    "keys": ("dict", "list of the keys in their order"),
    "values": ("dict", "list of the values in the order of their keys"),
}


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in the order of its fields."""
    for name in node.__slots__:
        value = getattr(node, name)
        for part in value if isinstance(value, tuple) else (value,):
            if hasattr(part, "__slots__") and not isinstance(part, Type):
                yield part


def walk(node: Node | Function | Program) -> Iterator[Node]:
    """The node and all nodes inside, parents first. A Function or Program stands for the nodes in its bodies."""
    if isinstance(node, Program):
        for function in (*node.helpers, node.main):
            yield from walk(function)
    elif isinstance(node, Function):
        for statement in node.body:
            yield from walk(statement)
    else:
        yield node
        for child in children(node):
            yield from walk(child)

"""Lists of strings: element by element, orders, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable

from assay.forge.ir import BOOL, COUNTS, INT, INTS, STR, STRS, BestBy, Comp, EmptyDict, SetKey, SortBy, Type
from assay.forge.operations.families import Mapping, Predicate, maps, selections
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    EMPTY,
    ONE,
    ZERO,
    Augment,
    C,
    Cond,
    Const,
    Each,
    Enumerate,
    Expr,
    I,
    ListOf,
    W,
    add,
    at,
    ends,
    eq,
    gt,
    is_empty,
    le,
    listed,
    loop,
    lt,
    max2,
    num,
    prim,
    push,
    reduced,
    same,
    set_,
    size,
    some,
    sub,
    text,
    upto,
    when,
)

LETTER = Constant(("a", "e", "o", "t", "s", "n"))
NONE = ListOf((), STRS)


def op(
    name: str,
    phrases: tuple[str, ...],
    weight: float = 0.8,
    constants: tuple[Constant, ...] = (),
    gives: Type = STRS,
    **idioms: Builder,
) -> Operation:
    return Operation(name, (STRS,), gives, phrases, idioms, constants, weight)


def pure(f: Callable[..., Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return f(x, *k)

    return {"expr": expr}


def joined_loop(sep: str) -> Builder:
    def build(w: Writer, x: Expr) -> Expr:
        out = w.new("out", EMPTY)
        w.add(loop(Each(W, x), Augment(out.name, "+", W)))
        return out

    def with_sep(w: Writer, x: Expr) -> Expr:
        out = w.new("out", EMPTY)
        first = when(gt(I, ZERO), Augment(out.name, "+", Const(sep)))
        w.add(loop(Enumerate(I, W, x), first, Augment(out.name, "+", W)))
        return out

    return with_sep if sep else build


def best(kind: str) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return Cond(some(x), BestBy(kind, x, W, size(W)), EMPTY)

    def by_loop(w: Writer, x: Expr) -> Expr:
        if not w.last:
            return expr(w, x)
        w.add(when(is_empty(x), ends(EMPTY)))
        top = w.new("best", at(x, ZERO))
        better = (gt if kind == "max" else lt)(size(W), size(top))
        w.add(loop(Each(W, x), when(better, set_(top, W))))
        return top

    return {"expr": expr, "loop": by_loop}


def counts(w: Writer, x: Expr) -> Expr:
    table = w.new("dict", EmptyDict(COUNTS))
    w.add(loop(Each(W, x), SetKey(table.name, W, add(prim("get", INT, table, W, ZERO), ONE))))
    return table


def counts_test(w: Writer, x: Expr) -> Expr:
    table = w.new("dict", EmptyDict(COUNTS))
    more = SetKey(table.name, W, add(prim("at_key", INT, table, W), ONE))
    w.add(loop(Each(W, x), when(prim("has_key", BOOL, table, W), more, other=(SetKey(table.name, W, ONE),))))
    return table


def counts_comp(w: Writer, x: Expr) -> Expr:
    return Comp("dict", (Each(W, x),), prim("count", INT, x, W), COUNTS, None, W)


def lengths_dict(w: Writer, x: Expr) -> Expr:
    return Comp("dict", (Each(W, x),), size(W), COUNTS, None, W)


def lengths_dict_loop(w: Writer, x: Expr) -> Expr:
    table = w.new("dict", EmptyDict(COUNTS))
    w.add(loop(Each(W, x), SetKey(table.name, W, size(W))))
    return table


def places_dict(w: Writer, x: Expr) -> Expr:
    return Comp("dict", (Enumerate(I, W, x),), I, COUNTS, None, W)


def places_dict_loop(w: Writer, x: Expr) -> Expr:
    table = w.new("dict", EmptyDict(COUNTS))
    w.add(loop(Enumerate(I, W, x), SetKey(table.name, W, I)))
    return table


def first_letter_counts(w: Writer, x: Expr) -> Expr:
    table = w.new("dict", EmptyDict(COUNTS))
    key = same("take", W, ONE)
    w.add(loop(Each(W, x), SetKey(table.name, key, add(prim("get", INT, table, key, ZERO), ONE))))
    return table


def initials(w: Writer, x: Expr) -> Expr:
    return reduced("join", same("take", W, ONE), Each(W, x))


def initials_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", EMPTY)
    w.add(loop(Each(W, x), Augment(out.name, "+", same("take", W, ONE))))
    return out


def numbered(w: Writer, x: Expr) -> Expr:
    return listed(add(add(prim("to_str", STR, I), text(":")), W), Enumerate(I, W, x, 1))


def numbered_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(Enumerate(I, W, x, 1), push(out, add(add(prim("to_str", STR, I), text(":")), W))))
    return out


def neighbours(w: Writer, x: Expr) -> Expr:
    return listed(add(at(x, I), at(x, add(I, ONE))), upto(sub(size(x), ONE)))


def joined_prefixes(w: Writer, x: Expr) -> Expr:
    out, t = w.new("out", NONE), w.new("str", EMPTY)
    w.add(loop(Each(W, x), Augment(t.name, "+", W), push(out, t)))
    return out


def longest_length(w: Writer, x: Expr) -> Expr:
    return reduced("max", size(W), Each(W, x), default=ZERO)


def longest_length_loop(w: Writer, x: Expr) -> Expr:
    top = w.new("best", ZERO)
    w.add(loop(Each(W, x), set_(top, max2(top, size(W)))))
    return top


def padded(w: Writer, x: Expr, c: Expr) -> Expr:
    m = w.new("int", longest_length(w, x))
    return listed(add(W, same("repeat", c, sub(m, size(W)))), Each(W, x))


MAPPINGS = (
    Mapping("upper_each", ("write each string[ in {x}] in upper case",), lambda v: same("upper", v), (), 1.0),
    Mapping("lower_each", ("write each string[ in {x}] in lower case",), lambda v: same("lower", v), (), 0.8),
    Mapping(
        "capitalize_each",
        ("capitalize each string[ in {x}] (first character upper case, others lower)",),
        lambda v: same("capitalize", v),
        (),
        0.8,
    ),
    Mapping("reverse_each", ("reverse each string[ in {x}]",), lambda v: same("reversed", v), (), 1.0),
    Mapping(
        "take_each",
        ("cut each string[ in {x}] down to its first {0} characters",),
        lambda v, k: same("take", v, k),
        (Constant((1, 2, 3)),),
        0.8,
    ),
    Mapping(
        "drop_each",
        ("remove the first {0} characters of each string[ in {x}]",),
        lambda v, k: same("drop", v, k),
        (Constant((1, 2)),),
        0.7,
    ),
    Mapping(
        "last_each",
        ("cut each string[ in {x}] down to its last {0} characters",),
        lambda v, k: same("take_last", v, k),
        (Constant((1, 2, 3)),),
        0.6,
    ),
    Mapping("suffix_each", ("append {0} to each string[ in {x}]",), add, (Constant(("!", "s", "er", "-", "?")),), 0.8),
    Mapping(
        "prefix_each",
        ("put {0} in front of each string[ in {x}]",),
        lambda v, k: add(k, v),
        (Constant(("a", "re", "un", "#", "-")),),
        0.8,
    ),
    Mapping(
        "double_each",
        ("replace each string[ in {x}] by two copies of it, one after the other",),
        lambda v: add(v, v),
        (),
        0.6,
    ),
    Mapping(
        "replace_each",
        ("replace every {0} by {1} in each string[ in {x}]",),
        lambda v, k, m: same("replace", v, k, m),
        (LETTER, Constant(("x", "*", "oo", "_"))),
        0.6,
    ),
    Mapping(
        "strip_letter_each",
        ("remove every {0} from each string[ in {x}]",),
        lambda v, k: same("replace", v, k, EMPTY),
        (LETTER,),
        0.6,
    ),
    Mapping(
        "sized_each",
        ("append its length to each string[ in {x}]",),
        lambda v: add(v, prim("to_str", STR, size(v))),
        (),
        0.6,
    ),
)
TO_INTS = (
    Mapping(
        "lengths",
        ("replace each string[ in {x}] by its length", "list the lengths of the strings[ in {x}]"),
        size,
        (),
        1.6,
    ),
    Mapping(
        "letter_each",
        (
            "replace each string[ in {x}] by how often it contains {0}",
            "list how often {0} occurs in each string[ in {x}]",
        ),
        lambda v, k: prim("count_str", INT, v, k),
        (LETTER,),
        0.8,
    ),
    Mapping(
        "vowels_each",
        ("replace each string[ in {x}] by its number of vowels (a, e, i, o, u in either case)",),
        lambda v: reduced("sum", ONE, Each(C, v), test=prim("in_str", BOOL, same("lower", C), text("aeiou"))),
        (),
        0.8,
    ),
    Mapping(
        "letter_place_each",
        ("replace each string[ in {x}] by the position (from 0) of its first {0}, or -1",),
        lambda v, k: prim("find", INT, v, k),
        (LETTER,),
        0.6,
    ),
)

PREDICATES = (
    Predicate(
        "longer",
        "strings{in} longer than {0} characters",
        "longer than {0} characters",
        lambda v, k: gt(size(v), k),
        (Constant((1, 2, 3, 4)),),
        1.3,
    ),
    Predicate(
        "shorter",
        "strings{in} shorter than {0} characters",
        "shorter than {0} characters",
        lambda v, k: lt(size(v), k),
        (Constant((3, 4, 5)),),
        1.0,
    ),
    Predicate(
        "with_letter",
        "strings{in} that contain {0}",
        "strings that contain {0}",
        lambda v, k: prim("in_str", BOOL, k, v),
        (LETTER,),
        1.2,
    ),
    Predicate(
        "without_letter",
        "strings{in} that do not contain {0}",
        "strings without {0}",
        lambda v, k: eq(prim("count_str", INT, v, k), ZERO),
        (LETTER,),
        0.5,
    ),
    Predicate(
        "starting",
        "strings{in} that start with {0}",
        "strings that start with {0}",
        lambda v, k: prim("starts_with", BOOL, v, k),
        (Constant(("a", "e", "b", "n", "l", "c")),),
        0.9,
        rare=True,
    ),
    Predicate(
        "ending_in",
        "strings{in} that end with {0}",
        "strings that end with {0}",
        lambda v, k: prim("ends_with", BOOL, v, k),
        (Constant(("e", "t", "n", "a", "r", "y")),),
        0.8,
        rare=True,
    ),
    Predicate(
        "palindromes",
        "strings{in} that read the same backwards",
        "the same backwards",
        lambda v: eq(v, same("reversed", v)),
        (),
        0.6,
        rare=True,
    ),
    Predicate(
        "even_sized", "strings{in} of even length", "of even length", lambda v: eq(prim_mod(size(v)), ZERO), (), 0.6
    ),
)


def prim_mod(x: Expr) -> Expr:
    from assay.forge.operations.short import TWO, mod

    return mod(x, TWO)


OPERATIONS: list[Operation] = [
    *maps(STRS, MAPPINGS),
    *maps(STRS, TO_INTS, INTS),
    *selections(STRS, PREDICATES, "string"),
    op(
        "sort_strs",
        ("sort {x} by character code", "sort {x} in ascending order (by character code)"),
        1.2,
        **pure(lambda a: same("sorted", a)),
    ),
    op(
        "sort_strs_desc",
        ("sort {x} in descending order (by character code)",),
        0.8,
        **pure(lambda a: same("sorted_desc", a)),
    ),
    op(
        "sort_by_length",
        (
            "sort {x} by length, shortest first, ties in the old order",
            "sort {x} by length (stable)",
        ),
        1.0,
        expr=lambda w, x: SortBy(x, W, size(W)),
    ),
    op(
        "sort_by_length_desc",
        ("sort {x} by length, longest first, ties in the old order",),
        0.8,
        expr=lambda w, x: SortBy(x, W, size(W), True),
    ),
    op(
        "sort_by_last",
        ("sort {x} by the last character of each string (empty strings first), ties in the old order",),
        0.5,
        expr=lambda w, x: SortBy(x, W, same("take_last", W, ONE)),
    ),
    op(
        "sort_any_case",
        ("sort {x} as if all strings were in lower case, ties in the old order",),
        0.5,
        expr=lambda w, x: SortBy(x, W, same("lower", W)),
    ),
    op(
        "number_each",
        ('put its number, from 1, and ":" in front of each string[ in {x}]',),
        0.6,
        expr=numbered,
        loop=numbered_loop,
    ),
    op(
        "neighbour_joins",
        ("list each string[ in {x}] joined directly with the one after it (the last has none)",),
        0.5,
        expr=neighbours,
    ),
    op(
        "joined_prefixes",
        ("replace each string[ in {x}] by all strings up to and including it joined together",),
        0.4,
        expr=joined_prefixes,
    ),
    op(
        "pad_each",
        ("fill up each string[ in {x}] on the right with {0} to the length of the longest",),
        0.5,
        (Constant((".", "*", "-")),),
        expr=padded,
    ),
    op(
        "append_str",
        ("append the string {0} to {x}",),
        0.6,
        (Constant(("end", "x", "cat")),),
        expr=lambda w, x, k: add(x, ListOf((k,), STRS)),
    ),
    op(
        "join",
        ("join the strings[ in {x}] with nothing between", "join {x} into one string"),
        1.0,
        (),
        STR,
        expr=lambda w, x: prim("join", STR, EMPTY, x),
        loop=joined_loop(""),
    ),
    op(
        "join_comma",
        (
            'join the strings[ in {x}] with "," between',
            'join the strings[ in {x}] with ","',
        ),
        0.9,
        (),
        STR,
        expr=lambda w, x: prim("join", STR, text(","), x),
        loop=joined_loop(","),
    ),
    op(
        "join_space",
        (
            "join the strings[ in {x}] with a space between",
            "join the strings[ in {x}] with spaces",
        ),
        0.9,
        (),
        STR,
        expr=lambda w, x: prim("join", STR, text(" "), x),
        loop=joined_loop(" "),
    ),
    op(
        "initials_strs",
        ("join the first characters of the strings[ in {x}] (empty ones give none) into one string",),
        0.7,
        (),
        STR,
        expr=initials,
        loop=initials_loop,
    ),
    op(
        "longest_str",
        ('the longest string[ in {x}], the first if tied ("" if there is none)',),
        1.0,
        (),
        STR,
        **best("max"),
    ),
    op(
        "shortest_str",
        ('the shortest string[ in {x}], the first if tied ("" if there is none)',),
        0.8,
        (),
        STR,
        **best("min"),
    ),
    op(
        "smallest_str",
        ('the string[ in {x}] that comes first by character code ("" if there is none)',),
        0.6,
        (),
        STR,
        expr=lambda w, x: prim("min_or", STR, x, EMPTY),
    ),
    op(
        "largest_str",
        ('the string[ in {x}] that comes last by character code ("" if there is none)',),
        0.6,
        (),
        STR,
        expr=lambda w, x: prim("max_or", STR, x, EMPTY),
    ),
    op(
        "first_str",
        ('the first string[ in {x}] ("" if there is none)',),
        0.6,
        (),
        STR,
        expr=lambda w, x: Cond(some(x), at(x, ZERO), EMPTY),
    ),
    op(
        "last_str",
        ('the last string[ in {x}] ("" if there is none)',),
        0.6,
        (),
        STR,
        expr=lambda w, x: Cond(some(x), prim("last", STR, x), EMPTY),
    ),
    op(
        "str_at",
        ('the string at position {0} (from 0)[ of {x}] ("" if there is none)',),
        0.6,
        (Constant((0, 1, 2, 3)),),
        STR,
        expr=lambda w, x, k: Cond(gt(size(x), k), at(x, k), EMPTY),
    ),
    op(
        "total_length",
        ("the total length of the strings[ in {x}]", "the sum of the lengths of the strings[ in {x}]"),
        1.0,
        (),
        INT,
        expr=lambda w, x: reduced("sum", size(W), Each(W, x)),
        loop=lambda w, x: _total_loop(w, x),
    ),
    op(
        "longest_length",
        (
            "the length of the longest string[ in {x}] (0 if there is none)",
            "the largest length[ in {x}] (0 if none)",
        ),
        0.9,
        (),
        INT,
        expr=longest_length,
        loop=longest_length_loop,
    ),
    op(
        "count_str_in",
        ("how often the string {0} is in {x}",),
        0.5,
        (Constant(("cat", "a", "x", "sun")),),
        INT,
        expr=lambda w, x, k: prim("count", INT, x, k),
    ),
    op(
        "letter_total",
        ("how often {0} occurs in all strings[ in {x}] together",),
        0.7,
        (LETTER,),
        INT,
        expr=lambda w, x, k: reduced("sum", prim("count_str", INT, W, k), Each(W, x)),
        loop=lambda w, x, k: prim("count_str", INT, prim("join", STR, EMPTY, x), k),
    ),
    op(
        "str_counts",
        ("make a dict that tells how often each string occurs[ in {x}], in order of first occurrence",),
        1.0,
        (),
        COUNTS,
        expr=counts,
        loop=counts_test,
        other=counts_comp,
    ),
    op(
        "length_dict",
        ("make a dict from each string[ in {x}] to its length",),
        0.8,
        (),
        COUNTS,
        expr=lengths_dict,
        loop=lengths_dict_loop,
    ),
    op(
        "last_place_dict",
        (
            "make a dict from each string[ in {x}] to the last position (from 0) where it stands, keys in order of first occurrence",
        ),
        0.5,
        (),
        COUNTS,
        expr=places_dict,
        loop=places_dict_loop,
    ),
    op(
        "first_letter_counts",
        (
            'make a dict that tells how many strings[ in {x}] begin with each character ("" for empty ones), in order of first occurrence',
        ),
        0.5,
        (),
        COUNTS,
        expr=first_letter_counts,
    ),
]


def _total_loop(w: Writer, x: Expr) -> Expr:
    from assay.forge.operations.short import inc

    total = w.new("total", ZERO)
    w.add(loop(Each(W, x), inc(total, size(W))))
    return total


__all__ = ["OPERATIONS", "le", "num"]

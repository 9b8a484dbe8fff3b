"""Operations that come in families: one function on elements makes a map, one predicate makes keep, drop, count, ...

The same builders serve lists of ints, lists of strings and strings (whose elements are characters).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assay.forge.ir import BOOL, INT, INTS, STR, Bin, HelperCall, Type, Un
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    EMPTY,
    FALSE,
    ONE,
    TRUE,
    ZERO,
    Append,
    Augment,
    Break,
    Cond,
    Const,
    Each,
    Enumerate,
    Expr,
    I,
    ListOf,
    Stmt,
    Var,
    add,
    at,
    both,
    either,
    ends,
    inc,
    is_empty,
    last,
    listed,
    loop,
    loop_var,
    lt,
    max2,
    no,
    num,
    prim,
    reduced,
    same,
    set_,
    size,
    some,
    upto,
    when,
    whilst,
)

ElementFunction = Callable[..., Expr]


@dataclass(frozen=True)
class Mapping:
    """A function on elements. phrases: with {0}, {1} for the constants."""

    name: str
    phrases: tuple[str, ...]
    f: ElementFunction
    constants: tuple[Constant, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True)
class Predicate:
    """A test of elements.

    those: who pass, plural, with {in} where the whole may be named: "even numbers{in}". are: what is said of them
    ("even"). rare: few elements pass, so that "all", "first" and the like would nearly always say the same.
    """

    name: str
    those: str
    are: str
    p: ElementFunction
    constants: tuple[Constant, ...] = ()
    weight: float = 1.0
    rare: bool = False


def collected(seq: Type) -> Expr:
    """An empty list or string."""
    return EMPTY if seq == STR else ListOf((), seq)


def collect(out: Var, element: Expr) -> Stmt:
    return Augment(out.name, "+", element) if out.type == STR else Append(out.name, element)


def maps(seq: Type, mappings: Iterable[Mapping], gives: Type | None = None) -> list[Operation]:
    """Operations that apply a function to every element."""
    return [
        Operation(
            mapping.name,
            (seq,),
            gives or seq,
            mapping.phrases,
            _map_idioms(mapping.f, gives or seq),
            mapping.constants,
            mapping.weight,
        )
        for mapping in mappings
    ]


def _map_idioms(f: ElementFunction, gives: Type) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        return reduced("join", f(v, *k), Each(v, x)) if gives == STR else listed(f(v, *k), Each(v, x))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        out = w.new("out", collected(gives))
        w.add(loop(Each(v, x), collect(out, f(v, *k))))
        return out

    def by_index(w: Writer, x: Expr, *k: Expr) -> Expr:
        out = w.new("out", collected(gives))
        w.add(loop(upto(size(x)), collect(out, f(at(x, I), *k))))
        return out

    return {"expr": expr, "loop": by_loop, "other": by_index}


def selections(seq: Type, predicates: Iterable[Predicate], one: str) -> list[Operation]:
    """All operations of all predicates. one: what an element is called ("number")."""
    return [operation for predicate in predicates for operation in _family(seq, predicate, one)]


def _family(seq: Type, predicate: Predicate, one: str) -> list[Operation]:
    p, name, are = predicate.p, predicate.name, predicate.are
    word = "in"
    those = predicate.those.replace("{in}", f"[ {word} {{x}}]")
    all_of = f"{one}s[ {word} {{x}}]"
    ints = seq == INTS
    none: Const = Const(-1) if ints else EMPTY
    none_text = "-1 if none" if ints else '"" if none'
    element = INT if ints else STR

    def make(
        prefix: str,
        gives: Type,
        phrases: tuple[str, ...],
        weight: float,
        idioms: dict[str, Builder],
        more: tuple[Constant, ...] = (),
    ) -> Operation:
        return Operation(
            f"{prefix}_{name}",
            (seq,),
            gives,
            phrases,
            idioms,
            (*predicate.constants, *more),
            weight * predicate.weight,
        )

    operations = [
        make(
            "keep",
            seq,
            (f"keep only the {those}", f"keep the {those} and no others", f"select the {those}"),
            1.5,
            _keep_idioms(p),
        ),
        make(
            "drop",
            seq,
            (f"remove the {those}", f"drop all {those}", f"leave out the {those}"),
            1.0,
            _keep_idioms(lambda v, *k: negated(p(v, *k))),
        ),
        make(
            "count",
            INT,
            (f"the number of {those}", f"how many {those} there are", f"the count of {those}"),
            1.0,
            _count_idioms(p),
        ),
        make(
            "any",
            BOOL,
            (f"whether there are any {those}", f"whether at least one of the {all_of} is {_one(are)}"),
            0.4,
            _any_idioms(p, True),
        ),
        make(
            "all",
            BOOL,
            (f"whether all {all_of} are {are} (True if there are none)",),
            0.4,
            _any_idioms(p, False),
        ),
        make(
            "first",
            element,
            (
                f"the first of the {those} ({none_text})",
                f"the first one of the {those}, or {literal(none)} if there are none",
            ),
            0.5,
            _first_idioms(p, none),
        ),
        make(
            "last",
            element,
            (
                f"the last of the {those} ({none_text})",
                f"the last one of the {those}, or {literal(none)} if there are none",
            ),
            0.4,
            _last_idioms(p, none),
        ),
        make(
            "where",
            INTS,
            (f"the positions (from 0) of the {those}", f"the list of 0-based positions of the {those}"),
            0.4,
            _where_idioms(p),
        ),
        make(
            "find",
            INT,
            (f"the position (from 0) of the first of the {those} (-1 if none)",),
            0.4,
            _find_idioms(p),
        ),
        make(
            "front",
            seq,
            (
                f"move the {those} to the front, keeping the order otherwise",
                f"put the {those} before all other {one}s, each group in its old order",
            ),
            0.5,
            _front_idioms(p),
        ),
        make(
            "lead",
            seq,
            (
                f"keep the {all_of} from the start as long as they are {are}",
                f"cut {{x}} off before the first {one} that is not {_one(are)}".replace("not not ", ""),
            ),
            0.5,
            _lead_idioms(p),
        ),
        make(
            "skip",
            seq,
            (f"remove {all_of} from the start as long as they are {are}",),
            0.4,
            _skip_idioms(p),
        ),
        make(
            "run",
            INT,
            (
                f"the length of the longest run of {those} next to each other",
                f"the largest number of {those} in unbroken succession",
            ),
            0.4,
            _run_idioms(p),
        ),
    ]
    if ints:
        operations += [
            make("sum", INT, (f"the sum of the {those}", f"the total of all {those}"), 0.8, _sum_idioms(p)),
            make("max", INT, (f"the largest of the {those} (0 if none)",), 0.4, _best_idioms(p, "max")),
            make("min", INT, (f"the smallest of the {those} (0 if none)",), 0.4, _best_idioms(p, "min")),
            make(
                "zero",
                INTS,
                (f"replace each of the {those} by 0", f"turn the {those} into zeros"),
                0.4,
                _map_idioms(lambda v, *k: Cond(p(v, *k), ZERO, v), INTS),
            ),
            make(
                "bump",
                INTS,
                (f"add {{{len(predicate.constants)}}} to the {those} and leave the others as they are",),
                0.4,
                _map_idioms(lambda v, *k: Cond(p(v, *k[:-1]), add(v, k[-1]), v), INTS),
                (Constant((1, 2, 3, 5, 10)),),
            ),
        ]
    if seq == STR:
        operations += [
            make(
                "mask",
                STR,
                (f"replace each of the {those} by {{{len(predicate.constants)}}}",),
                0.5,
                _map_idioms(lambda v, *k: Cond(p(v, *k[:-1]), k[-1], v), STR),
                (Constant(("*", "-", "_", "#")),),
            ),
            make(
                "double",
                STR,
                (f"write each of the {those} twice",),
                0.4,
                _map_idioms(lambda v, *k: Cond(p(v, *k), add(v, v), v), STR),
            ),
        ]
    if predicate.rare:
        return [one_of for one_of in operations if not one_of.name.startswith(_NOT_FOR_RARE)]
    return operations


_NOT_FOR_RARE = ("all_", "lead_", "first_", "last_", "find_")
_NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def negated(test: Expr) -> Expr:
    """The opposite of a test, written as people do."""
    if isinstance(test, Bin) and test.op in _NEGATED:
        return Bin(_NEGATED[test.op], test.left, test.right)
    if isinstance(test, Un) and test.op == "not":
        return test.operand
    return no(test)


def literal(value: Const) -> str:
    return f'"{value.value}"' if isinstance(value.value, str) else str(value.value)


_SINGULAR = (
    ("strings that contain", "a string that contains"),
    ("strings that start", "a string that starts"),
    ("strings that end", "a string that ends"),
    ("strings without", "a string without"),
    ("numbers that end", "a number that ends"),
    ("multiples", "a multiple"),
    ("vowels", "a vowel"),
    ("digits", "a digit"),
    ("case letters", "case letter"),
    ("letters", "a letter"),
    ("spaces", "a space"),
    ("upper-case letter", "an upper-case letter"),
    ("lower-case letter", "a lower-case letter"),
)


def _one(are: str) -> str:
    """What is said of one, from what is said of many."""
    for many, single in _SINGULAR:
        are = are.replace(many, single)
    return are


def _recursive(
    p: ElementFunction, names: tuple[str, ...], none: Callable[[Expr], Expr], put: Callable[[Expr, Expr], Expr]
) -> Builder:
    """A helper that looks at the first element and calls itself for the rest. none: its value where nothing is left.
    put: the value where the first element passes, of this element and the value for the rest."""

    def build(w: Writer, x: Expr, *k: Expr) -> Expr:
        whole = Var("s" if x.type == STR else "a", x.type)
        params = (whole, *(part for part in k if isinstance(part, Var)))
        empty = none(whole)
        first = at(whole, ZERO)

        def body(own: str) -> tuple[Stmt, ...]:
            rest = HelperCall(own, (same("drop", whole, ONE), *params[1:]), empty.type)
            return (
                when(is_empty(whole), ends(empty)),
                when(p(first, *k), ends(put(first, rest))),
                ends(rest),
            )

        return HelperCall(w.helper(names, params, empty.type, body), (x, *params[1:]), empty.type)

    return build


def _in_front(element: Expr, rest: Expr) -> Expr:
    return add(element if rest.type == STR else ListOf((element,), rest.type), rest)


def _keep_idioms(p: ElementFunction) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        test = p(v, *k)
        return reduced("join", v, Each(v, x), test=test) if x.type == STR else listed(v, Each(v, x), test=test)

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        out = w.new("out", collected(x.type))
        w.add(loop(Each(v, x), when(p(v, *k), collect(out, v))))
        return out

    def by_index(w: Writer, x: Expr, *k: Expr) -> Expr:
        out = w.new("out", collected(x.type))
        w.add(loop(upto(size(x)), when(p(at(x, I), *k), collect(out, at(x, I)))))
        return out

    helper = _recursive(p, ("kept", "chosen", "left"), lambda whole: collected(whole.type), _in_front)
    return {"expr": expr, "loop": by_loop, "other": by_index, "helper": helper}


def _count_idioms(p: ElementFunction) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        return reduced("sum", ONE, Each(v, x), test=p(v, *k))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        total = w.new("total", ZERO)
        w.add(loop(Each(v, x), when(p(v, *k), inc(total))))
        return total

    def by_list(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        return size(listed(v, Each(v, x), test=p(v, *k)))

    helper = _recursive(p, ("count_in", "tally", "how_many"), lambda whole: ZERO, lambda first, rest: add(ONE, rest))
    return {"expr": expr, "loop": by_loop, "other": by_list, "helper": helper}


def _sum_idioms(p: ElementFunction) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        return reduced("sum", v, Each(v, x), test=p(v, *k))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        total = w.new("total", ZERO)
        w.add(loop(Each(v, x), when(p(v, *k), inc(total, v))))
        return total

    return {"expr": expr, "loop": by_loop}


def _any_idioms(p: ElementFunction, wanted: bool) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        return reduced("any" if wanted else "all", p(v, *k), Each(v, x))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr | None:
        v = loop_var(x)
        test = p(v, *k) if wanted else negated(p(v, *k))
        if w.last:
            w.add(loop(Each(v, x), when(test, ends(Const(wanted)))), ends(Const(not wanted)))
            return None
        flag = w.new("flag", FALSE if wanted else TRUE)
        w.add(loop(Each(v, x), when(test, set_(flag, Const(wanted)), Break())))
        return flag

    return {"expr": expr, "loop": by_loop}


def _first_idioms(p: ElementFunction, none: Const) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        found = w.new("list", listed(v, Each(v, x), test=p(v, *k)))
        return Cond(some(found), at(found, ZERO), none)

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr | None:
        v = loop_var(x)
        if w.last:
            w.add(loop(Each(v, x), when(p(v, *k), ends(v))), ends(none))
            return None
        best = w.new("best", none)
        w.add(loop(Each(v, x), when(p(v, *k), set_(best, v), Break())))
        return best

    return {"expr": expr, "loop": by_loop}


def _last_idioms(p: ElementFunction, none: Const) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        found = w.new("list", listed(v, Each(v, x), test=p(v, *k)))
        return Cond(some(found), last(found), none)

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        best = w.new("best", none)
        w.add(loop(Each(v, x), when(p(v, *k), set_(best, v))))
        return best

    def backwards(w: Writer, x: Expr, *k: Expr) -> Expr | None:
        v = loop_var(x)
        if not w.last:
            return by_loop(w, x, *k)
        w.add(loop(Each(v, same("reversed", x)), when(p(v, *k), ends(v))), ends(none))
        return None

    return {"expr": expr, "loop": by_loop, "other": backwards}


def _where_idioms(p: ElementFunction) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        return listed(I, Enumerate(I, v, x), test=p(v, *k))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        out = w.new("out", ListOf((), INTS))
        w.add(loop(Enumerate(I, v, x), when(p(v, *k), collect(out, I))))
        return out

    def by_index(w: Writer, x: Expr, *k: Expr) -> Expr:
        return listed(I, upto(size(x)), test=p(at(x, I), *k))

    return {"expr": expr, "loop": by_loop, "other": by_index}


def _find_idioms(p: ElementFunction) -> Idioms:
    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr | None:
        v = loop_var(x)
        if w.last:
            w.add(loop(Enumerate(I, v, x), when(p(v, *k), ends(I))), ends(num(-1)))
            return None
        pos = w.new("at", num(-1))
        w.add(loop(Enumerate(I, v, x), when(p(v, *k), set_(pos, I), Break())))
        return pos

    def by_while(w: Writer, x: Expr, *k: Expr) -> Expr:
        pos = w.new("at", ZERO)
        w.add(whilst(both(lt(pos, size(x)), negated(p(at(x, pos), *k))), inc(pos)))
        return Cond(lt(pos, size(x)), pos, num(-1))

    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        return reduced("min", I, Enumerate(I, v, x), test=p(v, *k), default=num(-1))

    return {"expr": expr, "loop": by_loop, "other": by_while}


def _front_idioms(p: ElementFunction) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        if x.type == STR:
            return add(
                reduced("join", v, Each(v, x), test=p(v, *k)),
                reduced("join", v, Each(v, x), test=negated(p(v, *k))),
            )
        return add(listed(v, Each(v, x), test=p(v, *k)), listed(v, Each(v, x), test=negated(p(v, *k))))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        out, rest = w.new("out", collected(x.type)), w.new("rest", collected(x.type))
        w.add(loop(Each(v, x), when(p(v, *k), collect(out, v), other=(collect(rest, v),))))
        return add(out, rest)

    return {"expr": expr, "loop": by_loop}


def _lead_idioms(p: ElementFunction) -> Idioms:
    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        out = w.new("out", collected(x.type))
        w.add(loop(Each(v, x), when(negated(p(v, *k)), Break()), collect(out, v)))
        return out

    def by_while(w: Writer, x: Expr, *k: Expr) -> Expr:
        pos = w.new("at", ZERO)
        w.add(whilst(both(lt(pos, size(x)), p(at(x, pos), *k)), inc(pos)))
        return same("take", x, pos)

    return {"expr": by_while, "loop": by_loop}


def _skip_idioms(p: ElementFunction) -> Idioms:
    def by_while(w: Writer, x: Expr, *k: Expr) -> Expr:
        pos = w.new("at", ZERO)
        w.add(whilst(both(lt(pos, size(x)), p(at(x, pos), *k)), inc(pos)))
        return same("drop", x, pos)

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        out = w.new("out", collected(x.type))
        w.add(loop(Each(v, x), when(either(some(out), negated(p(v, *k))), collect(out, v))))
        return out

    return {"expr": by_while, "loop": by_loop}


def _run_idioms(p: ElementFunction) -> Idioms:
    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        best, run = w.new("best", ZERO), w.new("run", ZERO)
        w.add(loop(Each(v, x), set_(run, Cond(p(v, *k), add(run, ONE), ZERO)), set_(best, max2(best, run))))
        return best

    def by_if(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        best, run = w.new("best", ZERO), w.new("run", ZERO)
        w.add(
            loop(
                Each(v, x),
                when(p(v, *k), inc(run), set_(best, max2(best, run)), other=(set_(run, ZERO),)),
            )
        )
        return best

    return {"expr": by_loop, "loop": by_if}


def _best_idioms(p: ElementFunction, kind: str) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        return reduced(kind, v, Each(v, x), test=p(v, *k), default=ZERO)

    def by_list(w: Writer, x: Expr, *k: Expr) -> Expr:
        v = loop_var(x)
        found = w.new("list", listed(v, Each(v, x), test=p(v, *k)))
        return Cond(some(found), prim(kind, INT, found), ZERO)

    return {"expr": expr, "loop": by_list}

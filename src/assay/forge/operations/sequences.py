"""Reordering and cutting lists and strings: the same operations for lists of ints, lists of strings and strings."""

from __future__ import annotations

from collections.abc import Iterator

from assay.forge.ir import BOOL, INT, INTS, ROWS, STR, STRS, Type
from assay.forge.operations.families import collect, collected
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    EMPTY,
    FALSE,
    ONE,
    TRUE,
    TWO,
    ZERO,
    Cond,
    Const,
    Each,
    Enumerate,
    Expr,
    I,
    J,
    ListOf,
    Range,
    Zip,
    add,
    at,
    both,
    div,
    either,
    ends,
    eq,
    inc,
    is_empty,
    last,
    le,
    listed,
    loop,
    loop_var,
    lt,
    max2,
    mod,
    mul,
    ne,
    num,
    prim,
    reduced,
    same,
    set_,
    size,
    some,
    sub,
    upto,
    when,
    whilst,
)

FEW = Constant((1, 2, 3, 4))
MORE = Constant((2, 3, 4, 5))
STRIDE = Constant((2, 3))


def one(x: Expr, seq: Expr) -> Expr:
    """A list or string like `seq` with this one element."""
    return x if seq.type == STR else ListOf((x,), seq.type)


def take(w: Writer, x: Expr, k: Expr) -> Expr:
    return same("take", x, k)


def take_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    v = loop_var(x)
    out = w.new("out", collected(x.type))
    w.add(loop(Enumerate(I, v, x), when(lt(I, k), collect(out, v))))
    return out


def drop(w: Writer, x: Expr, k: Expr) -> Expr:
    return same("drop", x, k)


def drop_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    out = w.new("out", collected(x.type))
    w.add(loop(upto(size(x), k), collect(out, at(x, I))))
    return out


def take_last(w: Writer, x: Expr, k: Expr) -> Expr:
    return same("take_last", x, k)


def take_last_bound(w: Writer, x: Expr, k: Expr) -> Expr:
    return same("drop", x, max2(sub(size(x), k), ZERO))


def drop_last(w: Writer, x: Expr, k: Expr) -> Expr:
    return same("take", x, max2(sub(size(x), k), ZERO))


def drop_last_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    out = w.new("out", collected(x.type))
    w.add(loop(upto(sub(size(x), k)), collect(out, at(x, I))))
    return out


def reverse(w: Writer, x: Expr) -> Expr:
    return same("reversed", x)


def reverse_loop(w: Writer, x: Expr) -> Expr:
    v = loop_var(x)
    out = w.new("out", collected(x.type))
    w.add(loop(Each(v, x), set_(out, add(one(v, x), out))))
    return out


def reverse_index(w: Writer, x: Expr) -> Expr:
    out = w.new("out", collected(x.type))
    w.add(loop(Range(I, sub(size(x), ONE), num(-1), -1), collect(out, at(x, I))))
    return out


def every(start: int) -> Idioms:
    def expr(w: Writer, x: Expr, k: Expr) -> Expr:
        return same("every", x, Const(start), k)

    def by_loop(w: Writer, x: Expr, k: Expr) -> Expr:
        v = loop_var(x)
        out = w.new("out", collected(x.type))
        w.add(loop(Enumerate(I, v, x), when(eq(mod(I, k), num(start)), collect(out, v))))
        return out

    return {"expr": expr, "loop": by_loop}


def distinct(w: Writer, x: Expr) -> Expr:
    if x.type == STR:
        return prim("join", STR, EMPTY, prim("distinct", STRS, x))
    return same("distinct", x)


def distinct_loop(w: Writer, x: Expr) -> Expr:
    v = loop_var(x)
    out = w.new("out", collected(x.type))
    there = prim("in_str", BOOL, v, out) if x.type == STR else prim("contains", BOOL, out, v)
    from assay.forge.operations.short import no

    w.add(loop(Each(v, x), when(no(there), collect(out, v))))
    return out


def squeeze(w: Writer, x: Expr) -> Expr:
    v = loop_var(x)
    out = w.new("out", collected(x.type))
    w.add(loop(Each(v, x), when(either(is_empty(out), ne(last(out), v)), collect(out, v))))
    return out


def squeeze_index(w: Writer, x: Expr) -> Expr:
    test = either(eq(I, ZERO), ne(at(x, I), at(x, sub(I, ONE))))
    if x.type == STR:
        return reduced("join", at(x, I), upto(size(x)), test=test)
    return listed(at(x, I), upto(size(x)), test=test)


def rotate(w: Writer, x: Expr, k: Expr) -> Expr:
    return add(same("drop", x, k), same("take", x, k))


def rotate_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    b = w.new("list" if x.type != STR else "str", x)
    w.add(loop(upto(k), set_(b, add(same("drop", b, ONE), same("take", b, ONE)))))
    return b


def rotate_right(w: Writer, x: Expr) -> Expr:
    return add(same("take_last", x, ONE), same("but_last", x))


def rotate_right_test(w: Writer, x: Expr) -> Expr:
    return Cond(is_empty(x), x, add(one(last(x), x), same("but_last", x)))


def twice(w: Writer, x: Expr) -> Expr:
    v = loop_var(x)
    if x.type == STR:
        return reduced("join", same("repeat", v, TWO), Each(v, x))
    return listed(v, Each(v, x), upto(TWO))


def twice_loop(w: Writer, x: Expr) -> Expr:
    v = loop_var(x)
    out = w.new("out", collected(x.type))
    w.add(loop(Each(v, x), *((collect(out, add(v, v)),) if x.type == STR else (collect(out, v), collect(out, v)))))
    return out


def mirror(w: Writer, x: Expr) -> Expr:
    return add(x, same("reversed", x))


def mirror_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", x) if x.type == STR else w.new("out", same("copy", x))
    v = loop_var(x)
    w.add(loop(Each(v, same("reversed", x)), collect(out, v)))
    return out


def doubled(w: Writer, x: Expr) -> Expr:
    return same("repeat", x, TWO)


def doubled_plus(w: Writer, x: Expr) -> Expr:
    return add(x, x)


def swap_ends(w: Writer, x: Expr) -> Expr:
    middle = same("slice", x, ONE, sub(size(x), ONE))
    return Cond(lt(size(x), TWO), x, add(add(one(last(x), x), middle), one(at(x, ZERO), x)))


def swap_ends_early(w: Writer, x: Expr) -> Expr:
    if not w.last:
        return swap_ends(w, x)
    w.add(when(lt(size(x), TWO), ends(x)))
    return add(add(one(last(x), x), same("slice", x, ONE, sub(size(x), ONE))), one(at(x, ZERO), x))


def first_half(w: Writer, x: Expr) -> Expr:
    return same("take", x, div(size(x), TWO))


def second_half(w: Writer, x: Expr) -> Expr:
    return same("drop", x, div(size(x), TWO))


def first_half_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", collected(x.type))
    w.add(loop(upto(div(size(x), TWO)), collect(out, at(x, I))))
    return out


def swap_neighbours(w: Writer, x: Expr) -> Expr:
    out = w.new("out", collected(x.type))
    step = Range(I, ZERO, sub(size(x), ONE), 2)
    w.add(loop(step, collect(out, at(x, add(I, ONE))), collect(out, at(x, I))))
    w.add(when(eq(mod(size(x), TWO), ONE), collect(out, last(x))))
    return out


def inner(w: Writer, x: Expr) -> Expr:
    return same("but_last", same("drop", x, ONE))


def inner_slice(w: Writer, x: Expr) -> Expr:
    return same("slice", x, ONE, max2(sub(size(x), ONE), ZERO))


def length(w: Writer, x: Expr) -> Expr:
    return size(x)


def length_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(Each(loop_var(x), x), inc(total)))
    return total


def count_distinct(w: Writer, x: Expr) -> Expr:
    return size(prim("distinct", INTS if x.type == INTS else STRS, x))


def count_distinct_loop(w: Writer, x: Expr) -> Expr:
    from assay.forge.operations.short import no

    v = loop_var(x)
    out = w.new("out", ListOf((), INTS if x.type == INTS else STRS))
    w.add(loop(Each(v, x), when(no(prim("contains", BOOL, out, v)), collect(out, v))))
    return size(out)


def is_palindrome(w: Writer, x: Expr) -> Expr:
    return eq(x, same("reversed", x))


def is_palindrome_loop(w: Writer, x: Expr) -> Expr | None:
    if not w.last:
        return is_palindrome(w, x)
    other = at(x, sub(sub(size(x), ONE), I))
    w.add(loop(upto(div(size(x), TWO)), when(ne(at(x, I), other), ends(FALSE))), ends(TRUE))
    return None


def has_repeats(w: Writer, x: Expr) -> Expr:
    return lt(size(prim("distinct", INTS if x.type == INTS else STRS, x)), size(x))


def has_repeats_loop(w: Writer, x: Expr) -> Expr | None:
    if not w.last:
        return has_repeats(w, x)
    inside = loop(upto(I, ZERO, J), when(eq(at(x, J), at(x, I)), ends(TRUE)))
    w.add(loop(upto(size(x)), inside), ends(FALSE))
    return None


def is_sorted(w: Writer, x: Expr) -> Expr:
    return reduced("all", le(at(x, I), at(x, add(I, ONE))), upto(sub(size(x), ONE)))


def is_sorted_loop(w: Writer, x: Expr) -> Expr | None:
    if not w.last:
        return is_sorted(w, x)
    w.add(loop(upto(size(x), ONE), when(lt(at(x, I), at(x, sub(I, ONE))), ends(FALSE))), ends(TRUE))
    return None


def longest_equal_run(w: Writer, x: Expr) -> Expr:
    best, run = w.new("best", ZERO), w.new("run", ZERO)
    test = both(lt(ZERO, I), eq(at(x, I), at(x, sub(I, ONE))))
    w.add(loop(upto(size(x)), set_(run, Cond(test, add(run, ONE), ONE)), set_(best, max2(best, run))))
    return best


def longest_equal_run_while(w: Writer, x: Expr) -> Expr:
    best, pos = w.new("best", ZERO), w.new("at", ZERO)
    run = w.fresh("run", INT)
    from assay.forge.ir import Assign

    going = both(lt(add(pos, run), size(x)), eq(at(x, add(pos, run)), at(x, pos)))
    w.add(
        whilst(
            lt(pos, size(x)),
            Assign(run.name, ONE),
            whilst(going, inc(run)),
            set_(best, max2(best, run)),
            inc(pos, run),
        )
    )
    return best


def count_changes(w: Writer, x: Expr) -> Expr:
    return reduced("sum", ONE, upto(size(x), ONE), test=ne(at(x, I), at(x, sub(I, ONE))))


def count_changes_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(upto(size(x), ONE), when(ne(at(x, I), at(x, sub(I, ONE))), inc(total))))
    return total


def most_common(w: Writer, x: Expr) -> Expr:
    from assay.forge.ir import BestBy

    v = loop_var(x)
    none: Expr = ZERO if x.type == INTS else EMPTY
    counted = prim("count_str", INT, x, v) if x.type == STR else prim("count", INT, x, v)
    whole = prim("chars", STRS, x) if x.type == STR else x
    return Cond(some(x), BestBy("max", whole, v, counted), none)


def most_common_loop(w: Writer, x: Expr) -> Expr:
    v = loop_var(x)
    best = w.new("best", ZERO if x.type == INTS else EMPTY)
    most = w.new("total", ZERO)
    name = "count_str" if x.type == STR else "count"
    test = lt(most, prim(name, INT, x, v))
    w.add(loop(Each(v, x), when(test, set_(best, v), set_(most, prim(name, INT, x, v)))))
    return best


def _for(seq: Type, word: str, thing: str, tag: str) -> Iterator[Operation]:
    """The operations on one kind of sequence. word: an element; thing: the whole."""
    words = f"{word}s"
    within = "of" if seq == STR else "in"
    some_in = f"{words}[ {within} {{x}}]"
    text = seq == STR

    def op(
        name: str,
        gives: Type,
        phrases: tuple[str, ...],
        weight: float,
        constants: tuple[Constant, ...] = (),
        **idioms: Builder,
    ) -> Operation:
        return Operation(f"{name}{tag}", (seq,), gives, phrases, idioms, constants, weight)

    yield op(
        "reverse",
        seq,
        ("reverse {x}", "turn {x} around, last first"),
        1.6,
        expr=reverse,
        loop=reverse_loop,
        other=reverse_index,
    )
    yield op(
        "take",
        seq,
        (f"keep only the first {{0}} {some_in}", f"cut {{x}} down to its first {{0}} {words}"),
        1.2,
        (MORE,),
        expr=take,
        loop=take_loop,
    )
    yield op(
        "drop",
        seq,
        (f"remove the first {{0}} {some_in}", f"drop the first {{0}} {some_in}"),
        1.2,
        (FEW,),
        expr=drop,
        loop=drop_loop,
    )
    yield op(
        "take_last",
        seq,
        (f"keep only the last {{0}} {some_in}", f"cut {{x}} down to its last {{0}} {words}"),
        1.0,
        (MORE,),
        expr=take_last,
        loop=take_last_bound,
    )
    yield op(
        "drop_last",
        seq,
        (f"remove the last {{0}} {some_in}", f"drop the last {{0}} {some_in}"),
        0.8,
        (FEW,),
        expr=drop_last,
        loop=drop_last_loop,
    )
    yield op(
        "every_from_start",
        seq,
        (
            f"keep every {{0}}th of the {some_in}, beginning with the first",
            f"keep the {some_in} whose position (from 0) is divisible by {{0}}",
        ),
        0.8,
        (STRIDE,),
        **every(0),
    )
    yield op(
        "every_from_second",
        seq,
        (
            f"keep every second of the {some_in}, beginning with the second",
            f"keep the {some_in} at odd positions (from 0)",
        ),
        0.6,
        (),
        expr=lambda w, x: same("every", x, ONE, TWO),
        loop=lambda w, x: every(1)["loop"](w, x, TWO),
    )
    yield op(
        "distinct",
        seq,
        (
            f"keep only the first occurrence of each of the {some_in}",
            "remove repeats[ from {x}], keeping first occurrences",
            "remove all later repeats[ from {x}]",
        ),
        1.0,
        expr=distinct,
        loop=distinct_loop,
    )
    yield op(
        "squeeze",
        seq,
        (
            f"shorten every run of equal neighbouring {some_in} to one",
            f"remove {some_in} that equal the one just before them",
        ),
        0.8,
        expr=squeeze_index,
        loop=squeeze,
    )
    yield op(
        "rotate",
        seq,
        (
            f"move the first {{0}} {some_in} to the end, in order",
            "rotate {x} left by {0} (unchanged if it has no more than {0} " + words + ")",
        ),
        0.8,
        (Constant((1, 2, 3)),),
        expr=rotate,
    )
    yield op(
        "rotate_right",
        seq,
        (f"move the last of the {some_in} to the front", "rotate {x} right by one"),
        0.7,
        expr=rotate_right,
        loop=rotate_right_test,
    )
    yield op(
        "twice_each",
        seq,
        (f"repeat each of the {some_in} twice in a row", f"write each of the {some_in} two times in a row"),
        0.8,
        expr=twice,
        loop=twice_loop,
    )
    yield op(
        "mirror",
        seq,
        ("append its own reverse to {x}", "put a reversed copy of {x} after it"),
        0.6,
        expr=mirror,
        loop=mirror_loop,
    )
    yield op(
        "twice", seq, ("repeat {x} two times", "append a copy of {x} to itself"), 0.5, expr=doubled, loop=doubled_plus
    )
    yield op(
        "swap_ends", seq, (f"swap the first and the last of the {some_in}",), 0.6, expr=swap_ends, loop=swap_ends_early
    )
    yield op(
        "first_half",
        seq,
        (f"keep only the first half of {{x}} (without the middle {word} if the length is odd)",),
        0.5,
        expr=first_half,
        loop=first_half_loop,
    )
    yield op(
        "second_half",
        seq,
        (f"keep only the second half of {{x}} (with the middle {word} if the length is odd)",),
        0.5,
        expr=second_half,
    )
    yield op(
        "swap_neighbours",
        seq,
        (f"swap the {some_in} in pairs: first with second, third with fourth and so on (a last single one stays)",),
        0.5,
        expr=swap_neighbours,
    )
    yield op(
        "inner",
        seq,
        (f"remove the first and the last of the {some_in}", f"strip one {word} from each end of {{x}}"),
        0.7,
        expr=inner,
        loop=inner_slice,
    )
    yield op(
        "length",
        INT,
        (f"the number of {some_in}", f"how many {words} {{x}} has", "the length of {x}"),
        1.2 if not text else 1.0,
        expr=length,
        loop=length_loop,
    )
    yield op(
        "count_distinct",
        INT,
        (f"the number of different {some_in}", f"how many different {words} {{x}} has"),
        0.8,
        expr=count_distinct,
        loop=count_distinct_loop,
    )
    yield op(
        "is_palindrome",
        BOOL,
        ("whether {x} reads the same backwards", "whether {x} equals its reverse"),
        0.4,
        expr=is_palindrome,
        loop=is_palindrome_loop,
    )
    yield op(
        "has_repeats",
        BOOL,
        (f"whether any of the {some_in} occurs more than once", f"whether {{x}} has two equal {words}"),
        0.3,
        expr=has_repeats,
        loop=has_repeats_loop,
    )
    yield op(
        "is_sorted",
        BOOL,
        (f"whether the {some_in} never decrease" + (" (by character code)" if seq != INTS else ""),),
        0.3,
        expr=is_sorted,
        loop=is_sorted_loop,
    )
    yield op(
        "longest_equal_run",
        INT,
        (f"the length of the longest run of equal neighbouring {some_in} (0 if {{x}} is empty)",),
        0.5,
        expr=longest_equal_run,
        other=longest_equal_run_while,
    )
    yield op(
        "count_changes",
        INT,
        (f"the number of {some_in} that differ from the one just before them (the first does not count)",),
        0.4,
        expr=count_changes,
        loop=count_changes_loop,
    )
    none = "0" if seq == INTS else '""'
    yield op(
        "most_common",
        INT if seq == INTS else STR,
        (f"the most frequent of the {some_in}, the earliest if tied ({none} if {{x}} is empty)",),
        0.6,
        expr=most_common,
        loop=most_common_loop,
    )


OPERATIONS: list[Operation] = [
    *_for(INTS, "number", "list", ""),
    *_for(STRS, "string", "list", "_strs"),
    *_for(STR, "character", "string", "_str"),
]

__all__ = ["OPERATIONS", "ROWS", "Zip", "mul"]

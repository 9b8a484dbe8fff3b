"""Strings: characters, words, counts, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable

from assay.forge.ir import BOOL, COUNTS, INT, INTS, STR, STRS, BestBy, Comp, EmptyDict, SetKey, SortBy, Type
from assay.forge.operations.families import Mapping, Predicate, maps, selections
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    EMPTY,
    ONE,
    TRUE,
    TWO,
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
    both,
    div,
    either,
    ends,
    eq,
    ge,
    gt,
    inc,
    is_empty,
    last,
    le,
    listed,
    loop,
    lt,
    max2,
    mod,
    mul,
    ne,
    no,
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
    whilst,
)

LETTER = Constant(("a", "e", "o", "t", "s", "n"))
VOWELS = text("aeiou")
SPACE = text(" ")


def op(
    name: str,
    phrases: tuple[str, ...],
    weight: float = 0.8,
    constants: tuple[Constant, ...] = (),
    gives: Type = STR,
    **idioms: Builder,
) -> Operation:
    return Operation(name, (STR,), gives, phrases, idioms, constants, weight)


def pure(f: Callable[..., Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return f(x, *k)

    return {"expr": expr}


def words(x: Expr) -> Expr:
    return prim("words", STRS, x)


def is_vowel(c: Expr) -> Expr:
    return prim("in_str", BOOL, same("lower", c), VOWELS)


def letter_number(c: Expr) -> Expr:
    return sub(prim("ord", INT, c), num(97))


def shifted(c: Expr, k: Expr) -> Expr:
    moved = prim("chr", STR, add(mod(add(letter_number(c), k), num(26)), num(97)))
    return Cond(prim("is_lower", BOOL, c), moved, c)


def sort_chars(w: Writer, x: Expr) -> Expr:
    return prim("join", STR, EMPTY, prim("sorted", STRS, prim("chars", STRS, x)))


def each_word(f: Callable[[Expr], Expr], sep: str = " ") -> Idioms:
    """f of each word, joined again."""

    def expr(w: Writer, x: Expr) -> Expr:
        return prim("join", STR, Const(sep), listed(f(W), Each(W, words(x))))

    def by_loop(w: Writer, x: Expr) -> Expr:
        out = w.new("out", ListOf((), STRS))
        w.add(loop(Each(W, words(x)), push(out, f(W))))
        return prim("join", STR, Const(sep), out)

    return {"expr": expr, "loop": by_loop}


def reverse_words(w: Writer, x: Expr) -> Expr:
    return prim("join", STR, SPACE, same("reversed", words(x)))


def sorted_words(w: Writer, x: Expr) -> Expr:
    return prim("join", STR, SPACE, same("sorted", words(x)))


def run_length(w: Writer, x: Expr) -> Expr:
    out, run = w.new("out", EMPTY), w.new("run", ZERO)
    ended = either(eq(I, sub(size(x), ONE)), ne(at(x, I), at(x, add(I, ONE))))
    piece = add(at(x, I), prim("to_str", STR, run))
    w.add(loop(upto(size(x)), inc(run), when(ended, Augment(out.name, "+", piece), set_(run, ZERO))))
    return out


def run_length_while(w: Writer, x: Expr) -> Expr:
    from assay.forge.ir import Assign

    out, pos = w.new("out", EMPTY), w.new("at", ZERO)
    run = w.fresh("run", INT)
    going = both(lt(add(pos, run), size(x)), eq(at(x, add(pos, run)), at(x, pos)))
    w.add(
        whilst(
            lt(pos, size(x)),
            Assign(run.name, ONE),
            whilst(going, inc(run)),
            Augment(out.name, "+", add(at(x, pos), prim("to_str", STR, run))),
            inc(pos, run),
        )
    )
    return out


def alternate_case(w: Writer, x: Expr) -> Expr:
    even = eq(mod(I, TWO), ZERO)
    return reduced("join", Cond(even, same("upper", C), same("lower", C)), Enumerate(I, C, x))


def alternate_case_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", EMPTY)
    even = eq(mod(I, TWO), ZERO)
    upper, lower = Augment(out.name, "+", same("upper", C)), Augment(out.name, "+", same("lower", C))
    w.add(loop(Enumerate(I, C, x), when(even, upper, other=(lower,))))
    return out


def padded(left: bool) -> Idioms:
    def expr(w: Writer, x: Expr, k: Expr, c: Expr) -> Expr:
        fill = same("repeat", c, max2(sub(k, size(x)), ZERO))
        return add(fill, x) if left else add(x, fill)

    def by_while(w: Writer, x: Expr, k: Expr, c: Expr) -> Expr:
        t = w.new("str", x)
        w.add(whilst(lt(size(t), k), set_(t, add(c, t)) if left else Augment(t.name, "+", c)))
        return t

    return {"expr": expr, "other": by_while, "loop": by_while}


def spaced(w: Writer, x: Expr, c: Expr) -> Expr:
    return prim("join", STR, c, prim("chars", STRS, x))


def spaced_loop(w: Writer, x: Expr, c: Expr) -> Expr:
    out = w.new("out", EMPTY)
    w.add(loop(Each(C, x), when(some(out), Augment(out.name, "+", c)), Augment(out.name, "+", C)))
    return out


def best_word(kind: str) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        p = w.new("list", words(x))
        return Cond(some(p), BestBy(kind, p, W, size(W)), EMPTY)

    def by_loop(w: Writer, x: Expr) -> Expr:
        best = w.new("best", EMPTY)
        better = (gt if kind == "max" else lt)(size(W), size(best))
        w.add(loop(Each(W, words(x)), when(either(is_empty(best), better), set_(best, W))))
        return best

    return {"expr": expr, "loop": by_loop}


def word_at(end: bool) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        p = w.new("list", words(x))
        return Cond(some(p), last(p) if end else at(p, ZERO), EMPTY)

    return {"expr": expr}


def without_first(w: Writer, x: Expr, c: Expr) -> Expr:
    pos = w.new("at", prim("find", INT, x, c))
    return Cond(lt(pos, ZERO), x, add(same("take", x, pos), same("drop", x, add(pos, ONE))))


def split_sides(before: bool) -> Idioms:
    def expr(w: Writer, x: Expr, c: Expr) -> Expr:
        parts = prim("split", STRS, x, c)
        return at(parts, ZERO) if before else last(parts)

    def by_find(w: Writer, x: Expr, c: Expr) -> Expr:
        pos = w.new("at", prim("find", INT, x, c))
        return Cond(lt(pos, ZERO), x, same("take", x, pos))

    return {"expr": expr, "loop": by_find} if before else {"expr": expr}


def digit_sum(w: Writer, x: Expr) -> Expr:
    return reduced("sum", prim("to_int", INT, C), Each(C, x), test=prim("is_digit", BOOL, C))


def digit_sum_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(Each(C, x), when(prim("is_digit", BOOL, C), inc(total, prim("to_int", INT, C)))))
    return total


def word_length_best(w: Writer, x: Expr) -> Expr:
    return reduced("max", size(W), Each(W, words(x)), default=ZERO)


def word_length_best_loop(w: Writer, x: Expr) -> Expr:
    best = w.new("best", ZERO)
    w.add(loop(Each(W, words(x)), set_(best, max2(best, size(W)))))
    return best


def letter_values(w: Writer, x: Expr) -> Expr:
    return reduced("sum", add(letter_number(C), ONE), Each(C, same("lower", x)), test=prim("is_alpha", BOOL, C))


def code_sum(w: Writer, x: Expr, k: Expr) -> Expr:
    return mod(reduced("sum", prim("ord", INT, C), Each(C, x)), k)


def code_sum_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(Each(C, x), inc(total, prim("ord", INT, C))))
    return mod(total, k)


def rolling_hash(w: Writer, x: Expr, k: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(Each(C, x), set_(total, mod(add(mul(total, num(31)), prim("ord", INT, C)), k))))
    return total


def counts(items: Callable[[Expr], Expr], of: str) -> Idioms:
    """How often each item occurs, keys in order of first occurrence."""
    v = W if of == "word" else C

    def by_loop(w: Writer, x: Expr) -> Expr:
        table = w.new("dict", EmptyDict(COUNTS))
        w.add(loop(Each(v, items(x)), SetKey(table.name, v, add(prim("get", INT, table, v, ZERO), ONE))))
        return table

    def by_test(w: Writer, x: Expr) -> Expr:
        table = w.new("dict", EmptyDict(COUNTS))
        known = prim("has_key", BOOL, table, v)
        more = SetKey(table.name, v, add(prim("at_key", INT, table, v), ONE))
        w.add(loop(Each(v, items(x)), when(known, more, other=(SetKey(table.name, v, ONE),))))
        return table

    return {"expr": by_loop, "loop": by_test}


def letter_counts_comp(w: Writer, x: Expr) -> Expr:
    return Comp("dict", (Each(C, x),), prim("count_str", INT, x, C), COUNTS, None, C)


def bigrams(w: Writer, x: Expr) -> Expr:
    return listed(add(at(x, I), at(x, add(I, ONE))), upto(sub(size(x), ONE)))


def bigrams_slice(w: Writer, x: Expr) -> Expr:
    return listed(same("slice", x, I, add(I, TWO)), upto(sub(size(x), ONE)))


def prefixes(w: Writer, x: Expr) -> Expr:
    return listed(same("take", x, I), upto(add(size(x), ONE), ONE))


def prefixes_loop(w: Writer, x: Expr) -> Expr:
    out, t = w.new("out", ListOf((), STRS)), w.new("str", EMPTY)
    w.add(loop(Each(C, x), Augment(t.name, "+", C), push(out, t)))
    return out


def suffixes(w: Writer, x: Expr) -> Expr:
    return listed(same("drop", x, I), upto(size(x)))


def pieces(w: Writer, x: Expr, k: Expr) -> Expr:
    out, t = w.new("out", ListOf((), STRS)), w.new("str", x)
    w.add(whilst(some(t), push(out, same("take", t, k)), set_(t, same("drop", t, k))))
    return out


def digit_list(w: Writer, x: Expr) -> Expr:
    return listed(prim("to_int", INT, C), Each(C, x), test=prim("is_digit", BOOL, C))


def digit_list_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", ListOf((), INTS))
    w.add(loop(Each(C, x), when(prim("is_digit", BOOL, C), push(out, prim("to_int", INT, C)))))
    return out


def letter_places(w: Writer, x: Expr) -> Expr:
    return listed(add(letter_number(C), ONE), Each(C, same("lower", x)), test=prim("is_alpha", BOOL, C))


def run_list(w: Writer, x: Expr) -> Expr:
    out, run = w.new("out", ListOf((), INTS)), w.new("run", ZERO)
    ended = either(eq(I, sub(size(x), ONE)), ne(at(x, I), at(x, add(I, ONE))))
    w.add(loop(upto(size(x)), inc(run), when(ended, push(out, run), set_(run, ZERO))))
    return out


def word_lengths(w: Writer, x: Expr) -> Expr:
    return listed(size(W), Each(W, words(x)))


def word_lengths_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", ListOf((), INTS))
    w.add(loop(Each(W, words(x)), push(out, size(W))))
    return out


def vowels_count(w: Writer, x: Expr) -> Expr:
    return reduced("sum", ONE, Each(C, same("lower", x)), test=prim("in_str", BOOL, C, VOWELS))


def all_distinct(w: Writer, x: Expr) -> Expr:
    return eq(size(prim("distinct", STRS, x)), size(x))


MAPPINGS = (
    Mapping(
        "shift_letters",
        ("replace each lower-case letter[ of {x}] by the one {0} further in the alphabet (after z comes a)",),
        shifted,
        (Constant((1, 2, 3, 5, 13)),),
        0.8,
    ),
    Mapping(
        "digits_up",
        ("replace each digit[ of {x}] by the next one, 9 by 0",),
        lambda c: Cond(
            prim("is_digit", BOOL, c), prim("to_str", STR, mod(add(prim("to_int", INT, c), ONE), num(10))), c
        ),
        (),
        0.4,
    ),
    Mapping(
        "vowels_upper",
        ("write the vowels (a, e, i, o, u)[ of {x}] in upper case",),
        lambda c: Cond(prim("in_str", BOOL, c, VOWELS), same("upper", c), c),
        (),
        0.7,
    ),
    Mapping(
        "swap_letters",
        ("swap {0} and {1}[ in {x}]: each becomes the other",),
        lambda c, k, m: Cond(eq(c, k), m, Cond(eq(c, m), k, c)),
        (Constant(("a", "o", "t")), Constant(("e", "s", "n"))),
        0.7,
    ),
)

PREDICATES = (
    Predicate(
        "vowels",
        "vowels{in} (a, e, i, o, u in either case)",
        "vowels (a, e, i, o, u in either case)",
        is_vowel,
        (),
        1.4,
    ),
    Predicate("letters", "letters{in}", "letters", lambda c: prim("is_alpha", BOOL, c)),
    Predicate("digits", "digits{in}", "digits", lambda c: prim("is_digit", BOOL, c), rare=True),
    Predicate("upper", "upper-case letters{in}", "upper-case letters", lambda c: prim("is_upper", BOOL, c), rare=True),
    Predicate("lower", "lower-case letters{in}", "lower-case letters", lambda c: prim("is_lower", BOOL, c)),
    Predicate("spaces", "spaces{in}", "spaces", lambda c: eq(c, SPACE), (), 0.6, rare=True),
    Predicate("char", "characters{in} equal to {0}", "equal to {0}", eq, (LETTER,), 0.9, rare=True),
    Predicate(
        "after",
        "characters{in} that come after {0} by character code",
        "after {0} by character code",
        gt,
        (Constant(("e", "g", "m", "n")),),
        0.5,
    ),
)

OPERATIONS: list[Operation] = [
    *maps(STR, MAPPINGS),
    *selections(STR, PREDICATES, "character"),
    op("upper", ("write {x} in upper case", "turn {x} into upper case"), 1.0, **pure(lambda s: same("upper", s))),
    op("lower", ("write {x} in lower case", "turn {x} into lower case"), 0.9, **pure(lambda s: same("lower", s))),
    op("swapcase", ("swap upper and lower case[ in {x}]",), 0.8, **pure(lambda s: same("swapcase", s))),
    op(
        "capitalize",
        ("write the first character[ of {x}] in upper case and all others in lower case",),
        0.7,
        **pure(lambda s: same("capitalize", s)),
    ),
    op(
        "alternate_case",
        ("write the characters[ of {x}] in turn in upper and lower case, beginning with upper",),
        0.6,
        expr=alternate_case,
        loop=alternate_case_loop,
    ),
    op(
        "sort_chars",
        (
            "sort the characters[ of {x}] by character code",
            "sort the characters[ of {x}] by code",
        ),
        0.9,
        expr=sort_chars,
    ),
    op(
        "remove_char",
        ("remove every {0}[ from {x}]",),
        0.8,
        (LETTER,),
        **pure(lambda s, c: same("replace", s, c, EMPTY)),
    ),
    op(
        "replace_char",
        ("replace every {0}[ in {x}] by {1}",),
        1.0,
        (LETTER, Constant(("x", "*", "-", "oo", "_"))),
        **pure(lambda s, c, d: same("replace", s, c, d)),
    ),
    op("remove_first_char", ("remove the first {0}[ from {x}], if there is one",), 0.6, (LETTER,), expr=without_first),
    op(
        "prefix",
        ("put {0} in front of {x}",),
        0.7,
        (Constant(("a", "re", "<", "is ")),),
        **pure(lambda s, c: add(c, s)),
    ),
    op(
        "suffix",
        ("append {0} to {x}", "put {0} at the end of {x}"),
        0.8,
        (Constant(("!", "s", "ing", "?")),),
        **pure(add),
    ),
    op(
        "bracket",
        ('put "(" in front of {x} and ")" behind it',),
        0.6,
        **pure(lambda s: add(add(text("("), s), text(")"))),
    ),
    op("append_size", ("append its length to {x}",), 0.6, **pure(lambda s: add(s, prim("to_str", STR, size(s))))),
    op(
        "pad_left",
        ("fill {x} up on the left with {1} to {0} characters (longer ones stay)",),
        0.6,
        (Constant((6, 8, 10)), Constant((".", "*", "0"))),
        **padded(True),
    ),
    op(
        "pad_right",
        ("fill {x} up on the right with {1} to {0} characters (longer ones stay)",),
        0.6,
        (Constant((6, 8, 10)), Constant((".", "*", "-"))),
        **padded(False),
    ),
    op(
        "spaced",
        ("put {0} between all characters[ of {x}]",),
        0.8,
        (Constant(("-", " ", ".")),),
        expr=spaced,
        loop=spaced_loop,
    ),
    op(
        "run_length",
        ("write each run of equal characters[ in {x}] as the character and its length (aab is a2b1)",),
        0.7,
        expr=run_length,
        other=run_length_while,
    ),
    op("reverse_words", ("reverse the order of the words[ in {x}], joined by single spaces",), 0.8, expr=reverse_words),
    op("sort_words", ("sort the words[ in {x}] by character code, joined by single spaces",), 0.7, expr=sorted_words),
    op(
        "reverse_each_word",
        ("reverse each word[ in {x}], joined by single spaces",),
        0.7,
        **each_word(lambda v: same("reversed", v)),
    ),
    op(
        "capitalize_words",
        ("capitalize each word[ in {x}] (first letter upper case, others lower), joined by single spaces",),
        0.7,
        **each_word(lambda v: same("capitalize", v)),
    ),
    op(
        "initials",
        (
            "the first characters of the words[ in {x}] as one string",
            "the string of the first characters of all words[ in {x}]",
        ),
        0.8,
        expr=lambda w, x: reduced("join", at(W, ZERO), Each(W, words(x))),
        loop=lambda w, x: _initials_loop(w, x),
    ),
    op(
        "dashed_words",
        ('join the words[ in {x}] with "-"',),
        0.6,
        expr=lambda w, x: prim("join", STR, text("-"), words(x)),
    ),
    op(
        "longest_word", ('the longest word[ in {x}], the first if tied ("" if there is none)',), 0.8, **best_word("max")
    ),
    op(
        "shortest_word",
        ('the shortest word[ in {x}], the first if tied ("" if there is none)',),
        0.6,
        **best_word("min"),
    ),
    op("first_word", ('the first word[ in {x}] ("" if there is none)',), 0.6, **word_at(False)),
    op("last_word", ('the last word[ in {x}] ("" if there is none)',), 0.6, **word_at(True)),
    op(
        "before_char",
        ("keep only what is before the first {0}[ in {x}] (all if there is none)",),
        0.6,
        (LETTER,),
        **split_sides(True),
    ),
    op(
        "after_char",
        ("keep only what is after the last {0}[ in {x}] (all if there is none)",),
        0.5,
        (LETTER,),
        **split_sides(False),
    ),
    op(
        "largest_char",
        ('the character[ of {x}] with the largest code ("" if it is empty)',),
        0.5,
        expr=lambda w, x: reduced("max", C, Each(C, x), default=EMPTY),
    ),
    op(
        "word_count",
        ("the number of words[ in {x}]", "how many words {x} has"),
        0.9,
        (),
        INT,
        **pure(lambda s: size(words(s))),
    ),
    op(
        "count_char_any_case",
        ("how often {0} occurs[ in {x}], upper or lower case",),
        0.5,
        (LETTER,),
        INT,
        **pure(lambda s, c: prim("count_str", INT, same("lower", s), c)),
    ),
    op(
        "position_of",
        ("the position (from 0) of the first {0}[ in {x}] (-1 if there is none)",),
        0.7,
        (LETTER,),
        INT,
        **pure(lambda s, c: prim("find", INT, s, c)),
    ),
    op(
        "text_digit_sum",
        ("the sum of the digits that occur[ in {x}]",),
        0.7,
        (),
        INT,
        expr=digit_sum,
        loop=digit_sum_loop,
    ),
    op(
        "longest_word_length",
        ("the length of the longest word[ in {x}] (0 if there is none)",),
        0.8,
        (),
        INT,
        expr=word_length_best,
        loop=word_length_best_loop,
    ),
    op(
        "letter_value_sum",
        ("the sum of the places in the alphabet (a is 1, in either case) of the letters[ of {x}]",),
        0.5,
        (),
        INT,
        expr=letter_values,
    ),
    op(
        "code_sum",
        ("the sum of the character codes[ of {x}] modulo {0}",),
        0.5,
        (Constant((7, 10, 100)),),
        INT,
        expr=code_sum,
        loop=code_sum_loop,
    ),
    op(
        "rolling_hash",
        (
            "the value you get when you start with 0 and, for each character[ of {x}], multiply by 31, add its code and take the remainder mod {0}",
        ),
        0.3,
        (Constant((97, 100, 1000)),),
        INT,
        expr=rolling_hash,
    ),
    op(
        "ends_alike",
        ("whether the first and the last character[ of {x}] are equal (True if it is empty)",),
        0.25,
        (),
        BOOL,
        expr=lambda w, x: either(is_empty(x), eq(at(x, ZERO), last(x))),
    ),
    op(
        "contains_char",
        ("whether {0} occurs[ in {x}]", "whether {x} has a {0} in it"),
        0.3,
        (LETTER,),
        BOOL,
        **pure(lambda s, c: prim("in_str", BOOL, c, s)),
    ),
    op(
        "starts_with_vowel",
        ("whether {x} begins with a vowel (a, e, i, o, u in either case; False if it is empty)",),
        0.25,
        (),
        BOOL,
        expr=lambda w, x: both(some(x), prim("in_str", BOOL, same("take", same("lower", x), ONE), VOWELS)),
    ),
    op("all_characters_differ", ("whether no character occurs twice[ in {x}]",), 0.25, (), BOOL, expr=all_distinct),
    op(
        "has_double_letter",
        ("whether two equal characters stand next to each other[ in {x}]",),
        0.25,
        (),
        BOOL,
        expr=lambda w, x: reduced("any", eq(at(x, I), at(x, add(I, ONE))), upto(sub(size(x), ONE))),
        loop=lambda w, x: _double_loop(w, x),
    ),
    op("words", ("split {x} into its words", "list the words[ of {x}]"), 1.2, (), STRS, **pure(words)),
    op(
        "characters",
        ("list the characters[ of {x}]", "split {x} into single characters"),
        0.7,
        (),
        STRS,
        **pure(lambda s: prim("chars", STRS, s)),
    ),
    op(
        "split_at",
        ("split {x} at every {0} into a list of parts (empty ones stay)",),
        0.6,
        (LETTER,),
        STRS,
        **pure(lambda s, c: prim("split", STRS, s, c)),
    ),
    op(
        "bigrams",
        ("list all pairs of neighbouring characters[ of {x}], each as a string of two",),
        0.7,
        (),
        STRS,
        expr=bigrams,
        loop=bigrams_slice,
    ),
    op(
        "text_prefixes",
        ("list all non-empty prefixes of {x}, shortest first",),
        0.4,
        (),
        STRS,
        expr=prefixes,
        loop=prefixes_loop,
    ),
    op("text_suffixes", ("list all non-empty suffixes of {x}, longest first",), 0.4, (), STRS, expr=suffixes),
    op(
        "pieces",
        ("cut {x} into pieces of {0} characters, the last maybe shorter",),
        0.7,
        (Constant((2, 3, 4)),),
        STRS,
        expr=pieces,
    ),
    op(
        "word_lengths",
        ("list the lengths of the words[ in {x}]",),
        1.0,
        (),
        INTS,
        expr=word_lengths,
        loop=word_lengths_loop,
    ),
    op(
        "char_codes",
        ("list the character codes[ of {x}]",),
        0.6,
        (),
        INTS,
        expr=lambda w, x: listed(prim("ord", INT, C), Each(C, x)),
    ),
    op(
        "text_digits",
        ("list every digit[ in {x}] as a number, in order and with repeats",),
        0.7,
        (),
        INTS,
        expr=digit_list,
        loop=digit_list_loop,
    ),
    op(
        "letter_places",
        ("list the places in the alphabet (a is 1, in either case) of the letters[ of {x}]",),
        0.6,
        (),
        INTS,
        expr=letter_places,
    ),
    op(
        "text_run_lengths", ("list the lengths of the runs of equal characters[ in {x}]",), 0.5, (), INTS, expr=run_list
    ),
    op(
        "letter_counts",
        ("make a dict that tells how often each character occurs[ in {x}], in order of first occurrence",),
        0.9,
        (),
        COUNTS,
        **counts(lambda s: s, "char"),
        other=letter_counts_comp,
    ),
    op(
        "word_counts",
        ("make a dict that tells how often each word occurs[ in {x}], in order of first occurrence",),
        0.7,
        (),
        COUNTS,
        **counts(words, "word"),
    ),
]


def _initials_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", EMPTY)
    w.add(loop(Each(W, words(x)), Augment(out.name, "+", at(W, ZERO))))
    return out


def _double_loop(w: Writer, x: Expr) -> Expr | None:
    from assay.forge.operations.short import FALSE

    test = eq(at(x, I), at(x, sub(I, ONE)))
    if not w.last:
        return reduced("any", test, upto(size(x), ONE))
    w.add(loop(upto(size(x), ONE), when(test, ends(TRUE))), ends(FALSE))
    return None


__all__ = ["OPERATIONS", "SortBy", "div", "ge", "le", "no", "vowels_count"]

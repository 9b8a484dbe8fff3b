"""Single ints: arithmetic, digits, divisors; and from an int to lists, text and truth."""

from __future__ import annotations

from collections.abc import Callable

from assay.forge.ir import BOOL, INT, INTS, STR, Assign, HelperCall, Type
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    EMPTY,
    FALSE,
    ONE,
    TRUE,
    TWO,
    ZERO,
    Augment,
    C,
    Cond,
    Const,
    Each,
    Expr,
    I,
    ListOf,
    Range,
    Var,
    abs_,
    add,
    at,
    both,
    div,
    ends,
    eq,
    ge,
    gt,
    inc,
    le,
    listed,
    loop,
    lt,
    max2,
    min2,
    mod,
    mul,
    ne,
    neg,
    num,
    prim,
    push,
    reduced,
    same,
    set_,
    size,
    sub,
    upto,
    when,
    whilst,
)

SMALL = Constant((1, 2, 3, 4, 5, 6, 7, 8, 9))
NONE = ListOf((), INTS)
# These count up to their input, which may therefore not be large.
COUNTING = frozenset(
    (
        "triangular",
        "square_sum",
        "divisor_count",
        "divisor_sum",
        "divisors",
        "smallest_divisor",
        "is_prime",
        "prime_factors",
    )
)
SLOW = 3000
N = Var("n", INT)
DIGIT = prim("to_int", INT, C)


def op(
    name: str,
    phrases: tuple[str, ...],
    weight: float = 0.8,
    constants: tuple[Constant, ...] = (),
    gives: Type = INT,
    **idioms: Builder,
) -> Operation:
    return Operation(
        name, (INT,), gives, phrases, idioms, constants, weight, largest=SLOW if name in COUNTING else None
    )


def pure(f: Callable[..., Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return f(x, *k)

    return {"expr": expr}


def either_way(test: Callable[..., Expr], then: Callable[..., Expr], other: Callable[..., Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return Cond(test(x, *k), then(x, *k), other(x, *k))

    def by_if(w: Writer, x: Expr, *k: Expr) -> Expr | None:
        if not w.last:
            return expr(w, x, *k)
        w.add(when(test(x, *k), ends(then(x, *k))), ends(other(x, *k)))
        return None

    return {"expr": expr, "loop": by_if}


def digits_of(x: Expr) -> Expr:
    """Text of the absolute value."""
    return prim("to_str", STR, abs_(x))


def digit_fold(kind: str) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return reduced(kind, DIGIT, Each(C, digits_of(x)))

    def by_while(w: Writer, x: Expr) -> Expr:
        m, total = w.new("int", abs_(x)), w.new("total" if kind == "sum" else "best", ZERO)
        digit = mod(m, num(10))
        step = inc(total, digit) if kind == "sum" else set_(total, max2(total, digit))
        w.add(whilst(gt(m, ZERO), step, set_(m, div(m, num(10)))))
        return total

    return {"expr": expr, "other": by_while, "loop": by_while}


def digit_product(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ONE)
    w.add(loop(Each(C, digits_of(x)), Augment(total.name, "*", DIGIT)))
    return total


def digit_count(w: Writer, x: Expr) -> Expr:
    return size(digits_of(x))


def digit_count_while(w: Writer, x: Expr) -> Expr:
    m, total = w.new("int", abs_(x)), w.new("total", ONE)
    w.add(whilst(ge(m, num(10)), set_(m, div(m, num(10))), inc(total)))
    return total


def digit_test_count(test: Callable[[Expr], Expr]) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return reduced("sum", ONE, Each(C, digits_of(x)), test=test(DIGIT))

    def by_loop(w: Writer, x: Expr) -> Expr:
        total = w.new("total", ZERO)
        w.add(loop(Each(C, digits_of(x)), when(test(DIGIT), inc(total))))
        return total

    return {"expr": expr, "loop": by_loop}


def digit_reverse(w: Writer, x: Expr) -> Expr:
    return prim("to_int", INT, same("reversed", digits_of(x)))


def digit_reverse_while(w: Writer, x: Expr) -> Expr:
    m, total = w.new("int", abs_(x)), w.new("total", ZERO)
    w.add(whilst(gt(m, ZERO), set_(total, add(mul(total, num(10)), mod(m, num(10)))), set_(m, div(m, num(10)))))
    return total


def digital_root(w: Writer, x: Expr) -> Expr:
    m = w.new("int", abs_(x))
    w.add(whilst(gt(m, num(9)), set_(m, reduced("sum", DIGIT, Each(C, prim("to_str", STR, m))))))
    return m


def digital_root_formula(w: Writer, x: Expr) -> Expr:
    m = w.new("int", abs_(x))
    return Cond(eq(m, ZERO), ZERO, add(mod(sub(m, ONE), num(9)), ONE))


def triangular(w: Writer, x: Expr) -> Expr:
    m = w.new("int", max2(x, ZERO))
    return div(mul(m, add(m, ONE)), TWO)


def triangular_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(upto(add(x, ONE), ONE), inc(total, I)))
    return total


def digit_sum_helper(w: Writer, x: Expr) -> Expr:
    name = w.helper(
        ("digits_of",),
        (N,),
        INT,
        lambda own: (
            when(lt(N, num(10)), ends(N)),
            ends(add(mod(N, num(10)), HelperCall(own, (div(N, num(10)),), INT))),
        ),
    )
    return HelperCall(name, (abs_(x),), INT)


def square_sum(w: Writer, x: Expr) -> Expr:
    return reduced("sum", mul(I, I), upto(add(x, ONE), ONE))


def square_sum_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(upto(add(x, ONE), ONE), inc(total, mul(I, I))))
    return total


def divisor_count(w: Writer, x: Expr) -> Expr:
    return reduced("sum", ONE, upto(add(x, ONE), ONE), test=eq(mod(x, I), ZERO))


def divisor_count_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(upto(add(x, ONE), ONE), when(eq(mod(x, I), ZERO), inc(total))))
    return total


def divisors(w: Writer, x: Expr) -> Expr:
    return listed(I, upto(add(x, ONE), ONE), test=eq(mod(x, I), ZERO))


def divisors_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(upto(add(x, ONE), ONE), when(eq(mod(x, I), ZERO), push(out, I))))
    return out


def smallest_divisor(w: Writer, x: Expr) -> Expr:
    m = w.new("int", TWO)
    w.add(whilst(both(lt(m, x), ne(mod(x, m), ZERO)), inc(m)))
    return Cond(gt(x, ONE), m, x)


def prime_factors(w: Writer, x: Expr) -> Expr:
    out, m, p = w.new("out", NONE), w.new("int", x), w.new("int", TWO)
    w.add(
        whilst(
            gt(m, ONE),
            when(eq(mod(m, p), ZERO), push(out, p), set_(m, div(m, p)), other=(inc(p),)),
        )
    )
    return out


def is_prime(w: Writer, x: Expr) -> Expr:
    return both(gt(x, ONE), reduced("all", ne(mod(x, I), ZERO), Range(I, TWO, x)))


def is_prime_loop(w: Writer, x: Expr) -> Expr | None:
    if not w.last:
        return is_prime(w, x)
    w.add(
        when(lt(x, TWO), ends(FALSE)),
        loop(Range(I, TWO, x), when(eq(mod(x, I), ZERO), ends(FALSE))),
        ends(TRUE),
    )
    return None


def root(w: Writer, x: Expr) -> Expr:
    m = w.new("int", ZERO)
    w.add(whilst(le(mul(add(m, ONE), add(m, ONE)), x), inc(m)))
    return m


def is_square(w: Writer, x: Expr) -> Expr:
    m = w.new("int", ZERO)
    w.add(whilst(lt(mul(m, m), x), inc(m)))
    return eq(mul(m, m), x)


def halvings(w: Writer, x: Expr) -> Expr:
    m, total = w.new("int", abs_(x)), w.new("total", ZERO)
    w.add(whilst(gt(m, ONE), set_(m, div(m, TWO)), inc(total)))
    return total


def odd_part(w: Writer, x: Expr) -> Expr:
    m = w.new("int", x)
    w.add(whilst(both(ne(m, ZERO), eq(mod(m, TWO), ZERO)), set_(m, div(m, TWO))))
    return m


def ones(w: Writer, x: Expr) -> Expr:
    m, total = w.new("int", abs_(x)), w.new("total", ZERO)
    w.add(whilst(gt(m, ZERO), inc(total, mod(m, TWO)), set_(m, div(m, TWO))))
    return total


def collatz_steps(w: Writer, x: Expr) -> Expr:
    m, total = w.new("int", x), w.new("total", ZERO)
    half, triple = set_(m, div(m, TWO)), set_(m, add(mul(num(3), m), ONE))
    w.add(whilst(gt(m, ONE), when(eq(mod(m, TWO), ZERO), half, other=(triple,)), inc(total)))
    return total


def doublings(w: Writer, x: Expr, k: Expr) -> Expr:
    m, total = w.new("int", max2(x, ONE)), w.new("total", ZERO)
    w.add(whilst(lt(m, k), Augment(m.name, "*", TWO), inc(total)))
    return total


def fibonacci(w: Writer, x: Expr) -> Expr:
    a, b = w.new("last", ZERO), w.new("int", ONE)
    rest = w.fresh("rest", INT)
    w.add(loop(upto(mod(x, num(20))), Assign(rest.name, add(a, b)), set_(a, b), set_(b, rest)))
    return a


def power_mod(w: Writer, x: Expr, k: Expr) -> Expr:
    total = w.new("total", ONE)
    w.add(loop(upto(k), Augment(total.name, "*", mod(abs_(x), num(10)))))
    return total


def gcd_with(w: Writer, x: Expr, k: Expr) -> Expr:
    m, p = w.new("int", abs_(x)), w.new("int", k)
    rest = w.fresh("rest", INT)
    w.add(whilst(ne(p, ZERO), Assign(rest.name, mod(m, p)), set_(m, p), set_(p, rest)))
    return m


def gcd_helper(w: Writer, x: Expr, k: Expr) -> Expr:
    m = Var("m", INT)
    name = w.helper(
        ("gcd",),
        (N, m),
        INT,
        lambda own: (when(eq(m, ZERO), ends(N)), ends(HelperCall(own, (m, mod(N, m)), INT))),
    )
    return HelperCall(name, (abs_(x), k), INT)


def digit_list(w: Writer, x: Expr) -> Expr:
    return listed(DIGIT, Each(C, digits_of(x)))


def digit_list_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(Each(C, digits_of(x)), push(out, DIGIT)))
    return out


def up_to(w: Writer, x: Expr) -> Expr:
    return prim("range_list", INTS, ONE, add(min2(x, num(10)), ONE))


def up_to_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(upto(add(min2(x, num(10)), ONE), ONE), push(out, I)))
    return out


def countdown(w: Writer, x: Expr) -> Expr:
    return listed(I, Range(I, mod(abs_(x), num(10)), num(-1), -1))


def countdown_while(w: Writer, x: Expr) -> Expr:
    out, m = w.new("out", NONE), w.new("int", mod(abs_(x), num(10)))
    w.add(whilst(ge(m, ZERO), push(out, m), Augment(m.name, "-", ONE)))
    return out


def multiples(w: Writer, x: Expr, k: Expr) -> Expr:
    return listed(mul(x, I), upto(add(k, ONE), ONE))


def steps_from(w: Writer, x: Expr, k: Expr) -> Expr:
    return listed(add(x, mul(k, I)), upto(num(5)))


def steps_from_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    out, m = w.new("out", NONE), w.new("int", x)
    w.add(loop(upto(num(5)), push(out, m), inc(m, k)))
    return out


def halving_list(w: Writer, x: Expr) -> Expr:
    out, m = w.new("out", NONE), w.new("int", abs_(x))
    w.add(whilst(gt(m, ZERO), push(out, m), set_(m, div(m, TWO))))
    return out


def collatz_list(w: Writer, x: Expr) -> Expr:
    m = w.new("int", add(mod(abs_(x), num(10)), ONE))
    out = w.new("out", ListOf((m,), INTS))
    half, triple = set_(m, div(m, TWO)), set_(m, add(mul(num(3), m), ONE))
    w.add(whilst(gt(m, ONE), when(eq(mod(m, TWO), ZERO), half, other=(triple,)), push(out, m)))
    return out


def binary(w: Writer, x: Expr) -> Expr:
    m, out = w.new("int", abs_(x)), w.new("out", EMPTY)
    w.add(whilst(gt(m, ZERO), set_(out, add(prim("to_str", STR, mod(m, TWO)), out)), set_(m, div(m, TWO))))
    return Cond(eq(x, ZERO), Const("0"), out)


def padded(w: Writer, x: Expr, k: Expr) -> Expr:
    t = w.new("str", digits_of(x))
    return add(same("repeat", Const("0"), max2(sub(k, size(t)), ZERO)), t)


def padded_while(w: Writer, x: Expr, k: Expr) -> Expr:
    t = w.new("str", digits_of(x))
    w.add(whilst(lt(size(t), k), set_(t, add(Const("0"), t))))
    return t


def stars(w: Writer, x: Expr, c: Expr) -> Expr:
    return same("repeat", c, mod(x, num(10)))


def stars_loop(w: Writer, x: Expr, c: Expr) -> Expr:
    out = w.new("out", EMPTY)
    w.add(loop(upto(mod(x, num(10))), Augment(out.name, "+", c)))
    return out


def is_palindrome(w: Writer, x: Expr) -> Expr:
    t = w.new("str", digits_of(x))
    return eq(t, same("reversed", t))


def is_power_of_two(w: Writer, x: Expr) -> Expr:
    m = w.new("int", ONE)
    w.add(whilst(lt(m, x), Augment(m.name, "*", TWO)))
    return eq(m, x)


def fizz(w: Writer, x: Expr) -> Expr:
    three, five = eq(mod(x, num(3)), ZERO), eq(mod(x, num(5)), ZERO)
    return add(Cond(three, Const("fizz"), EMPTY), Cond(five, Const("buzz"), EMPTY))


def fizz_if(w: Writer, x: Expr) -> Expr:
    out = w.new("out", EMPTY)
    three, five = eq(mod(x, num(3)), ZERO), eq(mod(x, num(5)), ZERO)
    w.add(when(three, Augment(out.name, "+", Const("fizz"))), when(five, Augment(out.name, "+", Const("buzz"))))
    return out


OPERATIONS: list[Operation] = [
    op("add_k", ("add {0} to {x}", "increase {x} by {0}"), 1.2, (SMALL,), **pure(add)),
    op("sub_k", ("subtract {0} from {x}", "decrease {x} by {0}"), 1.0, (SMALL,), **pure(sub)),
    op("from_k", ("subtract {x} from {0}",), 0.7, (Constant((10, 20, 50, 100)),), **pure(lambda v, k: sub(k, v))),
    op("mul_k", ("multiply {x} by {0}",), 1.2, (Constant((2, 3, 4, 5, 6, 7, 8, 9)),), **pure(mul)),
    op(
        "div_k",
        ("divide {x} by {0}, rounding down", "floor-divide {x} by {0}"),
        0.9,
        (Constant((2, 3, 4, 5)),),
        **pure(div),
    ),
    op(
        "mod_k",
        ("the remainder of {x} mod {0} (as Python's %)", "the value of {x} % {0}"),
        0.9,
        (Constant((3, 4, 5, 6, 7, 10)),),
        **pure(mod),
    ),
    op("square", ("square {x}", "multiply {x} by itself"), 0.9, **pure(lambda v: mul(v, v))),
    op("negate", ("negate {x}", "flip the sign of {x}"), 0.7, **pure(neg)),
    op("abs", ("the absolute value of {x}",), 0.8, **pure(abs_)),
    op(
        "cap",
        ("the smaller of {x} and {0}",),
        0.7,
        (Constant((5, 10, 20, 50)),),
        expr=lambda w, v, k: min2(v, k),
        loop=lambda w, v, k: Cond(gt(v, k), k, v),
    ),
    op(
        "floor",
        ("the larger of {x} and {0}",),
        0.7,
        (Constant((0, 1, 5, 10)),),
        expr=lambda w, v, k: max2(v, k),
        loop=lambda w, v, k: Cond(lt(v, k), k, v),
    ),
    op(
        "distance",
        ("the distance of {x} from {0}", "the absolute difference of {x} and {0}"),
        0.7,
        (Constant((3, 5, 7, 10, 20)),),
        **pure(lambda v, k: abs_(sub(v, k))),
    ),
    op(
        "affine",
        ("multiply {x} by {0} and add {1}",),
        0.7,
        (Constant((2, 3, 4, 5)), Constant((1, 2, 3, 5, 7))),
        **pure(lambda v, k, m: add(mul(k, v), m)),
    ),
    op(
        "round_down",
        ("round {x} down to a multiple of {0}", "the largest multiple of {0} that is not above {x}"),
        0.7,
        (Constant((3, 5, 10)),),
        expr=lambda w, v, k: mul(div(v, k), k),
        loop=lambda w, v, k: sub(v, mod(v, k)),
    ),
    op(
        "round_up",
        ("round {x} up to a multiple of {0}", "the smallest multiple of {0} that is not below {x}"),
        0.6,
        (Constant((3, 5, 10)),),
        expr=lambda w, v, k: mul(div(sub(add(v, k), ONE), k), k),
    ),
    op(
        "halve_or_triple",
        ("halve {x} if it is even, else multiply it by 3 and add 1",),
        0.7,
        **either_way(lambda v: eq(mod(v, TWO), ZERO), lambda v: div(v, TWO), lambda v: add(mul(num(3), v), ONE)),
    ),
    op(
        "digit_sum",
        ("the sum of the digits of {x} (ignoring the sign)", "the digit sum of the absolute value of {x}"),
        1.0,
        **digit_fold("sum"),
        helper=digit_sum_helper,
    ),
    op("digit_max", ("the largest digit of {x}",), 0.7, **digit_fold("max")),
    op("digit_product", ("the product of the digits of {x} (ignoring the sign)",), 0.7, expr=digit_product),
    op(
        "digit_count",
        ("the number of digits of {x} (ignoring the sign)", "how many digits {x} has"),
        0.8,
        expr=digit_count,
        other=digit_count_while,
    ),
    op(
        "even_digits",
        ("the number of even digits of {x}", "how many digits of {x} are even"),
        0.6,
        **digit_test_count(lambda d: eq(mod(d, TWO), ZERO)),
    ),
    op(
        "digit_reverse",
        ("reverse the digits of {x} (dropping the sign)",),
        0.8,
        expr=digit_reverse,
        other=digit_reverse_while,
    ),
    op("last_digit", ("the last digit of {x} (ignoring the sign)",), 0.7, **pure(lambda v: mod(abs_(v), num(10)))),
    op(
        "digital_root",
        ("take the absolute value of {x} and replace it by its digit sum until one digit is left",),
        0.6,
        expr=digital_root,
        loop=digital_root_formula,
    ),
    op(
        "triangular",
        ("the sum of the numbers from 1 to {x} (0 if it is below 1)",),
        0.8,
        expr=triangular,
        loop=triangular_loop,
    ),
    op(
        "square_sum",
        ("the sum of the squares of 1 to {x} (0 if it is below 1)",),
        0.5,
        expr=square_sum,
        loop=square_sum_loop,
    ),
    op(
        "divisor_count",
        ("the number of positive divisors of {x} (0 if it is below 1)",),
        0.7,
        expr=divisor_count,
        loop=divisor_count_loop,
    ),
    op(
        "smallest_divisor",
        ("the smallest divisor above 1 of {x} (the number itself if it is below 2)",),
        0.6,
        expr=smallest_divisor,
    ),
    op(
        "root",
        (
            "the largest number whose square is at most {x} (0 if {x} is negative)",
            "the square root of {x}, rounded down (0 if {x} is negative)",
        ),
        0.6,
        expr=root,
    ),
    op(
        "halvings",
        ("how often the absolute value of {x} can be halved, rounding down, until it is at most 1",),
        0.5,
        expr=halvings,
    ),
    op("odd_part", ("divide {x} by 2 for as long as it is even (0 stays 0)",), 0.6, expr=odd_part),
    op("ones", ("the number of ones in the binary form of the absolute value of {x}",), 0.6, expr=ones),
    op(
        "collatz_steps",
        (
            "how many steps {x} takes to reach 1 when even numbers are halved and odd ones tripled plus 1 (0 if it is below 2)",
        ),
        0.4,
        expr=collatz_steps,
    ),
    op(
        "doublings",
        ("how often the larger of {x} and 1 must be doubled to reach at least {0}",),
        0.5,
        (Constant((50, 100, 1000)),),
        expr=doublings,
    ),
    op(
        "fibonacci",
        (
            "the Fibonacci number at the position that the remainder of {x} mod 20 tells (position 0 is 0, position 1 is 1)",
        ),
        0.4,
        expr=fibonacci,
    ),
    op(
        "power_of_digit",
        ("raise the last digit of {x} (ignoring the sign) to the power {0}",),
        0.5,
        (Constant((2, 3, 4)),),
        expr=power_mod,
    ),
    op(
        "gcd_k",
        ("the greatest common divisor of {x} and {0}",),
        0.6,
        (Constant((6, 12, 20, 24, 30)),),
        expr=gcd_with,
        helper=gcd_helper,
    ),
    op(
        "digits",
        ("list the digits of {x} (ignoring the sign)", "split {x} into the list of its digits (ignoring the sign)"),
        1.0,
        (),
        INTS,
        expr=digit_list,
        loop=digit_list_loop,
    ),
    op(
        "divisors",
        ("list the positive divisors of {x} in ascending order (none if it is below 1)",),
        0.7,
        (),
        INTS,
        expr=divisors,
        loop=divisors_loop,
    ),
    op(
        "prime_factors",
        ("list the prime factors of {x} in ascending order, with repeats (none if it is below 2)",),
        0.5,
        (),
        INTS,
        expr=prime_factors,
    ),
    op("up_to", ("list the numbers from 1 to the smaller of {x} and 10",), 0.7, (), INTS, expr=up_to, loop=up_to_loop),
    op(
        "countdown",
        ("list the numbers from the last digit of {x} (ignoring the sign) down to 0",),
        0.6,
        (),
        INTS,
        expr=countdown,
        other=countdown_while,
    ),
    op(
        "multiples",
        (
            "list the first {0} multiples of {x}: once, twice and so on",
            "list the products of {x} with 1, 2 and so on up to {0}",
        ),
        0.7,
        (Constant((3, 4, 5)),),
        INTS,
        expr=multiples,
    ),
    op(
        "steps_from",
        ("list 5 numbers that start with {x}, each {0} larger than the one before",),
        0.7,
        (Constant((2, 3, 5, 10)),),
        INTS,
        expr=steps_from,
        loop=steps_from_loop,
    ),
    op(
        "halving_list",
        (
            "list the absolute value of {x} and what is left each time it is halved, rounding down, stopping before 0 (an empty list for 0)",
        ),
        0.5,
        (),
        INTS,
        expr=halving_list,
    ),
    op(
        "collatz_list",
        (
            "list the numbers from 1 more than the last digit of {x} (ignoring the sign) to 1, both included, when even ones are halved and odd ones tripled plus 1",
        ),
        0.4,
        (),
        INTS,
        expr=collatz_list,
    ),
    op(
        "to_text",
        ("write {x} as a string", "turn {x} into a string"),
        0.7,
        (),
        STR,
        expr=lambda w, v: prim("to_str", STR, v),
    ),
    op("binary", ("write the absolute value of {x} in binary, as a string",), 0.6, (), STR, expr=binary),
    op(
        "padded",
        ("write the absolute value of {x} as a string, padded with zeros on the left to {0} characters",),
        0.6,
        (Constant((3, 4, 5, 6)),),
        STR,
        expr=padded,
        other=padded_while,
    ),
    op(
        "stars",
        ("make a string of as many copies of {0} as the remainder of {x} mod 10",),
        0.6,
        (Constant(("*", "#", "ab", "-")),),
        STR,
        expr=stars,
        loop=stars_loop,
    ),
    op(
        "fizz",
        ('make a string: "fizz" if {x} is divisible by 3, followed by "buzz" if it is divisible by 5, else ""',),
        0.4,
        (),
        STR,
        expr=fizz,
        loop=fizz_if,
    ),
    op("is_even", ("whether {x} is even",), 0.25, (), BOOL, **pure(lambda v: eq(mod(v, TWO), ZERO))),
    op(
        "is_multiple",
        ("whether {x} is divisible by {0}", "whether {x} is a multiple of {0}"),
        0.3,
        (Constant((3, 4, 5, 6, 7)),),
        BOOL,
        **pure(lambda v, k: eq(mod(v, k), ZERO)),
    ),
    op("is_above", ("whether {x} is above {0}",), 0.3, (Constant((0, 3, 5, 10, 20)),), BOOL, **pure(gt)),
    op("is_prime", ("whether {x} is a prime number",), 0.4, (), BOOL, expr=is_prime, loop=is_prime_loop),
    op("is_square", ("whether {x} is a perfect square",), 0.25, (), BOOL, expr=is_square),
    op(
        "is_number_palindrome",
        ("whether the digits of {x} read the same backwards (ignoring the sign)",),
        0.25,
        (),
        BOOL,
        expr=is_palindrome,
    ),
    op("is_power_of_two", ("whether {x} is a power of two (1 is one)",), 0.2, (), BOOL, expr=is_power_of_two),
    Operation(
        "truth_number",
        (BOOL,),
        INT,
        ("turn it into 1 if true, 0 if false",),
        {"expr": lambda w, v: Cond(v, ONE, ZERO)},
        (),
        0.5,
    ),
    Operation(
        "truth_word",
        (BOOL,),
        STR,
        ('turn it into "yes" if true, "no" if false',),
        {"expr": lambda w, v: Cond(v, Const("yes"), Const("no"))},
        (),
        0.5,
    ),
    Operation(
        "truth_choice",
        (BOOL,),
        INT,
        ("turn it into {0} if true, 0 if false",),
        {"expr": lambda w, v, k: Cond(v, k, ZERO)},
        (Constant((2, 5, 7, 10)),),
        0.3,
    ),
]

__all__ = ["OPERATIONS", "at"]

"""Small programs in the forge's intermediate representation that use every primitive and every kind of node once."""

from __future__ import annotations

from typing import Any

from assay.forge import ir
from assay.forge.ir import BOOL, COUNTS, INT, INT_COUNTS, INTS, ROWS, STR, STRS, Const, Var
from assay.forge.render import python
from assay.forge.task import Case, ForgeTask

A, B, N, M = Var("a", INTS), Var("b", INTS), Var("n", INT), Var("m", INT)
S, T, WORDS, D = Var("s", STR), Var("t", STR), Var("words", STRS), Var("d", COUNTS)
R = Var("rows", ROWS)
X, Y, AT, C, W, K, V, ROW = (
    Var("x", INT),
    Var("y", INT),
    Var("i", INT),
    Var("c", STR),
    Var("w", STR),
    Var("k", STR),
    Var("v", INT),
    Var("r", INTS),
)

INT_LISTS: tuple[Any, ...] = ([], [3], [2, -5, 2, 7], [0, 0, -1, 9, -9, 4])
TEXTS: tuple[Any, ...] = ("", "a", "Hello World", " b  aB1c ", 'q"\\x')
WORD_LISTS: tuple[Any, ...] = ([], ["x"], ["bb", "a", "bb", "", "Zed"])
DICTS: tuple[Any, ...] = ({}, {"b": 2, "a": -1}, {"x": 0, "ab": 5, "a": 5})


def prim(name: str, of: ir.Type, *args: ir.Expr) -> ir.Prim:
    return ir.Prim(name, args, of)


def _expressions() -> list[tuple[str, tuple[Var, ...], ir.Expr, list[tuple[Any, ...]]]]:
    """(name, parameters, expression, calls)"""
    lists, texts = [(a,) for a in INT_LISTS], [(s,) for s in TEXTS]
    filled, filled_texts = lists[1:], texts[1:]
    word_lists, dicts = [(w,) for w in WORD_LISTS], [(d,) for d in DICTS]
    rows: list[tuple[Any, ...]] = [([],), ([[]],), ([[1, 2], [], [3, -4]],), ([[1], [1], [2, 1]],)]
    numbers: list[tuple[Any, ...]] = [(7, 3), (-7, 3), (7, -3), (-7, -3), (0, 5), (6, 3), (-6, 3)]
    letters = [("a",), ("Z",), ("5",), (" ",), ("-",)]
    with_k = [(a, k) for a in INT_LISTS for k in (0, 2, 9)]
    text_k = [(s, k) for s in TEXTS for k in (0, 2, 20)]
    in_range = [(a, k) for a in INT_LISTS if a for k in (0, len(a) - 1)]
    length = prim("len", INT, A)
    found: list[tuple[str, tuple[Var, ...], ir.Expr, list[tuple[Any, ...]]]] = [
        ("is_empty", (A,), prim("is_empty", BOOL, A), lists),
        ("not_empty", (S,), ir.Un("not", prim("is_empty", BOOL, S)), texts),
        ("dict_empty", (D,), prim("is_empty", BOOL, D), dicts),
        ("len", (A,), length, lists),
        ("len_str", (S,), prim("len", INT, S), texts),
        ("len_dict", (D,), prim("len", INT, D), dicts),
        ("abs", (N, M), prim("abs", INT, N), numbers),
        ("min2", (A, N), prim("min2", INT, length, N), with_k),
        ("max2", (A, N), prim("max2", INT, Const(4), prim("max2", INT, length, N)), with_k),
        ("sum", (A,), prim("sum", INT, A), lists),
        ("min", (A,), prim("min", INT, A), filled),
        ("max", (A,), prim("max", INT, A), filled),
        ("min_words", (WORDS,), prim("min", STR, WORDS), word_lists[1:]),
        ("max_words", (WORDS,), prim("max", STR, WORDS), word_lists[1:]),
        ("min_or", (A,), prim("min_or", INT, A, Const(-1)), lists),
        ("max_or", (A,), prim("max_or", INT, prim("drop", INTS, A, Const(1)), Const(0)), lists),
        ("max_or_words", (WORDS,), prim("max_or", STR, WORDS, Const("none")), word_lists),
        ("sorted", (A,), prim("sorted", INTS, A), lists),
        ("sorted_desc", (A,), prim("sorted_desc", INTS, A), lists),
        ("sorted_words", (WORDS,), prim("sorted", STRS, WORDS), word_lists),
        ("sorted_words_desc", (WORDS,), prim("sorted_desc", STRS, WORDS), word_lists),
        ("reversed", (A,), prim("reversed", INTS, A), lists),
        ("reversed_str", (S,), prim("reversed", STR, S), texts),
        ("copy", (A,), prim("copy", INTS, A), lists),
        ("at", (A, N), ir.Bin("+", prim("at", INT, A, N), Const(1)), in_range),
        ("at_str", (S,), prim("at", STR, S, Const(0)), filled_texts),
        ("last", (A,), prim("last", INT, A), filled),
        ("last_str", (S,), prim("last", STR, S), filled_texts),
        ("same_ends", (A,), ir.Bin("==", prim("at", INT, A, Const(0)), prim("last", INT, A)), [*filled, ([500, 500],)]),
        ("same_letters", (S,), ir.Bin("==", prim("at", STR, S, Const(0)), prim("last", STR, S)), filled_texts),
        ("is_letter", (S,), ir.Bin("!=", prim("last", STR, S), Const('"')), filled_texts),
        ("slice", (A, N), prim("slice", INTS, A, Const(1), N), with_k),
        ("slice_str", (S, N), prim("slice", STR, S, Const(1), N), text_k),
        ("drop", (A, N), prim("drop", INTS, A, N), with_k),
        ("drop_str", (S, N), prim("drop", STR, S, N), text_k),
        ("take", (A, N), prim("take", INTS, A, N), with_k),
        ("take_str", (S, N), prim("take", STR, S, N), text_k),
        ("but_last", (A,), prim("but_last", INTS, A), lists),
        ("but_last_str", (S,), prim("but_last", STR, S), texts),
        ("take_last", (A,), prim("take_last", INTS, A, Const(2)), lists),
        ("take_last_str", (S,), prim("take_last", STR, S, Const(2)), texts),
        ("every", (A,), prim("every", INTS, A, Const(1), Const(2)), lists),
        ("every_str", (S,), prim("every", STR, S, Const(0), Const(3)), texts),
        ("contains", (A, N), prim("contains", BOOL, A, N), with_k),
        ("lacks", (A, N), ir.Un("not", prim("contains", BOOL, A, N)), with_k),
        ("contains_word", (WORDS,), prim("contains", BOOL, WORDS, Const("bb")), word_lists),
        ("has_key", (D,), prim("has_key", BOOL, D, Const("a")), dicts),
        ("in_str", (S,), prim("in_str", BOOL, Const("lo"), S), texts),
        ("index", (A,), prim("index", INT, A, prim("last", INT, A)), filled),
        ("find", (S,), prim("find", INT, S, Const("o")), texts),
        ("count", (A,), prim("count", INT, A, Const(2)), lists),
        ("count_word", (WORDS,), prim("count", INT, WORDS, Const("bb")), word_lists),
        ("count_str", (S,), prim("count_str", INT, S, Const("l")), [*texts, ("lllll",)]),
        ("distinct", (A,), prim("distinct", INTS, A), lists),
        ("distinct_letters", (S,), prim("join", STR, Const(""), prim("distinct", STRS, S)), texts),
        (
            "loud_tail",
            (S,),
            ir.Comp(
                "sum",
                (ir.Each(C, prim("last", STR, prim("split", STRS, S, Const("l")))),),
                Const(1),
                INT,
                prim("is_lower", BOOL, C),
            ),
            texts,
        ),
        ("distinct_words", (WORDS,), prim("distinct", STRS, WORDS), word_lists),
        ("range_list", (N, M), prim("range_list", INTS, M, N), numbers),
        ("repeat", (A,), prim("repeat", INTS, A, Const(2)), lists),
        ("repeat_str", (S, N), prim("repeat", STR, S, N), text_k),
        *((name, (S,), prim(name, STR, S), texts) for name in ("upper", "lower", "capitalize", "swapcase", "strip")),
        ("words", (S,), prim("words", STRS, S), texts),
        ("split", (S,), prim("split", STRS, S, Const("l")), texts),
        ("join", (WORDS,), prim("join", STR, Const("-"), WORDS), word_lists),
        ("chars", (S,), prim("chars", STRS, S), texts),
        ("to_str", (N, M), ir.Bin("+", prim("to_str", STR, N), Const("!")), numbers),
        ("to_int", (S,), prim("to_int", INT, S), [("7",), ("0012",)]),
        *((name, (S,), prim(name, BOOL, S), letters) for name in ("is_digit", "is_alpha", "is_upper", "is_lower")),
        ("ord", (S,), ir.Bin("-", prim("ord", INT, S), Const(97)), letters),
        ("chr", (S,), prim("chr", STR, ir.Bin("+", prim("ord", INT, S), Const(1))), letters),
        ("starts_with", (S,), prim("starts_with", BOOL, S, Const("He")), texts),
        ("ends_with", (S,), prim("ends_with", BOOL, S, Const("ld")), texts),
        ("replace", (S,), prim("replace", STR, S, Const("l"), Const("$1L")), texts),
        ("get", (D,), ir.Bin("+", prim("get", INT, D, Const("a"), Const(10)), Const(1)), dicts),
        ("at_key", (D,), prim("at_key", INT, D, Const("a")), dicts[1:]),
        ("keys", (D,), prim("keys", STRS, D), dicts),
        ("values", (D,), prim("values", INTS, D), dicts),
        ("floor_div", (N, M), ir.Bin("//", N, M), numbers),
        ("floor_mod", (N, M), ir.Bin("%", N, M), numbers),
        ("is_multiple", (N, M), ir.Bin("==", ir.Bin("%", N, Const(3)), Const(0)), numbers),
        ("remainder", (N, M), ir.Bin("==", ir.Bin("%", N, Const(3)), Const(2)), numbers),
        ("natural", (A,), ir.Bin("//", ir.Bin("+", length, Const(3)), Const(2)), lists),
        ("product", (N, M), ir.Bin("*", ir.Bin("-", N, ir.Bin("-", M, Const(1))), ir.Un("-", M)), numbers),
        ("large", (N, M), ir.Bin("*", ir.Bin("*", N, Const(1_000_000)), Const(5_000_000)), numbers),
        ("small", (A,), ir.Bin("*", ir.Bin("*", length, Const(100_000)), Const(100_000)), lists),
        ("plus_lists", (A,), ir.Bin("+", A, ir.ListOf((Const(1), length), INTS)), lists),
        ("equal_lists", (A,), ir.Bin("==", A, prim("reversed", INTS, A)), [*lists, ([1, 2, 1],)]),
        ("unequal_texts", (S,), ir.Bin("!=", S, prim("lower", STR, S)), texts),
        ("smaller_text", (S,), ir.Bin("<", S, Const("a")), texts),
        ("smaller_texts", (S,), ir.Bin(">=", prim("upper", STR, S), S), texts),
        (
            "logic",
            (N, M),
            ir.Bin("or", ir.Bin("and", ir.Bin("<", N, M), ir.Bin(">", N, Const(-7))), ir.Bin("==", M, Const(5))),
            numbers,
        ),
        (
            "careful",
            (A,),
            ir.Bin("and", ir.Bin(">", length, Const(0)), ir.Bin(">", prim("max", INT, A), Const(3))),
            lists,
        ),
        (
            "careful_any",
            (A,),
            ir.Bin(
                "or",
                ir.Bin("<", length, Const(2)),
                ir.Comp("any", (ir.Each(X, A),), ir.Bin(">", X, Const(8)), BOOL),
            ),
            lists,
        ),
        ("choice", (N, M), ir.Cond(ir.Bin("<", N, M), N, ir.Bin("+", M, Const(1))), numbers),
        (
            "choices",
            (N, M),
            ir.Cond(ir.Bin("<", N, M), Const(1), ir.Cond(ir.Bin("<", N, Const(0)), Const(2), M)),
            numbers,
        ),
        ("text_choice", (N, M), ir.Cond(ir.Bin("<", N, M), Const("less"), Const("more")), numbers),
        (
            "list_choice",
            (A,),
            ir.Cond(ir.Bin("<", length, Const(3)), A, ir.Comp("list", (ir.Each(X, A),), ir.Bin("*", X, X), INTS)),
            lists,
        ),
        ("first_or", (A,), ir.Cond(prim("is_empty", BOOL, A), Const(-1), prim("at", INT, A, Const(0))), lists),
        ("numbers", (N, M), ir.ListOf((N, Const(2), ir.Un("-", M)), INTS), numbers),
        ("rows", (A,), ir.ListOf((A, ir.ListOf((), INTS), prim("drop", INTS, A, Const(1))), ROWS), lists),
        ("row_sums", (R,), ir.Comp("list", (ir.Each(ROW, R),), prim("sum", INT, ROW), INTS), rows),
        ("first_row", (R,), prim("at", INTS, R, Const(0)), rows[1:]),
        ("flat", (R,), ir.Comp("list", (ir.Each(ROW, R), ir.Each(X, ROW)), X, INTS, ir.Bin(">", X, Const(0))), rows),
        (
            "nested",
            (R,),
            ir.Comp(
                "list", (ir.Each(ROW, R),), ir.Comp("list", (ir.Each(X, ROW),), ir.Bin("+", X, Const(1)), INTS), ROWS
            ),
            rows,
        ),
        ("nested_sum", (R,), ir.Comp("sum", (ir.Each(ROW, R),), ir.Comp("sum", (ir.Each(X, ROW),), X, INT), INT), rows),
        ("counted", (A,), ir.Comp("sum", (ir.Each(X, A),), Const(1), INT, ir.Bin("<", X, Const(3))), lists),
        ("lengths", (WORDS,), ir.Comp("list", (ir.Each(W, WORDS),), prim("len", INT, W), INTS), word_lists),
        (
            "loud",
            (WORDS,),
            ir.Comp("list", (ir.Each(W, WORDS),), prim("upper", STR, W), STRS, ir.Bin("!=", W, Const("a"))),
            word_lists,
        ),
        ("all", (A,), ir.Comp("all", (ir.Each(X, A),), ir.Bin("<", X, Const(8)), BOOL), lists),
        (
            "any_two",
            (A,),
            ir.Comp("any", (ir.Each(X, A), ir.Each(Y, A)), ir.Bin("==", ir.Bin("+", X, Y), Const(9)), BOOL),
            lists,
        ),
        ("least", (A,), ir.Comp("min", (ir.Each(X, A),), ir.Bin("*", X, X), INT), filled),
        ("most", (A,), ir.Comp("max", (ir.Each(X, A),), X, INT, ir.Bin("<", X, Const(5)), default=Const(-1)), lists),
        ("joined", (S,), ir.Comp("join", (ir.Each(C, S),), ir.Bin("+", C, C), STR, prim("is_alpha", BOOL, C)), texts),
        ("initials", (WORDS,), ir.Comp("join", (ir.Each(W, WORDS),), prim("take", STR, W, Const(1)), STR), word_lists),
        (
            "loud_vowels",
            (S,),
            ir.Comp(
                "join",
                (ir.Each(C, S),),
                ir.Cond(prim("in_str", BOOL, C, Const("aeiou")), prim("upper", STR, C), C),
                STR,
            ),
            texts,
        ),
        ("codes", (S,), ir.Comp("list", (ir.Each(C, S),), prim("ord", INT, C), INTS), texts),
        ("letters", (S,), ir.Comp("list", (ir.Each(C, S),), C, STRS, ir.Bin("!=", C, Const(" "))), texts),
        (
            "shifted",
            (S,),
            ir.Comp(
                "join",
                (ir.Each(C, S),),
                prim("chr", STR, ir.Bin("+", prim("ord", INT, C), Const(1))),
                STR,
                prim("is_lower", BOOL, C),
            ),
            texts,
        ),
        ("squares", (N, M), ir.Comp("list", (ir.Range(AT, Const(0), N),), ir.Bin("*", AT, AT), INTS), numbers),
        ("countdown", (N, M), ir.Comp("list", (ir.Range(AT, N, Const(0), -2),), AT, INTS), numbers),
        ("numbered", (A,), ir.Comp("list", (ir.Enumerate(AT, X, A, 1),), ir.Bin("*", AT, X), INTS), lists),
        ("places", (S,), ir.Comp("list", (ir.Enumerate(AT, C, S),), AT, INTS, prim("is_upper", BOOL, C)), texts),
        (
            "pairs",
            (A,),
            ir.Comp("list", (ir.Zip(X, Y, A, prim("drop", INTS, A, Const(1))),), ir.Bin("-", Y, X), INTS),
            lists,
        ),
        (
            "text_pairs",
            (S,),
            ir.Comp("sum", (ir.Zip(C, W, S, prim("reversed", STR, S)),), Const(1), INT, ir.Bin("==", C, W)),
            texts,
        ),
        ("entries", (D,), ir.Comp("list", (ir.Items(K, V, D),), K, STRS, ir.Bin(">", V, Const(0))), dicts),
        ("turned", (D,), ir.Comp("dict", (ir.Items(K, V, D),), V, COUNTS, key=prim("upper", STR, K)), dicts),
        ("places_of", (A,), ir.Comp("dict", (ir.Enumerate(AT, X, A),), AT, INT_COUNTS, key=X), lists),
        ("by_length", (WORDS,), ir.SortBy(WORDS, W, prim("len", INT, W)), word_lists),
        ("by_length_desc", (WORDS,), ir.SortBy(WORDS, W, prim("len", INT, W), True), word_lists),
        ("by_last_digit", (A, N), ir.SortBy(A, X, ir.Bin("%", ir.Bin("+", X, N), Const(10))), with_k),
        ("by_lower", (WORDS,), ir.SortBy(WORDS, W, prim("lower", STR, W)), word_lists),
        ("by_sum", (R,), ir.SortBy(R, ROW, ir.Comp("sum", (ir.Each(X, ROW),), ir.Bin("*", X, X), INT)), rows),
        ("shortest", (WORDS,), ir.BestBy("min", WORDS, W, prim("len", INT, W)), word_lists[1:]),
        ("longest", (WORDS,), ir.BestBy("max", WORDS, W, prim("len", INT, W)), word_lists[1:]),
        ("furthest", (A,), ir.BestBy("max", A, X, prim("abs", INT, ir.Bin("-", X, Const(2)))), filled),
    ]
    return found


def _statements() -> list[tuple[str, ir.Program, list[tuple[Any, ...]]]]:
    """(name, program, calls)"""
    out, total, d, left = Var("out", INTS), Var("total", INT), Var("table", COUNTS), Var("left", INT)
    digits = ir.Function(
        "digit_sum",
        (N,),
        INT,
        (
            ir.If(ir.Bin("<", N, Const(10)), (ir.Return(N),)),
            ir.Return(
                ir.Bin(
                    "+",
                    ir.Bin("%", N, Const(10)),
                    ir.HelperCall("digit_sum", (ir.Bin("//", N, Const(10)),), INT),
                )
            ),
        ),
    )
    lists, texts = [(a,) for a in INT_LISTS], [(s,) for s in TEXTS]
    counted = ir.Bin("+", prim("get", INT, d, C, Const(0)), Const(1))
    return [
        (
            "helper",
            ir.Program(
                ir.Function(
                    "f",
                    (A,),
                    INTS,
                    (
                        ir.Return(
                            ir.Comp(
                                "list", (ir.Each(X, A),), ir.HelperCall("digit_sum", (prim("abs", INT, X),), INT), INTS
                            )
                        ),
                    ),
                ),
                (digits,),
            ),
            [*lists, ([199, 12345],)],
        ),
        (
            "loop",
            ir.Program(
                ir.Function(
                    "f",
                    (A, N),
                    INTS,
                    (
                        ir.Assign("out", ir.ListOf((), INTS)),
                        ir.Assign("total", Const(0)),
                        ir.For(
                            ir.Each(X, A),
                            (
                                ir.If(ir.Bin("==", X, Const(0)), (ir.Continue(),)),
                                ir.If(
                                    ir.Bin(">", X, N),
                                    (ir.Break(),),
                                    (
                                        ir.If(
                                            ir.Bin("<", X, Const(0)),
                                            (ir.Augment("total", "-", X),),
                                            (ir.Augment("total", "+", X),),
                                        ),
                                    ),
                                ),
                                ir.Append("out", total),
                            ),
                        ),
                        ir.Augment("total", "*", Const(2)),
                        ir.Augment("total", "//", Const(3)),
                        ir.Append("out", total),
                        ir.Return(out),
                    ),
                )
            ),
            [(a, n) for a in INT_LISTS for n in (3, 8)],
        ),
        (
            "while",
            ir.Program(
                ir.Function(
                    "f",
                    (N,),
                    INT,
                    (
                        ir.Assign("left", prim("abs", INT, N)),
                        ir.Assign("total", Const(0)),
                        ir.While(
                            ir.Bin(">", left, Const(0)),
                            (
                                ir.Augment("total", "+", ir.Bin("%", left, Const(10))),
                                ir.Augment("left", "//", Const(10)),
                            ),
                        ),
                        ir.Return(total),
                    ),
                )
            ),
            [(0,), (-345,), (90210,)],
        ),
        (
            "while_any",
            ir.Program(
                ir.Function(
                    "f",
                    (A,),
                    INTS,
                    (
                        ir.Assign("out", prim("copy", INTS, A)),
                        ir.While(
                            ir.Comp("any", (ir.Each(X, out),), ir.Bin(">", X, Const(2)), BOOL),
                            (
                                ir.Assign(
                                    "out", ir.Comp("list", (ir.Each(X, out),), ir.Bin("-", X, Const(2)), INTS), False
                                ),
                                ir.If(ir.Bin("<", prim("len", INT, out), Const(1)), (ir.Continue(),)),
                            ),
                        ),
                        ir.Return(out),
                    ),
                )
            ),
            lists,
        ),
        (
            "parameter",
            ir.Program(
                ir.Function(
                    "f",
                    (A, N),
                    INTS,
                    (
                        ir.While(ir.Bin(">", N, Const(5)), (ir.Augment("n", "-", Const(5)),)),
                        ir.Assign("a", prim("drop", INTS, A, Const(1)), False),
                        ir.Return(ir.Bin("+", A, ir.ListOf((N,), INTS))),
                    ),
                )
            ),
            [(a, n) for a in INT_LISTS for n in (3, 18)],
        ),
        (
            "elif",
            ir.Program(
                ir.Function(
                    "f",
                    (A, N),
                    STR,
                    (
                        ir.If(
                            ir.Bin("<", N, Const(0)),
                            (ir.Return(Const("negative")),),
                            (
                                ir.If(
                                    ir.Comp("any", (ir.Each(X, A),), ir.Bin("==", X, N), BOOL),
                                    (ir.Return(Const("there")),),
                                    (ir.If(ir.Bin("==", N, Const(0)), (ir.Return(Const("zero")),)),),
                                ),
                            ),
                        ),
                        ir.Return(Const("")),
                    ),
                )
            ),
            [(a, n) for a in INT_LISTS for n in (-1, 0, 2, 5)],
        ),
        (
            "histogram",
            ir.Program(
                ir.Function(
                    "f",
                    (S,),
                    COUNTS,
                    (
                        ir.Assign("table", ir.EmptyDict(COUNTS)),
                        ir.For(ir.Each(C, S), (ir.SetKey("table", C, counted),)),
                        ir.Return(d),
                    ),
                )
            ),
            texts,
        ),
        (
            "first_seen",
            ir.Program(
                ir.Function(
                    "f",
                    (S,),
                    STR,
                    (
                        ir.Assign("table", ir.EmptyDict(COUNTS)),
                        ir.Assign("t", Const("")),
                        ir.For(ir.Each(C, S), (ir.SetKey("table", C, counted),)),
                        ir.For(
                            ir.Items(K, V, d),
                            (ir.If(ir.Bin("==", V, Const(1)), (ir.Augment("t", "+", K),)),),
                        ),
                        ir.Augment("t", "+", prim("to_str", STR, prim("len", INT, d))),
                        ir.Return(T),
                    ),
                )
            ),
            texts,
        ),
        (
            "swap",
            ir.Program(
                ir.Function(
                    "f",
                    (A,),
                    INTS,
                    (
                        ir.Assign("out", prim("copy", INTS, A)),
                        ir.For(
                            ir.Range(AT, Const(1), prim("len", INT, out)),
                            (
                                ir.If(
                                    ir.Bin(
                                        "<", prim("at", INT, out, AT), prim("at", INT, out, ir.Bin("-", AT, Const(1)))
                                    ),
                                    (ir.SetKey("out", AT, ir.Bin("+", prim("at", INT, out, AT), AT)),),
                                ),
                            ),
                        ),
                        ir.Return(out),
                    ),
                )
            ),
            lists,
        ),
        (
            "growing",
            ir.Program(
                ir.Function(
                    "f",
                    (N,),
                    INTS,
                    (
                        ir.Assign("out", ir.ListOf((Const(1), Const(1)), INTS)),
                        ir.For(
                            ir.Range(AT, Const(0), prim("len", INT, out)),
                            (ir.Append("out", ir.Bin("+", prim("at", INT, out, AT), N)),),
                        ),
                        ir.For(ir.Enumerate(AT, X, prim("copy", INTS, out)), (ir.Append("out", ir.Bin("*", AT, X)),)),
                        ir.Return(out),
                    ),
                )
            ),
            [(1,), (5,)],
        ),
        (
            "text_building",
            ir.Program(
                ir.Function(
                    "f",
                    (S,),
                    STR,
                    (
                        ir.Assign("t", Const("")),
                        ir.Assign("prev", Const("")),
                        ir.For(
                            ir.Each(C, S),
                            (
                                ir.If(ir.Bin("!=", C, Var("prev", STR)), (ir.Augment("t", "+", C),)),
                                ir.Assign("prev", C, False),
                            ),
                        ),
                        ir.Return(ir.Bin("+", ir.Bin("+", T, Const("/")), Var("prev", STR))),
                    ),
                )
            ),
            [*texts, ("aabbbc",)],
        ),
        (
            "triangle",
            ir.Program(
                ir.Function(
                    "f",
                    (N,),
                    ROWS,
                    (
                        ir.Assign("rows", ir.ListOf((), ROWS)),
                        ir.For(
                            ir.Range(AT, Const(0), N),
                            (
                                ir.Append(
                                    "rows",
                                    ir.Comp("list", (ir.Range(Var("j", INT), Const(0), AT),), Var("j", INT), INTS),
                                ),
                            ),
                        ),
                        ir.Return(R),
                    ),
                )
            ),
            [(0,), (4,)],
        ),
    ]


def programs() -> list[tuple[ForgeTask, ir.Program]]:
    """Every program as a task whose cases are what it gives in Python, whose words nobody reads."""
    made = [
        (name, ir.Program(ir.Function("f", params, value.type, (ir.Return(value),))), calls)
        for name, params, value, calls in _expressions()
    ]
    return [(_task(name, program, calls), program) for name, program, calls in (*made, *_statements())]


def _task(name: str, program: ir.Program, calls: list[tuple[Any, ...]]) -> ForgeTask:
    space: dict[str, Any] = {}
    text = python.render(program)
    exec(text, space)
    cases = tuple(Case(tuple(call), space["f"](*call)) for call in calls)
    return ForgeTask(name, 1, (), "f", python.signature(program.main), name, python.body(program.main), cases)

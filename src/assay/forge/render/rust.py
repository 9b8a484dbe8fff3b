"""Rust from the intermediate representation: parameters are borrowed, what is returned is owned, ints are i64.

Forms of an expression whose type is not copied: "place" (an owned variable or element), "ref" (a reference), "char", or
none: an owned value that nothing else holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from assay.forge import ir
from assay.forge.render.braces import Braces
from assay.forge.render.text import ADD, ATOM, COMPARE, COND, UNARY, Source, Text

_SUPPORT = {
    "floor_div": """\
fn floor_div(a: i64, b: i64) -> i64 {
    let quotient = a / b;
    if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}
""",
    "floor_mod": """\
fn floor_mod(a: i64, b: i64) -> i64 {
    let remainder = a % b;
    if remainder != 0 && (remainder < 0) != (b < 0) { remainder + b } else { remainder }
}
""",
    "OrderedMap": """\
/// A map whose entries stay in the order in which their keys were first set.
#[derive(Clone)]
struct OrderedMap<K, V> {
    entries: Vec<(K, V)>,
    places: HashMap<K, usize>,
}

impl<K: Clone + Eq + Hash, V: Clone> OrderedMap<K, V> {
    fn new() -> Self {
        OrderedMap { entries: Vec::new(), places: HashMap::new() }
    }
    fn set(&mut self, key: K, value: V) {
        match self.places.get(&key) {
            Some(&place) => self.entries[place].1 = value,
            None => {
                self.places.insert(key.clone(), self.entries.len());
                self.entries.push((key, value));
            }
        }
    }
    fn get<Q: ?Sized + Eq + Hash>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.places.get(key).map(|&place| &self.entries[place].1)
    }
    fn contains_key<Q: ?Sized + Eq + Hash>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.places.contains_key(key)
    }
    fn len(&self) -> usize {
        self.entries.len()
    }
    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
    fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }
    fn keys(&self) -> Vec<K> {
        self.entries.iter().map(|(key, _)| key.clone()).collect()
    }
    fn values(&self) -> Vec<V> {
        self.entries.iter().map(|(_, value)| value.clone()).collect()
    }
}
""",
    "sorted": """\
fn sorted<T: Clone + Ord>(items: &[T]) -> Vec<T> {
    let mut result = items.to_vec();
    result.sort();
    result
}
""",
    "sorted_descending": """\
fn sorted_descending<T: Clone + Ord>(items: &[T]) -> Vec<T> {
    let mut result = items.to_vec();
    result.sort_by(|a, b| b.cmp(a));
    result
}
""",
    "slice": """\
fn slice<T: Clone>(items: &[T], from: i64, to: i64) -> Vec<T> {
    let to = to.min(items.len() as i64);
    if from < to { items[from as usize..to as usize].to_vec() } else { Vec::new() }
}
""",
    "substring": """\
fn substring(text: &str, from: i64, to: i64) -> String {
    let to = to.min(text.len() as i64);
    if from < to { text[from as usize..to as usize].to_string() } else { String::new() }
}
""",
    "repeat": """\
fn repeat<T: Clone>(items: &[T], times: i64) -> Vec<T> {
    (0..times).flat_map(|_| items.to_vec()).collect()
}
""",
    "distinct": """\
fn distinct<T: Clone + Eq + Hash>(items: &[T]) -> Vec<T> {
    let mut seen = HashSet::new();
    items.iter().filter(|item| seen.insert((*item).clone())).cloned().collect()
}
""",
    "capitalize": """\
fn capitalize(text: &str) -> String {
    let mut result = text.to_lowercase();
    if let Some(first) = result.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    result
}
""",
    "swap_case": """\
fn swap_case(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() })
        .collect()
}
""",
}
_USES = {
    r"\bBorrow\b": "std::borrow::Borrow",
    r"\bHashMap\b": "std::collections::HashMap",
    r"\bHashSet\b": "std::collections::HashSet",
    r"\bHash\b": "std::hash::Hash",
}
# Texts that leave open what type they have.
_UNTYPED = r"-?\d+|.*::new\(\)|if .*\{ -?\d+ \} else \{ -?\d+ \}"
_COPIED = frozenset(("int", "bool"))


class Rust(Braces):
    SUPPORT: ClassVar[dict[str, str]] = _SUPPORT
    RESERVED = frozenset((*_SUPPORT, "item", "place"))
    FOREVER = "loop"
    STEPS = False
    PRIMITIVES: ClassVar[dict[str, str]] = {
        "is_empty": "{0.}.is_empty()",
        "len": "{0.}.len() as i64",
        "abs": "{0.}.abs()",
        "min2": "std::cmp::min({0}, {1})",
        "max2": "std::cmp::max({0}, {1})",
        "sum": "{0.}.iter().sum::<i64>()",
        "min": "{0.}.iter().min().cloned().unwrap()",
        "max": "{0.}.iter().max().cloned().unwrap()",
        "min_or": "{0.}.iter().min().cloned().unwrap_or({1w})",
        "max_or": "{0.}.iter().max().cloned().unwrap_or({1w})",
        "sorted": "sorted({0r})",
        "sorted_desc": "sorted_descending({0r})",
        "reversed": "{0.}.iter().rev().cloned().collect::<Vec<_>>()",
        "reversed.str": "{0.}.chars().rev().collect::<String>()",
        "copy": "{0.}.to_vec()",
        "at": "{0.}[{1u}] ~ place",
        "at.str": "{0.}.as_bytes()[{1u}] as char ~ char",
        "last": "{0.}[{0.}.len() - 1] ~ place",
        "last.str": "{0.}.chars().last().unwrap() ~ char",
        "slice": "slice({0r}, {1}, {2})",
        "slice.str": "substring({0r}, {1}, {2})",
        "drop": "slice({0r}, {1}, {0.}.len() as i64)",
        "drop.str": "substring({0r}, {1}, {0.}.len() as i64)",
        "take": "slice({0r}, 0, {1})",
        "take.str": "substring({0r}, 0, {1})",
        "but_last": "slice({0r}, 0, {0.}.len() as i64 - 1)",
        "but_last.str": "substring({0r}, 0, {0.}.len() as i64 - 1)",
        "take_last": "slice({0r}, std::cmp::max(0, {0.}.len() as i64 - {1}), {0.}.len() as i64)",
        "take_last.str": "substring({0r}, std::cmp::max(0, {0.}.len() as i64 - {1}), {0.}.len() as i64)",
        "every": "{0.}.iter().skip({1u}).step_by({2u}).cloned().collect::<Vec<_>>()",
        "every.str": "{0.}.chars().skip({1u}).step_by({2u}).collect::<String>()",
        "contains": "{0.}.iter().any(|item| item == {1r})",
        "contains.list[int]": "{0.}.contains({1r})",
        "has_key": "{0.}.contains_key({1r})",
        "in_str": "{1.}.contains({0r})",
        "in_str.char": "{1.}.contains({0c})",
        "index": "{0.}.iter().position(|item| item == {1r}).unwrap() as i64",
        "find": "{0.}.find({1r}).map_or(-1, |place| place as i64)",
        "count": "{0.}.iter().filter(|item| *item == {1r}).count() as i64",
        "count_str": "{0.}.matches({1r}).count() as i64",
        "distinct": "distinct({0r})",
        "distinct.str": "distinct(&{0.}.chars().map(|c| c.to_string()).collect::<Vec<_>>())",
        "range_list": "({0o}..{1o}).collect::<Vec<i64>>()",
        "repeat": "repeat({0r}, {1})",
        "repeat.str": "{0.}.repeat({1u})",
        "upper": "{0.}.to_uppercase()",
        "upper.char": "{0c.}.to_ascii_uppercase() ~ char",
        "lower": "{0.}.to_lowercase()",
        "lower.char": "{0c.}.to_ascii_lowercase() ~ char",
        "capitalize": "capitalize({0r})",
        "swapcase": "swap_case({0r})",
        "strip": "{0.}.trim().to_string()",
        "words": "{0.}.split_whitespace().map(String::from).collect::<Vec<_>>()",
        "split": "{0.}.split({1c}).map(String::from).collect::<Vec<_>>()",
        "join": "{1.}.join({0r})",
        "chars": "{0.}.chars().map(|c| c.to_string()).collect::<Vec<_>>()",
        "to_str": "{0.}.to_string()",
        "to_int": "{0.}.parse::<i64>().unwrap()",
        "is_digit": "{0c.}.is_ascii_digit()",
        "is_alpha": "{0c.}.is_ascii_alphabetic()",
        "is_upper": "{0c.}.is_ascii_uppercase()",
        "is_lower": "{0c.}.is_ascii_lowercase()",
        "ord": "{0c.} as i64",
        "chr": "{0.} as u8 as char ~ char",
        "starts_with": "{0.}.starts_with({1r})",
        "ends_with": "{0.}.ends_with({1r})",
        "replace": "{0.}.replace({1r}, {2r})",
        "get": "{0.}.get({1r}).cloned().unwrap_or({2w})",
        "at_key": "{0.}.get({1r}).cloned().unwrap()",
        "keys": "{0.}.keys()",
        "values": "{0.}.values()",
    }

    def imports(self, code: str) -> tuple[str, ...]:
        return tuple(f"use {path};" for pattern, path in _USES.items() if re.search(pattern, code))

    def type(self, of: ir.Type, borrowed: bool = False) -> str:
        if of.kind == "list":
            inner = self.type(of.args[0])
            return f"&[{inner}]" if borrowed else f"Vec<{inner}>"
        if of.kind == "dict":
            return f"{'&' if borrowed else ''}OrderedMap<{', '.join(map(self.type, of.args))}>"
        if of.kind == "str":
            return "&str" if borrowed else "String"
        return {"int": "i64", "bool": "bool"}[of.kind]

    def head(self, function: ir.Function) -> str:
        params = ", ".join(f"{self.name(param.name)}: {self.type(param.type, True)}" for param in function.params)
        return f"fn {self.name(function.name)}({params}) -> {self.type(function.returns)} {{"

    def form_of_param(self, param: ir.Var) -> str:
        return "" if param.type.kind in _COPIED else "ref"

    def begin(self, function: ir.Function) -> None:
        for param in function.params:
            if param.name in self.changed:
                self.emit(f"let mut {self.name(param.name)} = {self.owned(param)};")
                self.forms[param.name] = "place"

    # values, places and references

    def var(self, node: ir.Var) -> Text:
        return Text(self.name(node.name), ATOM, self.forms.get(node.name, "place"))

    def owned(self, node: ir.Expr) -> str:
        text = self.expression(node)
        kind = node.type.kind
        if kind in _COPIED:
            return text.text
        if isinstance(node, ir.Const):
            return "String::new()" if node.value == "" else f"{text.text}.to_string()"
        if text.form == "char":
            return f"{text.at(ATOM)}.to_string()"
        if text.form == "ref":
            method = {"str": "to_string", "list": "to_vec"}.get(kind, "clone")
            return f"{text.at(ATOM)}.{method}()"
        return f"{text.at(ATOM)}.clone()" if text.form == "place" else text.text

    def text(self, node: ir.Expr, place: int = COND, form: str = "") -> str:
        """The type of a choice between two numbers is open too, where a method of it is called."""
        if place == ATOM and isinstance(node, ir.Cond) and isinstance(node.then, ir.Const) and node.type == ir.INT:
            return re.sub(r"\{ (-?\d+) \} else", r"{ \1i64 } else", super().text(node, place, form), count=1)
        return super().text(node, place, form)

    def borrowed(self, node: ir.Expr) -> str:
        """A reference to the value."""
        text = self.expression(node)
        if isinstance(node, ir.Const) and node.type.kind == "str":
            return text.text
        if text.form == "char":
            return f"&{text.at(ATOM)}.to_string()"
        return text.text if text.form == "ref" else f"&{text.at(ATOM)}"

    def passed(self, node: ir.Expr) -> str:
        return self.text(node) if node.type.kind in _COPIED else self.borrowed(node)

    def argument(self, node: ir.Expr, place: int, form: str) -> str:
        if form == "r":
            return self.borrowed(node)
        if form == "w":
            return self.owned(node)
        if form == "u":
            return self.text(node) if isinstance(node, ir.Const) else f"{self.text(node, ATOM)} as usize"
        return super().argument(node, place, form)

    def prim(self, node: ir.Prim) -> Text:
        """`x as i64 < y` would begin a list of types, so a cast is put in parentheses inside everything else."""
        text = super().prim(node)
        return Text(text.text, COMPARE, text.form) if re.search(r" as \w+$", text.text) else text

    def as_char(self, text: Text, node: ir.Expr) -> Text:
        if isinstance(node, ir.Const):
            return Text("'" + {"'": "\\'", "\\": "\\\\"}.get(str(node.value), str(node.value)) + "'", ATOM, "char")
        return Text(f"{text.at(ATOM)}.chars().next().unwrap()", ATOM, "char")

    def as_string(self, text: Text) -> Text:
        return Text(f"{text.at(ATOM)}.to_string()")

    def number(self, value: int) -> Text:
        return Text(str(value), UNARY if value < 0 else ATOM)

    # statements

    def declare(self, name: str, of: ir.Type, text: str, changes: bool = True) -> None:
        hint = f": {self.type(of)}" if of.kind != "str" and re.fullmatch(_UNTYPED, text) else ""
        self.emit(f"let {'mut ' if changes else ''}{name}{hint} = {text};")

    def declare_empty(self, name: str, of: ir.Type) -> None:
        self.declare(name, of, f"{'OrderedMap' if of.kind == 'dict' else 'Vec'}::new()")

    def declare_unset(self, name: str, of: ir.Type) -> None:
        self.emit(f"let {name}: {self.type(of)};")

    def empty_string(self) -> str:
        return "String::new()"

    def test(self, text: str) -> str:
        return text

    def pushed(self, name: str, value: ir.Expr) -> str:
        return f"{name}.push({self.owned(value)});"

    def appended(self, name: str, value: ir.Expr) -> str:
        text = self.expression(value)
        if text.form == "char":
            return f"{name}.push({text.text});"
        return f"{name}.push_str({self.borrowed(value)});"

    def set_key(self, node: ir.SetKey) -> None:
        name = self.name(node.name)
        if self.types[node.name].kind == "list":
            self.emit(f"{name}[{self.argument(node.key, COND, 'u')}] = {self.owned(node.value)};")
        else:
            self.put(name, node.key, node.value)

    def put(self, name: str, key: ir.Expr, value: ir.Expr) -> None:
        self.emit(f"{name}.set({self.owned(key)}, {self.owned(value)});")

    def return_(self, node: ir.Return) -> None:
        value = node.value
        is_local = isinstance(value, ir.Var) and self.forms.get(value.name, "place") == "place"
        text = self.name(value.name) if isinstance(value, ir.Var) and is_local else self.owned(value)
        self.emit(text if node is self.function.body[-1] else f"return {text};")

    # loops

    def _pattern(self, var: ir.Var, of: ir.Type) -> str:
        """A loop variable as it is bound to references of elements; characters are values."""
        name = self.name(var.name)
        if of.kind == "str":
            self.forms[var.name] = "char"
            return name
        if var.type.kind in _COPIED:
            self.forms[var.name] = ""
            return f"&{name}"
        self.forms[var.name] = "ref"
        return name

    def _turns(self, node: ir.Expr, changed: set[str], base: str) -> str:
        """The iterator of a list or a string."""
        plain = isinstance(node, ir.Var)
        source = self.held(node, changed, base) if plain or self.is_written_out(node) else self.text(node, ATOM)
        return f"{source}.chars()" if node.type.kind == "str" else f"{source}.iter()"

    def each(self, gen: ir.Each, changed: set[str], body: Callable[[], None]) -> None:
        turns = self._turns(gen.source, changed, "items")
        with self.deeper(f"for {self._pattern(gen.var, gen.source.type)} in {turns}"):
            body()

    def range_header(self, name: str, start: Text, stop: Text, step: int) -> str:
        first = f"{start.text}i64" if start.text.isdecimal() and stop.text.isdecimal() else start.text
        if step == 1:
            return f"for {name} in {Text(first, start.precedence).at(ADD)}..{stop.text}"
        if step > 0:
            return f"for {name} in ({first}..{stop.text}).step_by({step})"
        last = f"{int(stop.text) + 1}" if stop.text.lstrip("-").isdecimal() else f"{stop.at(ADD)} + 1"
        steps = f".step_by({-step})" if step < -1 else ""
        return f"for {name} in ({last}..={start.text}).rev(){steps}"

    def enumerated(self, gen: ir.Enumerate, changed: set[str], body: Callable[[], None]) -> None:
        turns = self._turns(gen.source, changed, "items")
        index, var = self.name(gen.index.name), self._pattern(gen.var, gen.source.type)
        if not self.is_used(gen.var):
            var = "_"
        self.forms[gen.index.name] = ""
        with self.deeper(f"for ({index}, {var}) in {turns}.enumerate()"):
            self.emit(f"let {index} = {index} as i64{f' + {gen.start}' if gen.start else ''};")
            body()

    def zipped(self, gen: ir.Zip, changed: set[str], body: Callable[[], None]) -> None:
        left, right = self._turns(gen.left_source, changed, "left"), self._turns(gen.right_source, changed, "right")
        one, other = self._pattern(gen.left, gen.left_source.type), self._pattern(gen.right, gen.right_source.type)
        with self.deeper(f"for ({one}, {other}) in {left}.zip({right})"):
            body()

    def items(self, gen: ir.Items, changed: set[str], body: Callable[[], None]) -> None:
        source = self.held(gen.source, changed, "table")
        key, value = self._pattern(gen.key, gen.source.type), self._pattern(gen.value, gen.source.type)
        with self.deeper(f"for ({key}, {value}) in {source}.iter()"):
            body()

    # expressions

    def floored(self, node: ir.Bin) -> Text:
        right = node.right
        if isinstance(right, ir.Const) and int(right.value) > 0 and not isinstance(node.left, ir.Const):
            method = "div_euclid" if node.op == "//" else "rem_euclid"
            return Text(f"{self.text(node.left, ATOM)}.{method}({right.value})")
        return Text(f"floor_{'div' if node.op == '//' else 'mod'}({self.text(node.left)}, {self.text(right)})")

    def joined(self, node: ir.Bin) -> Text:
        words, values = "", []
        for part in _parts(node):
            if isinstance(part, ir.Const):
                words += self.quoted(str(part.value))[1:-1].replace("{", "{{").replace("}", "}}")
            else:
                words += "{}"
                values.append(self.expression(part).text)
        quoted = f'"{words}"'
        return Text(f"format!({', '.join((quoted, *values))})")

    def concatenated(self, node: ir.Bin) -> Text:
        return Text(f"[&{self.text(node.left, ATOM)}[..], &{self.text(node.right, ATOM)}[..]].concat()")

    def compared(self, node: ir.Bin, sign: str) -> Text:
        sides = []
        for side in (node.left, node.right):
            text = self.text(side, ATOM)
            sides.append(f"*{text}" if isinstance(side, ir.Const) else f"{text}[..]")
        if node.op in ("==", "!=") and isinstance(node.right, ir.Const):
            sides = [self.text(node.left, ADD), self.text(node.right)]
        return Text(f"{sides[0]} {sign} {sides[1]}", COMPARE)

    def conditional(self, test: str, node: ir.Cond) -> Text:
        other = self.owned(node.other)
        rest = f"else {other}" if isinstance(node.other, ir.Cond) else f"else {{ {other} }}"
        return Text(f"if {test} {{ {self.owned(node.then)} }} {rest}", COND)

    def list_of(self, node: ir.ListOf) -> Text:
        if not node.items:
            return Text(f"Vec::<{self.type(node.type.args[0])}>::new()")
        return Text(f"vec![{', '.join(map(self.owned, node.items))}]")

    def empty_dict(self, node: ir.EmptyDict) -> Text:
        return Text("OrderedMap::new()")

    # sorting

    def _closure(self, var: ir.Var, key: ir.Expr, marks: str, reverse: bool = False) -> str:
        """A function of one element, given by as many references as there are marks."""
        before_forms, name = dict(self.forms), self.name(var.name)
        copied = var.type.kind in _COPIED
        self.forms[var.name] = "" if copied else "ref"
        self.depth += 1
        with self.captured() as before:
            text = self.owned(key)
        self.depth -= 1
        self.forms = before_forms
        text = f"std::cmp::Reverse({text})" if reverse else text
        head = f"|{marks if copied else marks[1:]}{name}|"
        if not before:
            return f"{head} {text}"
        inside = "".join(f"{line}\n" for line in before)
        return f"{head} {{\n{inside}{self.indent * (self.depth + 1)}{text}\n{self.indent * self.depth}}}"

    def sorted_by(self, node: ir.SortBy, name: str) -> None:
        self.declare(name, node.type, self.owned(node.source))
        self.emit(f"{name}.sort_by_key({self._closure(node.var, node.key, '&', node.reverse)});")

    def best_by(self, node: ir.BestBy) -> Text:
        turns = f"{self.text(node.source, ATOM)}.iter()"
        # of equal elements `max_by_key` gives the last one
        turns += ".rev()" if node.kind == "max" else ""
        return Text(f"{turns}.{node.kind}_by_key({self._closure(node.var, node.key, '&&')}).cloned().unwrap()")


def _parts(node: ir.Expr) -> list[ir.Expr]:
    """The operands of strings that are joined one after the other."""
    if isinstance(node, ir.Bin) and node.op == "+" and node.type.kind == "str":
        return [*_parts(node.left), *_parts(node.right)]
    return [node]


def render(program: ir.Program) -> Source:
    """The program in Rust."""
    return Rust(program).render()

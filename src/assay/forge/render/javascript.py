"""JavaScript from the intermediate representation: chains of array methods where they say it, loops elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from assay.forge import ir
from assay.forge.render.braces import Braces
from assay.forge.render.text import ADD, ATOM, COMPARE, COND, MULTIPLY, UNARY, Source, Text, camel

_SUPPORT = {
    "mod": """\
function mod(a, b) {
  return ((a % b) + b) % b;
}
""",
    "range": """\
function range(from, to) {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
""",
    "everyNth": """\
function everyNth(items, from, step) {
  const result = [...items].filter((_, i) => i >= from && (i - from) % step === 0);
  return typeof items === "string" ? result.join("") : result;
}
""",
    "equal": """\
function equal(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
""",
    "smallest": """\
function smallest(items) {
  return items.reduce((best, item) => (item < best ? item : best));
}
""",
    "largest": """\
function largest(items) {
  return items.reduce((best, item) => (item > best ? item : best));
}
""",
    "capitalize": """\
function capitalize(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
}
""",
    "swapCase": """\
function swapCase(text) {
  return [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join("");
}
""",
}


class JavaScript(Braces):
    SUPPORT: ClassVar[dict[str, str]] = _SUPPORT
    RESERVED = frozenset((*_SUPPORT, "p", "q", "item"))
    EQUAL, UNEQUAL = "===", "!=="
    HAS_CHARS = False
    indent = "  "
    PRIMITIVES: ClassVar[dict[str, str]] = {
        "is_empty": "{0.}.length === 0",
        "is_empty.dict": "{0.}.size === 0",
        "is_filled": "{0.}.length > 0",
        "is_filled.dict": "{0.}.size > 0",
        "len": "{0.}.length",
        "len.dict": "{0.}.size",
        "abs": "Math.abs({0})",
        "min2": "Math.min({0}, {1})",
        "max2": "Math.max({0}, {1})",
        "sum": "{0.}.reduce((p, q) => p + q, 0)",
        "min": "Math.min(...{0})",
        "min.list[str]": "smallest({0})",
        "max": "Math.max(...{0})",
        "max.list[str]": "largest({0})",
        "min_or": "{0.}.length > 0 ? Math.min(...{0}) : {1}",
        "min_or.list[str]": "{0.}.length > 0 ? smallest({0}) : {1}",
        "max_or": "{0.}.length > 0 ? Math.max(...{0}) : {1}",
        "max_or.list[str]": "{0.}.length > 0 ? largest({0}) : {1}",
        "sorted": "[...{0}].sort((p, q) => p - q)",
        "sorted.list[str]": "[...{0}].sort()",
        "sorted_desc": "[...{0}].sort((p, q) => q - p)",
        "sorted_desc.list[str]": "[...{0}].sort().reverse()",
        "reversed": "[...{0}].reverse()",
        "reversed.str": '[...{0}].reverse().join("")',
        "copy": "[...{0}]",
        "at": "{0.}[{1}]",
        "last": "{0.}.at(-1)",
        "slice": "{0.}.slice({1}, {2})",
        "drop": "{0.}.slice({1})",
        "take": "{0.}.slice(0, {1})",
        "but_last": "{0.}.slice(0, -1)",
        "take_last": "{0.}.slice(-{1.})",
        "every": "everyNth({0}, {1}, {2})",
        "contains": "{0.}.includes({1})",
        "contains.list[list[int]]": "{0.}.some((item) => equal(item, {1}))",
        "has_key": "{0.}.has({1})",
        "in_str": "{1.}.includes({0})",
        "index": "{0.}.indexOf({1})",
        "index.list[list[int]]": "{0.}.findIndex((item) => equal(item, {1}))",
        "find": "{0.}.indexOf({1})",
        "count": "{0.}.filter((item) => item === {1o}).length",
        "count.list[list[int]]": "{0.}.filter((item) => equal(item, {1})).length",
        "count_str": "{0.}.split({1}).length - 1",
        "distinct": "[...new Set({0})]",
        "range_list": "range({0}, {1})",
        "repeat": "Array({1}).fill({0}).flat()",
        "repeat.str": "{0.}.repeat({1})",
        "upper": "{0.}.toUpperCase()",
        "lower": "{0.}.toLowerCase()",
        "capitalize": "capitalize({0})",
        "swapcase": "swapCase({0})",
        "strip": "{0.}.trim()",
        "words": '{0.}.split(/\\s+/).filter((item) => item !== "")',
        "split": "{0.}.split({1})",
        "join": "{1.}.join({0})",
        "chars": "[...{0}]",
        "to_str": "String({0})",
        "to_int": "Number({0})",
        "is_digit": "/[0-9]/.test({0})",
        "is_alpha": "/[a-z]/i.test({0})",
        "is_upper": "/[A-Z]/.test({0})",
        "is_lower": "/[a-z]/.test({0})",
        "ord": "{0.}.charCodeAt(0)",
        "chr": "String.fromCharCode({0})",
        "starts_with": "{0.}.startsWith({1})",
        "ends_with": "{0.}.endsWith({1})",
        "replace": "{0.}.split({1}).join({2})",
        "get": "{0.}.get({1}) ?? {2o}",
        "at_key": "{0.}.get({1})",
        "keys": "[...{0.}.keys()]",
        "values": "[...{0.}.values()]",
    }
    LOOSE: ClassVar[dict[str, int]] = {
        "is_empty": COMPARE,
        "is_filled": COMPARE,
        "count_str": ADD,
        "get": COND,
        "min_or": COND,
        "max_or": COND,
    }

    def name(self, name: str) -> str:
        return camel(name)

    def head(self, function: ir.Function) -> str:
        params = ", ".join(self.name(param.name) for param in function.params)
        return f"function {self.name(function.name)}({params}) {{"

    def declare(self, name: str, of: ir.Type, text: str, changes: bool = True) -> None:
        self.emit(f"{'let' if changes else 'const'} {name} = {text};")

    def declare_empty(self, name: str, of: ir.Type) -> None:
        self.emit(
            f"{'const' if self.is_filled_only(name) else 'let'} {name} = {'new Map()' if of.kind == 'dict' else '[]'};"
        )

    def is_filled_only(self, name: str) -> bool:
        """Whether a list or dict variable is never assigned again, only changed in place."""
        return not any(
            (isinstance(node, ir.Assign) and not node.declare and self.name(node.name) == name)
            or (isinstance(node, ir.Augment) and self.name(node.name) == name)
            for node in ir.walk(self.function)
        )

    def declare_unset(self, name: str, of: ir.Type) -> None:
        self.emit(f"let {name};")

    def pushed(self, name: str, value: ir.Expr) -> str:
        return f"{name}.push({self.text(value)});"

    def set_key(self, node: ir.SetKey) -> None:
        if self.types[node.name].kind == "list":
            self.emit(f"{self.name(node.name)}[{self.text(node.key)}] = {self.text(node.value)};")
        else:
            self.put(self.name(node.name), node.key, node.value)

    def put(self, name: str, key: ir.Expr, value: ir.Expr) -> None:
        self.emit(f"{name}.set({self.text(key)}, {self.text(value)});")

    # loops

    def each(self, gen: ir.Each, changed: set[str], body: Callable[[], None]) -> None:
        source = (
            self.text(gen.source) if not isinstance(gen.source, ir.Var) else self.held(gen.source, changed, "items")
        )
        with self.deeper(f"for (const {self.name(gen.var.name)} of {source})"):
            body()

    def range_header(self, name: str, start: Text, stop: Text, step: int) -> str:
        sign = "<" if step > 0 else ">"
        more = (
            f"{name}{'++' if step > 0 else '--'}"
            if abs(step) == 1
            else f"{name} {'+' if step > 0 else '-'}= {abs(step)}"
        )
        return f"for (let {name} = {start.text}; {name} {sign} {stop.at(ADD)}; {more})"

    def enumerated(self, gen: ir.Enumerate, changed: set[str], body: Callable[[], None]) -> None:
        source, index, var = self.held(gen.source, changed, "items"), self.name(gen.index.name), self.name(gen.var.name)
        entries = f"[...{source}].entries()" if gen.source.type.kind == "str" else f"{source}.entries()"
        if not gen.start:
            with self.deeper(f"for (const [{index}, {var}] of {entries})"):
                body()
            return
        place = self.fresh("place")
        with self.deeper(f"for (const [{place}, {var}] of {entries})"):
            self.emit(f"const {index} = {place} + {gen.start};")
            body()

    def zipped(self, gen: ir.Zip, changed: set[str], body: Callable[[], None]) -> None:
        left, right = self.held(gen.left_source, changed, "left"), self.held(gen.right_source, changed, "right")
        index = self.fresh("place")
        end = f"{left}.length" if left == right else f"Math.min({left}.length, {right}.length)"
        with self.deeper(f"for (let {index} = 0; {index} < {end}; {index}++)"):
            names = f"[{self.name(gen.left.name)}, {self.name(gen.right.name)}]"
            self.emit(f"const {names} = [{left}[{index}], {right}[{index}]];")
            body()

    def items(self, gen: ir.Items, changed: set[str], body: Callable[[], None]) -> None:
        source = self.held(gen.source, changed, "table")
        with self.deeper(f"for (const [{self.name(gen.key.name)}, {self.name(gen.value.name)}] of {source})"):
            body()

    # expressions

    def number(self, value: int) -> Text:
        return Text(str(value), UNARY if value < 0 else ATOM)

    def conditional(self, test: str, node: ir.Cond) -> Text:
        return Text(f"{test} ? {self.text(node.then, COMPARE)} : {self.text(node.other, COND)}", COND)

    def floored(self, node: ir.Bin) -> Text:
        if node.op == "//":
            return Text(f"Math.floor({self.text(node.left, MULTIPLY)} / {self.text(node.right, UNARY)})")
        return Text(f"mod({self.text(node.left)}, {self.text(node.right)})")

    def division(self, node: ir.Bin) -> Text:
        return self.floored(node) if node.op == "//" else super().division(node)

    def joined(self, node: ir.Bin) -> Text:
        return Text(f"{self.text(node.left, ADD)} + {self.text(node.right, MULTIPLY)}", ADD)

    def concatenated(self, node: ir.Bin) -> Text:
        return Text(f"[...{self.text(node.left, ATOM)}, ...{self.text(node.right, ATOM)}]")

    def compared(self, node: ir.Bin, sign: str) -> Text:
        if node.left.type.kind == "str":
            return super().compared(node, sign)
        text = f"equal({self.text(node.left)}, {self.text(node.right)})"
        return Text(text) if node.op == "==" else Text(f"!{text}", UNARY)

    def list_of(self, node: ir.ListOf) -> Text:
        return Text(f"[{', '.join(map(self.text, node.items))}]")

    def empty_dict(self, node: ir.EmptyDict) -> Text:
        return Text("new Map()")

    # comprehensions

    def is_written_out(self, node: ir.Expr) -> bool:
        return isinstance(node, ir.Comp) and super().is_written_out(node) and not self._is_chain(node)

    def _is_chain(self, node: ir.Comp) -> bool:
        """Whether array methods say it well: one plain loop, and no dict."""
        gen = node.gens[0]
        return len(node.gens) == 1 and node.kind != "dict" and isinstance(gen, ir.Each | ir.Range)

    def _arrow(self, names: str, node: ir.Expr) -> str:
        self.depth += 1
        with self.captured() as before:
            text = self.text(node)
        self.depth -= 1
        if not before:
            return f"{names} => {f'({text})' if text[0] == '{' or ' ? ' in text else text}"
        inside = "".join(f"{line}\n" for line in before)
        return f"{names} => {{\n{inside}{self.indent * (self.depth + 1)}return {text};\n{self.indent * self.depth}}}"

    def comp(self, node: ir.Comp) -> Text:
        if not self._is_chain(node):
            return super().comp(node)
        gen = node.gens[0]
        assert isinstance(gen, ir.Each | ir.Range)
        names = f"({self.name(gen.var.name)})"
        chain = self._listed(gen)
        if node.test is not None:
            chain = f"{chain}.filter({self._arrow(names, node.test)})"
        kind = node.kind
        if kind in ("any", "all"):
            return Text(f"{chain}.{'some' if kind == 'any' else 'every'}({self._arrow(names, node.element)})")
        if node.element != gen.var:
            chain = f"{chain}.map({self._arrow(names, node.element)})"
        if kind == "list":
            return Text(chain)
        if kind == "sum":
            return Text(f"{chain}.reduce((p, q) => p + q, 0)")
        if kind == "join":
            return Text(f'{chain}.join("")')
        return self.extreme(node)

    def _listed(self, gen: ir.Each | ir.Range) -> str:
        if isinstance(gen, ir.Each):
            return f"[...{self.text(gen.source)}]" if gen.source.type.kind == "str" else self.text(gen.source, ATOM)
        start, stop = self.expression(gen.start), self.expression(gen.stop)
        if gen.step == 1:
            return f"range({start.text}, {stop.text})"
        size = f"Math.max(0, Math.ceil(({stop.text} - {start.at(MULTIPLY)}) / {gen.step}))"
        return f"Array.from({{ length: {size} }}, (_, item) => {start.at(ADD)} + item * {gen.step})"

    def _key(self, var: ir.Var, key: ir.Expr) -> str:
        name = self.fresh("key")
        self.emit(f"const {name} = {self._arrow(f'({self.name(var.name)})', key)};")
        return name

    def sort_by(self, node: ir.SortBy) -> Text:
        key = self._key(node.var, node.key)
        one, other = ("q", "p") if node.reverse else ("p", "q")
        order = f"{key}({one}) - {key}({other})"
        if node.key.type == ir.STR:
            order = f"({key}({one}) < {key}({other}) ? -1 : {key}({one}) > {key}({other}) ? 1 : 0)"
        return Text(f"[...{self.text(node.source)}].sort((p, q) => {order})")

    def best_by(self, node: ir.BestBy) -> Text:
        key, sign = self._key(node.var, node.key), "<" if node.kind == "min" else ">"
        source = self.text(node.source, ATOM)
        return Text(f"{source}.reduce((p, q) => ({key}(q) {sign} {key}(p) ? q : p))")


def render(program: ir.Program) -> Source:
    """The program in JavaScript."""
    return JavaScript(program).render()

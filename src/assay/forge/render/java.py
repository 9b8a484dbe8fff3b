"""Java 17 from the intermediate representation: static methods of a class `Solution`, ints are long, lists are List."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from assay.forge import ir
from assay.forge.render.braces import Braces
from assay.forge.render.text import ADD, ATOM, COMPARE, COND, MULTIPLY, OPERATORS, UNARY, Source, Text, camel

_SUPPORT = {
    "slice": """\
static <T> List<T> slice(List<T> items, long from, long to) {
    long end = Math.min(to, items.size());
    return from < end ? new ArrayList<>(items.subList((int) from, (int) end)) : new ArrayList<>();
}
static String slice(String text, long from, long to) {
    long end = Math.min(to, text.length());
    return from < end ? text.substring((int) from, (int) end) : "";
}
""",
    "everyNth": """\
static <T> List<T> everyNth(List<T> items, long from, long step) {
    List<T> result = new ArrayList<>();
    for (long i = from; i < items.size(); i += step) result.add(items.get((int) i));
    return result;
}
static String everyNth(String text, long from, long step) {
    StringBuilder result = new StringBuilder();
    for (long i = from; i < text.length(); i += step) result.append(text.charAt((int) i));
    return result.toString();
}
""",
    "repeat": """\
static <T> List<T> repeat(List<T> items, long times) {
    List<T> result = new ArrayList<>();
    for (long i = 0; i < times; i++) result.addAll(items);
    return result;
}
""",
    "reversed": """\
static <T> List<T> reversed(List<T> items) {
    List<T> result = new ArrayList<>(items);
    Collections.reverse(result);
    return result;
}
static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
}
""",
    "sorted": """\
static <T extends Comparable<T>> List<T> sorted(List<T> items) {
    List<T> result = new ArrayList<>(items);
    Collections.sort(result);
    return result;
}
""",
    "sortedDescending": """\
static <T extends Comparable<T>> List<T> sortedDescending(List<T> items) {
    List<T> result = new ArrayList<>(items);
    result.sort(Collections.reverseOrder());
    return result;
}
""",
    "concat": """\
static <T> List<T> concat(List<T> left, List<T> right) {
    List<T> result = new ArrayList<>(left);
    result.addAll(right);
    return result;
}
""",
    "sumOf": """\
static long sumOf(List<Long> numbers) {
    long sum = 0;
    for (long number : numbers) sum += number;
    return sum;
}
""",
    "range": """\
static List<Long> range(long from, long to) {
    List<Long> result = new ArrayList<>();
    for (long i = from; i < to; i++) result.add(i);
    return result;
}
""",
    "swapCase": """\
static String swapCase(String text) {
    StringBuilder result = new StringBuilder();
    for (char c : text.toCharArray()) {
        result.append(Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
    }
    return result.toString();
}
""",
    "capitalize": """\
static String capitalize(String text) {
    return text.isEmpty() ? text : text.substring(0, 1).toUpperCase() + text.substring(1).toLowerCase();
}
""",
    "wordsOf": """\
static List<String> wordsOf(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.split(" ")) {
        if (!word.isEmpty()) words.add(word);
    }
    return words;
}
""",
    "split": """\
static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (char c : text.toCharArray()) {
        if (c == separator) {
            parts.add(part.toString());
            part.setLength(0);
        } else {
            part.append(c);
        }
    }
    parts.add(part.toString());
    return parts;
}
""",
    "charsOf": """\
static List<String> charsOf(String text) {
    List<String> result = new ArrayList<>();
    for (char c : text.toCharArray()) result.add(String.valueOf(c));
    return result;
}
""",
    "countPart": """\
static long countPart(String text, String part) {
    long count = 0;
    for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) count++;
    return count;
}
""",
}
_CLASSES = ("ArrayList", "Arrays", "Collections", "Comparator", "LinkedHashMap", "LinkedHashSet", "List", "Map")
# Primitives whose value is an int.
_INTS = frozenset(("len", "index", "find", "count", "ord"))
# Those whose value is an object.
_BOXED = frozenset(("at", "last", "min", "max", "get", "at_key"))


class Java(Braces):
    SUPPORT: ClassVar[dict[str, str]] = _SUPPORT
    RESERVED = frozenset((*_SUPPORT, "p", "q"))
    PRIMITIVES: ClassVar[dict[str, str]] = {
        "is_empty": "{0.}.isEmpty()",
        "len": "{0.}.size()",
        "len.str": "{0.}.length()",
        "abs": "Math.abs({0})",
        "min2": "Math.min({0}, {1})",
        "max2": "Math.max({0}, {1})",
        "sum": "sumOf({0})",
        "min": "Collections.min({0})",
        "max": "Collections.max({0})",
        "min_or": "{0.}.isEmpty() ? {1} : (long) Collections.min({0})",
        "min_or.list[str]": "{0.}.isEmpty() ? {1} : Collections.min({0})",
        "max_or": "{0.}.isEmpty() ? {1} : (long) Collections.max({0})",
        "max_or.list[str]": "{0.}.isEmpty() ? {1} : Collections.max({0})",
        "sorted": "sorted({0})",
        "sorted_desc": "sortedDescending({0})",
        "reversed": "reversed({0})",
        "copy": "new ArrayList<>({0})",
        "at": "{0.}.get({1i})",
        "at.str": "{0.}.charAt({1i}) ~ char",
        "last": "{0.}.get({0.}.size() - 1)",
        "last.str": "{0.}.charAt({0.}.length() - 1) ~ char",
        "slice": "slice({0}, {1}, {2})",
        "drop": "slice({0}, {1}, {0.}.size())",
        "drop.str": "slice({0}, {1}, {0.}.length())",
        "take": "slice({0}, 0, {1})",
        "but_last": "slice({0}, 0, {0.}.size() - 1)",
        "but_last.str": "slice({0}, 0, {0.}.length() - 1)",
        "take_last": "slice({0}, Math.max(0, {0.}.size() - {1}), {0.}.size())",
        "take_last.str": "slice({0}, Math.max(0, {0.}.length() - {1}), {0.}.length())",
        "every": "everyNth({0}, {1}, {2})",
        "contains": "{0.}.contains({1b})",
        "has_key": "{0.}.containsKey({1b})",
        "in_str": "{1.}.contains({0})",
        "in_str.char": "{1.}.indexOf({0c}) >= 0",
        "index": "{0.}.indexOf({1b})",
        "find": "{0.}.indexOf({1})",
        "count": "Collections.frequency({0}, {1b})",
        "count_str": "countPart({0}, {1})",
        "distinct": "new ArrayList<>(new LinkedHashSet<>({0}))",
        "distinct.str": "new ArrayList<>(new LinkedHashSet<>(charsOf({0})))",
        "range_list": "range({0}, {1})",
        "repeat": "repeat({0}, {1})",
        "repeat.str": "{0.}.repeat({1i})",
        "upper": "{0.}.toUpperCase()",
        "upper.char": "Character.toUpperCase({0c}) ~ char",
        "lower": "{0.}.toLowerCase()",
        "lower.char": "Character.toLowerCase({0c}) ~ char",
        "capitalize": "capitalize({0})",
        "swapcase": "swapCase({0})",
        "strip": "{0.}.strip()",
        "words": "wordsOf({0})",
        "split": "split({0}, {1c})",
        "join": "String.join({0}, {1})",
        "chars": "charsOf({0})",
        "to_str": "Long.toString({0})",
        "to_int": "Long.parseLong({0})",
        "is_digit": "Character.isDigit({0c})",
        "is_alpha": "Character.isLetter({0c})",
        "is_upper": "Character.isUpperCase({0c})",
        "is_lower": "Character.isLowerCase({0c})",
        "ord": "(int) {0c.}",
        "chr": "(char) ({0}) ~ char",
        "starts_with": "{0.}.startsWith({1})",
        "ends_with": "{0.}.endsWith({1})",
        "replace": "{0.}.replace({1}, {2})",
        "get": "{0.}.getOrDefault({1b}, {2b})",
        "at_key": "{0.}.get({1b})",
        "keys": "new ArrayList<>({0.}.keySet())",
        "values": "new ArrayList<>({0.}.values())",
    }
    LOOSE: ClassVar[dict[str, int]] = {
        "ord": UNARY,
        "in_str.char": COMPARE,
        "chr": UNARY,
        "min_or": COND,
        "max_or": COND,
    }

    def imports(self, code: str) -> tuple[str, ...]:
        return tuple(f"import java.util.{name};" for name in _CLASSES if re.search(rf"\b{name}\b", code))

    def name(self, name: str) -> str:
        return camel(name)

    def type(self, of: ir.Type, boxed: bool = False) -> str:
        if of.kind in ("list", "dict"):
            inner = ", ".join(self.type(each, True) for each in of.args)
            return f"{'List' if of.kind == 'list' else 'Map'}<{inner}>"
        if of.kind == "str":
            return "String"
        return {"int": ("long", "Long"), "bool": ("boolean", "Boolean")}[of.kind][boxed]

    def head(self, function: ir.Function) -> str:
        params = ", ".join(f"{self.type(param.type)} {self.name(param.name)}" for param in function.params)
        return f"static {self.type(function.returns)} {self.name(function.name)}({params}) {{"

    def declare(self, name: str, of: ir.Type, text: str, changes: bool = True) -> None:
        self.emit(f"{self.type(of)} {name} = {text};")

    def declare_empty(self, name: str, of: ir.Type) -> None:
        self.declare(name, of, f"new {'LinkedHashMap' if of.kind == 'dict' else 'ArrayList'}<>()")

    def declare_unset(self, name: str, of: ir.Type) -> None:
        self.emit(f"{self.type(of)} {name};")

    def pushed(self, name: str, value: ir.Expr) -> str:
        return f"{name}.add({self.boxed(value)});"

    def appended(self, name: str, value: ir.Expr) -> str:
        return f"{name} += {self.expression(value).text};"

    def set_key(self, node: ir.SetKey) -> None:
        name = self.name(node.name)
        if self.types[node.name].kind == "list":
            self.emit(f"{name}.set({self.argument(node.key, COND, 'i')}, {self.boxed(node.value)});")
        else:
            self.put(name, node.key, node.value)

    def put(self, name: str, key: ir.Expr, value: ir.Expr) -> None:
        self.emit(f"{name}.put({self.boxed(key)}, {self.boxed(value)});")

    # ints, longs and objects

    def is_int(self, node: ir.Expr) -> bool:
        """Whether an int is held in 32 bits."""
        if isinstance(node, ir.Const):
            return abs(int(node.value)) < 2**31
        if isinstance(node, ir.Var):
            return self.forms.get(node.name) == "int"
        if isinstance(node, ir.Prim):
            return node.name in _INTS or (node.name in ("abs", "min2", "max2") and all(map(self.is_int, node.args)))
        if isinstance(node, ir.Bin):
            if node.op == "%" and self.is_int(node.right):
                return True
            return node.op != "*" and self.is_int(node.left) and self.is_int(node.right)
        if isinstance(node, ir.Un):
            return self.is_int(node.operand)
        return isinstance(node, ir.Cond) and self.is_int(node.then) and self.is_int(node.other)

    def is_boxed(self, node: ir.Expr) -> bool:
        """Whether a number or truth value is an object, which `==` compares by identity."""
        return isinstance(node, ir.Prim) and node.name in _BOXED and node.type.kind in ("int", "bool")

    def boxed(self, node: ir.Expr) -> str:
        """A value as a collection takes it."""
        text = self.expression(node)
        if node.type.kind == "int" and self.is_int(node):
            if isinstance(node, ir.Const):
                return f"{node.value}L"
            return f"(long) {text.at(ATOM if text.precedence < UNARY else UNARY)}"
        return self.formed(text, node, "").text

    def argument(self, node: ir.Expr, place: int, form: str) -> str:
        if form == "b":
            return self.boxed(node)
        if form == "i":
            if self.is_int(node):
                return self.text(node)
            text = self.text(node, UNARY)
            return f"(int) (long) {text}" if self.is_boxed(node) else f"(int) {text}"
        return super().argument(node, place, form)

    def number(self, value: int) -> Text:
        return super().number(value) if abs(value) < 2**31 else Text(f"{value}L")

    def arithmetic(self, node: ir.Bin) -> Text:
        if node.op == "*" and self.is_int(node.left) and self.is_int(node.right):
            left = f"{node.left.value}L" if isinstance(node.left, ir.Const) else f"(long) {self.text(node.left, ATOM)}"
            return Text(f"{left} * {self.text(node.right, UNARY)}", MULTIPLY)
        return super().arithmetic(node)

    def floored(self, node: ir.Bin) -> Text:
        return Text(f"Math.floor{'Div' if node.op == '//' else 'Mod'}({self.text(node.left)}, {self.text(node.right)})")

    def division(self, node: ir.Bin) -> Text:
        if node.op == "%" and self.is_int(node.right) and not self.is_int(node.left):
            return self.floored(node)  # an int, as `is_int` says
        return super().division(node)

    def comparison(self, node: ir.Bin) -> Text:
        if node.op in ("==", "!=") and self.is_boxed(node.left) and self.is_boxed(node.right):
            return self.compared(node, node.op)
        return super().comparison(node)

    def compared(self, node: ir.Bin, sign: str) -> Text:
        left, right = self.text(node.left, ATOM), self.text(node.right)
        if node.op in ("==", "!="):
            if isinstance(node.left, ir.Const):
                left, right = self.text(node.right, ATOM), self.text(node.left)
            text = f"{left}.equals({right})"
            return Text(text) if node.op == "==" else Text(f"!{text}", UNARY)
        return Text(f"{left}.compareTo({right}) {node.op} 0", COMPARE)

    # strings

    def as_char(self, text: Text, node: ir.Expr) -> Text:
        if isinstance(node, ir.Const):
            return Text("'" + {"'": "\\'", "\\": "\\\\"}.get(str(node.value), str(node.value)) + "'")
        return Text(f"{text.at(ATOM)}.charAt(0)")

    def as_string(self, text: Text) -> Text:
        return Text(f"String.valueOf({text.text})")

    def joined(self, node: ir.Bin) -> Text:
        left, right = self.expression(node.left), self.expression(node.right)
        if left.form == "char" and right.form == "char":
            left = self.as_string(left)
        return Text(f"{left.at(ADD)} + {right.at(OPERATORS['*'])}", ADD)

    def concatenated(self, node: ir.Bin) -> Text:
        return Text(f"concat({self.text(node.left)}, {self.text(node.right)})")

    def conditional(self, test: str, node: ir.Cond) -> Text:
        return Text(f"{test} ? {self.text(node.then, COMPARE)} : {self.text(node.other, COND)}", COND)

    def list_of(self, node: ir.ListOf) -> Text:
        if not node.items:
            return Text(f"new ArrayList<{self.type(node.type.args[0], True)}>()")
        return Text(f"new ArrayList<>(List.of({', '.join(map(self.boxed, node.items))}))")

    def empty_dict(self, node: ir.EmptyDict) -> Text:
        return Text("new LinkedHashMap<>()")

    # loops

    def element(self, var: ir.Var, of: ir.Type) -> str:
        """The declaration of a loop variable."""
        self.forms.pop(var.name, None)
        if of.kind == "str":
            self.forms[var.name] = "char"
            return f"char {self.name(var.name)}"
        return f"{self.type(var.type)} {self.name(var.name)}"

    def each(self, gen: ir.Each, changed: set[str], body: Callable[[], None]) -> None:
        source = (
            self.text(gen.source, ATOM)
            if not isinstance(gen.source, ir.Var)
            else self.held(gen.source, changed, "items")
        )
        through = f"{source}.toCharArray()" if gen.source.type.kind == "str" else source
        with self.deeper(f"for ({self.element(gen.var, gen.source.type)} : {through})"):
            body()

    def loop(self, gen: ir.Gen, inside: Sequence[ir.Node], body: Callable[[], None]) -> None:
        if isinstance(gen, ir.Range) and self.is_int(gen.start) and self.is_int(gen.stop):
            name, before = gen.var.name, dict(self.forms)

            def with_int() -> None:
                self.forms[name], self.counter = "int", "long"
                body()

            self.counter = "int"
            super().loop(gen, inside, with_int)
            self.forms = before
        else:
            super().loop(gen, inside, body)

    def range_header(self, name: str, start: Text, stop: Text, step: int) -> str:
        sign = "<" if step > 0 else ">"
        more = (
            f"{name}{'++' if step > 0 else '--'}"
            if abs(step) == 1
            else f"{name} {'+' if step > 0 else '-'}= {abs(step)}"
        )
        return f"for ({self.counter} {name} = {start.text}; {name} {sign} {stop.at(ADD)}; {more})"

    counter = "long"

    def _indexed(self, source: str, of: ir.Type, place: str) -> str:
        return f"{source}.charAt({place})" if of.kind == "str" else f"{source}.get({place})"

    def _size(self, source: str, of: ir.Type) -> str:
        return f"{source}.length()" if of.kind == "str" else f"{source}.size()"

    def enumerated(self, gen: ir.Enumerate, changed: set[str], body: Callable[[], None]) -> None:
        source, index, of = self.held(gen.source, changed, "items"), self.name(gen.index.name), gen.source.type
        self.forms[gen.index.name] = "int"
        size = self._size(source, of)
        first, end, place = (
            ("0", size, index) if not gen.start else (str(gen.start), f"{size} + {gen.start}", f"{index} - {gen.start}")
        )
        with self.deeper(f"for (int {index} = {first}; {index} < {end}; {index}++)"):
            self.emit(f"{self.element(gen.var, of)} = {self._indexed(source, of, place)};")
            body()

    def zipped(self, gen: ir.Zip, changed: set[str], body: Callable[[], None]) -> None:
        left, right = self.held(gen.left_source, changed, "left"), self.held(gen.right_source, changed, "right")
        one, other = gen.left_source.type, gen.right_source.type
        index = self.fresh("place")
        end = f"Math.min({self._size(left, one)}, {self._size(right, other)})"
        with self.deeper(f"for (int {index} = 0; {index} < {end}; {index}++)"):
            self.emit(f"{self.element(gen.left, one)} = {self._indexed(left, one, index)};")
            self.emit(f"{self.element(gen.right, other)} = {self._indexed(right, other, index)};")
            body()

    def items(self, gen: ir.Items, changed: set[str], body: Callable[[], None]) -> None:
        source, entry = self.held(gen.source, changed, "table"), self.fresh("entry")
        inner = ", ".join(self.type(each, True) for each in gen.source.type.args)
        with self.deeper(f"for (Map.Entry<{inner}> {entry} : {source}.entrySet())"):
            self.emit(f"{self.element(gen.key, gen.source.type)} = {entry}.getKey();")
            self.emit(f"{self.element(gen.value, gen.source.type)} = {entry}.getValue();")
            body()

    # sorting

    def _comparator(self, var: ir.Var, key: ir.Expr) -> str:
        """A comparator of elements by their key, in a variable."""
        self.forms.pop(var.name, None)
        for name in sorted({node.name for node in ir.walk(key) if isinstance(node, ir.Var)} & self.changed):
            kept = self.fresh(f"final{name.capitalize()}")
            of = self.types[name]
            self.emit(f"final {self.type(of)} {kept} = {self.name(name)};")
            key = replaced(key, name, ir.Var(kept, of))
        self.depth += 1
        with self.captured() as before:
            text = self.text(key)
        self.depth -= 1
        name, element = self.fresh("byKey"), self.type(var.type, True)
        how = "comparingLong" if key.type == ir.INT else "comparing"
        arrow = f"{self.name(var.name)} -> {text}"
        if before:
            inside = "".join(f"{line}\n" for line in before)
            deep = self.indent * (self.depth + 1)
            arrow = f"{self.name(var.name)} -> {{\n{inside}{deep}return {text};\n{self.indent * self.depth}}}"
        self.emit(f"Comparator<{element}> {name} = Comparator.{how}({arrow});")
        return name

    def sorted_by(self, node: ir.SortBy, name: str) -> None:
        self.declare(name, node.type, f"new ArrayList<>({self.text(node.source)})")
        order = self._comparator(node.var, node.key)
        self.emit(f"{name}.sort({order}{'.reversed()' if node.reverse else ''});")

    def best_by(self, node: ir.BestBy) -> Text:
        source = self.text(node.source)
        return Text(f"Collections.{node.kind}({source}, {self._comparator(node.var, node.key)})")


def replaced(node: ir.Expr, name: str, by: ir.Var) -> ir.Expr:
    """The expression with another variable in place of one."""
    import dataclasses

    def visit(value: object) -> object:
        if isinstance(value, ir.Var):
            return by if value.name == name else value
        if isinstance(value, tuple):
            return tuple(visit(each) for each in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type | ir.Type):
            return dataclasses.replace(
                value, **{field.name: visit(getattr(value, field.name)) for field in dataclasses.fields(value)}
            )
        return value

    return visit(node)  # type: ignore[return-value]


def render(program: ir.Program) -> Source:
    """The program in Java."""
    return Java(program).render()

"""Go from the intermediate representation: ints are int, lists are slices, characters are bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from assay.forge import ir
from assay.forge.render.braces import Braces
from assay.forge.render.text import ADD, ATOM, COMPARE, MULTIPLY, UNARY, Source, Text, camel

_SUPPORT = {
    "floorDiv": """\
func floorDiv(a, b int) int {
	quotient := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		quotient--
	}
	return quotient
}
""",
    "floorMod": """\
func floorMod(a, b int) int {
	remainder := a % b
	if remainder != 0 && (remainder < 0) != (b < 0) {
		remainder += b
	}
	return remainder
}
""",
    "OrderedMap": """\
// OrderedMap is a map whose entries stay in the order in which their keys were first set.
type OrderedMap[K comparable, V any] struct {
	keys   []K
	values map[K]V
}

func (m *OrderedMap[K, V]) Set(key K, value V) {
	if m.values == nil {
		m.values = map[K]V{}
	}
	if _, ok := m.values[key]; !ok {
		m.keys = append(m.keys, key)
	}
	m.values[key] = value
}

func (m *OrderedMap[K, V]) Get(key K, otherwise V) V {
	if value, ok := m.values[key]; ok {
		return value
	}
	return otherwise
}

func (m *OrderedMap[K, V]) Has(key K) bool {
	_, ok := m.values[key]
	return ok
}

func (m *OrderedMap[K, V]) At(key K) V { return m.values[key] }

func (m *OrderedMap[K, V]) Len() int { return len(m.keys) }

func (m *OrderedMap[K, V]) Keys() []K { return append([]K{}, m.keys...) }

func (m *OrderedMap[K, V]) Values() []V {
	values := []V{}
	for _, key := range m.keys {
		values = append(values, m.values[key])
	}
	return values
}
""",
    "absInt": """\
func absInt(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
""",
    "minInt": """\
func minInt(a, b int) int {
	if a < b {
		return a
	}
	return b
}
""",
    "maxInt": """\
func maxInt(a, b int) int {
	if a > b {
		return a
	}
	return b
}
""",
    "sumOf": """\
func sumOf(numbers []int) int {
	sum := 0
	for _, number := range numbers {
		sum += number
	}
	return sum
}
""",
    "smallest": """\
func smallest[T int | string](items []T) T {
	best := items[0]
	for _, item := range items {
		if item < best {
			best = item
		}
	}
	return best
}
""",
    "largest": """\
func largest[T int | string](items []T) T {
	best := items[0]
	for _, item := range items {
		if item > best {
			best = item
		}
	}
	return best
}
""",
    "smallestOr": """\
func smallestOr[T int | string](items []T, otherwise T) T {
	if len(items) == 0 {
		return otherwise
	}
	return smallest(items)
}
""",
    "largestOr": """\
func largestOr[T int | string](items []T, otherwise T) T {
	if len(items) == 0 {
		return otherwise
	}
	return largest(items)
}
""",
    "sorted": """\
func sorted[T int | string](items []T) []T {
	result := append([]T{}, items...)
	sort.Slice(result, func(i, j int) bool { return result[i] < result[j] })
	return result
}
""",
    "sortedDescending": """\
func sortedDescending[T int | string](items []T) []T {
	result := append([]T{}, items...)
	sort.Slice(result, func(i, j int) bool { return result[i] > result[j] })
	return result
}
""",
    "reversed": """\
func reversed[T any](items []T) []T {
	result := []T{}
	for i := len(items) - 1; i >= 0; i-- {
		result = append(result, items[i])
	}
	return result
}
""",
    "slice": """\
func slice[T any](items []T, from, to int) []T {
	if to > len(items) {
		to = len(items)
	}
	if from >= to {
		return []T{}
	}
	return append([]T{}, items[from:to]...)
}
""",
    "substring": """\
func substring(text string, from, to int) string {
	if to > len(text) {
		to = len(text)
	}
	if from >= to {
		return ""
	}
	return text[from:to]
}
""",
    "everyNth": """\
func everyNth[T any](items []T, from, step int) []T {
	result := []T{}
	for i := from; i < len(items); i += step {
		result = append(result, items[i])
	}
	return result
}
""",
    "concat": """\
func concat[T any](left, right []T) []T {
	return append(append([]T{}, left...), right...)
}
""",
    "repeat": """\
func repeat[T any](items []T, times int) []T {
	result := []T{}
	for i := 0; i < times; i++ {
		result = append(result, items...)
	}
	return result
}
""",
    "contains": """\
func contains[T comparable](items []T, wanted T) bool {
	return indexOf(items, wanted) >= 0
}
""",
    "indexOf": """\
func indexOf[T comparable](items []T, wanted T) int {
	for i, item := range items {
		if item == wanted {
			return i
		}
	}
	return -1
}
""",
    "countOf": """\
func countOf[T comparable](items []T, wanted T) int {
	count := 0
	for _, item := range items {
		if item == wanted {
			count++
		}
	}
	return count
}
""",
    "distinct": """\
func distinct[T comparable](items []T) []T {
	result := []T{}
	seen := map[T]bool{}
	for _, item := range items {
		if !seen[item] {
			seen[item] = true
			result = append(result, item)
		}
	}
	return result
}
""",
    "equal": """\
func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
""",
    "rangeOf": """\
func rangeOf(from, to int) []int {
	result := []int{}
	for i := from; i < to; i++ {
		result = append(result, i)
	}
	return result
}
""",
    "capitalize": """\
func capitalize(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + strings.ToLower(text[1:])
}
""",
    "swapCase": """\
func swapCase(text string) string {
	result := []byte(text)
	for i, c := range result {
		if isUpper(c) || isLower(c) {
			result[i] = c ^ 32
		}
	}
	return string(result)
}
""",
    "charsOf": """\
func charsOf(text string) []string {
	result := []string{}
	for _, c := range []byte(text) {
		result = append(result, string(c))
	}
	return result
}
""",
    "wordsOf": """\
func wordsOf(text string) []string {
	return append([]string{}, strings.Fields(text)...)
}
""",
    "toInt": """\
func toInt(text string) int {
	number, _ := strconv.Atoi(text)
	return number
}
""",
    "isDigit": """\
func isDigit(c byte) bool {
	return c >= '0' && c <= '9'
}
""",
    "isUpper": """\
func isUpper(c byte) bool {
	return c >= 'A' && c <= 'Z'
}
""",
    "isLower": """\
func isLower(c byte) bool {
	return c >= 'a' && c <= 'z'
}
""",
    "isAlpha": """\
func isAlpha(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
""",
}
_PACKAGES = ("sort", "strconv", "strings")
_BUILTIN = frozenset(("len", "append", "copy", "string", "int", "byte", "bool", "make", "new", "cap", "print", "real"))


class Go(Braces):
    SUPPORT: ClassVar[dict[str, str]] = _SUPPORT
    RESERVED = frozenset((*_SUPPORT, *_PACKAGES, *_BUILTIN))
    HAS_COND = False
    END, WHILE, FOREVER = "", "for ", "for"
    indent = "\t"
    PRIMITIVES: ClassVar[dict[str, str]] = {
        "is_empty": "len({0}) == 0",
        "is_empty.dict": "{0.}.Len() == 0",
        "is_filled": "len({0}) > 0",
        "is_filled.dict": "{0.}.Len() > 0",
        "len": "len({0})",
        "len.dict": "{0.}.Len()",
        "abs": "absInt({0})",
        "min2": "minInt({0}, {1})",
        "max2": "maxInt({0}, {1})",
        "sum": "sumOf({0})",
        "min": "smallest({0})",
        "max": "largest({0})",
        "min_or": "smallestOr({0}, {1})",
        "max_or": "largestOr({0}, {1})",
        "sorted": "sorted({0})",
        "sorted_desc": "sortedDescending({0})",
        "reversed": "reversed({0})",
        "reversed.str": "string(reversed([]byte({0})))",
        "copy": "append({T}{}, {0}...)",
        "at": "{0.}[{1}]",
        "at.str": "{0.}[{1}] ~ char",
        "last": "{0.}[len({0})-1]",
        "last.str": "{0.}[len({0})-1] ~ char",
        "slice": "slice({0}, {1}, {2})",
        "slice.str": "substring({0}, {1}, {2})",
        "drop": "slice({0}, {1}, len({0}))",
        "drop.str": "substring({0}, {1}, len({0}))",
        "take": "slice({0}, 0, {1})",
        "take.str": "substring({0}, 0, {1})",
        "but_last": "slice({0}, 0, len({0})-1)",
        "but_last.str": "substring({0}, 0, len({0})-1)",
        "take_last": "slice({0}, maxInt(0, len({0})-{1.}), len({0}))",
        "take_last.str": "substring({0}, maxInt(0, len({0})-{1.}), len({0}))",
        "every": "everyNth({0}, {1}, {2})",
        "every.str": "string(everyNth([]byte({0}), {1}, {2}))",
        "contains": "contains({0}, {1})",
        "has_key": "{0.}.Has({1})",
        "in_str": "strings.Contains({1}, {0})",
        "in_str.char": "strings.IndexByte({1}, {0c}) >= 0",
        "index": "indexOf({0}, {1})",
        "find": "strings.Index({0}, {1})",
        "count": "countOf({0}, {1})",
        "count_str": "strings.Count({0}, {1})",
        "distinct": "distinct({0})",
        "distinct.str": "distinct(charsOf({0}))",
        "range_list": "rangeOf({0}, {1})",
        "repeat": "repeat({0}, {1})",
        "repeat.str": "strings.Repeat({0}, {1})",
        "upper": "strings.ToUpper({0})",
        "lower": "strings.ToLower({0})",
        "capitalize": "capitalize({0})",
        "swapcase": "swapCase({0})",
        "strip": "strings.TrimSpace({0})",
        "words": "wordsOf({0})",
        "split": "strings.Split({0}, {1})",
        "join": "strings.Join({1}, {0})",
        "chars": "charsOf({0})",
        "to_str": "strconv.Itoa({0})",
        "to_int": "toInt({0})",
        "is_digit": "isDigit({0c})",
        "is_alpha": "isAlpha({0c})",
        "is_upper": "isUpper({0c})",
        "is_lower": "isLower({0c})",
        "ord": "int({0c})",
        "chr": "byte({0}) ~ char",
        "starts_with": "strings.HasPrefix({0}, {1})",
        "ends_with": "strings.HasSuffix({0}, {1})",
        "replace": "strings.ReplaceAll({0}, {1}, {2})",
        "get": "{0.}.Get({1}, {2})",
        "at_key": "{0.}.At({1})",
        "keys": "{0.}.Keys()",
        "values": "{0.}.Values()",
    }
    LOOSE: ClassVar[dict[str, int]] = {"is_empty": COMPARE, "is_filled": COMPARE, "in_str.char": COMPARE}

    def imports(self, code: str) -> tuple[str, ...]:
        return tuple(f'import "{name}"' for name in _PACKAGES if re.search(rf"\b{name}\.", code))

    def name(self, name: str) -> str:
        return camel(name) + ("_" if name in _BUILTIN else "")

    def type(self, of: ir.Type) -> str:
        if of.kind == "list":
            return f"[]{self.type(of.args[0])}"
        if of.kind == "dict":
            return f"*OrderedMap[{', '.join(map(self.type, of.args))}]"
        return {"int": "int", "bool": "bool", "str": "string"}[of.kind]

    def head(self, function: ir.Function) -> str:
        params = ", ".join(f"{self.name(param.name)} {self.type(param.type)}" for param in function.params)
        return f"func {self.name(function.name)}({params}) {self.type(function.returns)} {{"

    def test(self, text: str) -> str:
        return text

    def declare(self, name: str, of: ir.Type, text: str, changes: bool = True) -> None:
        self.emit(f"{name} := {text}")
        if not any(
            isinstance(node, ir.Var) and self.name(node.name) == name for node in ir.walk(self.function)
        ) and any(isinstance(node, ir.Assign) and self.name(node.name) == name for node in ir.walk(self.function)):
            self.emit(f"_ = {name}")

    def declare_unset(self, name: str, of: ir.Type) -> None:
        self.emit(f"var {name} {self.type(of)}")

    def pushed(self, name: str, value: ir.Expr) -> str:
        return f"{name} = append({name}, {self.text(value)})"

    def set_key(self, node: ir.SetKey) -> None:
        if self.types[node.name].kind == "list":
            self.emit(f"{self.name(node.name)}[{self.text(node.key)}] = {self.text(node.value)}")
        else:
            self.put(self.name(node.name), node.key, node.value)

    def put(self, name: str, key: ir.Expr, value: ir.Expr) -> None:
        self.emit(f"{name}.Set({self.text(key)}, {self.text(value)})")

    # loops

    def _named(self, var: ir.Var, of: ir.Type) -> str:
        """A loop variable, or _ where nothing uses it."""
        self.forms.pop(var.name, None)
        if of.kind == "str":
            self.forms[var.name] = "char"
        return self.name(var.name) if self.is_used(var) else "_"

    def each(self, gen: ir.Each, changed: set[str], body: Callable[[], None]) -> None:
        source = (
            self.text(gen.source) if not isinstance(gen.source, ir.Var) else self.held(gen.source, changed, "items")
        )
        through = f"[]byte({source})" if gen.source.type.kind == "str" else source
        var = self._named(gen.var, gen.source.type)
        with self.deeper(f"for range {through}" if var == "_" else f"for _, {var} := range {through}"):
            body()

    def range_header(self, name: str, start: Text, stop: Text, step: int) -> str:
        sign = "<" if step > 0 else ">"
        more = (
            f"{name}{'++' if step > 0 else '--'}"
            if abs(step) == 1
            else f"{name} {'+' if step > 0 else '-'}= {abs(step)}"
        )
        return f"for {name} := {start.text}; {name} {sign} {stop.at(ADD)}; {more}"

    def enumerated(self, gen: ir.Enumerate, changed: set[str], body: Callable[[], None]) -> None:
        source = self.held(gen.source, changed, "items")
        through = f"[]byte({source})" if gen.source.type.kind == "str" else source
        var, index = self._named(gen.var, gen.source.type), self._named(gen.index, ir.INTS)
        first = index if not gen.start or index == "_" else self.fresh("place")
        names = first if var == "_" else f"{first}, {var}"
        with self.deeper(f"for range {through}" if names == "_" else f"for {names} := range {through}"):
            if first != index:
                self.emit(f"{index} := {first} + {gen.start}")
            body()

    def zipped(self, gen: ir.Zip, changed: set[str], body: Callable[[], None]) -> None:
        left, right = self.held(gen.left_source, changed, "left"), self.held(gen.right_source, changed, "right")
        index = self.fresh("place")
        with self.deeper(f"for {index} := 0; {index} < len({left}) && {index} < len({right}); {index}++"):
            for var, source, of in ((gen.left, left, gen.left_source.type), (gen.right, right, gen.right_source.type)):
                name = self._named(var, of)
                if name != "_":
                    self.emit(f"{name} := {source}[{index}]")
            body()

    def items(self, gen: ir.Items, changed: set[str], body: Callable[[], None]) -> None:
        source = self.held(gen.source, changed, "table")
        key, value = self._named(gen.key, gen.source.type), self._named(gen.value, gen.source.type)
        name = key if key != "_" else self.fresh("key") if value != "_" else "_"
        with self.deeper(f"for _, {name} := range {source}.Keys()" if name != "_" else f"for range {source}.Keys()"):
            if value != "_":
                self.emit(f"{value} := {source}.At({name})")
            body()

    # expressions

    def template(self, node: ir.Prim) -> tuple[str, str, str]:
        text, form, name = super().template(node)
        return text.replace("{T}", self.type(node.type)), form, name

    def as_char(self, text: Text, node: ir.Expr) -> Text:
        if isinstance(node, ir.Const):
            return Text("'" + {"'": "\\'", "\\": "\\\\"}.get(str(node.value), str(node.value)) + "'")
        return Text(f"{text.at(ATOM)}[0]")

    def as_string(self, text: Text) -> Text:
        return Text(f"string({text.text})")

    def floored(self, node: ir.Bin) -> Text:
        return Text(f"floor{'Div' if node.op == '//' else 'Mod'}({self.text(node.left)}, {self.text(node.right)})")

    def joined(self, node: ir.Bin) -> Text:
        return Text(f"{self.text(node.left, ADD)} + {self.text(node.right, MULTIPLY)}", ADD)

    def concatenated(self, node: ir.Bin) -> Text:
        return Text(f"concat({self.text(node.left)}, {self.text(node.right)})")

    def compared(self, node: ir.Bin, sign: str) -> Text:
        if node.left.type.kind == "str":
            return super().compared(node, sign)
        text = f"equal({self.text(node.left)}, {self.text(node.right)})"
        return Text(text) if node.op == "==" else Text(f"!{text}", UNARY)

    def list_of(self, node: ir.ListOf) -> Text:
        return Text(f"{self.type(node.type)}{{{', '.join(map(self.text, node.items))}}}")

    def empty_dict(self, node: ir.EmptyDict) -> Text:
        return Text(f"&{self.type(node.type)[1:]}{{}}", UNARY)

    def conditional(self, test: str, node: ir.Cond) -> Text:
        raise NotImplementedError

    # sorting

    def _key(self, var: ir.Var, key: ir.Expr) -> str:
        name = self.fresh("key")
        before, self.forms = self.forms, {k: v for k, v in self.forms.items() if k != var.name}
        with self.deeper(f"{name} := func({self.name(var.name)} {self.type(var.type)}) {self.type(key.type)}"):
            self.return_(ir.Return(key))
        self.forms = before
        return name

    def sorted_by(self, node: ir.SortBy, name: str) -> None:
        self.declare(name, node.type, f"append({self.type(node.type)}{{}}, {self.text(node.source)}...)")
        key, sign = self._key(node.var, node.key), ">" if node.reverse else "<"
        less = f"func(p, q int) bool {{ return {key}({name}[p]) {sign} {key}({name}[q]) }}"
        self.emit(f"sort.SliceStable({name}, {less})")

    def best_by(self, node: ir.BestBy) -> Text:
        source = self.held(node.source, set(), "items")
        key, name, item = self._key(node.var, node.key), self.fresh("best"), self.fresh("item")
        self.emit(f"{name} := {source}[0]")
        with self.deeper(f"for _, {item} := range {source}"):
            sign = "<" if node.kind == "min" else ">"
            with self.deeper(f"if {key}({item}) {sign} {key}({name})"):
                self.emit(f"{name} = {item}")
        return Text(name)


def render(program: ir.Program) -> Source:
    """The program in Go."""
    return Go(program).render()

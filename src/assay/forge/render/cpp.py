"""C++17 from the intermediate representation: values are passed by value, ints are long long."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from assay.forge import ir
from assay.forge.render.braces import Braces
from assay.forge.render.text import ADD, ATOM, COMPARE, COND, MULTIPLY, Source, Text

_FLOOR_DIV = """\
long long floor_div(long long a, long long b) {
    long long quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
"""
_FLOOR_MOD = """\
long long floor_mod(long long a, long long b) {
    long long remainder = a % b;
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}
"""
_ORDERED_MAP = """\
// A map whose entries stay in the order in which their keys were first set.
template <class K, class V>
struct OrderedMap {
    using key_type = K;
    using mapped_type = V;
    std::vector<std::pair<K, V>> entries;
    std::map<K, std::size_t> places;

    bool contains(const K& key) const { return places.count(key) > 0; }
    const V& at(const K& key) const { return entries[places.at(key)].second; }
    V get(const K& key, const V& otherwise) const { return contains(key) ? at(key) : otherwise; }
    std::size_t size() const { return entries.size(); }
    auto begin() const { return entries.begin(); }
    auto end() const { return entries.end(); }
    V& operator[](const K& key) {
        auto found = places.emplace(key, entries.size());
        if (found.second) entries.emplace_back(key, V());
        return entries[found.first->second].second;
    }
};
"""
_SEQUENCES = {
    "slice": """\
template <class T>
T slice(const T& items, long long from, long long to) {
    long long size = items.size();
    from = std::min(from, size);
    to = std::max(from, std::min(to, size));
    return T(items.begin() + from, items.begin() + to);
}
""",
    "repeat": """\
template <class T>
T repeat(const T& items, long long times) {
    T result;
    for (long long i = 0; i < times; i++) result.insert(result.end(), items.begin(), items.end());
    return result;
}
""",
    "every": """\
template <class T>
T every(const T& items, long long from, long long step) {
    T result;
    for (long long i = from; i < (long long)items.size(); i += step) result.push_back(items[i]);
    return result;
}
""",
    "reversed": """\
template <class T>
T reversed(T items) {
    std::reverse(items.begin(), items.end());
    return items;
}
""",
    "sorted": """\
template <class T>
std::vector<T> sorted(std::vector<T> items) {
    std::sort(items.begin(), items.end());
    return items;
}
""",
    "sorted_descending": """\
template <class T>
std::vector<T> sorted_descending(std::vector<T> items) {
    std::sort(items.rbegin(), items.rend());
    return items;
}
""",
    "concat": """\
template <class T>
std::vector<T> concat(std::vector<T> left, const std::vector<T>& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}
""",
    "distinct": """\
template <class T>
std::vector<T> distinct(const std::vector<T>& items) {
    std::vector<T> result;
    std::set<T> seen;
    for (const T& item : items) {
        if (seen.insert(item).second) result.push_back(item);
    }
    return result;
}
""",
    "sum_of": """\
long long sum_of(const std::vector<long long>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0LL);
}
""",
    "contains": """\
template <class T>
bool contains(const std::vector<T>& items, const T& item) {
    return std::find(items.begin(), items.end(), item) != items.end();
}
""",
    "index_of": """\
template <class T>
long long index_of(const std::vector<T>& items, const T& item) {
    return std::find(items.begin(), items.end(), item) - items.begin();
}
""",
    "count_of": """\
template <class T>
long long count_of(const std::vector<T>& items, const T& item) {
    return std::count(items.begin(), items.end(), item);
}
""",
    "smallest": """\
template <class T>
T smallest(const std::vector<T>& items) {
    return *std::min_element(items.begin(), items.end());
}
""",
    "largest": """\
template <class T>
T largest(const std::vector<T>& items) {
    return *std::max_element(items.begin(), items.end());
}
""",
    "range_of": """\
std::vector<long long> range_of(long long from, long long to) {
    std::vector<long long> result;
    for (long long i = from; i < to; i++) result.push_back(i);
    return result;
}
""",
    "keys_of": """\
template <class M>
auto keys_of(const M& map) {
    std::vector<std::decay_t<decltype(map.begin()->first)>> result;
    for (const auto& entry : map) result.push_back(entry.first);
    return result;
}
""",
    "values_of": """\
template <class M>
auto values_of(const M& map) {
    std::vector<std::decay_t<decltype(map.begin()->second)>> result;
    for (const auto& entry : map) result.push_back(entry.second);
    return result;
}
""",
}
_STRINGS = {
    "upper": """\
std::string upper(std::string text) {
    for (char& c : text) c = std::toupper(c);
    return text;
}
""",
    "lower": """\
std::string lower(std::string text) {
    for (char& c : text) c = std::tolower(c);
    return text;
}
""",
    "swap_case": """\
std::string swap_case(std::string text) {
    for (char& c : text) c = std::isupper(c) ? std::tolower(c) : std::toupper(c);
    return text;
}
""",
    "capitalize": """\
std::string capitalize(std::string text) {
    for (char& c : text) c = std::tolower(c);
    if (!text.empty()) text[0] = std::toupper(text[0]);
    return text;
}
""",
    "strip": """\
std::string strip(const std::string& text) {
    std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}
""",
    "words_of": """\
std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}
""",
    "split": """\
std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (char c : text) {
        if (c == separator) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}
""",
    "join": """\
std::string join(const std::string& separator, const std::vector<std::string>& parts) {
    std::string result;
    for (std::size_t i = 0; i < parts.size(); i++) {
        if (i > 0) result += separator;
        result += parts[i];
    }
    return result;
}
""",
    "chars_of": """\
std::vector<std::string> chars_of(const std::string& text) {
    std::vector<std::string> result;
    for (char c : text) result.emplace_back(1, c);
    return result;
}
""",
    "find": """\
long long find(const std::string& text, const std::string& part) {
    std::size_t place = text.find(part);
    return place == std::string::npos ? -1 : (long long)place;
}
""",
    "count_part": """\
long long count_part(const std::string& text, const std::string& part) {
    long long count = 0;
    for (std::size_t i = text.find(part); i != std::string::npos; i = text.find(part, i + part.size())) count++;
    return count;
}
""",
    "replace_all": """\
std::string replace_all(const std::string& text, const std::string& from, const std::string& to) {
    std::string result;
    std::size_t start = 0;
    for (std::size_t i = text.find(from); i != std::string::npos; i = text.find(from, start)) {
        result += text.substr(start, i - start) + to;
        start = i + from.size();
    }
    return result + text.substr(start);
}
""",
    "starts_with": """\
bool starts_with(const std::string& text, const std::string& part) {
    return text.compare(0, part.size(), part) == 0;
}
""",
    "ends_with": """\
bool ends_with(const std::string& text, const std::string& part) {
    return text.size() >= part.size() && text.compare(text.size() - part.size(), part.size(), part) == 0;
}
""",
}
_HEADERS = {
    r"std::(sort|stable_sort|min|max|find|count|reverse|min_element|max_element)\b": "algorithm",
    r"std::(isdigit|isalpha|isupper|islower|toupper|tolower)\b": "cctype",
    r"std::abs\b": "cstdlib",
    r"std::map\b": "map",
    r"std::accumulate\b": "numeric",
    r"std::set\b": "set",
    r"std::istringstream\b": "sstream",
    r"std::(string|to_string|stoll)\b": "string",
    r"std::(pair|move)\b": "utility",
    r"std::vector\b": "vector",
}


class Cpp(Braces):
    SUPPORT: ClassVar[dict[str, str]] = {
        "floor_div": _FLOOR_DIV,
        "floor_mod": _FLOOR_MOD,
        "OrderedMap": _ORDERED_MAP,
        **_SEQUENCES,
        **_STRINGS,
    }
    RESERVED = frozenset(SUPPORT)
    PRIMITIVES: ClassVar[dict[str, str]] = {
        "is_empty": "{0.}.empty()",
        "is_empty.dict": "{0.}.size() == 0",
        "len": "(long long){0.}.size()",
        "abs": "std::abs({0})",
        "min2": "std::min({0w}, {1w})",
        "max2": "std::max({0w}, {1w})",
        "sum": "sum_of({0})",
        "min": "smallest({0})",
        "max": "largest({0})",
        "min_or": "{0.}.empty() ? {1} : smallest({0})",
        "max_or": "{0.}.empty() ? {1} : largest({0})",
        "sorted": "sorted({0})",
        "sorted_desc": "sorted_descending({0})",
        "reversed": "reversed({0s})",
        "copy": "{0}",
        "at": "{0.}[{1}]",
        "at.str": "{0.}[{1}] ~ char",
        "last": "{0.}.back()",
        "last.str": "{0.}.back() ~ char",
        "slice": "slice({0s}, {1}, {2})",
        "drop": "slice({0s}, {1}, {0.}.size())",
        "take": "slice({0s}, 0, {1})",
        "but_last": "slice({0s}, 0, (long long){0.}.size() - 1)",
        "take_last": "slice({0s}, std::max(0LL, (long long){0.}.size() - {1}), {0.}.size())",
        "every": "every({0s}, {1}, {2})",
        "contains": "contains({0}, {1s})",
        "has_key": "{0.}.contains({1})",
        "in_str": "{1s.}.find({0}) != std::string::npos",
        "in_str.char": "{1s.}.find({0c}) != std::string::npos",
        "index": "index_of({0}, {1s})",
        "find": "find({0}, {1})",
        "count": "count_of({0}, {1s})",
        "count_str": "count_part({0}, {1})",
        "distinct": "distinct({0})",
        "distinct.str": "distinct(chars_of({0}))",
        "range_list": "range_of({0}, {1})",
        "repeat": "repeat({0s}, {1})",
        "upper": "upper({0})",
        "upper.char": "(char)std::toupper({0c}) ~ char",
        "lower": "lower({0})",
        "lower.char": "(char)std::tolower({0c}) ~ char",
        "capitalize": "capitalize({0})",
        "swapcase": "swap_case({0})",
        "strip": "strip({0})",
        "words": "words_of({0})",
        "split": "split({0}, {1c})",
        "join": "join({0}, {1})",
        "chars": "chars_of({0})",
        "to_str": "std::to_string({0})",
        "to_int": "std::stoll({0})",
        "is_digit": "std::isdigit({0c})",
        "is_alpha": "std::isalpha({0c})",
        "is_upper": "std::isupper({0c})",
        "is_lower": "std::islower({0c})",
        "ord": "(long long){0c.}",
        "chr": "(char)({0}) ~ char",
        "starts_with": "starts_with({0}, {1})",
        "ends_with": "ends_with({0}, {1})",
        "replace": "replace_all({0}, {1}, {2})",
        "get": "{0.}.get({1}, {2})",
        "at_key": "{0.}.at({1})",
        "keys": "keys_of({0})",
        "values": "values_of({0})",
    }
    LOOSE: ClassVar[dict[str, int]] = {
        "in_str": COMPARE,
        "len": MULTIPLY,
        "ord": MULTIPLY,
        "chr": MULTIPLY,
        "min_or": COND,
        "max_or": COND,
    }

    def imports(self, code: str) -> tuple[str, ...]:
        return tuple(f"#include <{name}>" for pattern, name in _HEADERS.items() if re.search(pattern, code))

    def type(self, of: ir.Type) -> str:
        if of.kind == "list":
            return f"std::vector<{self.type(of.args[0])}>"
        if of.kind == "dict":
            return f"OrderedMap<{', '.join(map(self.type, of.args))}>"
        return {"int": "long long", "bool": "bool", "str": "std::string"}[of.kind]

    def head(self, function: ir.Function) -> str:
        params = ", ".join(f"{self.type(param.type)} {self.name(param.name)}" for param in function.params)
        return f"{self.type(function.returns)} {self.name(function.name)}({params}) {{"

    def declare(self, name: str, of: ir.Type, text: str, changes: bool = True) -> None:
        self.emit(f"{self.type(of)} {name} = {text};")

    def declare_empty(self, name: str, of: ir.Type) -> None:
        self.emit(f"{self.type(of)} {name};")

    declare_unset = declare_empty

    def pushed(self, name: str, value: ir.Expr) -> str:
        return f"{name}.push_back({self.text(value)});"

    def appended(self, name: str, value: ir.Expr) -> str:
        text = self.expression(value)
        return f"{name} += {text.text};"

    def set_key(self, node: ir.SetKey) -> None:
        self.put(self.name(node.name), node.key, node.value)

    def put(self, name: str, key: ir.Expr, value: ir.Expr) -> None:
        place = f"{name}[{self.text(key)}]"
        self.emit(f"{place} = {self.text(value)};")

    # loops

    def each(self, gen: ir.Each, changed: set[str], body: Callable[[], None]) -> None:
        # an element of a value that nothing holds would be gone before the loop begins
        is_part = isinstance(gen.source, ir.Prim) and gen.source.name in ("at", "last", "at_key")
        is_held = is_part or isinstance(gen.source, ir.Var)
        source = self.held(gen.source, changed, "items") if is_held else self.text(gen.source)
        with self.deeper(f"for ({self.element(gen.var, gen.source.type)} : {source})"):
            body()

    def element(self, var: ir.Var, of: ir.Type) -> str:
        """The declaration of a loop variable."""
        self.forms.pop(var.name, None)
        if of.kind == "str":
            self.forms[var.name] = "char"
            return f"char {self.name(var.name)}"
        inner = self.type(var.type)
        return (
            f"{inner} {self.name(var.name)}"
            if var.type.kind in ("int", "bool")
            else f"const {inner}& {self.name(var.name)}"
        )

    def range_header(self, name: str, start: Text, stop: Text, step: int) -> str:
        sign = "<" if step > 0 else ">"
        more = (
            f"{name}{'++' if step > 0 else '--'}"
            if abs(step) == 1
            else f"{name} {'+' if step > 0 else '-'}= {abs(step)}"
        )
        return f"for (long long {name} = {start.text}; {name} {sign} {stop.at(ADD)}; {more})"

    def enumerated(self, gen: ir.Enumerate, changed: set[str], body: Callable[[], None]) -> None:
        source, index = self.held(gen.source, changed, "items"), self.name(gen.index.name)
        size = f"(long long){source}.size()"
        first, end, place = (
            ("0", size, index) if not gen.start else (str(gen.start), f"{size} + {gen.start}", f"{index} - {gen.start}")
        )
        with self.deeper(f"for (long long {index} = {first}; {index} < {end}; {index}++)"):
            self.emit(f"{self.element(gen.var, gen.source.type)} = {source}[{place}];")
            body()

    def zipped(self, gen: ir.Zip, changed: set[str], body: Callable[[], None]) -> None:
        left, right = self.held(gen.left_source, changed, "left"), self.held(gen.right_source, changed, "right")
        index = self.fresh("at")
        end = f"{left}.size()" if left == right else f"std::min({left}.size(), {right}.size())"
        with self.deeper(f"for (std::size_t {index} = 0; {index} < {end}; {index}++)"):
            self.emit(f"{self.element(gen.left, gen.left_source.type)} = {left}[{index}];")
            self.emit(f"{self.element(gen.right, gen.right_source.type)} = {right}[{index}];")
            body()

    def items(self, gen: ir.Items, changed: set[str], body: Callable[[], None]) -> None:
        source = self.held(gen.source, changed, "table")
        self.forms.pop(gen.key.name, None)
        self.forms.pop(gen.value.name, None)
        with self.deeper(f"for (const auto& [{self.name(gen.key.name)}, {self.name(gen.value.name)}] : {source})"):
            body()

    # expressions

    def argument(self, node: ir.Expr, place: int, form: str) -> str:
        text = self.text(node, place, "char" if form == "c" else "")
        if form == "w" and isinstance(node, ir.Const):
            return f"{text}LL"
        if form == "s" and isinstance(node, ir.Const) and node.type == ir.STR:
            return f"std::string({text})"
        if form == "s" and isinstance(node, ir.Const) and node.type == ir.INT:
            return f"{text}LL"
        return text

    def number(self, value: int) -> Text:
        return super().number(value) if abs(value) < 2**31 else Text(f"{value}LL")

    def as_char(self, text: Text, node: ir.Expr) -> Text:
        if isinstance(node, ir.Const):
            return Text("'" + {"'": "\\'", "\\": "\\\\"}.get(str(node.value), str(node.value)) + "'")
        return Text(f"{text.at(ATOM)}[0]")

    def as_string(self, text: Text) -> Text:
        return Text(f"std::string(1, {text.text})")

    def floored(self, node: ir.Bin) -> Text:
        return Text(f"floor_{'div' if node.op == '//' else 'mod'}({self.text(node.left)}, {self.text(node.right)})")

    def joined(self, node: ir.Bin) -> Text:
        left, right = self.expression(node.left), self.expression(node.right)
        if isinstance(node.left, ir.Const) and (isinstance(node.right, ir.Const) or right.form == "char"):
            left = Text(f"std::string({left.text})")
        elif left.form == "char" and (isinstance(node.right, ir.Const) or right.form == "char"):
            left = self.as_string(left)
        return Text(f"{left.at(ADD)} + {right.at(MULTIPLY)}", ADD)

    def concatenated(self, node: ir.Bin) -> Text:
        return Text(f"concat({self.text(node.left)}, {self.text(node.right)})")

    def conditional(self, test: str, node: ir.Cond) -> Text:
        then, other = self.text(node.then, COMPARE), self.text(node.other, COND)
        if node.type == ir.STR and isinstance(node.then, ir.Const) and isinstance(node.other, ir.Const):
            then = f"std::string({then})"
        return Text(f"{test} ? {then} : {other}", COND)

    def list_of(self, node: ir.ListOf) -> Text:
        return Text(f"{self.type(node.type)}{{{', '.join(map(self.text, node.items))}}}")

    def empty_dict(self, node: ir.EmptyDict) -> Text:
        return Text(f"{self.type(node.type)}()")

    def _by_key(self, var: ir.Var, key: ir.Expr) -> str:
        """A function of one element."""
        self.forms.pop(var.name, None)
        self.depth += 1
        with self.captured() as before:
            text = self.text(key)
        self.depth -= 1
        head = f"[&](const {self.type(var.type)}& {self.name(var.name)}) {{"
        if not before:
            return f"{head} return {text}; }}"
        inside = "".join(f"{line}\n" for line in before)
        return f"{head}\n{inside}{self.indent * (self.depth + 1)}return {text};\n{self.indent * self.depth}}}"

    def _comparison(self, var: ir.Var, key: ir.Expr) -> str:
        name = self.fresh("key")
        self.emit(f"auto {name} = {self._by_key(var, key)};")
        return name

    def sorted_by(self, node: ir.SortBy, name: str) -> None:
        self.declare(name, node.type, self.text(node.source))
        key, of = self._comparison(node.var, node.key), self.type(node.var.type)
        sign = ">" if node.reverse else "<"
        self.emit(
            f"std::stable_sort({name}.begin(), {name}.end(), [&](const {of}& p, const {of}& q) {{ "
            f"return {key}(p) {sign} {key}(q); }});"
        )

    def best_by(self, node: ir.BestBy) -> Text:
        source = self.held(node.source, set(), "items")
        key, of = self._comparison(node.var, node.key), self.type(node.var.type)
        call = f"std::{node.kind}_element({source}.begin(), {source}.end(), "
        return Text(f"*{call}[&](const {of}& p, const {of}& q) {{ return {key}(p) < {key}(q); }})", MULTIPLY)


def render(program: ir.Program) -> Source:
    """The program in C++."""
    return Cpp(program).render()

"""Rust: types are those of the declared parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.judge.checks import TOKEN

_TRAIT = """
trait Wire_@ {
    fn read(from: &mut Calls_@) -> Self;
    fn show(&self, out: &mut String);
}
struct Calls_@ {
    text: Vec<u8>,
    at: usize,
}
impl Calls_@ {
    fn head(&mut self) -> i64 {
        while self.text[self.at] == b' ' || self.text[self.at] == b'\\n' {
            self.at += 1;
        }
        self.at += 1;
        let start = self.at;
        while self.at < self.text.len() && (self.text[self.at] == b'-' || self.text[self.at].is_ascii_digit()) {
            self.at += 1;
        }
        std::str::from_utf8(&self.text[start..self.at]).unwrap().parse().unwrap()
    }
}
macro_rules! wire_number_@ {
    ($($of:ty),*) => {$(
        impl Wire_@ for $of {
            fn read(from: &mut Calls_@) -> Self {
                from.head() as $of
            }
            fn show(&self, out: &mut String) {
                out.push_str(&self.to_string());
            }
        }
    )*};
}
wire_number_@!(i32, i64, i128, u8, u32, u64, usize, isize);
impl Wire_@ for bool {
    fn read(from: &mut Calls_@) -> Self {
        from.head() == 1
    }
    fn show(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}
impl Wire_@ for String {
    fn read(from: &mut Calls_@) -> Self {
        let size = from.head() as usize;
        from.at += 1;
        let start = from.at;
        from.at += size;
        String::from_utf8_lossy(&from.text[start..from.at]).into_owned()
    }
    fn show(&self, out: &mut String) {
        out.push('"');
        for c in self.chars() {
            if c == '"' || c == '\\\\' {
                out.push('\\\\');
            }
            if (' '..='~').contains(&c) {
                out.push(c);
            } else {
                out.push_str(&format!("\\\\u{:04x}", c as u32));
            }
        }
        out.push('"');
    }
}
impl Wire_@ for char {
    fn read(from: &mut Calls_@) -> Self {
        String::read(from).chars().next().unwrap()
    }
    fn show(&self, out: &mut String) {
        self.to_string().show(out);
    }
}
impl<T: Wire_@> Wire_@ for Vec<T> {
    fn read(from: &mut Calls_@) -> Self {
        let size = from.head();
        (0..size).map(|_| T::read(from)).collect()
    }
    fn show(&self, out: &mut String) {
        out.push('[');
        for (i, item) in self.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            item.show(out);
        }
        out.push(']');
    }
}
fn entries_@<K: Wire_@ + Ord, V: Wire_@>(mut entries: Vec<(&K, &V)>, out: &mut String) {
    entries.sort_by(|a, b| a.0.cmp(b.0));
    out.push('{');
    for (i, (key, value)) in entries.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        key.show(out);
        out.push(':');
        value.show(out);
    }
    out.push('}');
}
impl<K: Wire_@ + Ord + std::hash::Hash, V: Wire_@> Wire_@ for std::collections::HashMap<K, V> {
    fn read(from: &mut Calls_@) -> Self {
        let size = from.head();
        (0..size).map(|_| (K::read(from), V::read(from))).collect()
    }
    fn show(&self, out: &mut String) {
        entries_@(self.iter().collect(), out);
    }
}
"""
_ORDERED = """
impl<K: Wire_@ + Ord + std::hash::Hash + Clone, V: Wire_@ + Clone> Wire_@ for OrderedMap<K, V> {
    fn read(from: &mut Calls_@) -> Self {
        let size = from.head();
        let mut map = OrderedMap::new();
        for _ in 0..size {
            let key = K::read(from);
            map.set(key, V::read(from));
        }
        map
    }
    fn show(&self, out: &mut String) {
        entries_@(self.iter().collect(), out);
    }
}
"""
_MAIN = """
fn main() {
    let mut calls = Calls_@ { text: Vec::new(), at: 0 };
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut calls.text).unwrap();
    let mut out = String::new();
$made    print!("{}", out);
}
"""


def driver(names: Sequence[str], heads: Sequence[str], has_maps: bool) -> str:
    """Reads and makes the calls of one function after the other. heads: "fn f(a: &[i64]) -> i64 {" of each."""
    made = ""
    for name, head in zip(names, heads, strict=True):
        reads = "".join(
            f"        let a{number}: {owned} = Wire_@::read(&mut calls);\n"
            for number, (owned, _) in enumerate(_parameters(head))
        )
        given = ", ".join(f"{mark}a{number}" for number, (_, mark) in enumerate(_parameters(head)))
        made += f"    for _ in 0..calls.head() {{\n{reads}        {name}({given}).show(&mut out);\n"
        made += "        out.push('\\n');\n    }\n"
    text = _TRAIT + (_ORDERED if has_maps else "") + _MAIN.replace("$made", made)
    return text.replace("@", TOKEN)


def _parameters(head: str) -> list[tuple[str, str]]:
    """(owned type, "&" or "") of each parameter."""
    inside = head[head.index("(") + 1 : head.rindex(") ->")]
    parts, depth = [""], 0
    for char in inside:
        depth += (char in "<([") - (char in ">)]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [_owned(part.partition(":")[2].strip()) for part in parts if ":" in part]


def _owned(of: str) -> tuple[str, str]:
    if of == "&str":
        return "String", "&"
    if found := re.fullmatch(r"&\[(.*)\]", of):
        return f"Vec<{found[1]}>", "&"
    return (of[1:], "&") if of.startswith("&") else (of, "")

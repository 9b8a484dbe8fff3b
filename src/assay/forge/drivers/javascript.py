"""JavaScript: values say themselves what they are; dicts come as Map."""

from __future__ import annotations

from collections.abc import Sequence

from assay.judge.checks import TOKEN

_READER = """
const calls_@ = (() => {
  const text = require("fs").readFileSync(0, "latin1");
  const write = process.stdout.write.bind(process.stdout);
  let at = 0;
  const number = () => {
    const start = at;
    while (at < text.length && "-0123456789".includes(text[at])) at++;
    return Number(text.slice(start, at));
  };
  const read = () => {
    while (text[at] === " " || text[at] === "\\n") at++;
    const kind = text[at++];
    const size = number();
    if (kind === "i") return size;
    if (kind === "b") return size === 1;
    if (kind === "s") {
      at += size + 1;
      return text.slice(at - size, at);
    }
    if (kind === "l") return Array.from({ length: size }, read);
    const map = new Map();
    for (let i = 0; i < size; i++) {
      const key = read();
      map.set(key, read());
    }
    return map;
  };
  const shown = (value) => {
    if (Array.isArray(value)) return `[${value.map(shown).join(",")}]`;
    if (value instanceof Map) {
      const entries = [...value].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return `{${entries.map(([key, item]) => `${shown(key)}:${shown(item)}`).join(",")}}`;
    }
    if (typeof value === "string") {
      const code = (c) => `\\\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
      return `"${value.replace(/["\\\\]/g, "\\\\$&").replace(/[^ -~]/g, code)}"`;
    }
    return value === undefined ? "undefined" : JSON.stringify(value);
  };
  return (make, arity) => {
    let out = "";
    for (let left = read(); left > 0; left--) {
      const given = Array.from({ length: arity }, read);
      out += `${shown(make(...given))}\\n`;
    }
    write(out);
  };
})();
""".replace("@", TOKEN)


def driver(names: Sequence[str], arities: Sequence[int]) -> str:
    """Reads and makes the calls of one function after the other. arities: how many arguments each takes."""
    made = "".join(f"calls_{TOKEN}({name}, {arity});\n" for name, arity in zip(names, arities, strict=True))
    return f"{_READER}\n{made}"

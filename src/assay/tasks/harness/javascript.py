"""Tests in JavaScript that use `console.assert`, beside an answer that is JavaScript too.

The harness is a file of its own and is loaded first. The answer is compiled as the body of a function, so its names are
its own, and hands over the function that was asked for. `console.assert` throws nothing, so each is counted instead.
What JavaScript cannot wall off is the built-in objects that both share: the harness knows what they were, and an answer
that put something else in their place is `tampered` with, whatever the tests say.
"""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck
from assay.sandbox.program import Limits
from assay.tasks.harness.text import closing, quoted

_HARNESS = """\
(() => {
  "use strict";
  const fs = require("fs"), vm = require("vm"), assert = require("assert");
  const write = fs.writeSync, leave = process.reallyExit.bind(process), apply = Reflect.apply;
  const describe = Object.getOwnPropertyDescriptor, keys = Reflect.ownKeys;
  const nonce = fs.readFileSync(0, "latin1").slice(0, 32);
  fs.closeSync(0);
  fs.openSync("/dev/null"); // which becomes descriptor 0
  const source = fs.readFileSync("answer.js", "utf8");
  fs.unlinkSync("answer.js");
  fs.unlinkSync(__filename);
  const shared = [console, process, assert, JSON, Math, Reflect, globalThis];
  for (const type of [Object, Function, Array, String, Number, Boolean, Symbol, BigInt, RegExp, Date, Map, Set, Error,
                      Promise]) shared.push(type, type.prototype);
  shared.push(Object.getPrototypeOf([][Symbol.iterator]()), Object.getPrototypeOf(""[Symbol.iterator]()));
  const known = [];
  for (const object of shared)
    for (const key of keys(object)) {
      const { value, get } = describe(object, key);
      if (typeof value === "function" || typeof get === "function") known.push([object, key, value, get]);
    }
  const absent = [Object.prototype, Array.prototype, String.prototype, Number.prototype, Boolean.prototype];
  const changed = () => {
    for (let at = 0; at < known.length; at += 1) {
      const now = describe(known[at][0], known[at][1]);
      if (now === undefined || now.value !== known[at][2] || now.get !== known[at][3])
        return `the answer replaces the built-in ${String(known[at][1])}`;
    }
    for (let at = 0; at < absent.length; at += 1)
      if (describe(absent[at], "toJSON") !== undefined) return "the answer changes what JSON.stringify writes";
    return "";
  };
  const write_line = (text) => write(1, `\\n${nonce} ${text}\\n`);
  const reached = [];
  let count = 0;
  const verify = (number, held, text) => {
    const evidence = changed();
    if (evidence || !held) {
      write_line(evidence ? `tampered ${evidence}` : `failed ${number} ${text}`);
      return leave(1);
    }
    if (reached[number] !== true) count += 1;
    reached[number] = true;
  };
  const names = ["exports", "require", "module", "__filename", "__dirname", "give_@"];
  let asked;
  const answer = vm.compileFunction(source, names, { filename: "answer.js" });
  apply(answer, module.exports, [exports, require, module, __filename, __dirname, (given) => { asked = given; }]);
  (($name, verify_@, write_line, leave) => {
$given
$tests
  })(asked, verify);
  const evidence = changed();
  if (evidence) {
    write_line(`tampered ${evidence}`);
    return leave(1);
  }
  write_line(`passed ${count}`);
})();
""".replace("@", TOKEN)
_DEFINES = re.compile(r"^[ \t]*(?:(?:const|let|var)\s+(\w+)\s*=|(?:async\s+)?function\s+(\w+))", re.M)


def harness(declaration: str, tests: str, limits: Limits, preamble: str = "") -> HarnessCheck:
    """A check of answers that define the declared function.

    declaration: what the task gives, up to the opening brace of the function. tests: statements with `console.assert`.
    """
    last = list(_DEFINES.finditer(declaration))[-1]
    name = last[1] or last[2]
    text, count = _numbered(tests)
    source = _HARNESS.replace("$name", name).replace("$given", declaration[: last.start()]).replace("$tests", text)
    answer = f"{preamble}{CANDIDATE}\n;give_{TOKEN}({name});\n"
    return HarnessCheck("javascript", (("harness.js", source), ("answer.js", answer)), count, limits=limits)


def _numbered(tests: str) -> tuple[str, int]:
    """The tests with a numbered call of the harness's in place of each assertion, which also knows its own text."""
    parts, at, count = [], 0, 0
    for found in re.finditer(r"\bconsole\.assert\s*\(", tests):
        end = closing(tests, found.end() - 1)
        inside = tests[found.end() : end]
        count += 1
        parts.append(f"{tests[at : found.start()]}verify_{TOKEN}({count}, {inside}, {quoted(inside)})")
        at = end + 1
    return "".join(parts) + tests[at:], count

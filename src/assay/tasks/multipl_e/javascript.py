"""MultiPL-E in JavaScript: `assert.deepEqual(candidate(…),…);` of Node.js."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, PassRule, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=5.0)
# It runs before the candidate and keeps what it needs of Node.js for itself; the calls of the tests stand in the
# candidate's own file, where its names are known. A comparison that fails throws the object that it was given.
HARNESS = """\
(() => {{
  "use strict";
  const fs = require("fs");
  const vm = require("vm");
  const {{ deepEqual }} = require("node:assert");
  const write = fs.writeSync;
  const exit = process.reallyExit.bind(process);
  const nonce = fs.readFileSync(0, "latin1").slice(0, 32);
  const half = nonce.slice(0, 16);
  const source = fs.readFileSync("x.js", "utf8");
  fs.unlinkSync("x.js");
  fs.unlinkSync(__filename);
  const different = new Error("different");
  const same = (result, expected) => {{
    try {{
      deepEqual(result, expected, different);
      return true;
    }} catch (error) {{
      if (error === different) return false;
      throw error;
    }}
  }};
  same([{{ a: [1] }}, new Map(), "x"], [{{ a: [2] }}, new Map(), "x"]); // whatever it loads late is loaded now
  for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
  const report = (digits, words) => write(1, `\\n${{digits}} ${{words}}\\n`); // after all that was printed before
  const expected = [
{expected}
  ];
  const give = (calls) => {{
    for (let test = 0; test < expected.length; test += 1) {{
      const [text, right, wrong] = expected[test];
      const result = calls[test]();
      const wrongFirst = nonce.charCodeAt(test % 32) & 1;
      const tampered = wrongFirst && same(result, wrong);
      const holds = same(result, right);
      if (holds && (tampered || (!wrongFirst && same(result, wrong)))) {{
        report(half, `tampered a comparison holds that must fail`);
        return exit(1);
      }}
      if (!holds) {{
        report(half, `failed ${{test + 1}} ${{text}}`);
        return exit(1);
      }}
    }}
    report(nonce, `passed ${{expected.length}}`);
  }};
  const names = ["exports", "require", "module", "__filename", "__dirname", "give_{token}"];
  const candidate = vm.compileFunction(source, names, {{ filename: "x.js" }});
  candidate.call(module.exports, exports, require, module, __filename, __dirname, give);
}})();
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("javascript", (("x.js", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def published(row: Row) -> ProgramCheck:
    """Nothing may be printed; the exit status is not looked at."""
    rule = PassRule(exit_zero=False, silent=True)
    files = (("x.js", f"{CANDIDATE}\n{row['tests']}"),)
    return ProgramCheck("javascript", files, rule, limits=LIMITS.with_cpu_s(10.0))


def hardened(row: Row) -> HarnessCheck:
    """The harness is loaded first, the candidate in a file of its own."""
    cases = cases_of(row["tests"])
    files = (("harness.js", harness(cases)), ("x.js", unit(row["tests"], cases)))
    return HarnessCheck("javascript", files, len(cases), limits=LIMITS)


def cases_of(tests: str) -> tuple[Case, ...]:
    calls = (split_call(text) for text in arguments(tests, "assert.deepEqual"))
    return with_decoys([(call, rest.removeprefix(",").strip()) for call, rest in calls])


def unit(tests: str, cases: tuple[Case, ...]) -> str:
    """The candidate and the tests' own text, in which every assertion became the call that it is about."""
    head = tests[: tests.index("assert.deepEqual(")]
    calls = "\n".join(f"    () => {case.call}," for case in cases)
    return f"{CANDIDATE}\n{head}return [\n{calls}\n  ];\n}}\n\ngive_{TOKEN}(test());\n"


def harness(cases: tuple[Case, ...]) -> str:
    expected = "\n".join(f"    [{quoted(case.shown)}, {case.rest}, {case.decoy or '{decoy: {}}'}]," for case in cases)
    return HARNESS.format(expected=expected, token=TOKEN)


LANGUAGE = Language(
    name="javascript",
    suffix="js",
    counts=(161, 397),
    sha256=(
        "d969351aa3cc588243a44bea579dd2bccab55edbc71a439dc4d168be81957f0b",
        "2380b9b8477ceabb135af6fbf40ba3676388546a570da0a2d5ff3420224b3324",
    ),
    official=official,
    hardened=hardened,
    published=published,
)

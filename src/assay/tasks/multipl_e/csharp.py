"""MultiPL-E in C#: `Debug.Assert(Name(…).Equals((…)));` in the `Main` of the candidate's own class.

A failed `Debug.Assert` does not end a program: it writes to stderr, and upstream looks for that.
"""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, PassRule, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=5.0)
CLOSING = "    }\n}"
# What Qwen's evaluation puts before every program.
_USINGS = (
    "using System.Numerics;",
    "using System.Diagnostics;",
    "using System.Collections.Generic;",
    "using System.Linq;",
    "using System.Text;",
    "using System.Security.Cryptography;",
    "using System.Collections.Generic;",
)
_HARNESS = """\
{usings}
static class Tests_{token} {{
    static int Main() {{
        var output = Console.OpenStandardOutput();
        var input = Console.OpenStandardInput();
        var line = new StringBuilder();
        for (int c = input.ReadByte(); c >= 0 && c != '\\n'; c = input.ReadByte()) line.Append((char) c);
        var nonce = line.ToString();
        System.IO.File.Delete("prog.exe");
        Action<string, int> report = (words, digits) => {{
            var bytes = Encoding.UTF8.GetBytes("\\n" + nonce.Substring(0, digits) + " " + words + "\\n");
            output.Write(bytes, 0, bytes.Length);
            output.Flush();
        }};
        Func<int, string, Func<bool>, Func<bool>, bool> fails = (test, text, right, wrong) => {{
            bool wrongFirst = (nonce[test % 32] & 1) == 1;
            bool tampered = wrongFirst && wrong();
            bool holds = right();
            if (!wrongFirst) tampered = wrong();
            if (holds && !tampered) return false;
            report(holds ? "tampered a comparison holds that must fail" : "failed " + test + " " + text, 16);
            return true;
        }};
{tests}
        report("passed {count}", 32);
        return 0;
    }}
}}
"""


def official(row: Row) -> ProgramCheck:
    rule = PassRule(exit_zero=False, stderr_lacks=("DefaultTraceListener.Fail", "Unhandled Exception"))
    return ProgramCheck("csharp", (("x.cs", f"{CANDIDATE}\n{row['tests']}"),), rule, limits=LIMITS)


def published(row: Row) -> ProgramCheck:
    """With seven lines of `using` in front; only "Fail" in stderr fails, so an exception that nobody catches passes."""
    rule = PassRule(exit_zero=False, stderr_lacks=("Fail",))
    program = "\n".join((*_USINGS, "", CANDIDATE, row["tests"]))
    return ProgramCheck("csharp", (("x.cs", program),), rule, limits=LIMITS.with_cpu_s(10.0))


def hardened(row: Row) -> HarnessCheck:
    """The tests in a class of their own, which is started in the candidate's place."""
    cases = with_decoys([split_call(text) for text in arguments(row["tests"], "Debug.Assert")])
    harness = _HARNESS.format(
        usings=row["prompt"].partition("class Problem")[0],
        tests="\n".join(_test(number, case) for number, case in enumerate(cases, 1)),
        count=len(cases),
        token=TOKEN,
    )
    files = (("harness.cs", harness), ("x.cs", f"{CANDIDATE}\n{CLOSING}\n"))
    return HarnessCheck("csharp", files, len(cases), limits=LIMITS)


def _test(number: int, case: Case) -> str:
    result = f"result{number}"
    wrong = f"{result}{case.decoy}" if case.decoy else "false"
    return (
        f"        var {result} = Problem.{case.call};\n"
        f"        if (fails({number}, {quoted(case.shown)}, () => {result}{case.rest}, () => {wrong})) return 1;"
    )


LANGUAGE = Language(
    name="csharp",
    suffix="cs",
    counts=(158, 386),
    sha256=(
        "6fb4bf8bcf7d59ab9453b6a5e884fbf49217c58d5f64dc2630810f3c406dcbc3",
        "3fdaac04341fcf9917f98ed69eba12f091280961f2b1e491bd7ccec98cf441f3",
    ),
    official=official,
    hardened=hardened,
    published=published,
    closing=CLOSING,
)

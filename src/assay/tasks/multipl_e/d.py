"""MultiPL-E in D: `assert(candidate(…) == …);` in a `unittest` block."""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, closing, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=15.0)
# The nonce is read before anything that the candidate could have put in front of `main`, and by system calls, since it
# could define C functions of its own.
_HARNESS = """\
module harness;
{imports}
static import x;
import core.stdc.stdio : snprintf;
import ldc.attributes : assumeUsed, section;
import ldc.llvmasm : __asm;

version (X86_64) {{
    enum {{ READ = 0, WRITE = 1, EXIT = 231 }}
    private enum registers = "={{rax}},{{rax}},{{rdi}},{{rsi}},{{rdx}},~{{rcx}},~{{r11}},~{{memory}}";
    private long ask(long what, long a, const void* b, long c) nothrow @nogc {{
        return __asm!long("syscall", registers, what, a, b, c);
    }}
}}
version (AArch64) {{
    enum {{ READ = 63, WRITE = 64, EXIT = 94 }}
    private long ask(long what, long a, const void* b, long c) nothrow @nogc {{
        return __asm!long("svc 0", "={{x0}},{{x8}},{{x0}},{{x1}},{{x2}},~{{memory}}", what, a, b, c);
    }}
}}

private __gshared char[64] nonce_{token} = 0;
extern (C) private void readNonce_{token}() nothrow @nogc {{
    foreach (i; 0 .. 32) ask(READ, 0, &nonce_{token}[i], 1);
}}
alias Taking = extern (C) void function() nothrow @nogc;
@assumeUsed @(section(".preinit_array")) __gshared Taking first_{token} = &readNonce_{token};

private void report(const char* word, int test, const char* text, int digits = 16) {{
    char[4096] line;
    int size = snprintf(line.ptr, line.length, "\\n%.*s %s %d %s\\n", digits, nonce_{token}.ptr, word, test, text);
    if (size > line.length) size = cast(int) line.length;
    ask(WRITE, 1, line.ptr, size);
}}

private void check(int test, const char* text, lazy bool right, lazy bool wrong) {{
    bool wrongFirst = (nonce_{token}[test % 32] & 1) == 1;
    bool tampered = wrongFirst && wrong;
    bool holds = right;
    if (!wrongFirst) tampered = wrong;
    if (holds && !tampered) return;
    if (holds) report("tampered", test, "a comparison holds that must fail");
    else report("failed", test, text);
    ask(EXIT, 1, null, 0);
}}

void main() {{
    alias candidate = x.{function};
{tests}
    report("passed", {count}, "", 32);
}}
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("d", (("x.d", f"{CANDIDATE}\n{row['tests']}"),), flags=(("-unittest",),), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The candidate is a module of its own."""
    cases = _cases(row["tests"])
    harness = _HARNESS.format(
        imports="\n".join(line for line in row["prompt"].split("\n") if line.startswith("import ")),
        function=function_of(row["tests"]),
        tests="\n".join(_test(n, case) for n, case in enumerate(cases, 1)),
        count=len(cases),
        token=TOKEN,
    )
    return HarnessCheck("d", (("harness.d", harness), ("x.d", f"{CANDIDATE}\n")), len(cases), limits=LIMITS)


# A test begins with a call in an assertion, or opens a block where the result is looked at in several steps.
_START = re.compile(r"assert(?=\(candidate\()|^\{(?=\s+auto result = )", re.M)


def _cases(tests: str) -> tuple[Case, ...]:
    body = tests[tests.index("alias candidate") :]
    found = []
    for start in _START.finditer(body):
        if start[0] == "assert":
            inner = body[start.end() + 1 : closing(body, start.end())]
            call, rest = split_call(inner)
            found.append((call, f"result {rest}"))
        else:
            inner = body[start.end() : closing(body, start.start())]
            call, rest = split_call(inner.partition("auto result = ")[2])
            found.append((call, " && ".join(f"({text})" for text in arguments(rest, "assert"))))
    return with_decoys(found)


def _test(number: int, case: Case) -> str:
    wrong = case.decoy or "false"
    return (
        f"    {{\n        auto result = {case.call};\n"
        f"        check({number}, {quoted(case.shown)}, {case.rest}, {wrong});\n    }}"
    )


LANGUAGE = Language(
    name="d",
    suffix="d",
    counts=(156, 358),
    sha256=(
        "b3c5dce6814bb3e6843e15e33e7a040a5a010338cbd82ca0cf001e4f4c44448b",
        "1717a9cdec842d6427e05ac99586599fe451d75c65097b9cd24c72935e6dcab6",
    ),
    official=official,
    hardened=hardened,
)

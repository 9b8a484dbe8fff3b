"""MultiPL-E in C++: `assert(candidate(…) == (…));` in a `main` of its own."""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, UnknownTests, arguments, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=15.0)
# What Qwen's evaluation puts before programs that do not include it themselves.
_INCLUDES = (
    "#include<stdlib.h>",
    "#include<algorithm>",
    "#include<math.h>",
    "#include<stdio.h>",
    "#include<vector>",
    "#include<string>",
    "#include<climits>",
    "#include<cstring>",
    "#include<iostream>",
    "#include<cassert>",
)
# The tests. They are read before the candidate, so nothing that it defines changes their meaning; the nonce is taken
# before any constructor of it can run, and no C library function of its own is called on the way.
_TESTS = """\
{head}
{result} call_{token}(int test);
namespace tests_{token} {{
#if defined(__x86_64__)
enum {{ READ = 0, WRITE = 1, EXIT = 231 }};
long ask_kernel(long what, long a, long b, long c) {{
    long answer;
    __asm__ volatile("syscall" : "=a"(answer) : "a"(what), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return answer;
}}
#elif defined(__aarch64__)
enum {{ READ = 63, WRITE = 64, EXIT = 94 }};
long ask_kernel(long what, long a, long b, long c) {{
    register long x8 __asm__("x8") = what, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}}
#endif
char nonce[33];
void take_nonce() {{
    for (int at = 0; at < 32; at++) ask_kernel(READ, 0, (long)(nonce + at), 1);
}}
__attribute__((section(".preinit_array"), used)) void (*const first)() = take_nonce;
void say(const char *text) {{
    long size = 0;
    while (text[size]) size++;
    ask_kernel(WRITE, 1, (long)text, size);
}}
void report(const char *words, int digits) {{
    say("\\n");
    ask_kernel(WRITE, 1, (long)nonce, digits);
    say(words);
    say("\\n");
}}
typedef {result} Result;
void check(int test, const char *failed, Result &&result, bool (*right)(Result &), bool (*wrong)(Result &)) {{
    bool wrong_first = nonce[test % 32] & 1;
    bool tampered = wrong_first && wrong(result);
    bool holds = right(result);
    if (!wrong_first) tampered = wrong(result);
    if (holds && !tampered) return;
    report(holds ? " tampered a comparison holds that must fail" : failed, 16);
    ask_kernel(EXIT, 1, 0, 0);
}}
}}
int main() {{
    using namespace tests_{token};
{tests}
    report(" passed {count}", 32);
}}
"""
# The candidate, and the calls of the tests, which thereby see what it sees.
_UNIT = """\
#line 1 "answer.cpp"
{candidate}
}}
{result} call_{token}(int test) {{
    auto candidate = {function};
    switch (test) {{
{calls}
    }}
    throw test;
}}
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("cpp", (("x.cpp", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def published(row: Row) -> ProgramCheck:
    """With ten includes in front where they are missing, OpenSSL for the task that hashes, and 10 seconds."""
    missing = [line for line in _INCLUDES if line not in row["prompt"]]
    program = "\n".join((*missing, "", CANDIDATE, row["tests"]))
    flags = ("-lcrypto", "-lssl") if row["name"].startswith("HumanEval_162_") else ()
    return ProgramCheck("cpp", (("x.cpp", program),), flags=(flags,), limits=LIMITS.with_cpu_s(10.0))


def hardened(row: Row) -> HarnessCheck:
    """The tests before the candidate; in a unit of their own where the prompt defines types that both of them need."""
    head, result = _result_type(row["prompt"])
    cases = with_decoys([split_call(text) for text in arguments(row["tests"], "assert")])
    numbered = list(enumerate(cases, 1))
    tests = _TESTS.format(
        head=head, result=result, token=TOKEN, tests="\n".join(_test(*each) for each in numbered), count=len(cases)
    )
    unit = _UNIT.format(
        candidate=CANDIDATE,
        result=result,
        token=TOKEN,
        function=function_of(row["tests"]),
        calls="\n".join(f"    case {number}: return {case.call};" for number, case in numbered),
    )
    apart = re.search(r"^(union|struct) ", head, re.M)
    files = (("tests.cpp", tests), ("x.cpp", unit)) if apart else (("x.cpp", f"{tests}\n{unit}"),)
    return HarnessCheck("cpp", files, len(cases), limits=LIMITS)


def _test(number: int, case: Case) -> str:
    failed = quoted(f" failed {number} {case.shown}")
    wrong = f"result {case.decoy}" if case.decoy else "false"
    return (
        f"    check({number}, {failed}, call_{TOKEN}({number}),\n"
        f"          [](Result &result) -> bool {{ return result {case.rest}; }},\n"
        f"          [](Result &result) -> bool {{ return {wrong}; }});"
    )


def _result_type(prompt: str) -> tuple[str, str]:
    """What stands before the function that the prompt opens, and the type that it returns."""
    lines = prompt.rstrip().split("\n")
    found = re.fullmatch(r"(.+?)\s*\b\w+\(.*\)\s*\{", lines[-1])
    if found is None:
        raise UnknownTests(f"the prompt does not end with the head of a function: {lines[-1]!r}")
    return "\n".join(lines[:-1]), found[1]


LANGUAGE = Language(
    name="cpp",
    suffix="cpp",
    counts=(161, 397),
    sha256=(
        "fd830d7cb0efb04062e030cc4501d38dca43382e35c96070506b44322b22ad4d",
        "0721ff75106040a99bb2c65c12f3d1029e6d97fa7231184a8658f43b0e03202a",
    ),
    official=official,
    hardened=hardened,
    published=published,
    closing="}",
)

"""MultiPL-E in Rust: `assert_eq!(candidate(…), …);` in a `main` of its own."""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, UnknownTests, arguments, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=5.0)
# The candidate's module: its text, and the calls of the tests, so that they see what it sees.
_UNIT = """\
{candidate}
}}

pub fn call_{token}(test: i32) -> {result} {{
    let candidate = {function};
    match test {{
{calls}
        _ => unreachable!(),
    }}
}}
"""
# The nonce is read before anything that the candidate could have put in front of `main`, and no function of the C
# library is called, of which it could define one of its own.
_HARNESS = """\
mod x;
{uses}
#[cfg(target_arch = "x86_64")]
mod kernel {{
    pub const READ: usize = 0;
    pub const WRITE: usize = 1;
    pub const EXIT: usize = 231;
    pub unsafe fn ask(what: usize, a: usize, b: usize, c: usize) -> isize {{
        let answer: isize;
        std::arch::asm!("syscall", inlateout("rax") what as isize => answer, in("rdi") a, in("rsi") b, in("rdx") c,
            out("rcx") _, out("r11") _);
        answer
    }}
}}
#[cfg(target_arch = "aarch64")]
mod kernel {{
    pub const READ: usize = 63;
    pub const WRITE: usize = 64;
    pub const EXIT: usize = 94;
    pub unsafe fn ask(what: usize, a: usize, b: usize, c: usize) -> isize {{
        let answer: isize;
        std::arch::asm!("svc 0", in("x8") what, inlateout("x0") a as isize => answer, in("x1") b, in("x2") c);
        answer
    }}
}}
static mut NONCE: [u8; 32] = [b'x'; 32];
extern "C" fn read_nonce() {{
    unsafe {{
        for at in 0..32 {{
            kernel::ask(kernel::READ, 0, (std::ptr::addr_of_mut!(NONCE) as *mut u8).add(at) as usize, 1);
        }}
    }}
}}
#[used]
#[link_section = ".preinit_array"]
static FIRST: extern "C" fn() = read_nonce;

fn report(words: &str, digits: usize) {{
    let nonce = unsafe {{ *std::ptr::addr_of!(NONCE) }};
    let line = format!("\\n{{}} {{}}\\n", String::from_utf8_lossy(&nonce[..digits]), words);
    let mut rest = line.as_bytes();
    while !rest.is_empty() {{
        let done = unsafe {{ kernel::ask(kernel::WRITE, 1, rest.as_ptr() as usize, rest.len()) }};
        if done <= 0 {{
            return;
        }}
        rest = &rest[done as usize..];
    }}
}}

type Holds<T> = fn(&T) -> bool;

fn check(test: i32, text: &str, right: Holds<{result}>, wrong: Holds<{result}>) {{
    let result = x::call_{token}(test);
    let wrong_first = unsafe {{ *std::ptr::addr_of!(NONCE) }}[test as usize % 32] & 1 == 1;
    let before = wrong_first && wrong(&result);
    let holds = right(&result);
    let tampered = if wrong_first {{ before }} else {{ wrong(&result) }};
    if holds && !tampered {{
        return;
    }}
    if holds {{
        report("tampered a comparison holds that must fail", 16);
    }} else {{
        report(&format!("failed {{}} {{}}", test, text), 16);
    }}
    unsafe {{ kernel::ask(kernel::EXIT, 1, 0, 0) }};
}}

fn main() {{
{tests}
    report("passed {count}", 32);
}}
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("rust", (("x.rs", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The candidate in a module, whose macros and names end with it."""
    head, result = _result_type(row["prompt"])
    cases = _cases(row["tests"])
    calls = "\n".join(f"        {n} => {case.call}," for n, case in enumerate(cases, 1))
    unit = _UNIT.format(
        candidate=CANDIDATE, result=result, function=function_of(row["tests"]), calls=calls, token=TOKEN
    )
    harness = _HARNESS.format(
        uses="\n".join(line for line in head.split("\n") if line.startswith("use ")),
        result=result,
        tests="\n".join(_test(n, case) for n, case in enumerate(cases, 1)),
        count=len(cases),
        token=TOKEN,
    )
    return HarnessCheck("rust", (("main.rs", harness), ("x.rs", unit)), len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    calls = (split_call(text) for text in arguments(tests, "assert_eq!"))
    return with_decoys([(call, rest.removeprefix(",").strip()) for call, rest in calls])


def _test(number: int, case: Case) -> str:
    wrong = f"*result == {case.decoy}" if case.decoy else "false"
    return f"    check({number}, {quoted(case.shown)}, |result| *result == {case.rest}, |result| {wrong});"


def _result_type(prompt: str) -> tuple[str, str]:
    """What stands before the function that the prompt opens, and the type that it returns."""
    lines = prompt.rstrip().split("\n")
    found = re.fullmatch(r"fn \w+\(.*\) -> (.+) \{", lines[-1])
    if found is None:
        raise UnknownTests(f"the prompt does not end with the head of a function: {lines[-1]!r}")
    return "\n".join(lines[:-1]), found[1]


LANGUAGE = Language(
    name="rust",
    suffix="rs",
    counts=(156, 354),
    sha256=(
        "b7373f52b732b2978fe4d204b9274b1d99f49a254b90a071136cc76882d19327",
        "d5db6cfeb869cb6957e57f85e092e1453012103e0c9e775e3f66f2edc1f23304",
    ),
    official=official,
    hardened=hardened,
    closing="}",
)

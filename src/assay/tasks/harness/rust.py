"""Tests in Rust that use `assert!` and `assert_eq!`, beside an answer that is a module of the same crate.

The tests are a module inside the answer's, because what it defines is private there, yet they use its function only
through one with the declared types, and every name and macro they use is said to be the standard library's. Reports
leave by system calls, so that no `write` of the answer's can change them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck
from assay.sandbox.program import Limits
from assay.tasks.harness.text import between_commas, closing, quoted

_MAIN = """\
#![allow(warnings)]
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(target_arch = "x86_64")]
mod calls {
    pub const READ: usize = 0;
    pub const WRITE: usize = 1;
    pub const CLOSE: usize = 3;
    pub const EXIT: usize = 231;
    pub fn call(number: usize, a: usize, b: usize, c: usize) -> isize {
        let result: isize;
        unsafe {
            std::arch::asm!("syscall", inlateout("rax") number => result, in("rdi") a, in("rsi") b, in("rdx") c,
                            out("rcx") _, out("r11") _);
        }
        result
    }
}
#[cfg(target_arch = "aarch64")]
mod calls {
    pub const READ: usize = 63;
    pub const WRITE: usize = 64;
    pub const CLOSE: usize = 57;
    pub const EXIT: usize = 94;
    pub fn call(number: usize, a: usize, b: usize, c: usize) -> isize {
        let result: isize;
        unsafe {
            std::arch::asm!("svc 0", in("x8") number, inlateout("x0") a => result, in("x1") b, in("x2") c);
        }
        result
    }
}
use calls::*;

static mut NONCE: [u8; 32] = [0; 32];
const UNREACHED: AtomicBool = AtomicBool::new(false);
static REACHED: [AtomicBool; $slots] = [UNREACHED; $slots];

extern "C" fn take() {
    let (nonce, mut size) = (unsafe { std::ptr::addr_of_mut!(NONCE) } as usize, 0);
    while size < 32 {
        match call(READ, 0, nonce + size, 32 - size) {
            more if more > 0 => size += more as usize,
            _ => break,
        }
    }
    call(CLOSE, 0, 0, 0);
}
#[used]
#[link_section = ".preinit_array"]
static TAKING: extern "C" fn() = take;

fn say(words: &str) {
    let mut line = vec![b'\\n'];
    line.extend_from_slice(unsafe { &*std::ptr::addr_of!(NONCE) });
    line.push(b' ');
    line.extend_from_slice(words.as_bytes());
    line.push(b'\\n');
    let mut done = 0;
    while done < line.len() {
        match call(WRITE, 1, line.as_ptr() as usize + done, line.len() - done) {
            more if more > 0 => done += more as usize,
            _ => break,
        }
    }
}

pub fn verify(number: usize, held: bool, text: &str) {
    REACHED[number].store(true, Ordering::Relaxed);
    if !held {
        say(&format!("failed {} {}", number, text));
        call(EXIT, 1, 0, 0);
    }
}

mod answer;

fn main() {
    answer::tests_@::tests();
    say(&format!("passed {}", REACHED.iter().filter(|each| each.load(Ordering::Relaxed)).count()));
}
""".replace("_@", f"_{TOKEN}")

_TESTS = """\
use super::*;
use ::core::primitive::{bool, char, f32, f64, i128, i16, i32, i64, i8, isize, str, u128, u16, u32, u64, u8, usize};
use ::std::boxed::Box;
use ::std::clone::Clone;
use ::std::cmp::PartialEq;
use ::std::convert::{From, Into};
use ::std::iter::{IntoIterator, Iterator};
use ::std::option::Option::{self, None, Some};
use ::std::result::Result::{self, Err, Ok};
use ::std::string::{String, ToString};
use ::std::vec::Vec;
$given

$copy

$tests
"""
_MACROS = re.compile(r"(?<![\w:!])(vec|format|println|panic|unreachable|matches)!")
_ASSERT = re.compile(r"\b(assert|assert_eq|assert_ne)!\s*\(")


def harness(
    declaration: str,
    tests: str,
    limits: Limits,
    preamble: str = "",
    flags: tuple[str, ...] = (),
    modules: Mapping[str, str] | None = None,
) -> HarnessCheck:
    """A check of answers that define the declared function.

    declaration: what the task gives, up to the opening brace of the function: `use` lines, helpers, its head. tests: a
    module with one test function. modules: name -> text of further modules that answer and tests may use.
    """
    modules = modules or {}
    uses = "".join(f"use crate::{module};\n" for module in modules)
    last = list(re.finditer(r"^[ \t]*(?:pub )?fn (\w+)", declaration, re.M))[-1]
    head = declaration[last.start() :].strip().removesuffix("{").strip().removeprefix("pub ")
    name, given = last[1], declaration[: last.start()]
    copy = f"fn {head.removeprefix('fn ')} {{ super::{name}({', '.join(_parameters(head))}) }}"
    inside = tests[tests.index("{") + 1 : tests.rindex("}")]
    inside = re.sub(r"use super::\*;", "", inside)
    inside = re.sub(r"#\[test\]([^{]*?)fn \w+\(", r"\1pub fn tests(", inside)
    text, count = _numbered(inside)
    text = _MACROS.sub(r"::std::\1!", text)
    module = _TESTS.replace("$given", uses + given).replace("$copy", copy).replace("$tests", text)
    answer = f'{preamble}{CANDIDATE}\n{uses}#[path = "tests.rs"]\npub mod tests_{TOKEN};\n'
    main = _MAIN.replace("$slots", str(count + 1)) + "".join(f"mod {each};\n" for each in modules)
    more = tuple((f"{each}.rs", text) for each, text in modules.items())
    files = (("main.rs", main), ("answer.rs", answer), ("tests.rs", module), *more)
    return HarnessCheck("rust", files, count, flags, limits)


def _parameters(head: str) -> list[str]:
    start = head.index("(", head.index("fn "))
    inside = head[start + 1 : closing(head, start)]
    parts, depth = [""], 0
    for char in inside:
        depth += (char in "<(") - (char in ">)")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.partition(":")[0].replace("mut ", "").strip() for part in parts if ":" in part]


def _numbered(tests: str) -> tuple[str, int]:
    parts, at, count = [], 0, 0
    for found in _ASSERT.finditer(tests):
        end = closing(tests, found.end() - 1) + 1
        inside = tests[found.end() : end - 1]
        values = between_commas(inside)
        count += 1
        held = values[0]
        if found[1] != "assert":
            sign = "==" if found[1] == "assert_eq" else "!="
            held = f"match (&({values[0]}), &({values[1]})) {{ (left, right) => *left {sign} *right }}"
        parts.append(f"{tests[at : found.start()]}crate::verify({count}, {held}, {quoted(inside)})")
        at = end
    return "".join(parts) + tests[at:], count

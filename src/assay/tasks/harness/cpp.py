"""Tests in C++ that use `assert` in `main`, beside an answer that is C++ too.

One translation unit, in this order: the headers, the tests, the answer. What the answer defines comes after the tests
were read, so no macro, function or operator of it can change their meaning. The tests call the function that was asked
for through another with exactly the declared types, which is defined at the end and calls the answer's. Reports leave
by system calls without the C library, so that no `write` of the answer's can change them. A `main` of the answer is
never called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Template

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck
from assay.sandbox.program import Limits

_HEADERS = ("assert.h", "cmath", "cstdlib", "cstring", "map", "set", "string", "vector")
_OF_ASSERT = re.compile(r"^[ \t]*#[ \t]*(undef[ \t]+NDEBUG|include[ \t]*<(assert\.h|cassert)>)[ \t]*$", re.M)

_HARNESS = Template(
    r"""
namespace assay_@ {
#if defined(__x86_64__)
static long call(long n, long a, long b, long c) {
  long r;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return r;
}
enum { READ = 0, WRITE = 1, CLOSE = 3, EXIT = 231 };
#elif defined(__aarch64__)
static long call(long n, long a, long b, long c) {
  register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}
enum { READ = 63, WRITE = 64, CLOSE = 57, EXIT = 94 };
#else
#error "no system calls are known for this machine"
#endif
static char nonce[80];
static int length;
static bool reached[$tests + 1];
const char *evidence();
static bool contains(const char *text, const char *mark) {
  for (; *text; text++) {
    int i = 0;
    while (mark[i] && text[i] == mark[i]) i++;
    if (!mark[i]) return true;
  }
  return false;
}
static void take() {
  while (length < 79 && call(READ, 0, (long)(nonce + length), 1) == 1 && nonce[length] != '\n') length++;
  nonce[length] = 0;
  call(CLOSE, 0, 0, 0);
}
__attribute__((section(".preinit_array"), used)) static void (*taking)() = take;
static void say(const char *word, const char *text, int number = -1) {
  char line[600];
  int size = 0;
  line[size++] = '\n';
  for (int i = 0; i < length; i++) line[size++] = nonce[i];
  line[size++] = ' ';
  for (; *word; word++) line[size++] = *word;
  line[size++] = ' ';
  if (number >= 0) {
    char digits[12];
    int count = 0;
    do digits[count++] = '0' + number % 10; while (number /= 10);
    while (count) line[size++] = digits[--count];
    line[size++] = ' ';
  }
  for (; *text && size < 590; text++) line[size++] = *text == '\n' ? ' ' : *text;
  line[size++] = '\n';
  for (int done = 0, more; done < size; done += more)
    if ((more = (int)call(WRITE, 1, (long)(line + done), size - done)) <= 0) break;
}
static void verify(int number, bool held, const char *text) {
  reached[number] = true;
  if (held) return;
  if (*evidence()) say("tampered", evidence());
  else say("failed", text, number);
  call(EXIT, 1, 0, 0);
}
template <class T> static bool differ(const T &a, const T &b) { return !(a == b) && a != b && !(b == a); }
static bool equality_is_sound() {
  typedef std::vector<int> I;
  typedef std::vector<std::string> S;
  return differ(1, 2) && differ(1.0, 2.0) && differ(std::string("a"), std::string("b")) && differ(I(1, 1), I(1, 2)) &&
         differ(S(1, "a"), S(1, "b")) && differ(std::vector<I>(1, I(1, 1)), std::vector<I>(1, I(1, 2))) &&
         differ(std::vector<float>(1, 1), std::vector<float>(1, 2)) && differ(true, false) && std::abs(-3) == 3 &&
         std::fabs(-2.5) == 2.5;
}
$declared
static int tests();
static int run() {
  tests();
  if (!equality_is_sound()) {
    say("tampered", "values that differ are said to be equal");
    call(EXIT, 1, 0, 0);
  }
  int count = 0;
  for (int i = 1; i <= $tests; i++) count += reached[i];
  say("passed", "", count);
  return 0;
}
#define ASSAY_@(number, ...) assay_@::verify(number, (__VA_ARGS__) ? true : false, #__VA_ARGS__)
$text
#undef ASSAY_@
}
int main() { return assay_@::run(); }
#define main main_of_the_answer_@
#undef assert
#include <assert.h>
""".replace("@", TOKEN)
)

_GLUE = Template(
    r"""
#define ASSAY_TEXT_@(...) ASSAY_TEXT2_@(__VA_ARGS__)
#define ASSAY_TEXT2_@(...) #__VA_ARGS__
namespace assay_@ {
const char *evidence() {
  if (!contains(ASSAY_TEXT_@(main), "main_of_the_answer_@")) return "the answer redefines main as a macro";
#ifdef NDEBUG
  return "the answer turns assertions off (NDEBUG)";
#else
  return contains(ASSAY_TEXT_@(assert(x)), "__assert_fail") ? "" : "the answer redefines the macro assert";
#endif
}
$glue
}
""".replace("@", TOKEN)
)


@dataclass(frozen=True)
class Declared:
    """A function that is asked for, as a task declares it.

    includes: its #include lines. given: what else stands before it. signature: "int f(vector<int> a, int b)".
    """

    includes: str
    given: str
    signature: str


def head_of(text: str) -> str:
    """A declaration that ends somewhere within the function that is asked for, cut after its opening brace."""
    depth = begin = 0
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{" and not depth:
            begin = match.start()
        depth += 1 if match[0] == "{" else -1
    return f"{text[:begin]}{{\n"


def declared(text: str) -> Declared:
    """Take apart a declaration that ends with the opening brace of the function that is asked for."""
    lines = text.rstrip().removesuffix("{").rstrip().split("\n")
    includes = "\n".join(line for line in lines if line.lstrip().startswith("#include"))
    rest = "\n".join(line for line in lines if not line.lstrip().startswith("#include"))
    end = max((match.end() for match in re.finditer(r"^\}|;", rest, re.M)), default=0)
    return Declared(includes, rest[:end].strip(), " ".join(rest[end:].split()))


def _parameters(signature: str) -> list[str]:
    """The names of the parameters."""
    inside, depth, parts = signature[signature.index("(") + 1 : signature.rindex(")")], 0, [""]
    for char in inside:
        depth += (char in "<({[") - (char in ">)}]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    names = [re.findall(r"\w+", part.partition("=")[0]) for part in parts]
    return [each[-1] for each in names if each]


def harness(
    declaration: str, tests: str, limits: Limits, preamble: str = "", flags: tuple[str, ...] = ()
) -> HarnessCheck:
    """A check of answers that define the declared function.

    declaration: what the task gives, up to the opening brace of the function. tests: a `main` that uses `assert`, and
    helpers before it. preamble: what upstream puts before every answer. The answer must not define `main`.
    """
    head = declared(declaration)
    name = re.findall(r"(\w+)\s*\(", head.signature)[0]
    count = 0

    def number(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"ASSAY_{TOKEN}({count}, "

    plain = re.sub(
        r"^[ \t]*#[ \t]*(undef[ \t]+NDEBUG|include[ \t]*<(assert\.h|cassert)>)[ \t]*$", "", tests, flags=re.M
    )
    text = re.sub(r"\bassert\s*\(", number, re.sub(r"\bint\s+main\s*\(.*?\)", "static int tests()", plain))
    # a `tests` that returns nothing would be undefined behaviour, which `main` alone is spared
    text = text.rstrip().removesuffix("}") + "return 0;\n}"
    headers = "".join(f"#include <{each}>\n" for each in _HEADERS)
    # the name must not occur unprotected after the answer, which may have made a macro of it
    asked = re.sub(rf"\b{name}(\s*\()", rf"asked_{TOKEN}\1", head.signature, count=1)
    arguments = f"({', '.join(_parameters(head.signature))})"
    copy = f"{asked};\nstatic {head.signature} {{ return asked_{TOKEN}{arguments}; }}"
    before = _HARNESS.substitute(tests=count, declared=f"{head.given}\n{copy}", text=text)
    after = _GLUE.substitute(glue=f"{asked} {{ return (::{name}){arguments}; }}")
    source = f"{preamble}\n{head.includes}\n{headers}{before}\n{CANDIDATE}\n{after}"
    return HarnessCheck("cpp", (("main.cpp", source),), count, flags, limits)

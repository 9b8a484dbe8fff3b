"""Contest problems: real stdin and stdout, one process a test, expected outputs outside the jail."""

from __future__ import annotations

import dataclasses
import shutil

import pytest

from assay.judge.checks import CANDIDATE
from assay.judge.contest import SpecialChecker, StdioCheck, StdioTest
from assay.judge.judge import Judge
from assay.judge.output_rules import OutputRule
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import VerdictKind
from assay.sandbox.program import Limits

TOKENS = OutputRule("tokens")
DOUBLES = tuple(StdioTest(f"{n}\n".encode(), f"{2 * n}\n".encode()) for n in (1, 5, 21))
CHECK = StdioCheck(DOUBLES, TOKENS, limits=Limits(cpu_s=2.0))
needs_cpp = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler (apt-get install g++)")

# Correct programs that LiveCodeBench's own harness takes for wrong, because it replaces sys.stdin and the program.
WAYS_TO_READ = {
    "input": "print(2 * int(input()))",
    "buffer, line by line": "import sys\nr = sys.stdin.buffer.readline\n"
    "a, b = r(), r()\nassert b == b''\nprint(2 * int(a))",
    "iterating": "import sys\nfor line in sys.stdin:\n    print(2 * int(line))",
    "open(0)": "print(2 * int(open(0).read()))",
    "os.read and os.write": "import os\nos.write(1, b'%d' % (2 * int(os.read(0, 100))))",
    "module-level global": "global n\nn = int(input())\nprint(2 * n)",
    "main guard": "def main():\n    print(2 * int(input()))\nif __name__ == '__main__':\n    main()",
    "exit": "import sys\nprint(2 * int(input()))\nsys.exit()",
    "fileinput": "import fileinput\nprint(2 * int(next(iter(fileinput.input()))))",
    "buffered bytes out": "import sys\nsys.stdout.buffer.write(b'%d' % (2 * int(input())))",
    "deep recursion": "import sys\nsys.setrecursionlimit(10**6)\n"
    "def f(n):\n    return 0 if n == 0 else 2 + f(n - 1)\nn = int(input())\nassert f(20000) == 40000\nprint(f(n))",
    "a thread with a larger stack": "import sys, threading\n"
    "threading.stack_size(1 << 26)\nsys.setrecursionlimit(1 << 20)\n"
    "def main():\n    print(2 * int(input()))\nt = threading.Thread(target=main)\nt.start()\nt.join()",
}


@pytest.mark.parametrize("way", WAYS_TO_READ)
def test_a_right_program_is_accepted_however_it_reads_and_writes(judge: Judge, way: str) -> None:
    verdict = judge.judge(CHECK, WAYS_TO_READ[way])
    assert verdict.kind is VerdictKind.accepted, verdict


@pytest.mark.parametrize(
    ("program", "kind", "detail"),
    [
        ("print(int(input()) + 5)", "wrong_answer", "test 1 of 3: word 1: expected '2', got '6' (input '1')"),
        ("print(int(input()) ** 2 + 1)", "wrong_answer", "test 2 of 3: word 1: expected '10', got '26' (input '5')"),
        (
            "n = int(input())\nif n < 20: print(2 * n)",
            "wrong_answer",
            "test 3 of 3: word 1: expected '42', got the end",
        ),
        ("n = int(input())\nprint(2 * n)\nif n == 5: 1 / 0", "runtime_error", "test 2 of 3: ended with status 1: Zero"),
        ("input()\ninput()", "runtime_error", "test 1 of 3: ended with status 1: EOFError"),
        ("n = int(input())\nprint(2 * n)\nwhile n > 20: pass", "time_limit", "test 3 of 3: used 2 CPU seconds"),
        ("import sys\nprint(2 * int(input()))\nsys.exit(3)", "runtime_error", "test 1 of 3: ended with status 3"),
        ("while True: print('x' * 1000)", "output_limit", "test 1 of 3: wrote more than 1 MiB"),
        ("x = bytearray(4 << 30)", "memory_limit", "test 1 of 3"),
        ("import ctypes\nctypes.string_at(0)", "signalled", "test 1 of 3: SIGSEGV"),
        ("print(", "compile_error", "test 1 of 3: ended with status 1: SyntaxError"),
        ("eval('1 +')", "runtime_error", "test 1 of 3: ended with status 1: SyntaxError"),
    ],
)
def test_the_first_test_that_fails_is_named(judge: Judge, program: str, kind: str, detail: str) -> None:
    verdict = judge.judge(CHECK, program)
    assert verdict.kind.value == kind
    assert detail in verdict.detail


@pytest.mark.skipif(shutil.which("javac") is None, reason="no Java compiler (apt-get install default-jdk-headless)")
@pytest.mark.parametrize("name", ["public class {long} {{ {main} }}", "class Main {{ {main} }} class {long} {{}}"])
def test_a_name_that_is_too_long_for_a_file_is_the_answers_fault(judge: Judge, name: str) -> None:
    program = name.format(long="A" * 260, main="public static void main(String[] args) {}")
    verdict = judge.judge(dataclasses.replace(CHECK, language="java"), program)
    assert verdict.kind is VerdictKind.compile_error, verdict


def test_after_the_first_failure_nothing_more_is_run(judge: Judge) -> None:
    endless = StdioTest(b"loop\n", b"")
    check = dataclasses.replace(CHECK, tests=(DOUBLES[0], endless), limits=Limits(cpu_s=30.0))
    verdict = judge.judge(check, "n = input()\nwhile n == 'loop': pass\nprint('wrong')")
    assert verdict.detail.startswith("test 1 of 2")
    assert verdict.cpu_s < 5.0


def test_every_test_gets_a_process_and_a_folder_of_its_own(judge: Judge) -> None:
    program = "import os\nassert os.listdir('.') == ['main.py']\nopen('kept', 'w').close()\nprint(2 * int(input()))"
    verdict = judge.judge(CHECK, program)
    assert verdict.kind is VerdictKind.accepted, verdict


def test_the_cpu_limit_is_for_one_test(judge: Judge) -> None:
    check = dataclasses.replace(CHECK, limits=Limits(cpu_s=1.0))
    slow = "import time\nwhile time.process_time() < 0.5: pass\nprint(2 * int(input()))"
    verdict = judge.judge(check, slow)
    assert verdict.kind is VerdictKind.accepted, verdict
    assert verdict.cpu_s > 1.2


def test_megabytes_go_in_and_come_out(judge: Judge) -> None:
    numbers = "\n".join(str(n) for n in range(700_000))
    check = StdioCheck((StdioTest(numbers.encode(), numbers.encode()),), TOKENS, limits=Limits(cpu_s=10.0))
    assert len(numbers) > 4 << 20
    assert judge.judge(check, "import sys\nsys.stdout.write(sys.stdin.read())").kind is VerdictKind.accepted
    wrong = judge.judge(check, "import sys\nsys.stdout.write(sys.stdin.read()[:-1] + '0')")
    assert wrong.detail.startswith("test 1 of 1: word 700000: expected '699999', got '699990'")


def test_expected_outputs_are_nowhere_in_the_jail(judge: Judge) -> None:
    secret = "the-secret-of-test-one"
    look = f"""
import ctypes, os
secret = {secret[::-1]!r}[::-1].encode()
found = []
for area in open('/proc/self/maps'):
    span, rights = area.split()[:2]
    if 'w' in rights and '[stack]' not in area:
        start, end = (int(part, 16) for part in span.split('-'))
        parts = ctypes.string_at(start, end - start).split(secret)
        found += [span for part in parts[1:] if part[:1] == b' ']
for folder, _, names in os.walk('/tmp'):
    found += [name for name in names if secret in open(os.path.join(folder, name), 'rb').read()]
print(found or 'nothing')
"""
    verdict = judge.judge(StdioCheck((StdioTest(b"", f"{secret} ".encode()),), TOKENS), look)
    assert "got 'nothing'" in verdict.detail


def test_tests_may_be_stored_elsewhere_and_unreadable_ones_are_no_fault_of_the_answer(judge: Judge) -> None:
    assert judge.judge(dataclasses.replace(CHECK, tests=Stored()), "print(2 * int(input()))").passed
    verdict = judge.judge(dataclasses.replace(CHECK, tests=Stored(damaged=True)), "print(2 * int(input()))")
    assert verdict.kind is VerdictKind.harness_error
    assert verdict.detail == "row 3 is damaged"


@dataclasses.dataclass(frozen=True)
class Stored:
    damaged: bool = False

    def read(self) -> tuple[StdioTest, ...]:
        if self.damaged:
            raise ValueError("row 3 is damaged")
        return DOUBLES


def test_the_language_goes_with_the_answer_or_is_fixed_by_the_check(judge: Judge) -> None:
    program = "read n; echo $((2 * n))"
    assert judge.judge(CHECK, program, "bash").passed
    assert judge.judge(dataclasses.replace(CHECK, language="bash"), program, "python").passed
    assert not judge.judge(CHECK, program).passed


def test_a_language_that_cannot_be_run_is_no_wrong_answer(judge: Judge) -> None:
    assert judge.judge(CHECK, "main = print 1", "haskell").kind is VerdictKind.harness_error


def test_interpreted_languages_can_have_limits_of_their_own(judge: Judge) -> None:
    check = dataclasses.replace(CHECK, limits=Limits(cpu_s=0.2), interpreted=Limits(cpu_s=3.0))
    slow = "import time\nwhile time.process_time() < 0.6: pass\nprint(2 * int(input()))"
    assert judge.judge(check, slow).passed


@needs_cpp
def test_a_compiled_answer_is_built_once(judge: Judge) -> None:
    program = "#include <iostream>\nint main(){long n;std::cin>>n;std::cout<<2*n<<std::endl;}\n"
    first = judge.judge(CHECK, program, "cpp")
    assert first.passed, first
    second = judge.judge(CHECK, program, "cpp")
    assert second.passed
    broken = judge.judge(CHECK, "int main(){return x;}", "cpp")
    assert broken.kind is VerdictKind.compile_error


def test_files_may_stand_around_the_answer(judge: Judge) -> None:
    files = (("main.py", "import answer\nprint(answer.double(int(input())))\n"), ("answer.py", CANDIDATE))
    check = dataclasses.replace(CHECK, files=files)
    assert judge.judge(check, "def double(n):\n    return 2 * n").passed
    assert not judge.judge(check, "def double(n):\n    return n").passed


# -- special checkers -------------------------------------------------------------------------------------------------

# Right is any two numbers with the sum that was asked for.
PYTHON_CHECKER = """
import sys
asked = int(open(sys.argv[1]).read())
words = open(sys.argv[2]).read().split()
if len(words) != 2 or not all(word.isdigit() for word in words):
    sys.exit("two numbers are wanted")
if sum(map(int, words)) != asked:
    print("the sum is wrong")
    sys.exit(1)
assert open(sys.argv[3]).read() == "any"
"""
CPP_CHECKER = """
#include <fstream>
int main(int, char **argv) {
    std::ifstream input(argv[1]), output(argv[2]);
    long asked, a, b;
    if (!(input >> asked)) return 3;
    return output >> a >> b && a + b == asked ? 0 : 1;
}
"""
CHECKERS = [
    SpecialChecker("python", (("checker.py", PYTHON_CHECKER),)),
    pytest.param(SpecialChecker("cpp", (("checker.cpp", CPP_CHECKER),)), marks=needs_cpp),
]


def with_checker(checker: SpecialChecker) -> StdioCheck:
    return StdioCheck((StdioTest(b"9", b"any"), StdioTest(b"4", b"any")), TOKENS, checker=checker)


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_checker_accepts_every_right_answer(judge: Judge, checker: SpecialChecker) -> None:
    for program in ("n = int(input())\nprint(n, 0)", "n = int(input())\nprint(1)\nprint(n - 1)"):
        verdict = judge.judge(with_checker(checker), program)
        assert verdict.passed, verdict


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_checker_rejects_wrong_answers(judge: Judge, checker: SpecialChecker) -> None:
    for program in ("print(9, 0)", "print('x')", "pass"):
        assert judge.judge(with_checker(checker), program).kind is VerdictKind.wrong_answer


def test_what_the_checker_says_is_shown(judge: Judge) -> None:
    verdict = judge.judge(with_checker(CHECKERS[0]), "print(9, 0)")  # type: ignore[arg-type]
    assert verdict.detail == "test 2 of 2: the sum is wrong (input '4')"


@pytest.mark.parametrize(
    "source",
    ["int('x')", "import sys\nsys.exit(7)", "while True: pass", "import os\nos.abort()", "print(", "open('missing')"],
)
def test_a_checker_that_fails_is_no_fault_of_the_answer(judge: Judge, source: str) -> None:
    checker = SpecialChecker("python", (("checker.py", source),), Limits(cpu_s=0.5))
    verdict = judge.judge(with_checker(checker), "print(9, 0)")
    assert verdict.kind is VerdictKind.harness_error
    assert "the checker" in verdict.detail


def test_a_checker_handles_megabytes(judge: Judge) -> None:
    big = b"1 " * (4 << 20)
    checker = SpecialChecker(
        "python", (("c.py", "import sys\na, b, c = (open(p).read() for p in sys.argv[1:])\nassert a == b == c"),)
    )
    check = StdioCheck((StdioTest(big, big),), TOKENS, checker=checker)
    verdict = judge.judge(check, "import sys\nsys.stdout.write(sys.stdin.read())")
    assert verdict.passed, verdict


def test_a_pool_passes_the_language_on() -> None:
    items = [
        Item("sh", "t", "read n; echo $((2 * n))", {"hardened": CHECK}, "bash"),
        Item("py", "t", "print(2 * int(input()))", {"hardened": CHECK}),
    ]
    with JudgePool(1) as pool:
        verdicts = {each.key: each.verdicts["hardened"].kind for each in pool.judge(items)}
    assert verdicts == {"sh": VerdictKind.accepted, "py": VerdictKind.accepted}


@pytest.mark.parametrize(
    ("program", "language", "kind"),
    [
        ("n = int(input())\nimport sys\nsys.stderr.write('x' * (3 << 20))\nprint(2 * n)", "python", "output_limit"),
        (
            "import os, time\nn = int(input())\nprint(2 * n, flush=True)\nif os.fork() == 0: time.sleep(60)",
            "python",
            "accepted",
        ),
        ("read n; echo $((2 * n)); (setsid sleep 60 &)", "bash", "accepted"),
        ("read n; echo $((2 * n)); exec sleep 60", "bash", "time_limit"),
        ("import os\nos.close(1)\nprint(4)", "python", "runtime_error"),
        ("import sys\nsys.stdout.write('\\udc80')", "python", "wrong_answer"),
        ("import sys\nsys.stdout.buffer.write(bytes(range(256)))", "python", "wrong_answer"),
        ("open('/proc/self/fd/0', 'w').write('9')\nprint(open(0).read())", "python", "wrong_answer"),
        ("import os\nos.truncate('/proc/self/fd/0', 0)\nprint(4)", "python", "wrong_answer"),
    ],
)
def test_tricks_with_streams_and_processes_change_no_verdict(
    judge: Judge, program: str, language: str, kind: str
) -> None:
    check = dataclasses.replace(CHECK, limits=Limits(cpu_s=1.0))
    begun = judge.judge(check, program, language)
    assert begun.kind.value == kind, begun
    # the inputs and the judge are as they were
    assert judge.judge(check, "print(2 * int(input()))").passed

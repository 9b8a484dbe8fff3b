"""What goes into a program and how it comes out: input, arguments, status, signals, text, large sources."""

from __future__ import annotations

import signal

import pytest

from assay.sandbox.program import Limits, Program, Status
from assay.sandbox.sandbox import Sandbox
from jailed import python


def test_stdin_is_read_and_ends(sandbox: Sandbox) -> None:
    data = bytes(range(256)) * 4000
    source = "import sys, hashlib; d = sys.stdin.buffer.read(); print(len(d), sys.stdin.read() == '', d[:3])"
    outcome = sandbox.run(python(source, stdin=data))
    assert outcome.stdout == b"1024000 True b'\\x00\\x01\\x02'\n"


def test_without_stdin_the_end_of_file_comes_at_once(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("input()"))
    assert (outcome.status, outcome.exit_code) == (Status.exited, 1)
    assert outcome.stderr.endswith(b"EOFError: EOF when reading a line\n")


def test_arguments_arrive_unchanged(sandbox: Sandbox) -> None:
    argv = ("one", "two words", "", "-x", "ünïcödé", "'\"\\$HOME`")
    outcome = sandbox.run(python("import sys; print(sys.argv[1:])", *argv))
    assert outcome.stdout.decode().strip() == str(list(argv))


@pytest.mark.parametrize("code", [0, 1, 2, 42, 255])
def test_exit_statuses(sandbox: Sandbox, code: int) -> None:
    outcome = sandbox.run(python(f"import sys; sys.exit({code})"))
    assert (outcome.status, outcome.exit_code, outcome.signal) == (Status.exited, code, None)


@pytest.mark.parametrize("name", ["exit", "quit"])
def test_exit_as_scripts_write_it(sandbox: Sandbox, name: str) -> None:
    assert sandbox.run(python(f"{name}(5)")).exit_code == 5


def test_leaving_without_cleaning_up(sandbox: Sandbox) -> None:
    assert sandbox.run(python("import os; os._exit(9)")).exit_code == 9


def test_an_exit_message_goes_to_stderr_with_status_one(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("import sys; sys.exit('a reason')"))
    assert (outcome.exit_code, outcome.stderr) == (1, b"a reason\n")


def test_an_uncaught_exception_shows_its_own_lines_only(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("def f():\n    raise ValueError('no')\nf()"))
    assert outcome.exit_code == 1
    assert outcome.stderr.splitlines()[-1] == b"ValueError: no"
    assert b"assay" not in outcome.stderr


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL", "SIGTERM"])
def test_signals(sandbox: Sandbox, name: str) -> None:
    # in a child, since the first process of a pid namespace ignores what it sends itself
    outcome = sandbox.run(Program("bash", {"a.sh": f"bash -c 'kill -{name[3:]} $$'; exit $?".encode()}, "a.sh"))
    assert outcome.exit_code == 128 + getattr(signal, name)


def test_a_crash_is_told_by_its_signal(sandbox: Sandbox) -> None:
    crash = sandbox.run(python("import ctypes; ctypes.string_at(0)"))
    assert (crash.status, crash.signal, crash.exit_code) == (Status.signalled, signal.SIGSEGV, None)


def test_words_of_a_limit_in_the_output_decide_nothing(sandbox: Sandbox) -> None:
    outcome = sandbox.run(Program("bash", {"a.sh": b"echo MemoryError >&2; exit 1"}, "a.sh"))
    assert (outcome.status, outcome.exit_code) == (Status.exited, 1)


def test_a_file_that_the_kernel_cannot_start_is_the_program_s_fault(sandbox: Sandbox) -> None:
    outcome = sandbox.run(Program("native", {"prog": b"\x00garbage"}, "prog"))
    assert outcome.status is not Status.harness_error


def test_at_exit_handlers_and_buffers_are_run_and_flushed(sandbox: Sandbox) -> None:
    source = "import atexit, sys\natexit.register(print, 'later')\nsys.stdout.write('now ')"
    assert sandbox.run(python(source)).stdout == b"now later\n"


def test_threads_that_are_no_daemons_are_waited_for(sandbox: Sandbox) -> None:
    source = "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.2), print('done'))).start()"
    assert sandbox.run(python(source)).stdout == b"done\n"


def test_text_of_all_kinds_passes(sandbox: Sandbox) -> None:
    text = "héllo wörld ∑ 你好 🐍 \u202e\x7f"
    outcome = sandbox.run(python(f"print({text!r})\n# {text}"))
    assert outcome.stdout.decode().strip("\n") == text


def test_bytes_that_are_no_text_pass(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("import sys; sys.stdout.buffer.write(bytes(range(256)))"))
    assert outcome.stdout == bytes(range(256))


def test_ten_megabytes_of_source(sandbox: Sandbox) -> None:
    source = b"# " + b"x" * 10_000_000 + b"\nprint('ran')\n"
    outcome = sandbox.run(Program("python", {"main.py": source}, "main.py"), Limits(cpu_s=10, file_bytes=64 << 20))
    assert outcome.stdout == b"ran\n"


def test_source_that_does_not_compile_says_so(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("def f(:\n"))
    assert outcome.exit_code == 1
    assert b"SyntaxError" in outcome.stderr
    assert b'File "main.py", line 1' in outcome.stderr


def test_it_is_the_main_module_of_its_own_file(sandbox: Sandbox) -> None:
    source = "import sys\nprint(__name__, __file__, sys.argv[0], sys.modules['__main__'].__dict__ is globals())"
    assert sandbox.run(python(source)).stdout == b"__main__ main.py main.py True\n"


def test_it_imports_the_files_beside_it(sandbox: Sandbox) -> None:
    program = Program("python", {"main.py": b"import pkg.mod; print(pkg.mod.X)", "pkg/mod.py": b"X = 5"}, "main.py")
    assert sandbox.run(program).stdout == b"5\n"


def test_it_may_start_other_programs(sandbox: Sandbox) -> None:
    source = "import subprocess; print(subprocess.run(['/bin/echo', 'hi'], capture_output=True, text=True).stdout)"
    assert sandbox.run(python(source)).stdout == b"hi\n\n"


def test_a_bash_script(sandbox: Sandbox) -> None:
    program = Program("bash", {"a.sh": b'read line; echo "$1 $line"; exit 3'}, "a.sh", ("arg",), b"input\n")
    outcome = sandbox.run(program)
    assert (outcome.stdout, outcome.exit_code) == (b"arg input\n", 3)


def test_a_script_that_the_kernel_starts(sandbox: Sandbox) -> None:
    program = Program("native", {"prog": b"#!/bin/sh\necho from $0\n"}, "prog")
    assert sandbox.run(program).stdout == b"from ./prog\n"


def test_an_unknown_language_is_refused_with_the_known_ones(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match=r"unknown language 'cobol'; known are bash.*python"):
        sandbox.run(Program("cobol", {"a": b""}, "a"))


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../b", "", "a//b", "nul\0", "./a"])
def test_file_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="plain relative path"):
        Program("python", {"main.py": b"", name: b""}, "main.py")


def test_the_entry_must_be_one_of_the_files() -> None:
    with pytest.raises(ValueError, match="is not among the files"):
        Program("python", {"main.py": b""}, "other.py")


def test_the_hash_seed_is_the_one_asked_for() -> None:
    said = []
    for seed in (0, 0, 1):
        with Sandbox(jobs=1, hash_seed=seed) as sandbox:
            said.append(sandbox.run(python("print(hash('assay'))")).stdout)
    assert said[0] == said[1] != said[2]


def test_random_numbers_repeat_from_run_to_run(sandbox: Sandbox) -> None:
    assert len({sandbox.run(python("import random; print(random.random())")).stdout for _ in range(3)}) == 1

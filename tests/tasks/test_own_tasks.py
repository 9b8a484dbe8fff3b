"""Your own tasks: what a task.toml may say, what it becomes, and one sentence for every mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.judge.checks import HarnessCheck, InProcessCheck, ProgramCheck, ScriptCheck, StubCheck
from assay.judge.contest import StdioCheck, StdioTest
from assay.judge.judge import Judge
from assay.tasks import catalog, own
from assay.tasks.own.checks import count_tests
from assay.tasks.syntax import parse

EXAMPLES = Path(__file__).parents[2] / "examples" / "tasks"
ASSERTS = {
    "task.toml": 'kind = "asserts"\nentry_point = "double"\nprompt = "Double a number."\n',
    "tests.py": "assert double(2) == 4\nassert double(0) == 0\n",
    "reference.py": "def double(n):\n    return 2 * n\n",
}
UNITTEST = {
    "task.toml": 'kind = "unittest"\nprompt = "Double a number."\n',
    "tests.py": "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n"
    "        self.assertEqual(double(2), 4)\n",
    "reference.py": ASSERTS["reference.py"],
}
STDIO = {
    "task.toml": 'kind = "stdio"\nprompt = "Double a number."\n[[case]]\nstdin = "2"\nexpected = "4"\n',
    "cases/b.in": "5\n",
    "cases/b.out": "10\n",
    "cases/a.in": "0\n",
    "cases/a.out": "0\n",
    "reference.py": "print(2 * int(input()))\n",
}
PROGRAM = {
    "task.toml": 'kind = "program"\nlanguage = "bash"\nprompt = "Double a number."\ntest_count = 1\n',
    "tests.sh": 'read -r w; exec < /dev/null\n. ./answer.sh\n[[ $(double 2) = 4 ]] && echo "$w passed 1"\n',
    "reference.sh": "double() { echo $((2 * $1)); }\n",
}


def write(folder: Path, files: dict[str, str], **changes: str | None) -> Path:
    """A task's folder. changes: other contents, by file name with _ for the dot; None leaves a file out."""
    for name, text in files.items():
        changed = changes.get(name.replace(".", "_").replace("/", "_"), text)
        if changed is None:
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(changed)
    return folder


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.parametrize("spec", ["./x", "../x", "/x/y", "~/x", ".", "x/y"])
def test_a_path_is_a_folder_of_tasks(spec: str) -> None:
    assert own.is_folder_spec(spec)


@pytest.mark.parametrize("source", catalog.SOURCES, ids=lambda source: source.spec)
def test_no_benchmark_looks_like_a_path(source: own.Source) -> None:
    assert not own.is_folder_spec(source.spec)


def test_asserts_are_made_against_a_stub(tmp_path: Path) -> None:
    (task,) = catalog.load(str(write(tmp_path / "twice", ASSERTS))).tasks
    assert (task.task_id, task.entry_point, task.language) == ("twice", "double", "python")
    assert task.checks["hardened"] == StubCheck("", ASSERTS["tests.py"], ("double",))
    assert isinstance(task.checks["official"], ScriptCheck)
    assert task.reference == ASSERTS["reference.py"]
    assert (task.prompt, task.instruction) == ('"""\nDouble a number.\n"""\n', "Double a number.")
    assert not task.join_prompt


def test_a_prompt_may_be_the_beginning_of_the_program(tmp_path: Path) -> None:
    head = 'def double(n):\n    """Double a number."""\n'
    manifest = f"kind = 'asserts'\nentry_point = 'double'\nprompt_is_code = true\nprompt = '''{head}'''\n"
    (task,) = catalog.load(str(write(tmp_path / "twice", ASSERTS, task_toml=manifest))).tasks
    assert (task.prompt, task.instruction, task.join_prompt) == (head, "", True)
    assert "\ndef" in task.stops


def test_unittest_methods_are_counted(tmp_path: Path) -> None:
    (task,) = catalog.load(str(write(tmp_path / "twice", UNITTEST))).tasks
    check = task.checks["hardened"]
    assert isinstance(check, InProcessCheck)
    assert check.expected_tests == 1
    tests = """
class Base(unittest.TestCase):
    def test_a(self): pass
    def helper(self): pass
class More(Base):
    def test_b(self): pass
    def test_b(self): pass
class Other:
    def test_c(self): pass
class Framework(mine.MyTestCase):
    async def test_d(self): pass
"""
    assert count_tests(parse(tests)) == 1 + 2 + 1


def test_cases_come_from_the_manifest_and_from_files(tmp_path: Path) -> None:
    (task,) = catalog.load(str(write(tmp_path / "twice", STDIO))).tasks
    check = task.checks["hardened"]
    assert isinstance(check, StdioCheck)
    assert check.tests == (StdioTest(b"2", b"4"), StdioTest(b"0\n", b"0\n"), StdioTest(b"5\n", b"10\n"))
    assert (check.rule.name, check.language) == ("tokens", "python")
    assert "one whole python program that reads its input from stdin" in task.instruction


def test_how_outputs_are_compared_can_be_chosen(tmp_path: Path) -> None:
    manifest = STDIO["task.toml"].replace(
        "[[case]]", 'compare = "tokens"\ntolerance = 0.5\nany_language = true\n[[case]]'
    )
    (task,) = catalog.load(str(write(tmp_path / "twice", STDIO, task_toml=manifest))).tasks
    check = task.checks["hardened"]
    assert isinstance(check, StdioCheck)
    assert (check.rule.tolerance, check.language, task.any_language) == (0.5, "", True)


def test_programs_report_under_a_nonce_or_by_their_status(tmp_path: Path) -> None:
    (nonce,) = catalog.load(str(write(tmp_path / "nonce", PROGRAM))).tasks
    assert isinstance(nonce.checks["hardened"], HarnessCheck)
    manifest = PROGRAM["task.toml"].replace("test_count = 1", 'report = "status"')
    (status,) = catalog.load(str(write(tmp_path / "status", PROGRAM, task_toml=manifest))).tasks
    assert isinstance(status.checks["hardened"], ProgramCheck)


def test_an_answer_can_be_placed_inside_the_tests(judge: Judge, tmp_path: Path) -> None:
    tests = '@ANSWER@\nread -r w_@TOKEN@\n[[ $(double 2) = 4 ]] && echo "$w_@TOKEN@ passed 1"\n'
    (task,) = catalog.load(str(write(tmp_path / "twice", PROGRAM, tests_sh=tests))).tasks
    assert judge.judge(task.checks["hardened"], task.reference).passed
    assert not judge.judge(task.checks["hardened"], "double() { echo 5; }").passed


@pytest.mark.parametrize("files", [ASSERTS, UNITTEST, STDIO, PROGRAM], ids=["asserts", "unittest", "stdio", "program"])
def test_references_pass_and_empty_answers_fail(judge: Judge, tmp_path: Path, files: dict[str, str]) -> None:
    (task,) = catalog.load(str(write(tmp_path / "twice", files))).tasks
    for check in task.checks.values():
        verdict = judge.judge(check, task.reference, task.language)
        assert verdict.passed, verdict
        assert not judge.judge(check, "", task.language).passed


def test_limits_are_taken_over(tmp_path: Path) -> None:
    manifest = (
        ASSERTS["task.toml"] + "[limits]\ncpu_s = 1.5\nmemory_mib = 64\nprocesses = 2\nfile_mib = 1\nwall_s = 9\n"
    )
    (task,) = catalog.load(str(write(tmp_path / "twice", ASSERTS, task_toml=manifest))).tasks
    check = task.checks["hardened"]
    assert isinstance(check, StubCheck)
    limits = check.limits
    assert (limits.cpu_s, limits.memory_bytes, limits.processes, limits.file_bytes, limits.wall_s) == (
        1.5,
        64 << 20,
        2,
        1 << 20,
        9.0,
    )


def test_a_folder_of_tasks_is_a_benchmark_whose_hash_is_that_of_its_files(tmp_path: Path) -> None:
    write(tmp_path / "b", ASSERTS)
    write(tmp_path / "a", STDIO)
    (tmp_path / "_notes").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("These are ours.")
    benchmark = catalog.load(str(tmp_path))
    assert [task.task_id for task in benchmark.tasks] == ["a", "b"]
    assert catalog.load(f"{tmp_path}/").data_sha256 == benchmark.data_sha256
    assert catalog.resolve(str(tmp_path)).tasks == 2
    (tmp_path / "a" / "cases" / "a.out").write_text("1\n")
    assert catalog.load(str(tmp_path)).data_sha256 != benchmark.data_sha256


def test_what_is_read_is_hashed_also_where_it_is_hidden_or_behind_a_link(tmp_path: Path) -> None:
    text = STDIO["task.toml"].replace("[[case]]", 'cases = "linked"\n[[case]]', 1)
    folder = write(tmp_path / "t", STDIO, task_toml=text)
    (folder / "cases").rename(folder / ".cases")
    (folder / "linked").symlink_to(".cases")
    before = own.load(str(folder))
    assert len(before.tasks[0].checks["hardened"].tests) == 3
    (folder / ".cases" / "a.out").write_text("1\n")
    assert own.load(str(folder)).data_sha256 != before.data_sha256


def test_links_that_lead_out_of_the_task_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "t", STDIO)
    (folder / "cases").rename(tmp_path / "elsewhere")
    (folder / "cases").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AssayError, match=r"t/cases is a link that leads out of the task's folder; put the files"):
        own.load(str(folder))
    (folder / "cases").unlink()
    (folder / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "r.py").write_text(STDIO["reference.py"])
    write(folder, {"task.toml": 'reference = "more/r.py"\n' + STDIO["task.toml"]})
    with pytest.raises(AssayError, match=r"task.toml, line 1: .*t/more is a link that leads out"):
        own.load(str(folder))


@pytest.mark.parametrize("cases", ["../x", "/tmp", "a/../../x"])
def test_cases_outside_of_the_task_are_refused(tmp_path: Path, cases: str) -> None:
    folder = write(tmp_path / "t", STDIO, task_toml=f'cases = "{cases}"\n' + STDIO["task.toml"])
    with pytest.raises(AssayError, match=r"task.toml, line 1: 'cases' names '.*', which is not inside the task's"):
        own.load(str(folder))


def test_a_linked_task_is_a_task(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", STDIO)
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "t").symlink_to(tmp_path / "elsewhere")
    assert len(own.load(str(tmp_path / "tasks")).tasks) == 1


def test_task_ids_are_taken_as_they_are() -> None:
    assert catalog.canonical_task_id("./my-tasks", "run:length@2") == "run:length@2"


def test_the_shipped_examples_load() -> None:
    benchmark = catalog.load(str(EXAMPLES))
    assert [task.task_id for task in benchmark.tasks] == ["ledger", "line-count", "run-length", "two-numbers"]
    assert {type(task.checks["hardened"]) for task in benchmark.tasks} == {
        StubCheck,
        InProcessCheck,
        StdioCheck,
        HarnessCheck,
    }


MANIFEST = ASSERTS["task.toml"]


@pytest.mark.parametrize(
    ("files", "changes", "sentence"),
    [
        (ASSERTS, {"task_toml": "kind = "}, r"task\.toml: this is not TOML: .*at end of document"),
        (ASSERTS, {"task_toml": "kind = 'asserts'\nid = = 3\n"}, r"task\.toml: this is not TOML: .*line 2"),
        (ASSERTS, {"task_toml": None}, r"holds no task|no task\.toml"),
        (ASSERTS, {"task_toml": "\ufeffkind = 'asserts'"}, r"task\.toml: this is not TOML"),
        (ASSERTS, {"task_toml": "a = 1\n"}, r"task\.toml: the key 'kind' is missing"),
        (
            ASSERTS,
            {"task_toml": "kind = 'assert'\n"},
            r"task\.toml, line 1: 'kind' must be one of asserts, unittest, stdio, ",
        ),
        (ASSERTS, {"task_toml": "kind = 7\n"}, r"task\.toml, line 1: 'kind' must be text, this is a whole number"),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}\nlangauge = 'python'\n"},
            r"line 5: there is no key 'langauge'; did you mean 'language'",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}compare = 'exact'\n"},
            r"line 4: 'compare' means nothing for a task of kind 'asserts'",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}[limits]\ncpu = 1\n"},
            r"line 5: there is no key 'cpu'; did you mean 'cpu_s'",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}[limits]\ncpu_s = 'x'\n"},
            r"line 5: 'cpu_s' in \[limits\] must be a number above 0",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}[limits]\ncpu_s = -1\n"},
            r"line 5: 'cpu_s' in \[limits\] must be a number above 0",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}limits = 3\n"},
            r"line 4: 'limits' must be a table, this is a whole number",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}language = 'klingon'\n"},
            r"line 4: 'klingon' is no language that Assay runs",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}language = 'bash'\n"},
            r"line 4: tests of kind 'asserts' are for Python; for bash use",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}tests = '../tests.py'\n"},
            r"line 4: 'tests' names '\.\./tests\.py', which is not inside",
        ),
        (
            ASSERTS,
            {"task_toml": f"{MANIFEST}tests = 'test.py'\n"},
            r"line 4: 'tests' is 'test\.py', but .* holds no such file",
        ),
        (ASSERTS, {"task_toml": f"{MANIFEST}prompt_file = 'p.md'\n"}, r"'prompt' and 'prompt_file' are both given"),
        (
            ASSERTS,
            {"task_toml": "kind = 'asserts'\nentry_point = 'double'\n"},
            r"there is no prompt; give 'prompt', 'prompt_file'",
        ),
        (ASSERTS, {"task_toml": MANIFEST.replace("Double a number.", " ")}, r"line 3: the prompt is empty"),
        (ASSERTS, {"task_toml": "kind = 'asserts'\nprompt = 'x'\n"}, r"the key 'entry_point' is missing"),
        (
            ASSERTS,
            {"task_toml": MANIFEST.replace('"double"', '["double", 3]')},
            r"line 2: 'entry_point' must be text or a list",
        ),
        (ASSERTS, {"tests_py": None}, r"'tests' is 'tests\.py', but .* holds no such file"),
        (ASSERTS, {"tests_py": "assert double(2) = 4\n"}, r"tests\.py, line 1: this is not Python"),
        (ASSERTS, {"tests_py": "print(double(2))\n"}, r"tests\.py: there is no assert, so every answer would pass"),
        (ASSERTS, {"tests_py": "assert True\n"}, r"tests\.py: the tests never call 'double'"),
        (ASSERTS, {"tests_py": "\0"}, r"tests\.py.*not Python"),
        (ASSERTS, {"reference_py": None}, r"'reference' is 'reference\.py', but .* holds no such file"),
        (ASSERTS, {"reference_py": ""}, r"reference\.py is empty"),
        (ASSERTS, {"reference_py": "def double(n:\n"}, r"reference\.py, line 1: this is not Python"),
        (ASSERTS, {"reference_py": "def triple(n): return 3 * n\n"}, r"reference\.py does not define 'double'"),
        (UNITTEST, {"tests_py": "import unittest\n"}, r"tests\.py: there is no test method in a class derived"),
        (
            UNITTEST,
            {"task_toml": f"{UNITTEST['task.toml']}test_count = 0\n"},
            r"line 3: 'test_count' must be at least 1",
        ),
        (
            UNITTEST,
            {"task_toml": f"{UNITTEST['task.toml']}test_count = true\n"},
            r"line 3: 'test_count' must be a whole number, this is true",
        ),
        (STDIO, {"cases_a_out": None}, r"a\.in is there, but a\.out is not; a case needs both"),
        (STDIO, {"cases_b_in": None}, r"b\.out is there, but b\.in is not; a case needs both"),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\ncases = 'tests'\n"},
            r"line 3: 'cases' is 'tests', but .* holds no such folder",
        ),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\n[[case]]\nstdin = '1'\n"},
            r"line 3: \[\[case\]\] number 1 must have the texts",
        ),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\n[[case]]\nstdin = 1\nexpected = '1'\n"},
            r"\[\[case\]\] number 1 must have",
        ),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\ncase = 3\n"},
            r"line 3: 'case' must be tables, each headed \[\[case\]\]",
        ),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\ncompare = 'fuzzy'\n"},
            r"line 3: 'compare' must be one of exact, tokens, lines, ",
        ),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\ntolerance = -1\n"},
            r"line 3: 'tolerance' must be a number that is not negative",
        ),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\nchecker = 'c.rb'\n"},
            r"line 3: 'checker' is 'c\.rb', but .* holds no such file",
        ),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\nchecker = 'cases/a.in'\n"},
            r"line 3: 'checker' is 'a\.in'; it must be a \.py or \.cpp",
        ),
        (
            STDIO,
            {"task_toml": "kind = 'stdio'\nprompt = 'x'\nany_language = 'yes'\n"},
            r"line 3: 'any_language' must be true or false, this is text",
        ),
        (
            PROGRAM,
            {"task_toml": PROGRAM["task.toml"].replace("test_count = 1", "")},
            r"the key 'test_count' is missing",
        ),
        (
            PROGRAM,
            {"task_toml": f"{PROGRAM['task.toml']}report = 'no'\n"},
            r"line 5: 'report' must be one of nonce, status",
        ),
        (
            PROGRAM,
            {"task_toml": f"{PROGRAM['task.toml']}answer = '/x.sh'\n"},
            r"line 5: '/x\.sh' is not a plain file name",
        ),
        (
            PROGRAM,
            {"task_toml": f"{PROGRAM['task.toml']}answer = 'x.sh'\n", "tests_sh": "@ANSWER@\n"},
            r"'answer' means nothing here",
        ),
        (
            PROGRAM,
            {"task_toml": f"{PROGRAM['task.toml']}files = ['data.json']\n"},
            r"line 5: 'files' is 'data\.json', but .* holds no such",
        ),
    ],
)
def test_every_mistake_is_one_sentence_that_says_where(
    tmp_path: Path, files: dict[str, str], changes: dict[str, str | None], sentence: str
) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    write(folder, files, **changes)
    with pytest.raises(AssayError, match=sentence) as caught:
        catalog.load(str(folder))
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)


def test_text_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "twice", ASSERTS)
    (folder / "tests.py").write_bytes(b"assert double('\xff')\n")
    with pytest.raises(AssayError, match=r"tests\.py: the text is not UTF-8 \(byte 16\)"):
        catalog.load(str(folder))


def test_two_tasks_of_one_id_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a", ASSERTS, task_toml=f"id = 'twice'\n{MANIFEST}")
    write(tmp_path / "b", ASSERTS, task_toml=f"id = 'twice'\n{MANIFEST}")
    with pytest.raises(AssayError, match=r"b/task\.toml and .*a/task\.toml both have the id 'twice'"):
        catalog.load(str(tmp_path))


def test_folders_without_tasks_are_told(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r"holds no task: neither a task\.toml nor folders that have one"):
        catalog.load(str(tmp_path))
    write(tmp_path / "a", ASSERTS)
    (tmp_path / "b").mkdir()
    with pytest.raises(AssayError, match=r"b has no task\.toml\. Add one, or begin the folder's name with _"):
        catalog.load(str(tmp_path))
    with pytest.raises(AssayError, match="There is no folder"):
        catalog.load(str(tmp_path / "none"))


def test_a_folder_named_without_a_slash_is_hinted_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours").mkdir()
    with pytest.raises(AssayError, match=r"There is no benchmark 'ours'.* write \./ours"):
        catalog.load("ours")

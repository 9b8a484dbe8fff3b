"""HumanEvalPack in compiled and other languages: one small row in each, judged for real by both rule sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import incomplete
from assay.tasks.catalog import SOURCES
from assay.tasks.extract import extract
from assay.tasks.humanevalpack import cpp, go, java, javascript, rust, task_from_row
from assay.tasks.humanevalpack.language import Language
from assay.tasks.task import Task

NAMES = ("humanevalfix", "humanevalfix-docs", "humanevalexplain", "humanevalsynthesize")


@dataclass(frozen=True)
class Case:
    """One row: a helper `twice` that the task gives and its tests use, and `quad`, which is asked for."""

    language: Language
    prompt: str
    declaration: str
    right: str
    wrong: str
    test: str
    tests: int


CASES = {
    case.language.name: case
    for case in (
        Case(
            cpp.LANGUAGE,
            "/*\nFour times n.\n*/\n#include<vector>\nusing namespace std;\nint twice(int n){\n    return 2*n;\n}\n"
            "vector<int> quad(int n){\n",
            "#include<vector>\nusing namespace std;\nint twice(int n){\n    return 2*n;\n}\nvector<int> quad(int n){\n",
            "    return {twice(twice(n))};\n}\n",
            "    return {n*n};\n}\n",
            "#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert (quad(4) == vector<int>({16}));\n"
            "    for (int i=0;i<3;i++)\n        assert (quad(i)[0] == twice(twice(i)));\n}\n",
            2,
        ),
        Case(
            java.LANGUAGE,
            "import java.util.*;\n\nclass Solution {\n    /** Twice n. */\n    public int twice(int n) {\n"
            "        return 2 * n;\n    }\n\n    /** Four times n. */\n    public List<Integer> quad(int n) {\n",
            "import java.util.*;\n\nclass Solution {\n    public int twice(int n) {\n        return 2 * n;\n    }\n\n"
            "    public List<Integer> quad(int n) {\n",
            "        return List.of(twice(twice(n)));\n    }\n}",
            "        return List.of(n * n);\n    }\n}",
            "public class Main {\n    public static void main(String[] args) {\n        Solution s = new Solution();\n"
            "        List<Boolean> correct = Arrays.asList(\n                s.quad(4).equals(Arrays.asList(16)),\n"
            "                !s.quad(0).isEmpty()\n        );\n        if (correct.contains(false)) {\n"
            "            throw new AssertionError();\n        }\n        for (int i = 0; i < 3; i++) {\n"
            "            if (s.quad(i).get(0) != s.twice(s.twice(i))) {\n"
            "                throw new AssertionError();\n            }\n        }\n    }\n}",
            3,
        ),
        Case(
            javascript.LANGUAGE,
            "/* Four times n. */\nconst twice = (n) => {\n  return 2 * n\n}\n\nconst quad = (n) => {\n",
            "const twice = (n) => {\n  return 2 * n\n}\n\nconst quad = (n) => {\n",
            "  return [twice(twice(n))]\n}\n",
            "  return [n * n]\n}\n",
            "const testQuad = () => {\n  console.assert(JSON.stringify(quad(4)) === JSON.stringify([16]))\n"
            "  for (let i = 0; i < 3; i++) {\n    console.assert(quad(i)[0] === twice(twice(i)))\n  }\n}\n\n"
            "testQuad()\n",
            2,
        ),
        Case(
            go.LANGUAGE,
            'import (\n    "sort"\n)\n\n// Twice n.\nfunc Twice(n int) int {\n    return 2 * n\n}\n\n// Four times n.\n'
            "func Quad(n int) []int {\n",
            "\nfunc Quad(n int) []int {\n",
            "    found := []int{Twice(Twice(n))}\n    sort.Ints(found)\n    return found\n}\n",
            "    found := []int{n * n}\n    sort.Ints(found)\n    return found\n}\n",
            "func TestQuad(t *testing.T) {\n    assert := assert.New(t)\n    assert.Equal([]int{16}, Quad(4))\n"
            "    for i := 0; i < 3; i++ {\n        assert.Equal(Twice(Twice(i)), Quad(i)[0])\n    }\n}\n",
            2,
        ),
        Case(
            rust.LANGUAGE,
            "fn main(){}\n\nuse rand::Rng;\nuse regex::Regex;\n\nfn twice(n: i32) -> i32 {\n    return 2 * n;\n}\n\n"
            "/*\n Four times n.\n*/\nfn quad(n: i32) -> Vec<i32> {\n",
            "use rand::Rng;\nuse regex::Regex;\n\nfn twice(n: i32) -> i32 {\n    return 2 * n;\n}\n\n"
            "fn quad(n: i32) -> Vec<i32> {\n",
            '    if Regex::new("^a+$").unwrap().is_match("aaa") {\n        return vec![twice(twice(n))];\n    }\n'
            "    vec![]\n}\n",
            "    vec![n * n]\n}\n",
            "#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn test_quad() {\n"
            "        assert_eq!(quad(4), vec![16]);\n        let n = rand::thread_rng().gen_range(5, 9);\n"
            "        for i in 0..n {\n            assert!(quad(i)[0] == twice(twice(i)));\n        }\n    }\n}\n",
            2,
        ),
    )
}


def task(case: Case, name: str = "humanevalfix") -> Task:
    row = {
        "task_id": f"{case.language.id_prefix}0",
        "prompt": case.prompt,
        "declaration": case.declaration,
        "canonical_solution": case.right,
        "buggy_solution": case.wrong,
        "entry_point": "Quad" if case.language.name == "go" else "quad",
        "docstring": "Four times n.",
        "instruction": "Write `quad` to solve the following problem:\nFour times n.",
        "test": case.test,
    }
    return task_from_row(row, name, case.language)


def needed(language: str) -> None:
    if lacking := incomplete(LANGUAGES[language]):
        pytest.skip(lacking)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.parametrize("language", CASES)
def test_right_and_wrong_answers_are_told_apart_by_both_rule_sets(judge: Judge, language: str) -> None:
    needed(language)
    asked = task(CASES[language])
    for name, check in asked.checks.items():
        right = judge.judge(check, asked.finished(asked.reference))
        assert right.kind is VerdictKind.accepted, (name, right)
        wrong = judge.judge(check, extract(asked, asked.buggy, is_solution=True).program)
        assert not wrong.passed and wrong.kind is not VerdictKind.compile_error, (name, wrong)


@pytest.mark.parametrize("language", CASES)
def test_every_assertion_is_counted_and_the_failed_one_named(judge: Judge, language: str) -> None:
    needed(language)
    asked = task(CASES[language])
    hardened = asked.checks["hardened"]
    assert hardened.expected_tests == CASES[language].tests  # type: ignore[union-attr]
    wrong = judge.judge(hardened, asked.finished(asked.buggy))
    assert wrong.kind is VerdictKind.wrong_answer
    assert "in_process" in wrong.flags
    assert "uad(" in wrong.detail and "\0" not in wrong.detail


@pytest.mark.parametrize("language", CASES)
def test_the_tests_use_a_copy_of_what_the_task_gives(judge: Judge, language: str) -> None:
    """An answer that also changes the helper, so that both are wrong in the same way, passes upstream's tests alone."""
    needed(language)
    case = CASES[language]
    asked = task(case)
    finished = asked.finished(asked.reference)
    program = finished.replace("return 2*n", "return 0").replace("return 2 * n", "return 0")
    assert program != finished
    tests_of_helper = judge.judge(asked.checks["hardened"], program)
    assert tests_of_helper.kind is VerdictKind.wrong_answer


@pytest.mark.parametrize("language", CASES)
@pytest.mark.parametrize("name", NAMES)
def test_reference_and_buggy_program_are_whole_functions(name: str, language: str) -> None:
    case = CASES[language]
    found = task(case, name)
    assert found.language == language
    assert found.reference.endswith(case.right) and found.buggy.endswith(case.wrong)
    assert ("Four times n" in found.prefix) == (name in ("humanevalfix-docs", "humanevalsynthesize"))
    assert "wice" in found.prefix and "uad" in found.prefix


@pytest.mark.parametrize("language", CASES)
@pytest.mark.parametrize("name", NAMES)
def test_every_kind_is_in_the_catalogue(name: str, language: str) -> None:
    found = {source.spec: source for source in SOURCES}[f"{name}:{language}"]
    assert (found.tasks, found.languages) == (164, (language,))


def test_a_head_that_is_stored_with_half_of_its_function_is_cut() -> None:
    row = {"declaration": "using namespace std;\nint f(int n){\n    for (int i=0;i<n;i++)\n    {\n"}
    assert cpp.declaration(row) == "using namespace std;\nint f(int n){\n"


def test_answers_in_cpp_end_before_their_main() -> None:
    assert cpp.LANGUAGE.finish({}, "int f() { return 1; }\nint main() { f(); }") == "int f() { return 1; }\n"


def test_answers_in_rust_get_the_lines_of_the_declaration_that_they_lack() -> None:
    row = {"declaration": "use md5;\nuse rand::Rng;\n\nfn f(n: i32) -> i32 {\n"}
    answer = "use rand::Rng;\nfn f(n: i32) -> i32 { n }\nfn main() {}\nfn main() {}\n"
    assert rust.LANGUAGE.finish(row, answer) == "use md5;\nuse rand::Rng;\nfn f(n: i32) -> i32 { n }\nfn main() {}\n"
    assert rust.LANGUAGE.finish(row, "fn f(n: i32) -> i32 { n }").startswith("fn main(){}\nuse md5;\nuse rand::Rng;\n")


def test_answers_in_go_get_the_imports_that_they_use_and_lack() -> None:
    answer = (
        'package main\n\nimport "fmt"\n\n// uses math.Abs\n'
        'func F() { fmt.Print(strings.ToUpper("x"), rand.Int()) }\nfunc main() {}\n'
    )
    mended = go.LANGUAGE.finish({}, answer)
    assert mended.startswith('import (\n\t"math/rand"\n\t"strings"\n)\n')
    assert "package main" not in mended and "func main()" not in mended
    assert '"math"' not in mended and mended.count('"fmt"') == 1

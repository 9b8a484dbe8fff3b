"""ClassEval: a class, its suites, and what cannot be run here."""

from __future__ import annotations

from assay.judge.checks import InProcessCheck, ScriptCheck, UnavailableCheck
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.tasks.classeval import task_from_row
from assay.tasks.extract import extract
from assay.tasks.securityeval import task_from_row as security_task

TESTS = """
import unittest

class CounterTestAdd(unittest.TestCase):
    def test_add_1(self):
        counter = Counter()
        counter.add(2)
        self.assertEqual(counter.total, 2)

    def test_add_1(self):
        self.assertEqual(Counter().total, 0)

class CounterTestRoot(unittest.TestCase):
    def test_root_1(self):
        self.assertEqual(Counter().root(9), 3)
"""
CLASS = """\
class Counter:
    def __init__(self):
        self.total = 0

    def add(self, n):
        self.total += n

    def root(self, n):
        return int(math.sqrt(n))
"""
ROW = {
    "task_id": "ClassEval_7",
    "skeleton": "import math\n\nclass Counter:\n    def add(self, n):\n        ...\n",
    "test": TESTS,
    "solution_code": CLASS,
    "import_statement": ["import math"],
    "class_name": "Counter",
    "test_classes": ["CounterTestAdd", " CounterTestRoot"],
}


def test_the_answer_is_the_class_and_gets_the_imports() -> None:
    task = task_from_row(ROW)
    assert extract(task, CLASS).program == f"import math\n{CLASS}"
    assert extract(task, f"Here:\n```python\n{CLASS}```").program == f"import math\n{CLASS}"


def test_every_test_method_counts_once() -> None:
    check = task_from_row(ROW).checks["hardened"]
    assert isinstance(check, InProcessCheck) and check.expected_tests == 2


def test_each_suite_adds_to_the_time() -> None:
    check = task_from_row(ROW).checks["official"]
    assert isinstance(check, ScriptCheck) and check.limits.cpu_s == 10.0


def test_right_and_wrong_classes_are_told_apart_and_the_suite_is_named() -> None:
    task = task_from_row(ROW)
    with Judge() as judge:
        for rules, named in (("official", "assert succeeds(CounterTestRoot)"), ("hardened", "test_root_1")):
            assert judge.judge(task.checks[rules], extract(task, CLASS).program).passed
            wrong = judge.judge(task.checks[rules], extract(task, CLASS.replace("sqrt(n)", "sqrt(0)")).program)
            assert wrong.kind is VerdictKind.wrong_answer
            assert named in wrong.detail


def test_a_skipped_test_passes_officially_and_is_tampering_otherwise() -> None:
    task = task_from_row(ROW)
    program = extract(task, f"import unittest\n{CLASS.replace('return int', 'raise unittest.SkipTest  # ')}").program
    with Judge() as judge:
        assert judge.judge(task.checks["official"], program).passed
        assert judge.judge(task.checks["hardened"], program).kind is VerdictKind.tampered


def test_a_method_without_self_becomes_static_officially_only() -> None:
    task = task_from_row(ROW)
    program = extract(task, CLASS.replace("root(self, n)", "root(n)")).program
    with Judge() as judge:
        assert judge.judge(task.checks["official"], program).passed
        assert judge.judge(task.checks["hardened"], program).kind is VerdictKind.runtime_error


def test_tests_that_need_a_package_give_no_verdict_whatever_the_answer() -> None:
    task = task_from_row(ROW | {"import_statement": ["import math", "import numpy as np"]})
    check = task.checks["hardened"]
    assert check == task.checks["official"] == UnavailableCheck("needs numpy, which the jail does not have")
    with Judge() as judge:
        verdict = judge.judge(check, "import math")
    assert (verdict.kind, verdict.detail) == (
        VerdictKind.harness_error,
        "needs numpy, which the jail does not have",
    )


def test_securityeval_has_prompts_and_insecure_programs_but_no_checks() -> None:
    task = security_task({"ID": "CWE-020_author_1.py", "Prompt": "import yaml\n", "Insecure_code": "yaml.load(x)"})
    assert (task.task_id, task.prompt, task.buggy, task.checks) == (
        "CWE-020_author_1.py",
        "import yaml\n",
        "yaml.load(x)",
        {},
    )

"""Tests that run beside the candidate, in its process: counted one by one, with canaries that show meddling.

What a hostile candidate can do here is bounded by what the canaries see; verdicts from here are marked `in_process`.
"""

from __future__ import annotations

from typing import Any

from assay.sandbox.agent import describe

_TESTS_NAME = "<tests>"


def run(space: dict[str, Any], request: dict[str, Any], key: list[Any]) -> list[Any]:
    """[nonce, "tests", [[name, outcome, detail], ...], canaries behaved]. Outcomes: ok, failed, error, skipped."""
    (nonce,) = key
    if request["unittest_source"]:
        rows, canaries = _run_unittest(space, request["unittest_source"], request["before"])
    else:
        rows, canaries = _run_statements(space, request["setup"], request["tests"])
    return [nonce, "tests", rows, canaries]


def _run_statements(space: dict[str, Any], setup: str, tests: list[str]) -> tuple[list[Any], bool]:
    rows: list[Any] = []
    try:
        exec(compile(setup, _TESTS_NAME, "exec", dont_inherit=True), space)
    except BaseException as error:
        return [["setup", "error", describe(error)]], True
    for source in tests:
        code = compile(source, _TESTS_NAME, "exec", dont_inherit=True)
        try:
            exec(code, space)
        except AssertionError as error:
            rows.append([source, "failed", describe(error)])
        except BaseException as error:
            rows.append([source, "error", describe(error)])
        else:
            rows.append([source, "ok", None])
            continue
        break
    return rows, _assert_still_works(space)


def _assert_still_works(space: dict[str, Any]) -> bool:
    try:
        exec("assert 1 == 2", space)
    except AssertionError:
        pass
    except BaseException:
        return False
    else:
        return False
    try:
        exec("assert 1 == 1", space)
    except BaseException:
        return False
    return True


def watched_classes() -> dict[Any, dict[str, Any]]:
    """The parts of unittest that decide what passes, with what is in them now."""
    import unittest

    classes = (unittest.TestCase, unittest.TestResult, unittest.TestSuite, unittest.TestLoader)
    return {each: dict(vars(each)) for each in (*classes, *unittest.TestSuite.__mro__[1:-1])}


def _run_unittest(space: dict[str, Any], source: str, before: dict[Any, dict[str, Any]]) -> tuple[list[Any], bool]:
    """Run every TestCase of `source`, with a canary that must fail before each test and more of them at the end."""
    import unittest

    rows: list[Any] = []

    class Recorder(unittest.TestResult):
        """Keeps its own list, so that a patched TestResult cannot lose a failure unseen."""

        def addSuccess(self, test: Any) -> None:
            rows.append([test.id(), "ok", None])

        def addFailure(self, test: Any, err: Any) -> None:
            rows.append([test.id(), "failed", describe(err[1])])

        def addError(self, test: Any, err: Any) -> None:
            rows.append([test.id(), "error", describe(err[1])])

        def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
            if err is not None:
                rows.append([subtest.id(), "failed", describe(err[1])])

        def addSkip(self, test: Any, reason: str) -> None:
            rows.append([test.id(), "skipped", None])

        def addExpectedFailure(self, test: Any, err: Any) -> None:
            rows.append([test.id(), "skipped", None])

        def addUnexpectedSuccess(self, test: Any) -> None:
            rows.append([test.id(), "skipped", None])

    class Canary(unittest.TestCase):
        def must_fail(self) -> None:
            self.assertEqual(1, 2)

        def must_fail_too(self) -> None:
            self.assertTrue(False)

        def must_pass(self) -> None:
            self.assertEqual(1, 1)

    def run(test: Any) -> list[Any]:
        rows.clear()
        test.run(Recorder())
        return list(rows)

    def canary(name: str) -> str:
        said = run(Canary(name))
        return str(said[0][1]) if len(said) == 1 else ""

    report: list[Any] = []
    try:
        exec(compile(source, _TESTS_NAME, "exec", dont_inherit=True), space)
        loader = unittest.TestLoader()
        for case in list(space.values()):
            if not isinstance(case, type) or not issubclass(case, unittest.TestCase) or case is unittest.TestCase:
                continue
            for test in loader.loadTestsFromTestCase(case):
                if canary("must_fail") != "failed":
                    return report, False
                report += run(test)
        healthy = [canary("must_fail"), canary("must_fail_too"), canary("must_pass")] == ["failed", "failed", "ok"]
        unchanged = all(dict(vars(each)) == content for each, content in before.items())
    except BaseException as error:
        return [["loading the tests", "error", describe(error)]], True
    return report, healthy and unchanged

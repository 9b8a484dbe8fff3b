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
        rows, canaries = _run_unittest(space, request["unittest_source"])
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


def _run_unittest(space: dict[str, Any], source: str) -> tuple[list[Any], bool]:
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
        def test_must_fail(self) -> None:
            self.assertEqual(1, 2)

        def test_must_fail_truth(self) -> None:
            self.assertTrue(False)

        def test_must_pass(self) -> None:
            self.assertEqual(1, 1)

    try:
        exec(compile(source, _TESTS_NAME, "exec", dont_inherit=True), space)
        cases = [
            value
            for value in list(space.values())
            if isinstance(value, type) and issubclass(value, unittest.TestCase) and value is not unittest.TestCase
        ]
        loader = unittest.TestLoader()
        suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)
        suite.run(Recorder())
        real = list(rows)
        rows.clear()
        canaries = unittest.TestSuite(Canary(name) for name in ("test_must_fail", "test_must_fail_truth", "test_must_pass"))
        canaries.run(Recorder())
    except BaseException as error:
        return [["loading the tests", "error", describe(error)]], True
    return real, [row[1] for row in rows] == ["failed", "failed", "ok"]



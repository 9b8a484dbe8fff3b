"""Which tests can fail: those whose asserts are reached when they are executed."""

from __future__ import annotations

import pytest

from assay.rewards.asserts import reach
from assay.tasks.syntax import parse


@pytest.mark.parametrize(
    "tests",
    [
        "assert f(1) == 2",
        "for n in range(3):\n    if n:\n        assert f(n) == n",
        "def check(c):\n    assert c(1) == 2\ncheck(f)",
        "def same(a, b):\n    assert a == b\ndef check(c):\n    same(c(1), 2)\ncheck(f)",
        "def test_a():\n    assert f(1) == 2\nfor test in (test_a,):\n    test()",
        "def test_a():\n    assert f(1) == 2\nfor n, t in list(globals().items()):\n    n[:4] == 'test' and t()",
        "def run(test):\n    test()\n@run\ndef test_a():\n    assert f(1) == 2",
        "class Tests:\n    def all(self):\n        assert f(1) == 2\nTests().all()",
        "import asyncio\nasync def main():\n    assert f(1) == 2\nasyncio.run(main())",
        "import numpy as np\nnp.testing.assert_allclose(f(1), 2)",
        "if f(1) != 2:\n    raise ValueError",
        "if __name__ == '__main__':\n    pass\nelse:\n    assert f(1) == 2",
    ],
)
def test_asserts_that_run(tests: str) -> None:
    assert reach(parse(tests)).can_fail


@pytest.mark.parametrize(
    "tests",
    [
        "f(1)",
        "def test_a():\n    assert f(1) == 2",
        "def test_a():\n    assert f(1) == 2\ndef test_b():\n    test_a()",
        "class Tests(TestCase):\n    def test_a(self):\n        assert f(1) == 2\nunittest.main(exit=False)",
        "if __name__ == '__main__':\n    assert f(1) == 2",
        "async def check(c):\n    assert c(1) == 2",
        "def assert_same(a, b):\n    return a == b\nassert_same(f(1), 2)",
    ],
)
def test_asserts_that_do_not(tests: str) -> None:
    assert not reach(parse(tests)).can_fail


def test_helpers_of_the_set_up_count() -> None:
    setup = parse("def same(a, b):\n    assert a == b\nassert True")
    assert reach(parse("same(f(1), 2)"), setup).can_fail
    assert not reach(parse("f(1)"), setup).can_fail


def test_a_check_that_nothing_calls_is_noticed_beside_other_asserts() -> None:
    check = "def check(c):\n    assert c(1) == 2\nassert True\n"
    assert reach(parse(check)).unused_check
    assert not reach(parse(f"{check}check(f)")).unused_check
    assert not reach(parse("def check(x):\n    return x > 1\nassert f(1) == 2")).unused_check

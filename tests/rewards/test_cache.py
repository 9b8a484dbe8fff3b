"""What is remembered is bounded, in number and in size."""

from __future__ import annotations

from assay.judge.checks import StubCheck
from assay.judge.verdict import Verdict, VerdictKind
from assay.rewards.cache import Shelf, VerdictCache, digest_of, key_of


def test_the_verdicts_used_last_are_kept() -> None:
    cache = VerdictCache(2)
    for name in (b"a", b"b"):
        cache.put(name, Verdict(VerdictKind.accepted))
    assert cache.get(b"a") is not None
    cache.put(b"c", Verdict(VerdictKind.wrong_answer))
    assert cache.get(b"b") is None and cache.get(b"a") is not None and len(cache) == 2


def test_a_failure_of_the_harness_is_never_kept() -> None:
    cache = VerdictCache(2)
    cache.put(b"a", Verdict(VerdictKind.harness_error))
    assert cache.get(b"a") is None


def test_a_shelf_is_bounded_by_number_and_size_and_keeps_one_however_large() -> None:
    shelf: Shelf[int, str] = Shelf(3, 100)
    for number in range(5):
        shelf.put(number, str(number), 10)
    assert [shelf.get(number) for number in range(5)] == [None, None, "2", "3", "4"]
    shelf.put(5, "large", 95)
    assert len(shelf) == 1
    shelf.put(6, "larger than all", 1000)
    assert shelf.get(6) == "larger than all" and len(shelf) == 1
    assert shelf.put(6, "another", 1) == "larger than all"


def test_other_tests_another_language_or_another_program_is_another_key() -> None:
    def digest(tests: str) -> bytes:
        return digest_of({"hardened": StubCheck("", tests, ("f",))})[0]

    assert digest("assert f()") == digest("assert f()") != digest("assert f() ")
    keys = {
        key_of(p, lang, digest(t)) for p in ("a", "b") for lang in ("", "cpp") for t in ("assert f()", "assert g()")
    }
    assert len(keys) == 8

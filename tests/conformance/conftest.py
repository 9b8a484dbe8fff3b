"""One cache of reference outputs for all tests here, whichever process of pytest runs them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def cache_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """$ASSAY_CACHE_OF_TESTS: empty at the start of a run, and shared by its workers.

    What is made once per machine (precompiled headers, libraries) is that of the user who runs the tests.
    """
    from assay.sandbox.toolchain import prepared_dir

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "conformance-cache"
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError):
        (folder / "prepared").symlink_to(prepared_dir())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSAY_CACHE_OF_TESTS", str(folder))
        yield

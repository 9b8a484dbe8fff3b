"""What verl's own reward through SandboxFusion gets from a server. Run by `test_fusion_client.py`; prints JSON.

Only that part of verl is loaded: the rest needs gigabytes.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

from requests import __version__ as _requests  # noqa: F401  (what it asks with)


def main(url: str) -> None:
    (folder,) = (Path(path) / "verl" for path in sys.path if (Path(path) / "verl" / "utils").is_dir())
    package = folder / "utils" / "reward_score" / "sandbox_fusion"
    spec = importlib.util.spec_from_file_location(
        "fusion", package / "__init__.py", submodule_search_locations=[str(package)]
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fusion"] = module
    spec.loader.exec_module(module)
    cases = {"inputs": ["1 2\n", "3 4\n", "5 6\n"], "outputs": ["3\n", "7\n", "11\n"]}
    calls = {"fn_name": "add", "inputs": ["1\n2", "3\n4"], "outputs": ["3", "7"]}
    found = {}
    for name, tests, answer in (
        ("right", cases, "```python\na, b = map(int, input().split())\nprint(a + b)\n```"),
        ("one of three", cases, "```python\ninput()\nprint(7)\n```"),
        ("crashes", cases, "```python\nprint(1 / 0)\n```"),
        ("function", calls, "```python\nclass Solution:\n    def add(self, a, b):\n        return a + b\n```"),
    ):
        score, metadata = module.compute_score(f"{url}/run_code", None, 1024, answer, tests, continuous=True)
        found[name] = [score, [one.get("status") for one in metadata]]
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])

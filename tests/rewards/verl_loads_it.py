"""verl's own loader finds `compute_score` by its file, as a configuration names it. Run by `test_verl_loader.py`.

Only the loader is taken from verl, whose other parts need gigabytes; the call is that of its reward manager
(`experimental/reward_loop/reward_manager/naive.py`). Prints one JSON object.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from functools import partial
from pathlib import Path


def main(adapter: str) -> None:
    (folder,) = (Path(path) / "verl" for path in sys.path if (Path(path) / "verl" / "utils").is_dir())
    spec = importlib.util.spec_from_file_location("import_utils", folder / "utils" / "import_utils.py")
    assert spec is not None and spec.loader is not None
    loader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loader)
    compute_score = partial(
        loader.load_extern_object(module_path=adapter, object_name="compute_score"), harness_error=0.0
    )
    truth = json.dumps({"inputs": ["1 2\n", "3 4\n"], "outputs": ["3\n", "7\n"]})
    answers = ["```python\na, b = map(int, input().split())\nprint(a + b)\n```", "```python\nprint(3)\n```"]
    results = [
        compute_score(
            data_source="codecontests",
            solution_str=answer,
            ground_truth=truth,
            extra_info={"index": 0, "num_turns": None, "rollout_reward_scores": {}},
        )
        for answer in answers
    ]
    print(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1])

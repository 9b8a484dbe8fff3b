"""`CodeRubric` scored by verifiers itself. Run by `test_verifiers_rubric.py` in its environment; prints JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import verifiers as vf

from assay.rewards.scale import Scale
from assay.rewards.verifiers import CodeRubric

ADD = "```python\ndef add(a, b):\n    return a + b\n```"
WRONG = "```python\ndef add(a, b):\n    return a - b\n```"
PROMPT = [{"role": "user", "content": "Write add(a, b)."}]
TESTS = ["assert add(2, 3) == 5"]


def state(written: str, **more: Any) -> vf.State:
    return vf.State(
        prompt=PROMPT, completion=[{"role": "assistant", "content": written}], error=None, trajectory=[], **more
    )


def said(one: vf.State) -> dict[str, Any]:
    error = type(one["error"]).__name__ if one["error"] is not None else None
    return {"reward": one["reward"], "metrics": one["metrics"], "error": error}


async def main() -> None:
    rubric = CodeRubric(jobs=1)
    found: dict[str, Any] = {"rubric": isinstance(rubric, vf.Rubric)}
    rollouts = [
        state(ADD, info={"test_list": TESTS}),
        state(WRONG, info=json.dumps({"test_list": TESTS})),
        state(ADD, answer=TESTS[0], info={}),
        state(ADD, input={"test_list": TESTS, "prompt": PROMPT}, info={}),
    ]
    for one in rollouts:
        await rubric.score_rollout(one)
    found["alone"] = [said(one) for one in rollouts]
    group = [state(answer, info={"test_list": TESTS}) for answer in (ADD, WRONG, ADD)]
    await rubric.score_group(group)
    found["group"] = [one["reward"] for one in group]
    number = Scale.number
    Scale.number = lambda self, verdict: None  # type: ignore[method-assign]
    broken = state(ADD, info={"test_list": ["assert add(1, 1) == 2"]})
    await rubric.score_rollout(broken)
    Scale.number = number  # type: ignore[method-assign]
    found["harness failed"] = said(broken)
    rubric.reward.close()
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
